#!/usr/bin/env python3
"""Reference numbers for the tests, from independent implementations.

    python3 Tests/Reference/make_reference.py ../shared/data > Tests/Reference/reference.json

Needs nibabel, numpy and scipy (the versions used are written into the output). Holds numbers only:
shapes, affines, values at places. Nothing of the images themselves.
"""
import json, os, sys
import nibabel, numpy as np, scipy
from scipy.ndimage import gaussian_filter, map_coordinates

root = sys.argv[1]
rng = np.random.default_rng(20261)
BROKEN = {"bad_crc.nii.gz", "trunc_gz.nii.gz", "trunc_half.nii", "nan_sform.nii", "huge_dims.nii",
          "negative_dim.nii", "bad_datatype.nii", "gzipped.nii", "not_gzipped.nii.gz", "empty.nii",
          "trunc_header.nii", "short340.hdr", "analyze.hdr", "nifti1.hdr", "nifti2.hdr"}


def images():
    for folder in sorted(os.listdir(root)):
        path = os.path.join(root, folder)
        for name in sorted(os.listdir(path)) if os.path.isdir(path) else []:
            if name in BROKEN or not name.endswith((".nii", ".nii.gz", ".hdr")):
                continue
            yield folder + "/" + name, nibabel.load(os.path.join(path, name))


def world_of(affine, voxels):
    return voxels @ affine[:3, :3].T + affine[:3, 3]


def finite(x):
    return [None if not np.isfinite(v) else float(v) for v in x]


out = {"versions": {"nibabel": nibabel.__version__, "numpy": np.__version__, "scipy": scipy.__version__},
       "images": [], "resample": [], "smooth": [], "seedmap": []}
for name, image in images():
    header = image.header
    if not (header["sform_code"] > 0 or header["qform_code"] > 0):
        continue
    affine = image.affine
    shape = image.shape
    row = {"file": name, "shape": [int(n) for n in shape], "affine": affine[:3].tolist(),
           "orientation": "".join(nibabel.aff2axcodes(affine)), "datatype": str(header.get_data_dtype().name)}
    unit = {8: 1, 16: 1e-3, 24: 1e-6}.get(int(header["xyzt_units"]) & 0x38)
    if len(shape) == 4 and shape[3] > 1:
        tr = float(header["pixdim"][4]) * unit if unit else None
        row["tr_s"] = tr if tr and 0.05 <= tr <= 20 else None
    frame = 0 if len(shape) < 4 else shape[3] // 2
    data = np.asarray(image.dataobj[..., frame] if len(shape) == 4 else image.dataobj, dtype=np.float64)
    n = np.array(shape[:3])
    places = rng.uniform(0, 1, (6, 3)) * (n - 1)
    row["frame"] = frame
    row["mm"] = world_of(affine, places).tolist()
    row["linear"] = finite(map_coordinates(data, places.T, order=1))
    nearest = np.floor(places + 0.5).astype(int)
    row["nearest"] = finite(data[tuple(nearest.T)])
    out["images"].append(row)

# Resampling: a T1 template on a tilted, anisotropic grid; places well inside it.
t1 = nibabel.load(os.path.join(root, "templates-nilearn/mni_icbm152_t1_tal_nlin_sym_09a_converted.nii.gz"))
data = np.asarray(t1.dataobj, dtype=np.float64)
angle = np.deg2rad(7)
turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0], [0, 0, 1]])
target = np.eye(4)
target[:3, :3] = turn @ np.diag([3, 3, 3.3])
target[:3, 3] = [-60, -80, -40]
size = (40, 48, 30)
corner = np.array([[i, j, k] for i in (2, 11, 20, 33) for j in (3, 17, 29, 44) for k in (1, 9, 16, 27)])
mm = world_of(target, corner)
voxels = (mm - t1.affine[:3, 3]) @ np.linalg.inv(t1.affine[:3, :3]).T
out["resample"].append({
    "file": "templates-nilearn/mni_icbm152_t1_tal_nlin_sym_09a_converted.nii.gz", "affine": target[:3].tolist(),
    "size": size, "range": float(np.ptp(data)), "voxels": corner.tolist(),
    "linear": map_coordinates(data, voxels.T, order=1).tolist(),
    "cubic": map_coordinates(data, voxels.T, order=3).tolist()})

