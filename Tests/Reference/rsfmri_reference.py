#!/usr/bin/env python3
"""Reference numbers for the resting-state measures, from an independent float64 implementation.

    python3 Tests/Reference/rsfmri_reference.py ../shared/data > Tests/Reference/rsfmri.json

Needs nibabel, numpy and scipy (the versions used are written into the output). Holds numbers only:
voxel indices and values at them. Nothing of the images themselves. null stands for "not defined".
Formulas: targeting.md parts 1, 3 and 4. Voxel and frame numbers count from 0.
"""
import json, os, sys
import nibabel, numpy as np, scipy
from numpy.polynomial.legendre import legvander
from scipy import stats

root = sys.argv[1]
TR = 1.5
BAND = (0.01, 0.1)
PCC, RADIUS = (0.0, -53.0, 26.0), 6.0


def load(name, dtype=np.float64):
    image = nibabel.load(os.path.join(root, name))
    return np.asarray(image.dataobj, dtype=dtype), image.affine


def plain(x):
    """numpy to JSON: NaN and infinities become null."""
    if isinstance(x, dict):
        return {k: plain(v) for k, v in x.items()}
    if isinstance(x, (list, tuple, np.ndarray)):
        return [plain(v) for v in x]
    if isinstance(x, (bool, np.bool_)):
        return bool(x)
    if isinstance(x, (int, np.integer)):
        return int(x)
    if isinstance(x, (float, np.floating)):
        return float(x) if np.isfinite(x) else None
    return x


# ---- the model -------------------------------------------------------------------------------------

def polynomials(n, degree=2):
    return legvander(np.linspace(-1, 1, n), degree)


