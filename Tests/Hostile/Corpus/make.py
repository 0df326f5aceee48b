"""Writes the whole corpus: `python3 make.py FOLDER`."""

import os
import shutil
import sys

import base
import container_cases
import dicom_cases
import format_cases
import limit_cases
import nifti_cases
import target_cases
import text_cases
import transform_cases
import value_cases
from corpus import Corpus

PARTS = dict(nifti=nifti_cases, containers=container_cases, dicom=dicom_cases, formats=format_cases, transforms=transform_cases,
             texts=text_cases, targets=target_cases, values=value_cases, limits=limit_cases)


def corpus(folder, parts=None):
    if os.path.exists(folder):
        shutil.rmtree(folder)
    c = Corpus(folder)
    base.make(c)
    for name in parts or PARTS:
        PARTS[name].make(c)
    c.finish()
    return c


if __name__ == "__main__":
    print(len(corpus(sys.argv[1]).cases), "cases")
