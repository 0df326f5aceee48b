#!/usr/bin/env python3
"""Times what other tools do on one BOLD run. Not a test: nothing here passes or fails.

  peers.py RUN MASK            one JSON line per task, each measured in a process of its own
  peers.py --table A B         a table of two files of such lines, peers' and boldspect's
  peers.py --plot B OUT.png    cost against voxels, frames and degrees of freedom

"seconds" is the median of the repeats; imports are never in it. "peak_mb" (10^6 bytes) is the largest
resident size after the first repeat, by the kernel's account, less what the interpreter and its imports
had before any data: arrays that a task is given in memory count. Nothing restricts threads.
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
import warnings

SEED = (0, -53, 26)
RADIUS = 6


def peak():
    """Largest resident size of this process in bytes (getrusage would inherit the parent's)."""
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    raise SystemExit("peers.py needs a kernel that reports VmHWM")


def measure(body, repeats):
    """Median seconds, the peak after the first repeat, the number of repeats and the first result."""
    taken, top, first = [], 0, None
    while len(taken) < (repeats(taken[0]) if taken else 1):
        start = time.perf_counter()
        result = body()
        taken.append(time.perf_counter() - start)
        if first is None:
            first, top = result, peak()
        del result
    return statistics.median(taken), top, len(taken), first


def repetition_time(image):
    step = float(image.header.get_zooms()[3])
    unit = image.header.get_xyzt_units()[1]
    return step * {"msec": 1e-3, "usec": 1e-6}.get(unit, 1)


# Tasks. Each returns (tool, function that measures, note from the result); imports come before.


def clean_and_seed(run, mask, folder):
    import nibabel
    import nilearn
    import nilearn.image
    import nilearn.maskers

    def body():
        image = nibabel.load(run)
        cleaned = nilearn.image.clean_img(
            image, mask_img=mask, detrend=True, standardize=None, filter="butterworth",
            low_pass=0.1, high_pass=0.01, t_r=repetition_time(image), ensure_finite=False)
        seed = nilearn.maskers.NiftiSpheresMasker(
            [SEED], radius=RADIUS, mask_img=mask, standardize="zscore_sample").fit_transform(cleaned)
        brain = nilearn.maskers.NiftiMasker(
            mask_img=mask, standardize="zscore_sample").fit_transform(cleaned)
        return brain.T @ seed[:, 0] / (len(seed) - 1)

    def note(r):
        return f"{r.size} voxels, r {r.min():.3f} to {r.max():.3f}; detrend, Butterworth, file to r map"

    return f"nilearn {nilearn.__version__}", body, note, lambda first: 3 if first < 20 else 1


def seed_after_load(run, mask, folder):
    import numpy
    import scipy.spatial

    def load():
        data = numpy.load(f"{folder}/data.npy")
        seed = data[:32].mean(axis=0)
        return lambda: 1 - scipy.spatial.distance.cdist(seed[None], data, "correlation")

    def note(r):
        return f"{r.size} voxels, float64 in memory, one cdist; seed series given"

    return "scipy", load, note, lambda first: 5


def alff(run, mask, folder):
    import numpy

    def load():
        data = numpy.load(f"{folder}/data.npy")
        with open(f"{folder}/tr") as file:
            tr = float(file.read())
        frames = data.shape[1]

        def body():
            t = numpy.linspace(-1, 1, frames)
            trend = numpy.stack([t**0, t, t**2], axis=1)
            weights = numpy.linalg.lstsq(trend, data.T, rcond=None)[0]
            residual = data - weights.T @ trend.T
            padded = 1 << (frames - 1).bit_length()
            at = numpy.fft.rfftfreq(padded, tr)
            band = (at >= 0.01) & (at <= 0.08)
            spectrum = numpy.fft.rfft(residual, padded, axis=1)[:, band]
            return (2 / frames * numpy.abs(spectrum)).mean(axis=1)

        return body

    def note(a):
        return f"{a.size} voxels, float64 in memory, mean {a.mean():.4g}; lstsq degree 2, padded rfft"

    return "numpy", load, note, lambda first: 3


def reho27(run, mask, folder):
    import numpy
    import scipy.stats

    def box(a):
        """Sums over the 27 neighbours, three shifted adds per axis."""
        for axis in range(3):
            a = numpy.moveaxis(a, axis, 0)
            out = a.copy()
            out[1:] += a[:-1]
            out[:-1] += a[1:]
            a = numpy.moveaxis(out, 0, axis)
        return a

    def load():
        data = numpy.load(f"{folder}/data.npy")
        inside = numpy.load(f"{folder}/mask.npy")
        n = data.shape[1]

        def spread(values):
            grid = numpy.zeros(inside.shape + values.shape[1:])
            grid[inside] = values
            return grid

        def body():
            ranks = scipy.stats.rankdata(data, axis=1)
            # What ties take from a row's sum of squared ranks is their sum of (t^3 - t), over 12.
            ties = 2 * n * (n + 1) * (2 * n + 1) - 12 * numpy.einsum("ij,ij->i", ranks, ranks)
            sums = box(spread(ranks))[inside]
            squares = numpy.einsum("ij,ij->i", sums, sums)
            k = box(inside.astype(float))[inside]
            above = 12 * squares - 3 * k**2 * n * (n + 1) ** 2
            below = k**2 * n * (n**2 - 1) - k * box(spread(ties))[inside]
            return above / below

        return body

    def note(w):
        return f"{w.size} voxels, float64 in memory, mean W {w.mean():.4f}; rankdata, separable shifted adds"

    return "numpy", load, note, lambda first: 3 if first < 20 else 1


TASKS = {
    "clean-and-seed": clean_and_seed,
    "seed-after-load": seed_after_load,
    "alff": alff,
    "reho27": reho27,
}


def one(task, run, mask, folder):
    warnings.simplefilter("ignore")
    tool, body, note, repeats = TASKS[task](run, mask, folder)
    before = peak()
    if task != "clean-and-seed":
        body = body()  # loads the array, which counts for memory and not for time
    seconds, top, count, result = measure(body, repeats)
    print(json.dumps({
        "task": task, "tool": tool, "seconds": float(f"{seconds:.4g}"),
        "peak_mb": round((top - before) / 1e6, 1), "note": f"{note(result)}; repeats {count}",
    }), flush=True)


def prepare(run, mask, folder):
    """Writes the array that the in-memory tasks load, so that their peaks hold no decompression."""
    import nibabel
    import numpy

    image = nibabel.load(run)
    inside = numpy.asarray(nibabel.load(mask).dataobj) > 0
    numpy.save(f"{folder}/mask.npy", inside)
    # Also leaves the run in the page cache, for every task alike.
    numpy.save(f"{folder}/data.npy", numpy.ascontiguousarray(image.get_fdata()[inside]))
    with open(f"{folder}/tr", "w") as file:
        file.write(str(repetition_time(image)))


def everything(run, mask):
    with tempfile.TemporaryDirectory() as folder:
        for task in ["prepare", *TASKS]:
            command = [sys.executable, os.path.abspath(__file__), "--one", task, folder, run, mask]
            if subprocess.run(command).returncode != 0:
                raise SystemExit(f"peers.py: {task} failed")


def lines(path):
    found = []
    with open(path) as file:
        for number, line in enumerate(file, 1):
            if not line.strip():
                continue
            try:
                found.append(json.loads(line))
            except ValueError:
                raise SystemExit(f"{path}:{number}: not a JSON line") from None
    return found


def digits(value, figures=3):
    if value is None:
        return "-"
    if value == 0:
        return "0"
    return f"{value:.{max(0, figures - 1 - math.floor(math.log10(abs(value))))}f}"


def table(a, b):
    every = [line for path in (a, b) for line in lines(path) if line["task"] != "cost"]
    own = {line["task"]: line for line in every if line["tool"] == "boldspect"}
    peers = [line for line in every if line["tool"] != "boldspect"]
    peers += [{"task": t, "tool": "-"} for t in own if t not in {p["task"] for p in peers}]
    limits = any(line.get("limit_s") for line in own.values())
    head = ["task", "peer", "boldspect s", "peer s", "ratio", "boldspect MB", "peer MB", "ratio"]
    rows = [head + ["limit s", "of limit"] if limits else head]

    def quotient(x, y):
        return f"{digits(x / y)}x" if x and y else "-"

    for peer in peers:
        mine = own.get(peer["task"], {})
        row = [peer["task"], peer["tool"]]
        for key in ("seconds", "peak_mb"):
            row += [digits(mine.get(key)), digits(peer.get(key)), quotient(peer.get(key), mine.get(key))]
        if limits:
            row += [digits(mine.get("limit_s")), quotient(mine.get("seconds"), mine.get("limit_s"))]
        rows.append(row)
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = [c.ljust(w) if i < 2 else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths))]
        print("  ".join(cells).rstrip())
    print("\nratio: the peer's figure over boldspect's. MB: net of the program itself, 10^6 bytes.")
    if limits:
        print("of limit: boldspect's seconds over the machine's own limit.")
    for line in every:
        if line.get("note"):
            print(f"{line['task']}, {line['tool']}: {line['note']}")


