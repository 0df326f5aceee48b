#!/usr/bin/env python3
"""Reference numbers for the averaging module, from numpy and scipy in double precision.

    python3 Tests/Reference/averaging_reference.py ../shared/data > Tests/Reference/averaging.json

Needs nibabel, numpy, scipy. Formulas: spect.md 1.5, 2.1, 4.5. The small image is made by a rule of whole
numbers that the tests repeat; of the templates only means over masks and single voxels are kept.
"""
import json, os, sys
import nibabel, numpy as np, scipy
from scipy import ndimage
from scipy.special import erf

K = 2 * np.sqrt(2 * np.log(2))


def sigma(fwhm):
    return np.asarray(fwhm, float) / K


def gauss(x, fwhm, spacing):
    return ndimage.gaussian_filter(
        x, sigma(fwhm) / np.asarray(spacing, float), mode="constant", cval=0, truncate=6)


# ---- anisotropic blur of an image by rule -----------------------------------------------------------
SHAPE, SPACING, FWHM = (23, 19, 17), (2.0, 3.0, 4.0), (6.0, 11.0, 9.0)
I, J, K_ = np.indices(SHAPE)
image = ((7 * I * I + 13 * J + 29 * K_ + 3 * I * J) % 101).astype(float)
blurred = gauss(image, FWHM, SPACING)
PLACES = [(0, 0, 0), (11, 9, 8), (22, 18, 16), (3, 17, 2), (20, 1, 9), (5, 5, 15)]


# ---- closed forms ------------------------------------------------------------------------------------
def sphere(d, f):
    x = d / 2 / (np.sqrt(2) * sigma(f))
    return erf(x) - 2 / np.sqrt(np.pi) * x * np.exp(-x * x)


def slab(t, f):
    return erf(t / (2 * np.sqrt(2) * sigma(f)))


def cylinder(d, f):
    return 1 - np.exp(-(d / 2 / sigma(f)) ** 2 / 2)


RATIOS = [0.5, 1, 1.5, 2, 2.5, 3, 4]

# ---- time ----------------------------------------------------------------------------------------------
TR, N, TAU = 1.5, 260, 0.67 * 60
edges = np.arange(N + 1) * TR
uptake = -np.diff(np.exp(-edges / TAU))
uptake /= uptake.sum()
series = 100 + 10 * ((np.arange(N) * 37) % 11)


def ar1(phi, n):
    lag = np.abs(np.subtract.outer(np.arange(n), np.arange(n)))
    return float(np.sqrt((phi ** lag).sum()) / n)


# Null spread of a window's Fisher z, band-limited noise of 0.01 to 0.10 Hz (spect.md 4.5).
rng = np.random.default_rng(7)
n, tr = 4500, 2.0
f = np.fft.rfftfreq(n, tr)
band = (f >= 0.01) & (f <= 0.10)


def noise():
    return np.fft.irfft(np.where(band, rng.normal(size=f.size) + 1j * rng.normal(size=f.size), 0), n)


spread = {}
pairs = [(noise(), noise()) for _ in range(60)]
for seconds in (60, 100, 120, 300, 600, 900):
    w = int(seconds / tr)
    z = [np.arctanh(np.corrcoef(a[s:s + w], b[s:s + w])[0, 1])
         for a, b in pairs for s in range(0, n - w + 1, max(1, w // 4))]
    spread[str(seconds)] = {"sd": float(np.std(z)), "predicted": 1 / np.sqrt(2 * 0.09 * seconds - 3)}


# ---- Lassen --------------------------------------------------------------------------------------------
FLOWS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 3]
lassen = {str(a): [(1 + a) * x / (a + x) for x in FLOWS] for a in (1.5, 1.18, 0.5)}

# ---- the head of the templates (table of 1.5) ---------------------------------------------------------
head = {}
if len(sys.argv) > 1:
    folder = os.path.join(sys.argv[1], "templates-nilearn")

    def load(kind):
        path = os.path.join(folder, f"mni_icbm152_{kind}_tal_nlin_sym_09a_converted.nii.gz")
        return np.asarray(nibabel.load(path).dataobj, float) / 255

    g, w = load("gm"), load("wm")
    truth = 4 * g + w
    grey, white = g > 0.8, w > 0.9
    rows = []
    for fwhm in (4, 6, 8, 10, 12, 14, 16):
        b = gauss(truth, (fwhm,) * 3, (1, 1, 1))
        rows.append({"fwhm": fwhm, "gm": float(b[grey].mean()), "wm": float(b[white].mean()),
                     "ratio": float(b[grey].mean() / b[white].mean()),
                     "recovery": float(b[grey].mean() / truth[grey].mean())})
        if fwhm == 10:
            at = [(98, 120, 90), (60, 90, 100), (140, 60, 70), (98, 40, 40), (30, 118, 75), (110, 200, 95)]
            voxels = [{"voxel": list(p), "value": float(b[p])} for p in at]
            kept = float(b.sum() / truth.sum())
    head = {"grey_voxels": int(grey.sum()), "white_voxels": int(white.sum()),
            "true_ratio": float(truth[grey].mean() / truth[white].mean()), "rows": rows,
            "voxels_10": voxels, "sum_10": kept}

json.dump({
    "made_with": {"numpy": np.__version__, "scipy": scipy.__version__},
    "blur": {"places": [{"voxel": list(p), "value": float(blurred[p])} for p in PLACES],
             "sum": float(blurred.sum()), "range": float(image.max() - image.min())},
    "recovery": {"ratios": RATIOS, "sphere": [float(sphere(r, 1)) for r in RATIOS],
                 "slab": [float(slab(r, 1)) for r in RATIOS],
                 "cylinder": [float(cylinder(r, 1)) for r in RATIOS]},
    "uptake": {"weights": [float(x) for x in uptake[:8]], "mean": float((uptake * series).sum()),
               "window_mean": float(series.mean())},
    "dilution": {"box_900": 60 / 900, "box_600": 60 / 600, "uptake_60": float(1 - np.exp(-1))},
    "ar1": ar1(0.5, 450), "window_spread": spread, "lassen": lassen, "head": head,
}, sys.stdout, indent=1)
print()
