"""Makes transforms.json: matrices as FSL, ITK and ANTs write them, and where points really go.

Needs numpy and scipy. The images are two made-up grids; nothing is read.
"""

import base64
import io
import json
import sys

import numpy as np
from scipy.io import savemat


def rotation(a, b, c):
    ca, sa, cb, sb, cc, sc = (f(x) for x in (a, b, c) for f in (np.cos, np.sin))
    rx = np.array([[1, 0, 0], [0, ca, -sa], [0, sa, ca]])
    ry = np.array([[cb, 0, sb], [0, 1, 0], [-sb, 0, cb]])
    rz = np.array([[cc, -sc, 0], [sc, cc, 0], [0, 0, 1]])
    return rz @ ry @ rx


def homogeneous(m, t):
    out = np.eye(4)
    out[:3, :3] = m
    out[:3, 3] = t
    return out


rng = np.random.default_rng(11)
# MOVING is right-handed and oblique, FIXED left-handed (x runs to the left).
moving = {"shape": [64, 70, 40], "affine": homogeneous(
    rotation(0.1, -0.2, 0.15) @ np.diag([3.0, 3.1, 4.0]), [-90, -100, -60])}
fixed = {"shape": [91, 109, 91], "affine": homogeneous(np.diag([-2.0, 2, 2]), [90, -126, -72])}
fixed_from_moving = homogeneous(
    rotation(-0.05, 0.12, 0.3) @ np.diag([1.05, 0.97, 1.02]), [4, -7, 11])
points = rng.uniform(-60, 60, (6, 3))


def fsl(grid):
    size = np.linalg.norm(grid["affine"][:3, :3], axis=0)
    scale = np.diag([*size, 1])
    if np.linalg.det(grid["affine"]) > 0:
        flip = np.diag([-1.0, 1, 1, 1])
        flip[0, 3] = (grid["shape"][0] - 1) * size[0]
        scale = flip @ scale
    return scale


# world = W · voxel and scaled = S · voxel, so scaled_fixed = S_f W_f⁻¹ (FIXED from MOVING) W_m S_m⁻¹ scaled_moving
flirt = (fsl(fixed) @ np.linalg.inv(fixed["affine"]) @ fixed_from_moving
         @ moving["affine"] @ np.linalg.inv(fsl(moving)))
lps = np.diag([-1.0, -1, 1, 1])
pull = lps @ np.linalg.inv(fixed_from_moving) @ lps
centre = np.array([3.0, -8, 5])
# y = A (x − c) + c + t
shift = pull[:3, 3] + pull[:3, :3] @ centre - centre
parameters = [*pull[:3, :3].ravel(), *shift]
text = ("#Insight Transform File V1.0\n#Transform 0\nTransform: AffineTransform_double_3_3\nParameters: "
        + " ".join(repr(float(x)) for x in parameters) + "\nFixedParameters: "
        + " ".join(repr(float(x)) for x in centre) + "\n")
buffer = io.BytesIO()
savemat(buffer, {"AffineTransform_double_3_3": np.array(parameters).reshape(12, 1)}, format="4")
savemat(buffer, {"fixed": centre.reshape(3, 1)}, format="4")
json.dump({
    "moving": {"shape": moving["shape"], "affine": moving["affine"].tolist()},
    "fixed": {"shape": fixed["shape"], "affine": fixed["affine"].tolist()},
    "fixed_from_moving": fixed_from_moving.tolist(),
    "points": points.tolist(),
    "carried": (np.c_[points, np.ones(6)] @ fixed_from_moving.T)[:, :3].tolist(),
    "flirt": "\n".join(" ".join("%.15g" % x for x in row) for row in flirt) + "\n",
    "itk_text": text,
    "itk_mat_base64": base64.b64encode(buffer.getvalue()).decode(),
}, open(sys.argv[1] if len(sys.argv) > 1 else "transforms.json", "w"), indent=1)