# Smoothing on anisotropic voxels, float64, constant edges, truncated at 6 sigma.
for name, fwhm in (("bold-rapidtide/sub-RAPIDTIDETEST_mean.nii.gz", 6.0), ("bold-rapidtide/sub-RAPIDTIDETEST_mean.nii.gz", 10.0),
                   ("spect-spm/SPECT.nii", 8.0)):
    image = nibabel.load(os.path.join(root, name))
    data = np.asarray(image.dataobj, dtype=np.float64)
    sigma = [fwhm / np.sqrt(8 * np.log(2)) / z for z in image.header.get_zooms()[:3]]
    smooth = gaussian_filter(data, sigma, mode="constant", truncate=6)
    reach = [int(6 * s + 0.5) for s in sigma]
    low = np.array(reach) + 1
    high = np.array(data.shape) - np.array(reach) - 1
    low, high = np.where(high > low, low, np.array(data.shape) // 2), np.where(high > low, high, np.array(data.shape) // 2 + 1)
    inside = all(h > l for l, h in zip(low, high)) and all(r + 1 <= l for r, l in zip(reach, low))
    places = np.stack([rng.integers(l, h, 60) for l, h in zip(low, high)], 1)
    keep = [p for p in places if all(r <= x < s - r for x, r, s in zip(p, reach, data.shape))]
    if keep:
        keep = np.array(keep)
        out["smooth"].append({"file": name, "fwhm": fwhm, "range": float(np.ptp(data)), "voxels": keep.tolist(),
                              "values": smooth[tuple(keep.T)].tolist()})


def design(n, tr, low, high, polort):
    df = 1 / (n * tr)
    d = df / 6
    columns = [np.polynomial.legendre.Legendre.basis(p)(np.linspace(-1, 1, n)) for p in range(polort + 1)]
    bins = [j for j in range(1, int(np.rint((low - 1e-4 - d) / df)) + 1)]
    bins += [j for j in range(int(np.rint((high + 1e-4 + d) / df)), n // 2 + 1)]
    for j in bins:
        w = 2 * np.pi * j * np.arange(n) / n
        columns.append(np.cos(w))
        if 2 * j != n:
            columns.append(np.sin(w))
    return np.stack(columns, 1)


bold = nibabel.load(os.path.join(root, "bold-rapidtide-mni/sub-RAPIDTIDETEST_space-MNI152_res-3_bold.nii.gz"))
mask = np.asarray(nibabel.load(os.path.join(root, "bold-rapidtide-mni/sub-RAPIDTIDETEST_space-MNI152_res-3_brainmask.nii.gz")).dataobj) > 0
series = np.asarray(bold.dataobj, dtype=np.float64)[mask]
centres = world_of(bold.affine, np.argwhere(mask).astype(float))


def clean(gsr, low=0.009, high=0.1):
    a = design(series.shape[1], 1.5, low, high, 2)
    if gsr:
        a = np.column_stack([a, series.mean(0) - series.mean()])
    q, r = np.linalg.qr(a / np.linalg.norm(a, axis=0))
    y = series - series.mean(1, keepdims=True)
    y = y - (y @ q) @ q.T
    y = y - (y @ q) @ q.T
    return y, series.shape[1] - a.shape[1]


def sphere(point, radius=6.0):
    return np.linalg.norm(centres - np.array(point, dtype=float), axis=1) <= radius


def corr(a, b):
    return float(np.dot(a, b) / np.linalg.norm(a) / np.linalg.norm(b))


pairs = {"left-right motor": ((-38, -24, 56), (38, -24, 56)), "left-right V1": ((-8, -90, 0), (8, -90, 0)),
         "left-right intraparietal": ((-26, -62, 52), (26, -62, 52)), "PCC-mPFC": ((0, -53, 26), (1, 50, -5)),
         "PCC-left angular": ((0, -53, 26), (-46, -68, 32)), "PCC-left motor": ((0, -53, 26), (-38, -24, 56)),
         "PCC-left intraparietal": ((0, -53, 26), (-26, -62, 52)), "sgACC-left DLPFC": ((6, 16, -10), (-44, 40, 29))}
chosen = rng.choice(series.shape[0], 300, replace=False)
for gsr in (False, True):
    y, dof = clean(gsr)
    seed = y[sphere((0, -53, 26))].mean(0)
    r = (y @ seed) / np.linalg.norm(y, axis=1) / np.linalg.norm(seed)
    out["seedmap"].append({
        "gsr": gsr, "dof": dof, "pairs": [
            {"name": k, "a": a, "b": b, "r": corr(y[sphere(a)].mean(0), y[sphere(b)].mean(0))} for k, (a, b) in pairs.items()],
        "voxels": [[int(v) for v in np.argwhere(mask)[c]] for c in chosen], "pcc_r": r[chosen].tolist()})
json.dump(out, sys.stdout)
