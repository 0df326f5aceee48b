#!/usr/bin/env python3
"""Reference numbers for the quantification of perfusion images, from an independent float64 implementation.

    python3 Tests/Reference/perfusion_reference.py ../shared/data > Tests/Reference/perfusion.json

Needs nibabel, numpy, scipy. Formulas: spect.md part 3. The small images are made by a rule of whole numbers
that the tests repeat; of the real image (SPECT.nii with the AAL labels of mricron-data) only means of regions
are kept. null stands for "not defined".
"""
import json, os, sys
import nibabel, numpy as np, scipy
from scipy import ndimage, stats

# ---- images by rule --------------------------------------------------------------------------------
# 12 x 10 x 8 voxels of 3 mm, x symmetric about 0: voxel 0 lies at x = -16.5 (LEFT).
SHAPE = (12, 10, 8)
I, J, K = np.indices(SHAPE)


def image(p):
    return (40 + (7 * I * I + 13 * J + 29 * K + 3 * I * J + 31 * p + p * K * K) % 101).astype(float)


LABELS = np.where((J >= 2) & (J < 8), 1 + 2 * ((J - 2) // 2) + (I >= 6), 0)   # 1, 3, 5 left; 2, 4, 6 right
PERSON, NORMALS = image(0), [image(p) for p in range(1, 8)]
reference = LABELS == 3


def percent(x):
    return 100 * x / x[reference].mean()


def ai(left, right):
    return 200 * (left - right) / (left + right)


mirror = PERSON[::-1]
left = np.where(I < 6, PERSON, mirror)
right = np.where(I < 6, mirror, PERSON)
own = percent(PERSON)
stack = np.array([percent(n) for n in NORMALS])


def crawford_howell(deviation, n):
    """(x - mean)/SD of n normals as the z of the same tail (Crawford and Howell 1998)."""
    t = deviation / np.sqrt((n + 1) / n)
    return np.sign(t) * stats.norm.isf(stats.t.sf(np.abs(t), n - 1))


z = crawford_howell((own - stack.mean(0)) / stack.std(0, ddof=1), 7)
mean_image, sd_image = np.mean(NORMALS, 0), np.std(NORMALS, 0, ddof=1)
# Mean and SD as files hold them: single precision.
mean32, sd32 = mean_image.astype(np.float32).astype(float), sd_image.astype(np.float32).astype(float)
scale = mean32[reference].mean()
z_images = (own - 100 * mean32 / scale) / (100 * sd32 / scale)


def regions(x):
    return {k: x[LABELS == k].mean() for k in range(1, 7)}


def region_rows():
    rows = []
    for a, b in ((1, 2), (3, 4), (5, 6)):
        me = regions(own)
        them = [regions(n) for n in stack]

        def score(value, values):
            return crawford_howell((value - np.mean(values)) / np.std(values, ddof=1), len(values))

        rows.append({
            "left": me[a], "right": me[b], "ai": ai(me[a], me[b]),
            "left_z": score(me[a], [t[a] for t in them]), "right_z": score(me[b], [t[b] for t in them]),
            "ai_z": score(ai(me[a], me[b]), [ai(t[a], t[b]) for t in them]),
        })
    return rows


def pieces(mask, values, sign):
    label, n = ndimage.label(mask, np.ones((3, 3, 3)))
    out = []
    for k in range(1, n + 1):
        here = label == k
        if here.sum() >= 3:
            out.append({"voxels": int(here.sum()), "peak": float((values[here] * sign).max() * sign)})
    return sorted(out, key=lambda c: (-c["voxels"], -abs(c["peak"])))


# SISCOM: person 2 as ictal, person 1 as interictal, brain = all voxels with j >= 1.
brain = J >= 1
ictal, interictal = image(2), image(1)
ictal[3, 4:6, 3:5] += 200
difference = 100 * ictal / ictal[brain].mean() - 100 * interictal / interictal[brain].mean()
sd = difference[brain].std(ddof=1)
mean = difference[brain].mean()
score = (difference - mean) / sd

PLACES = [(0, 0, 0), (3, 2, 1), (6, 5, 4), (11, 9, 7), (5, 7, 3), (8, 4, 6)]


def at(x):
    return [float(x[p]) for p in PLACES]


small = {
    "places": PLACES, "reference_mean": PERSON[reference].mean(), "percent": at(own), "ai": at(ai(left, right)),
    "z": at(z), "z_images": at(z_images), "regions": region_rows(),
    "contralateral": at(100 * PERSON / mirror),
    "decreases": pieces(z <= -1.2, z, -1), "increases": pieces(z >= 1.2, z, 1),
    "siscom": {
        "mean": mean, "sd": sd, "difference": at(difference), "score": at(score),
        "beyond": 100 * np.mean(np.abs(score[brain]) >= 2),
        "r": np.corrcoef(ictal[brain], interictal[brain])[0, 1],
    },
}

# ---- the real image --------------------------------------------------------------------------------
spect = nibabel.load(os.path.join(sys.argv[1], "spect-spm/SPECT.nii"))
aal = nibabel.load("/usr/share/mricron/templates/aal.nii.gz")
values = np.asarray(spect.dataobj, dtype=float).reshape(-1)
labels = np.asarray(aal.dataobj)
places = np.indices(spect.shape).reshape(3, -1).T
# Half-way goes right, anterior, superior.
world = nibabel.affines.apply_affine(spect.affine, places) + 1e-5
voxel = np.floor(nibabel.affines.apply_affine(np.linalg.inv(aal.affine), world) + 0.5).astype(int)
inside = ((voxel >= 0) & (voxel < labels.shape)).all(1)
label = np.zeros(len(values), int)
label[inside] = labels[tuple(voxel[inside].T)]
overall = values[label > 0].mean()
pairs = {"Cingulum_Post": (35, 36), "Parietal_Sup": (59, 60), "Frontal_Mid": (7, 8), "Caudate": (71, 72),
         "Putamen": (73, 74), "Thalamus": (77, 78), "Calcarine": (43, 44), "Temporal_Mid": (85, 86),
         "Cerebelum_Crus1": (91, 92)}
real = {"mean": overall}
for name, (a, b) in pairs.items():
    l, r = values[label == a].mean(), values[label == b].mean()
    real[name] = [100 * l / overall, 100 * r / overall, ai(l, r)]


def plain(x):
    if isinstance(x, dict):
        return {k: plain(v) for k, v in x.items()}
    if isinstance(x, (list, tuple)):
        return [plain(v) for v in x]
    if isinstance(x, (bool, int)):
        return x
    return float(x) if np.isfinite(x) else None


json.dump({"versions": {"numpy": np.__version__, "scipy": scipy.__version__, "nibabel": nibabel.__version__},
           "small": {k: v if k == "places" else plain(v) for k, v in small.items()}, "real": plain(real)},
          sys.stdout, indent=1)