def plot(path, out):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    cost = [line for line in lines(path) if line["task"] == "cost"]
    if not cost:
        raise SystemExit(f"{path}: no lines with task cost to draw")
    names = {"voxels": "voxels", "frames": "frames", "dof": "degrees of freedom"}
    figure, panels = pyplot.subplots(1, 3, figsize=(12, 4), sharey=True, layout="constrained")
    for panel, (axis, name) in zip(panels, names.items()):
        points = sorted((p for p in cost if p["axis"] == axis), key=lambda p: p["x"])
        limit = [p for p in points if p.get("limit_s")]
        panel.set(xscale="log", yscale="log", xlabel=name)
        panel.grid(True, which="both", alpha=0.25)
        if not points:
            panel.set_title("not measured")
            continue
        label = "boldspect"
        if points[0]["x"] < points[-1]["x"]:
            slope = statistics.linear_regression(
                [math.log(p["x"]) for p in points], [math.log(p["seconds"]) for p in points]).slope
            label += f", exponent {slope:.2f}"
        panel.plot([p["x"] for p in points], [p["seconds"] for p in points], "o-", label=label)
        if limit:
            panel.plot([p["x"] for p in limit], [p["limit_s"] for p in limit], "k--", label="machine's limit")
        panel.legend()
    panels[0].set_ylabel("seconds")
    figure.savefig(out, dpi=150)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", nargs="?", metavar="RUN")
    parser.add_argument("mask", nargs="?", metavar="MASK")
    parser.add_argument("--table", nargs=2, metavar=("A", "B"))
    parser.add_argument("--plot", nargs=2, metavar=("B", "OUT"))
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.table:
        table(*given.table)
    elif given.plot:
        plot(*given.plot)
    elif not given.mask:
        parser.error("RUN and MASK are needed")
    elif given.one:
        task, folder = given.one
        (prepare if task == "prepare" else lambda *rest: one(task, *rest))(given.run, given.mask, folder)
    else:
        everything(given.run, given.mask)


main()
