#!/usr/bin/env python3
"""Times PyTomography on the camera's work. Not a test: nothing here passes or fails.

  camera.py FILE               one JSON line per task, each measured in a process of its own; FILE gets the
                               projections of the forward task, for boldspect to compare its own with
  camera.py --reference OUT    small projections for Tests/Reference/camera.json

The head is the one of CameraBench.swift. Figures as in peers.py: median seconds without imports, peak less
what the interpreter and its imports had. Each task runs with all threads and with one, and the faster counts:
where other work shares the cores, threads that wait for each other may take ten times as long.
"""

import contextlib
import io
import json
import math
import os
import statistics
import subprocess
import sys
import time
import warnings

TASKS = ["camera-forward", "camera-fbp", "camera-osem"]


def peak():
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    raise SystemExit("camera.py needs a kernel that reports VmHWM")


def head(numpy, matrix, slices, pixel):
    """Activity and attenuation per cm, indexed [x, y, z]."""
    def at(n):
        return (numpy.arange(n) - (n - 1) / 2) * pixel
    x, y, z = numpy.meshgrid(at(matrix), at(matrix), at(slices), indexing="ij")

    def inside(a, b, c, px=0, py=0):
        return ((x - px) / a) ** 2 + ((y - py) / b) ** 2 + (z / c) ** 2 <= 1
    activity = numpy.zeros(x.shape)
    activity[inside(66.3, 82.1, 60.7)] = 4
    activity[inside(56.3, 70.1, 50.7, 2.1)] = 1
    activity[inside(9.3, 13.1, 11.7, 17.3, 11.9)] = 4
    activity[inside(9.3, 13.1, 11.7, -17.3, 11.9)] = 2
    return activity, 0.15 * inside(78.3, 96.1, 74.7)


def camera(torch, views, matrix, slices, pixel, mu, blurs=True, hole=1.11, length=24.05):
    """A system matrix whose view n stands where boldspect's does; its columns run the other way."""
    import numpy
    from pytomography.metadata.SPECT import SPECTObjectMeta, SPECTProjMeta, SPECTPSFMeta
    from pytomography.projectors.SPECT import SPECTSystemMatrix
    from pytomography.transforms.SPECT import SPECTAttenuationTransform, SPECTPSFTransform

    dx = pixel / 10
    objects = SPECTObjectMeta([dx] * 3, [matrix, matrix, slices])
    angles = [(180 + 360 * n / views) % 360 for n in range(views)]
    projections = SPECTProjMeta([matrix, slices], [dx, dx], angles, numpy.full(views, 15.0))
    k = 1 / (2 * math.sqrt(2 * math.log(2)))
    a, b, c = k * hole / (length - 20 / 28.34), k * hole / 10, k * 0.38
    steps = []
    if mu is not None:
        steps.append(SPECTAttenuationTransform(torch.tensor(mu, dtype=torch.float32)))
    if blurs:
        steps.append(SPECTPSFTransform(SPECTPSFMeta(
            (a, b, c), sigma_fit=lambda r, a, b, c: numpy.sqrt((a * r + b) ** 2 + c**2),
            min_sigmas=4)))
    return SPECTSystemMatrix(steps, [], objects, projections)


def measure(body, repeats):
    import torch

    best, top, result = None, 0, None
    for threads in {torch.get_num_threads(), 1}:
        torch.set_num_threads(threads)
        taken = []
        for _ in range(repeats):
            start = time.perf_counter()
            result = body()
            taken.append(time.perf_counter() - start)
            top = top or peak()
        best = min(best or math.inf, statistics.median(taken))
    return best, top, result


def one(task, file):
    import numpy
    import pytomography
    import torch
    from pytomography.algorithms import OSEM
    from pytomography.likelihoods import PoissonLogLikelihood

    forward = task == "camera-forward"
    views, slices = (60, 40) if forward else (120, 48)
    activity, mu = head(numpy, 64, slices, 4)
    x = torch.tensor(activity, dtype=torch.float32)
    before = peak()
    full = camera(torch, views, 64, slices, 4, mu)
    if forward:
        seconds, top, result = measure(lambda: full.forward(x), 3)
        result.numpy()[:, ::-1].astype(numpy.float32).tofile(file)
        note = "64x64x40, 60 views"
    else:
        expected = full.forward(x)
        counts = torch.poisson(expected * (5e6 / expected.sum()), torch.Generator().manual_seed(1))
    if task == "camera-fbp":
        def body():
            bare = camera(torch, views, 64, slices, 4, None, blurs=False)
            k = torch.arange(128)
            k = torch.minimum(k, 128 - k).double()
            ramp = torch.where(k % 2 == 1, -1 / (math.pi * k.clamp(min=1)) ** 2, torch.zeros(()))
            ramp[0] = 0.25

            def low(frequencies):
                return 1 / torch.sqrt(1 + (frequencies.abs() / 0.4 / 0.5) ** 10)
            response = torch.fft.fft(ramp).real * low(torch.fft.fftfreq(128))
            along = low(torch.fft.fftfreq(2 * slices))
            spectrum = torch.fft.fft2(counts.double(), (128, 2 * slices), dim=(1, 2))
            spectrum *= response[None, :, None] * along[None, None, :]
            filtered = torch.fft.ifft2(spectrum, dim=(1, 2)).real[:, :64, :slices].float()
            image = bare.backward(filtered) * (math.pi / views)
            mean = full.obj2obj_transforms[0].compute_average_prob_matrix()
            return torch.where(torch.tensor(mu) > 0, image / mean, image)
        seconds, top, result = measure(body, 3)
        note = "64x64x48, 120 views, 5 M counts; fft filter, its matrix back, its transmission for Chang"
    elif task == "camera-osem":
        def body():
            return OSEM(PoissonLogLikelihood(full, counts))(n_iters=4, n_subsets=8)
        seconds, top, result = measure(body, 1)
        note = "64x64x48, 120 views, 5 M counts; 4 x 8, attenuation, recovery"
    print(json.dumps({
        "task": task, "tool": f"PyTomography {pytomography.__version__}",
        "seconds": float(f"{seconds:.4g}"), "peak_mb": round((top - before) / 1e6, 1), "note": note,
    }), flush=True)


def reference(out):
    """A small head, few views: expected counts to compare with in a test."""
    import numpy
    import pytomography
    import torch

    views, matrix, slices, pixel = 5, 28, 9, 8
    activity, mu = head(numpy, matrix, slices, pixel)
    full = camera(torch, views, matrix, slices, pixel, mu)
    p = full.forward(torch.tensor(activity, dtype=torch.float32)).numpy()[:, ::-1]
    with open(out, "w") as file:
        json.dump({
            "made_by": f"Tests/Benchmarks/Peers/camera.py --reference, PyTomography {pytomography.__version__}",
            "views": views, "matrix": matrix, "slices": slices, "pixel": pixel,
            "projections": [float(f"{v:.6g}") for v in p.ravel()],
        }, file)
        file.write("\n")


def main():
    warnings.simplefilter("ignore")
    if sys.argv[1:2] == ["--one"]:
        with contextlib.redirect_stderr(io.StringIO()):
            one(*sys.argv[2:])
    elif sys.argv[1:2] == ["--reference"]:
        reference(sys.argv[2])
    elif len(sys.argv) == 2:
        for task in TASKS:
            command = [sys.executable, os.path.abspath(__file__), "--one", task, sys.argv[1]]
            if subprocess.run(command).returncode != 0:
                raise SystemExit(f"camera.py: {task} failed")
    else:
        raise SystemExit(__doc__)


main()
