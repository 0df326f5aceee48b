"""Writes the whole corpus: `python3 make.py FOLDER`."""

import os
import shutil
import sys

import base
import container_cases
import dicom_cases
import format_cases
import nifti_cases
import target_cases
import text_cases
import transform_cases
from corpus import Corpus

PARTS = [nifti_cases, container_cases, dicom_cases, format_cases, transform_cases, text_cases,
         target_cases]


def corpus(folder):
    if os.path.exists(folder):
        shutil.rmtree(folder)
    c = Corpus(folder)
    base.make(c)
    for part in PARTS:
        part.make(c)
    c.finish()
    return c


if __name__ == "__main__":
    print(len(corpus(sys.argv[1]).cases), "cases")
