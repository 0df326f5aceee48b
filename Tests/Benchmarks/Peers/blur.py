#!/usr/bin/env python3
"""The blur of 10 mm by scipy, for the table of bench-peers: blur.py FOLDER.

Leaves for each size the image and after it a thousand voxels of scipy's double-precision result, both as
32-bit floats, i fastest. Prints JSON lines like peers.py; imports are in no figure.
"""
import json
import math
import statistics
import sys
import time

import numpy
from scipy import ndimage


def peak():
    """Largest resident size of this process in bytes."""
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM:"))


for task, size, spacing, repeats in (
    ("blur-3mm", (64, 64, 36), 3, 61), ("blur-1mm", (197, 233, 189), 1, 5)):
    before = peak()
    image = numpy.random.default_rng(1).random(size[::-1], dtype=numpy.float32)
    sigma = 10 / (2 * math.sqrt(2 * math.log(2))) / spacing

    def blur(x):
        return ndimage.gaussian_filter(x, sigma, mode="constant", truncate=6)

    taken = []
    for _ in range(repeats):
        start = time.perf_counter()
        blur(image)
        taken.append(time.perf_counter() - start)
    top = peak()
    exact = blur(image.astype(float)).ravel()
    step = image.size // 1000
    with open(f"{sys.argv[1]}/{task}.f32", "wb") as out:
        out.write(image.tobytes())
        out.write(exact[:1000 * step:step].astype(numpy.float32).tobytes())
    print(json.dumps({
        "task": task, "tool": "scipy gaussian_filter", "seconds": float(f"{statistics.median(taken):.4g}"),
        "peak_mb": round((top - before) / 1e6, 1), "note": f"single precision, repeats {repeats}",
    }), flush=True)
