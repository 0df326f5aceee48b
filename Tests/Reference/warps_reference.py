"""Warps and matrices as ITK, FSL, FreeSurfer and AFNI write them, with where they carry points.

Needs SimpleITK, nibabel, nitransforms and fslpy; numbers are made up, with fixed seeds. Writes warps.json.
"""
import base64
import json
import os
import tempfile

import nibabel as nib
import nitransforms as nt
import numpy as np
import SimpleITK as sitk
from fsl.data.image import Image
from fsl.transform import fnirt

here = os.path.dirname(os.path.abspath(__file__))
work = tempfile.mkdtemp()
os.chdir(work)
random = np.random.default_rng(20261)


def turn(axis, angle):
    c, s = np.cos(angle), np.sin(angle)
    return np.array([
        [[1, 0, 0], [0, c, -s], [0, s, c]],
        [[c, 0, s], [0, 1, 0], [-s, 0, c]],
        [[c, -s, 0], [s, c, 0], [0, 0, 1]],
    ][axis])


def image(name, shape, affine):
    out = nib.Nifti1Image(np.zeros(shape, np.uint8), affine)
    out.set_sform(affine, 2)
    out.set_qform(affine, 2)
    nib.save(out, name)
    return nib.load(name)


F = np.diag([-36, 40, 38, 1.0])
F[:3, 3] = [90, -112, -72]
fixed = image("fixed.nii.gz", (6, 6, 5), F)
M = np.eye(4)
M[:3, :3] = turn(0, 0.2) @ turn(2, 0.15) @ np.diag([24, 25, 28.0])
M[:3, 3] = M[:3, :3] @ -np.array([3.5, 4, 3]) + [3, -12, 8]
moving = image("moving.nii.gz", (8, 9, 7), M)
P = np.diag([24, 25, 28, 1.0])
P[:3, 3] = [-80, -110, -80]
plumb = image("plumb.nii.gz", (8, 9, 7), P)
points = random.uniform([-60, -80, -45], [60, 60, 55], (12, 3))
nodes = np.array([[1, 1, 1], [4, 2, 3], [2, 4, 2], [3, 3, 1], [1, 4, 3], [4, 4, 1]])
places = nib.affines.apply_affine(F, nodes)
side = np.array([-1.0, -1, 1])
out = {}


def grid(im):
    return {"shape": list(im.shape[:3]), "affine": im.affine.tolist()}


def held(name):
    with open(name, "rb") as f:
        bytes = f.read()
    # ITK notes the kernel of the machine.
    release = os.uname().release.encode()
    return base64.b64encode(bytes.replace(release, b"0" * len(release))).decode()


def case(key, name, format, by, at, to, moved="moving"):
    """Where `by` carries points of FIXED, RAS+ mm, to MOVING."""
    out[key] = {"file": name, "format": format, "bytes": held(name), "moving": moved,
                "points": np.asarray(at).tolist(), "carried": np.asarray(to).tolist()}


def itk(key, name, transform, write=True, at=points):
    if write:
        sitk.WriteTransform(transform, name)
    case(key, name, "itk", transform, at,
         [np.array(transform.TransformPoint((p * side).tolist())) * side for p in at])


lattice = sitk.ReadImage("fixed.nii.gz")


def field(amplitude):
    shape = lattice.GetSize()[::-1] + (3,)
    values = random.uniform(-amplitude, amplitude, shape)
    made = sitk.GetImageFromArray(values, isVector=True)
    made.CopyInformation(lattice)
    return made


affine = sitk.AffineTransform(3)
affine.SetMatrix((turn(0, 0.1) @ turn(1, -0.07) @ np.diag([1.05, 0.93, 1.02])).ravel().tolist())
affine.SetTranslation([4, -7, 3])
affine.SetCenter([1, 2, 3])
rigid = sitk.VersorRigid3DTransform()
rigid.SetRotation([0.3, 0.5, -0.2], 0.25)
rigid.SetTranslation([-2, 4, 1])
rigid.SetCenter([0, 10, -5])
euler = sitk.Euler3DTransform()
euler.SetRotation(0.1, 0.2, -0.15)
euler.SetTranslation([2, 3, -1])
euler.SetCenter([5, -3, 2])
similar = sitk.Similarity3DTransform()
similar.SetRotation([0.1, -0.5, 0.8], 0.2)
similar.SetScale(1.08)
similar.SetTranslation([1, 1, -3])
similar.SetCenter([2, 2, 2])
warp = field(9)
sitk.WriteImage(warp, "1Warp.nii.gz")
# The last that is added carries a point first.
itk("composite", "Composite.h5",
    sitk.CompositeTransform([rigid, affine, sitk.DisplacementFieldTransform(sitk.Image(warp))]))
