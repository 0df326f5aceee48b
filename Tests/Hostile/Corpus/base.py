"""Good files beside the cases: a head, a run, a scan, regions, a matrix, targets, a slice of DICOM."""

import json
import random

import dicom
from nifti import header, identity_rows, single, voxels


def inside(rows, shape, scale=1.0):
    """For each voxel, how far out it lies of an ellipsoid of a brain's size in MNI space: below 1 is inside."""
    for k in range(shape[2]):
        for j in range(shape[1]):
            for i in range(shape[0]):
                x, y, z = (rows[n][0] * i + rows[n][1] * j + rows[n][2] * k + rows[n][3] for n in range(3))
                yield ((x / 66) ** 2 + ((y + 18) / 84) ** 2 + ((z - 10) / 62) ** 2) / scale ** 2, x, y, z


def make(c):
    draw = random.Random(1)
    size, shape = (8, 8, 8), (26, 32, 28)
    rows = identity_rows(size, (-100, -142, -92))

    def place(name, values, code, shape=shape, rows=rows, size=size, tr=0.0, form=4):
        h = header(shape, code=code, size=size, affine=rows, tr=tr, form=form)
        return c.save(name, single(h, voxels(values, code)))
    brain = list(inside(rows, shape))

    def tissue(d, x, y, z):
        return 900 if d < 0.5 else 700 if d < 1 else 60 if d < 1.25 else 1000 if d < 1.9 else 10
    head = [tissue(*p) + draw.randrange(20) for p in brain]
    place("head_space-MNI152_T1w.nii", head, 4)
    place("native_T1w.nii", head, 4, form=1)
    place("scan_space-MNI152_spect.nii", [(80 if p[0] < 0.5 else 100 if p[0] < 1 else 2) + draw.randrange(6) for p in brain], 4)
    size2, shape2 = (11, 11, 11), (16, 20, 16)
    rows2 = identity_rows(size2, (-82, -122, -72))
    cells = list(inside(rows2, shape2))
    place("run_space-MNI152_mask.nii", [1 if p[0] < 1 else 0 for p in cells], 2, shape2, rows2, size2)
    place("parts_space-MNI152_dseg.nii",
          [(1 + (p[1] > 0) + 2 * (p[2] > -18) + 4 * (p[3] > 10)) if p[0] < 1 else 0 for p in cells], 2, shape2, rows2, size2)
    c.save("parts_space-MNI152_dseg.tsv", b"index\tname\n" + b"".join(
        b"%d\tPart_%d_%s\n" % (n + 1, n // 2, b"LR"[n % 2:n % 2 + 1]) for n in range(8)))
    frames, values = 60, []
    waves = [[draw.gauss(0, 1) for _ in range(frames)] for _ in range(3)]
    for t in range(frames):
        values += [int(round((600 + 12 * waves[n % 3][t] if p[0] < 1 else 20) + draw.gauss(0, 6)))
                   for n, p in enumerate(cells)]
    place("run_space-MNI152_bold.nii", values, 4, shape2 + (frames,), rows2, size2, tr=2.0)
    place("short_space-MNI152_bold.nii", values[:len(cells) * 20], 4, shape2 + (20,), rows2, size2, tr=2.0)
    c.save("identity.txt", b"1 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 1\n")
    c.save("confounds.tsv", ("\t".join(["trans_x", "trans_y", "trans_z", "rot_x", "rot_y", "rot_z", "csf", "white_matter"]) + "\n"
           + "".join("\t".join("%.5f" % draw.gauss(0, 0.05) for _ in range(8)) + "\n" for _ in range(frames))).encode())
    c.save("targets.json", json.dumps(dict(markups=[dict(
        type="Fiducial", coordinateSystem="RAS", controlPoints=[dict(label="a", position=[-40, 20, 30])])])).encode())
    c.save("own_targets.json", json.dumps(own_targets()).encode())
    c.save("source.dcm", dicom.file(dicom.slice_of(dicom.Phantom(), 0, dicom.MR, 1)))
    c.save("registered.txt", b"1 0 0 0\n0 1 0 0\n0 0 1 0\n0 0 0 1\n")


def own_targets(**change):
    one = dict(name="a", note="", mm=[-40.0, 20.0, 30.0], space="MNI152", template=None, side="LEFT", label=None, r=-0.3,
               method="made", decision="accepted", warnings=[], acknowledged=False, image_sha256=None, native=None)
    one.update(change)
    return dict(GeneratedBy="boldspect", version="0.1.0", targets=[one])