def stop_bins(n, tr, low, high):
    df = 1 / (n * tr)
    d = df / 6
    below = np.arange(1, int(np.rint((low - 1e-4 - d) / df)) + 1)
    above = np.arange(int(np.rint((high + 1e-4 + d) / df)), n // 2 + 1)
    return np.concatenate([below, above])


def design(n, tr=TR, band=BAND):
    columns = [polynomials(n)]
    for j in stop_bins(n, tr, *band):
        angle = 2 * np.pi * j * np.arange(n) / n
        columns.append(np.cos(angle)[:, None])
        if 2 * j != n:
            columns.append(np.sin(angle)[:, None])
    return np.concatenate(columns, 1)


def residual(a, y, block=8192):
    """y [series, frames] minus its least-squares fit on the columns of a; and the rank of a."""
    y = y - y.mean(1, keepdims=True)          # the constant is in every model: for accuracy only
    out = np.empty_like(y)
    rank = 0
    for i in range(0, len(y), block):
        beta, _, rank, _ = np.linalg.lstsq(a, y[i:i + block].T, rcond=None)
        out[i:i + block] = y[i:i + block] - (a @ beta).T
    return out, int(rank)


def pearson(x, y):
    """Row by row; the last axis is time. Means are removed."""
    x = x - x.mean(-1, keepdims=True)
    y = y - y.mean(-1, keepdims=True)
    return (x * y).sum(-1) / np.sqrt((x * x).sum(-1) * (y * y).sum(-1))


def power_of_two(n):
    p = 1
    while p < n:
        p *= 2
    return p


def band_bins(np2, tr, low=0.01, high=0.08):
    """1-based, first and last."""
    return int(np.ceil(low * np2 * tr + 1)), int(np.fix(high * np2 * tr + 1))


# ---- data ------------------------------------------------------------------------------------------

stem = "bold-rapidtide-mni/sub-RAPIDTIDETEST_space-MNI152_res-3_"
bold, affine = load(stem + "bold.nii.gz")
mask3 = load(stem + "brainmask.nii.gz")[0] > 0
shape, T = mask3.shape, bold.shape[3]
flat = np.flatnonzero(mask3.reshape(-1, order="F"))
x = np.ascontiguousarray(bold.reshape(-1, T, order="F")[flat])
ijk = np.stack(np.unravel_index(flat, shape, order="F"), 1)
mm = ijk @ affine[:3, :3].T + affine[:3, 3]
V = len(x)
chosen = np.arange(40) * (V // 40)
sphere = np.linalg.norm(mm - np.array(PCC), axis=1) <= RADIUS
seed_raw = x[sphere].mean(0)
constant = np.ptp(x, axis=1) == 0
out = {"versions": {"python": sys.version.split()[0], "nibabel": nibabel.__version__, "numpy": np.__version__,
                    "scipy": scipy.__version__},
       "run": {"file": stem + "bold.nii.gz", "frames": T, "tr": TR, "mask_voxels": V, "constant_voxels": constant.sum(),
               "seed_mm": PCC, "seed_radius": RADIUS, "seed_voxels": sphere.sum(), "band": BAND},
       "voxels": ijk[chosen]}

# ---- 1. amplitude of low-frequency fluctuation --------------------------------------------------------
poly, _ = residual(polynomials(T), x)
NP = power_of_two(T)
first, last = band_bins(NP, TR)
alff, falff = np.empty(V), np.empty(V)
for i in range(0, V, 8192):
    amp = 2 * np.abs(np.fft.rfft(poly[i:i + 8192], NP, axis=1)) / T      # column b - 1 = 1-based bin b
    alff[i:i + 8192] = amp[:, first - 1:last].mean(1)
    with np.errstate(invalid="ignore"):
        falff[i:i + 8192] = amp[:, first - 1:last].sum(1) / amp[:, 1:NP // 2 + 1].sum(1)
out["alff"], out["falff"], out["malff"] = alff[chosen], falff[chosen], alff[chosen] / alff.mean()
out["alff_info"] = {"padded": NP, "first_bin": first, "last_bin": last, "mean": alff.mean()}

# ---- 2. regional homogeneity --------------------------------------------------------------------------
y, rank = residual(design(T), x)
dof = T - rank
number = np.full(shape, -1)
number[tuple(ijk.T)] = np.arange(V)


def kendall(rows):
    m, n = rows.shape
    ranks = np.apply_along_axis(stats.rankdata, 1, rows)
    ties = sum(float((c ** 3 - c).sum()) for c in (np.unique(r, return_counts=True)[1].astype(float) for r in rows))
    s = ranks.sum(0)
    return (12 * (s ** 2).sum() - 3 * m ** 2 * n * (n + 1) ** 2) / (m ** 2 * n * (n ** 2 - 1) - m * ties)


def reho(centres):
    """W and number of voxels for each of the three neighbourhoods."""
    found, counts = {}, {}
    for size, reach, least in ((7, 1, 4), (19, 2, 10), (27, 3, 14)):
        offsets = [(a, b, c) for c in (-1, 0, 1) for b in (-1, 0, 1) for a in (-1, 0, 1) if abs(a) + abs(b) + abs(c) <= reach]
        assert len(offsets) == size
        found[size], counts[size] = [], []
        for centre in centres:
            places = centre + np.array(offsets)
            places = places[((places >= 0) & (places < shape)).all(1)]
            rows = number[tuple(places.T)]
            rows = rows[rows >= 0]
            counts[size].append(len(rows))
            found[size].append(kendall(y[rows]) if len(rows) >= least else np.nan)
    return found, counts


found, counts = reho(ijk[chosen])
out.update({"reho%d" % k: v for k, v in found.items()})
out["reho_m"] = counts
around = sum(np.pad(mask3, 1).astype(int)[1 + a:1 + a + shape[0], 1 + b:1 + b + shape[1], 1 + c:1 + c + shape[2]]
             for a in (-1, 0, 1) for b in (-1, 0, 1) for c in (-1, 0, 1))[tuple(ijk.T)]
corners = ijk[np.argsort(around, kind="stable")[:8]]  # the loneliest voxels: most have too few neighbours
found, counts = reho(corners)
out["reho_edge"] = {"voxels": corners, **{"reho%d" % k: v for k, v in found.items()}, "m": counts}

# ---- 3. temporal signal-to-noise ------------------------------------------------------------------------
with np.errstate(divide="ignore", invalid="ignore"):
    tsnr = np.where(constant, np.nan, x.mean(1) / np.sqrt((poly ** 2).sum(1) / (T - 3)))
out["tsnr"] = tsnr[chosen]

# ---- 4. DVARS -----------------------------------------------------------------------------------------
frames = [0, 1, 2, 50, 100, 259]
sd = (np.percentile(x, 75, axis=1, method="lower") - np.percentile(x, 25, axis=1, method="lower")) / 1.349
use = sd > 0
z = x[use] - x[use].mean(1, keepdims=True)
ar1 = (z[:, 1:] * z[:, :-1]).sum(1) / (z * z).sum(1)
dvars = np.concatenate([[np.nan], np.sqrt((np.diff(x[use], axis=1) ** 2).mean(0))])
dvars_std = dvars / (np.sqrt(2 * (1 - ar1)) * sd[use]).mean()
out["dvars_frames"] = frames
out["dvars_std"], out["dvars"], out["global_signal"] = dvars_std[frames], dvars[frames], x.mean(0)[frames]
out["dvars_voxels"] = use.sum()

# ---- 5. -----------------------------------------------------------------------------------------------
out["tsnr_mean"] = np.nanmean(tsnr)

# ---- 6. censored frames ---------------------------------------------------------------------------------
drop, censor = 4, [30, 31, 100, 101, 102, 200, 259]
window = np.arange(drop, T)
kept = np.setdiff1d(window, censor)
rows = kept - drop
a = design(len(window))[rows]
cs, crank = residual(a, seed_raw[None, kept])
cv, _ = residual(a, x[np.ix_(chosen, kept)])
cp, _ = residual(polynomials(len(window))[rows], x[np.ix_(chosen, kept)])
np2 = power_of_two(len(window))
b0, b1 = band_bins(np2, TR)


def fits(times, length):
    """Two rows per bin: least squares of a cosine and a sine to a series without its drift."""
    q = np.linalg.qr(polynomials(length)[times])[0]
    out = []
    for k in range(1, np2 // 2 + 1):
        angle = 2 * np.pi * k / np2 * times
        wave = np.stack([np.cos(angle), np.sin(angle)])
        if len(times) == length:
            two = wave * 2 / length
        elif np.linalg.det(wave @ wave.T) > 1e-9 * len(times) ** 2:
            two = np.linalg.solve(wave @ wave.T, wave)
        else:
            two = np.stack([wave[0] / (wave[0] @ wave[0]), 0 * wave[1]])
        out.append(two - two @ q @ q.T)
    return np.array(out)


def spread(two, times, part, k=6):
    """Mean power in a part of the spectrum by power in another."""
    wave = np.exp(2j * np.pi * np.outer(np.arange(1, np2 // 2 + 1), times) / np2)
    power = (np.abs(two @ wave.T) ** 2).sum(1)
    return np.array([[power[part == i][:, part == j].sum(1).mean() for j in range(k)] for i in range(k)])


# What gaps add is taken back: four parts of the band and two above it; what lies below counts to the first.
bins = np.arange(1, np2 // 2 + 1)
first, last = b0 - 1, b1 - 1
above = bins > last
part = np.where(bins < first, 0, (bins - first) * 4 // (last - first + 1))
part[above] = 4 + np.arange(above.sum()) * 2 // above.sum()
gaps, whole = fits(rows, len(window)), fits(np.arange(len(window)), len(window))
raw = np.hypot(*(gaps @ cp.T).transpose(1, 0, 2))
power = np.array([(raw[part == i] ** 2).mean(0) for i in range(6)])
source = np.maximum(0, np.linalg.solve(spread(gaps, rows, part), power))
factor = np.sqrt(spread(whole, np.arange(len(window)), part) @ source / power)
inside = (bins >= first) & (bins <= last)
amps = (raw * factor[part])[inside]
out["censored"] = {"drop": drop, "censor": censor, "window": len(window), "kept": len(kept), "columns": a.shape[1],
                   "rank": crank, "dof": len(kept) - crank, "r": pearson(cs, cv), "alff": np.mean(amps, 0),
                   "ls_alff_padded": np2, "ls_alff_first_bin": b0, "ls_alff_last_bin": b1}


# ---- 7. Bartlett, 8. xDF, both by modes ----------------------------------------------------------------
# Modes: within what the projection keeps, from smooth to rough (sum of squared first differences). Squared
# coordinates are a spectrum; a triangle over 5 modes to a side, mirrored at both ends, smooths one of the two.
def modes(model):
    n = model.shape[0]
    u, sv, _ = np.linalg.svd(model / np.linalg.norm(model, axis=0), full_matrices=True)
    q = u[:, int((sv > 1e-7 * sv[0]).sum()):]
    step = np.diff(q, axis=0)
    return q @ np.linalg.eigh(step.T @ step)[1]


def triangle(count, reach=5):
    w = np.zeros((count, count))
    for i in range(count):
        for k in range(1 - reach, reach):
            j = abs(i + k)
            j = 2 * count - 2 - j if j >= count else j
            w[i, j] += (reach - abs(k)) / reach ** 2
    return w


def effective(model, seed, voxels):
    """N of Bartlett and of xDF, and r."""
    q = modes(model)
    w = triangle(q.shape[1])
    own = np.diag(w)
    y = seed @ q
    y = y / np.linalg.norm(y)
    one, two, rs = [], [], []
    for v in voxels:
        x = v @ q
        x = x / np.linalg.norm(x)
        r = x @ y
        a, b, c = w @ (x * x), w @ (y * y), w @ (x * y)
        plain_v = (b * x * x).sum()
        ab = (a * y * y + b * x * x) / 2
        cc = ((c * x * y - 0.9 * own * ab) / (1 + own)).sum()
        squares = ((a * x * x + b * y * y) / (1 + 2 * own)).sum()
        mixed = (((a + b) * x * y + c * (x * x + y * y)) / 2 / (1 + 2 * own)).sum()
        v_xdf = ab.sum() + cc * (1 + r * r) + r * r * squares / 2 - 2 * r * mixed
        free = (1 - r * r) ** 2
        most = 1.5 * (len(x) + 1)
        one.append(min(most, 1 / plain_v + 1))
        two.append(min(most, free / max(v_xdf, free * plain_v / 4) + 1))
        rs.append(r)
    return np.array(one), np.array(two), np.array(rs)


s = residual(design(T), seed_raw[None])[0][0]
yc = y[chosen]
bartlett_n, xdf_n, _ = effective(design(T), s, yc)
out["bartlett"] = {"dof": dof, "rank": rank, "r": pearson(s, yc), "n_eff": bartlett_n}
out["xdf"] = {"n_eff": xdf_n}

# ---- 9. matrix ----------------------------------------------------------------------------------------
atlas_file = "atlases-neuroparc/Yeo-7_space-MNI152NLin6_res-2x2x2.nii.gz"


def matrix(labels, to_world):
    inverse = np.linalg.inv(to_world)
    exact = mm @ inverse[:3, :3].T + inverse[:3, 3]
    place = np.floor(exact + 0.5).astype(int)
    inside = ((place >= 0) & (place < labels.shape)).all(1)
    label = np.zeros(V, int)
    label[inside] = np.rint(labels[tuple(place[inside].T)]).astype(int)
    means = np.stack([x[label == n].mean(0) for n in range(1, 8)])
    clean, _ = residual(design(T), means)
    return {"labels": np.arange(1, 8), "voxels": [(label == n).sum() for n in range(1, 8)],
            "r": [[pearson(p, q) for q in clean] for p in clean]}, (np.abs(exact - np.floor(exact) - 0.5) < 1e-9)


labels, atlas_affine = load(atlas_file)
out["matrix"], ties = matrix(labels, atlas_affine)
# Half of the centres lie midway between atlas voxels in x: the same atlas turned to RAS breaks these ties the other way.
turned = atlas_affine.copy()
turned[:3, 3] += turned[:3, 0] * (labels.shape[0] - 1)
turned[:3, 0] *= -1
out["matrix"]["tied_share"] = ties.mean(0)
out["matrix"]["ras"] = matrix(labels[::-1], turned)[0]

# ---- 10. CompCor --------------------------------------------------------------------------------------
native = load("bold-rapidtide/sub-RAPIDTIDETEST_bold.nii.gz")[0]
tissue = load("bold-rapidtide/sub-RAPIDTIDETEST_synthseg.nii.gz")[0]
n = native.shape[3]
count = int(np.floor(2 * n * (1 / 128) * TR))
dct = np.stack([np.ones(n)] + [np.sqrt(2 / n) * np.cos(np.pi * (np.arange(n) + 0.5) * k / n) for k in range(1, count + 1)], 1)
out["compcor"] = {"cosines": count, "frames": [0, 50, 100, 200]}
for name, values in (("wm", (2, 41)), ("csf", (4, 43, 24))):
    whole = np.isin(np.rint(tissue), values)
    core = whole.copy()
    edge = np.pad(whole, 1)
    for axis in range(3):
        for step in (-1, 1):
            core &= np.roll(edge, step, axis)[1:-1, 1:-1, 1:-1]
    roi = core if core.sum() >= 20 else whole
    rows = native.reshape(-1, n, order="F")[roi.reshape(-1, order="F")]
    varying = np.ptp(rows, axis=1) > 0
    rows = residual(dct, rows[varying])[0]
    rows /= rows.std(1, keepdims=True)
    u, sv, _ = np.linalg.svd(rows.T, full_matrices=False)
    lead = u[:, 0] * np.sign(u[np.abs(u[:, 0]).argmax(), 0])
    out["compcor"][name] = {"tissue": whole.sum(), "eroded": core.sum(), "used_eroded": core.sum() >= 20,
                            "voxels": varying.sum(), "explained": (sv ** 2 / (sv ** 2).sum())[:5],
                            "first": lead[[0, 50, 100, 200]]}

# ---- 11. windows --------------------------------------------------------------------------------------
t = np.arange(2000)
one, two = np.cos(2 * np.pi * 0.025 * t), np.cos(2 * np.pi * 0.025 * t + np.arccos(0.2))
cosines = []
for h in (20, 22, 30, 40, 44, 50, 60, 80, 100, 120):
    slide = np.lib.stride_tricks.sliding_window_view
    r = pearson(slide(one, h), slide(two, h))
    cosines.append({"h": h, "min": r.min(), "max": r.max()})


def weighted(x, y, w):
    x, y = x - (w * x).sum() / w.sum(), y - (w * y).sum() / w.sum()
    return (w * x * y).sum() / np.sqrt((w * x * x).sum() * (w * y * y).sum())


kernel = np.exp(-np.arange(-9, 10) ** 2 / (2 * 3.0 ** 2))
shape_w = np.convolve(np.ones(40), kernel / kernel.sum())
shape_w /= shape_w.sum()
v = yc[10]
starts, tapered = np.arange(0, T - 40 + 1, 10), np.arange(0, T - 58 + 1, 10)
out["windows"] = {"cosines": cosines, "voxel": 10, "starts": starts,
                  "r": [pearson(s[i:i + 40], v[i:i + 40]) for i in starts], "tapered_weights": shape_w,
                  "tapered_starts": tapered, "tapered_r": [weighted(s[i:i + 58], v[i:i + 58], shape_w) for i in tapered]}

# ---- 12. probabilities ----------------------------------------------------------------------------------
p = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216, 0.222, 0.251, 0.269, 0.275, 0.34, 0.341, 0.384,
     0.569, 0.594, 0.696, 0.762, 0.94, 0.942, 0.975, 0.986]
out["fdr"] = {"p": p, "q": stats.false_discovery_control(p)}
out["student"] = [{"t": t, "df": df, "p": 2 * stats.t.sf(abs(t), df)}
                  for t, df in ((2.1, 9), (0.3, 3.5), (5.5, 29), (-1.96, 1000), (12, 2))]
out["normal_two_sided"] = [{"z": z, "p": 2 * stats.norm.sf(abs(z))} for z in (0.5, 1.96, 5, -3.3, 9)]

# ---- 13. one person against a reference -------------------------------------------------------------------
value, mean, sdev, n = 3.1, 2.0, 0.4, 20
t = (value - mean) / (sdev * np.sqrt((n + 1) / n))
out["crawford"] = {"x": value, "mean": mean, "sd": sdev, "n": n, "t": t, "df": n - 1, "p": 2 * stats.t.sf(abs(t), n - 1),
                   "percentile": 100 * stats.t.cdf(t, n - 1)}
age = [23, 31, 38, 42, 45, 51, 54, 58, 63, 67, 71, 76]
sex = [0, 1, 1, 0, 1, 0, 0, 1, 0, 1, 1, 0]
ref = [0.52, 0.47, 0.49, 0.44, 0.41, 0.46, 0.39, 0.36, 0.40, 0.31, 0.33, 0.35]
person = {"age": 47, "sex": 1, "y": 0.28}
a = np.column_stack([np.ones(12), age, sex])
beta = np.linalg.lstsq(a, np.array(ref), rcond=None)[0]
sigma = np.sqrt(((np.array(ref) - a @ beta) ** 2).sum() / (12 - 3))
expected = np.array([1, person["age"], person["sex"]]) @ beta
out["wscore"] = {"age": age, "sex": sex, "y": ref, "person": person, "beta": beta, "sigma": sigma, "dof": 12 - 3,
                 "expected": expected, "w": (person["y"] - expected) / sigma}

# ---- 14. change, and 15. the same halves joined --------------------------------------------------------
halves = []
for part in (np.arange(0, 130), np.arange(130, 260)):
    model = design(len(part))
    series, half_rank = residual(model, x[:, part])
    seed = residual(model, seed_raw[None, part])[0][0]
    half_dof = len(part) - half_rank
    free, _, _ = effective(model, seed, series[chosen])
    scale = np.sqrt((series ** 2).mean())
    halves.append({"dof": half_dof, "rank": half_rank, "r": pearson(seed, series[chosen]), "n_eff": free,
                   "scale": scale, "series": series[chosen] / scale, "seed": seed / scale})
one, two = halves
with np.errstate(invalid="ignore", divide="ignore"):
    delta = np.arctanh(two["r"]) - np.arctanh(one["r"])
    se = np.sqrt(1 / (one["n_eff"] - 3) + 1 / (two["n_eff"] - 3))
public = [{k: h[k] for k in ("dof", "rank", "r", "n_eff")} for h in halves]
out["change"] = {"first": public[0], "second": public[1], "delta_z": delta, "se": se, "ratio": delta / se}
joined_seed = np.concatenate([h["seed"] for h in halves])
joined = np.concatenate([h["series"] for h in halves], 1)
out["joined"] = {"scale": [h["scale"] for h in halves], "r": pearson(joined_seed, joined), "dof": one["dof"] + two["dof"]}

json.dump(plain(out), sys.stdout, allow_nan=False)
