"""How exactly `boldspect register` finds a known movement: 12 trials on a simulated SPECT.

Usage: registration.py BOLDSPECT TEMPLATES [TRIALS]
The phantom is 4 GM + 1 WM of the tissue maps in TEMPLATES, blurred to 10 mm on 4 mm voxels with 8 % correlated
noise; every second trial has a 35 mm defect that keeps 30 % of the uptake. MOVING is the SPECT under a header that is
off by a random rigid movement of up to 15 degrees and 20 mm, FIXED the T1 at 2 mm. The error is that of 2000 brain
points.
"""

import json
import pathlib
import subprocess
import sys
import tempfile
import time

import nibabel as nib
import numpy as np
from scipy import ndimage

program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
trials = int(sys.argv[3]) if len(sys.argv) > 3 else 12
rng = np.random.default_rng(20261)


def load(kind):
    image = nib.load(next(folder.glob(f"*_{kind}_*")))
    return np.asanyarray(image.dataobj, np.float32), image.affine


gm, affine = load("gm")
wm, _ = load("wm")
t1, _ = load("t1")
gm, wm = gm / 255, wm / 255
truth = 4 * gm + wm


def smooth(x, fwhm):
    return ndimage.gaussian_filter(x, fwhm / 2.3548200450309493, mode="constant")


def rotation(angles):
    (a, b, c) = np.radians(angles)
    rx = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    ry = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    rz = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    return rz @ ry @ rx


inside = np.argwhere(gm + wm > 0.5)
points = nib.affines.apply_affine(affine, inside[rng.choice(len(inside), 2000, replace=False)])
with tempfile.TemporaryDirectory() as place:
    place = pathlib.Path(place)
    half = t1[::2, ::2, ::2]
    coarse = affine.copy()
    coarse[:3, :3] *= 2
    nib.save(nib.Nifti1Image(smooth(t1, 2)[::2, ::2, ::2][: half.shape[0]], coarse), place / "t1.nii")
    means, worsts, times = [], [], []
    for n in range(trials):
        activity = truth.copy()
        if n % 2:
            centre = inside[rng.integers(len(inside))]
            grid = np.indices(activity.shape)
            ball = sum((grid[a] - centre[a]) ** 2 for a in range(3)) < 35**2
            activity[ball] *= 0.3
        spect = smooth(activity, 10)[::4, ::4, ::4]
        noise = ndimage.gaussian_filter(rng.standard_normal(spect.shape), 10 / 2.3548 / 4)
        spect = spect + noise / noise.std() * 0.08 * spect[spect > spect.max() / 2].mean()
        true_affine = affine.copy()
        true_affine[:3, :3] *= 4
        # The header is off by E: the right transform from MOVING to FIXED is its inverse.
        middle = points.mean(axis=0)
        error = np.eye(4)
        error[:3, :3] = rotation(rng.uniform(-15, 15, 3))
        error[:3, 3] = middle + rng.uniform(-20, 20, 3) - error[:3, :3] @ middle
        nib.save(nib.Nifti1Image(spect.astype(np.float32), error @ true_affine), place / "spect.nii")
        began = time.time()
        run = subprocess.run(
            [program, "register", place / "spect.nii", "--to", place / "t1.nii", "--json", "--force",
             "-o", place / "m.txt"], capture_output=True, text=True, check=True)
        times.append(time.time() - began)
        found = np.array(json.loads(run.stdout)["result"]["transform"]["matrix"])
        moved = nib.affines.apply_affine(found @ error, points)
        distance = np.linalg.norm(moved - points, axis=1)
        before = np.linalg.norm(nib.affines.apply_affine(error, points) - points, axis=1)
        means.append(distance.mean())
        worsts.append(distance.max())
        print(f"{n + 1:2d} {'defect' if n % 2 else 'whole '}  before {before.mean():5.1f} mm  "
              f"mean {means[-1]:.2f} mm  worst {worsts[-1]:.2f} mm  {times[-1]:.1f} s")
    print(f"mean of {trials}: {np.mean(means):.2f} mm, worst point {np.max(worsts):.2f} mm, "
          f"longest {np.max(times):.1f} s")