itk("inverse composite", "InverseComposite.h5",
    sitk.CompositeTransform([sitk.DisplacementFieldTransform(field(8)), affine.GetInverse()]),
    at=points / 2)
itk("warp", "1Warp.nii.gz", sitk.DisplacementFieldTransform(sitk.Image(warp)), write=False)
itk("rigid", "rigid.tfm", rigid)
itk("similarity", "similarity.h5", similar)
itk("two matrices", "two.tfm", sitk.CompositeTransform([euler, affine]))

A = np.eye(4)
A[:3, :3] = turn(0, 0.1) @ turn(2, -0.12) @ np.diag([1.04, 0.95, 1.03])
A[:3, 3] = [5, -8, 4]
linear = nt.linear.Affine(A, reference=fixed)


def volume(tag, im):
    size = np.linalg.norm(im.affine[:3, :3], axis=0)
    axes = im.affine[:3, :3] / size
    n = np.array(im.shape[:3])
    centre = nib.affines.apply_affine(im.affine, n / 2)

    def words(v):
        return " ".join("%.15e" % x for x in v)
    return (f"{tag} volume info\nvalid = 1  # volume info valid\nfilename = x.mgz\n"
            f"volume = {n[0]} {n[1]} {n[2]}\nvoxelsize = {words(size)}\nxras   = {words(axes[:, 0])}\n"
            f"yras   = {words(axes[:, 1])}\nzras   = {words(axes[:, 2])}\ncras   = {words(centre)}\n")


def lta(name, kind, matrix):
    rows = "\n".join(" ".join("%.15e" % x for x in row) for row in matrix)
    with open(name, "w") as f:
        f.write(f"type      = {kind} # LTA\nnxforms   = 1\nmean      = 0.0 0.0 0.0\nsigma     = 1.0\n1 4 4\n{rows}\n"
                + volume("src", moving) + volume("dst", fixed) + "subject none\nfscale 0.15\n")


back = np.linalg.inv(A)
for kind, matrix in [(1, back), (0, np.linalg.inv(F) @ back @ M)]:
    lta(f"type{kind}.lta", kind, matrix)
    from nitransforms.io.lta import FSLinearTransform
    read = nt.linear.Affine(FSLinearTransform.from_filename(f"type{kind}.lta").to_ras(), reference=fixed)
    assert np.abs(read.map(points) - linear.map(points)).max() < 1e-3
    case(f"lta {kind}", f"type{kind}.lta", "lta", linear, points, linear.map(points))
linear.to_filename("a.aff12.1D", fmt="afni", moving=plumb)
# It writes five digits.
rounded = nt.linear.load("a.aff12.1D", fmt="afni", reference=fixed, moving=plumb)
case("afni", "a.aff12.1D", "afni", rounded, points, rounded.map(points), "plumb")


def scaled(im):
    size = im.header.get_zooms()[:3]
    s = np.diag(list(size) + [1.0])
    if np.linalg.det(im.affine) > 0:
        s[0, 0], s[0, 3] = -size[0], (im.shape[0] - 1) * size[0]
    return s


voxels = np.moveaxis(np.indices(fixed.shape[:3]), 0, -1).reshape(-1, 3)
world = nib.affines.apply_affine(F, voxels)
there = linear.map(world) + random.uniform(-7, 7, world.shape)
absolute = nib.affines.apply_affine(scaled(moving) @ np.linalg.inv(M), there)
for kind, values in [("absolute", absolute),
                     ("relative", absolute - nib.affines.apply_affine(scaled(fixed), voxels))]:
    im = nib.Nifti1Image(values.reshape(fixed.shape[:3] + (3,)).astype(np.float32), F)
    im.header.set_intent(2006)
    im.set_sform(F, 2)
    im.set_qform(F, 2)
    nib.save(im, f"{kind}.nii.gz")
    known = fnirt.readFnirt(f"{kind}.nii.gz", Image("moving.nii.gz"), Image("fixed.nii.gz"))
    assert known.deformationType == kind
    case(f"fsl {kind}", f"{kind}.nii.gz", "fsl", known, places,
         known.transform(places, "world", "world"))

coefficients = nib.Nifti1Image(np.zeros((4, 4, 4, 3), np.float32), F)
coefficients.header.set_intent(2007)
nib.save(coefficients, "coefficients.nii.gz")
with open(os.path.join(here, "warps.json"), "w") as f:
    json.dump({"grids": {"fixed": grid(fixed), "moving": grid(moving), "plumb": grid(plumb)},
               "cases": out, "coefficients": held("coefficients.nii.gz")}, f, indent=1)
