"""More than memory, time or a header can hold: each ends in words before the machine suffers."""

import bz2
import json
import os
import struct
import zlib

import dicom
import gz
from nifti import header, identity_rows, single

GIB = 1 << 30


def sparse(head, bytes_of_voxels):
    """A file as long as it must be, of which only the header is there."""
    def special(place):
        with open(os.path.join(place, "x_space-MNI152.nii"), "wb") as out:
            out.write(bytes(head.raw) + bytes(4))
            out.truncate(352 + bytes_of_voxels)
    return special


def images(c):
    kind = "limits: sizes"
    name = "x_space-MNI152.nii"
    use = [["info", "{file}"], ["value", "{file}", "--at=0,0,0"], ["smooth", "{file}", "--fwhm", "4", "-o", "{out}/s.nii.gz"], ["resample", "{t1}", "--like", "{file}", "-o", "{out}/r.nii"],
           ["snapshot", "--anat", "{file}", "-o", "{out}/s.txt"], ["snapshot", "--spect", "{file}", "-o", "{out}/s.txt"], ["perfusion", "{file}", "--table"], ["camera", "project", "{file}", "-o", "{out}/v.nii"], ["register", "{file}", "--to", "{t1}", "-o", "{out}/g.txt"],
           ["matrix", "{run}", "--atlas", "{file}"], ["clean", "{run}", "--mask", "{file}", "-o", "{out}/c.nii"], ["transform", "import", "{matrix}", "--format", "fsl", "--direction", "moving-to-fixed", "--moving", "{file}", "--fixed", "{t1}", "-o", "{out}/t.txt"], ["view", "{file}"]]
    for words, shape, code, width in [("2^31 bytes", (1290, 1290, 1290), 2, 1), ("8 GB of floats", (1280, 1280, 1300), 16, 4), ("thin and long", (32767, 32767, 1), 4, 2)]:
        h = header(shape, code=code, size=(0.15,) * 3)
        c.add(kind, words, "sizes of what is read and written", {}, "survive", main=name, special=sparse(h, shape[0] * shape[1] * shape[2] * width), commands=use, seconds=90, address=4 * GIB, peak=4 * GIB)
    for words, shape, code, width in [("series longer than memory", (64, 64, 30, 32767), 4, 2), ("series of few voxels", (2, 2, 2, 32767), 4, 2), ("series of 32 GB", (100, 100, 100, 16000), 4, 2)]:
        h = header(shape, code=code, size=(3,) * 3, tr=2.0)
        total = shape[0] * shape[1] * shape[2] * shape[3] * width
        c.add(kind, words, "series longer than memory", {}, "survive", main=name, special=sparse(h, total), seconds=60, address=3 * GIB, peak=3 * GIB, commands=[
            ["info", "{file}"], ["clean", "{file}", "-o", "{out}/c.nii"], ["seedmap", "{file}", "--seed", "0,0,0", "-o", "{out}/m.nii"], ["matrix", "{file}", "--atlas", "{atlas}"], ["measures", "{file}", "-o", "{out}/a.nii"],
            ["snapshot", "--bold", "{file}", "--keys", " ", "-o", "{out}/s.txt"], ["resample", "{file}", "--like", "{t1}", "-o", "{out}/r.nii.gz"], ["view", "{file}"]])
    h = header((1024, 1024, 1023), code=2)
    bomb = gz.zeros(1024 * 1024 * 1023, before=bytes(h.raw) + bytes(4))
    c.add("limits: bombs", "1 GiB in 1 MB, as claimed", "gzip bomb", {"x_space-MNI152.nii.gz": bomb}, "survive", commands=[line for line in use if line[0] in ("info", "value", "snapshot", "view")], seconds=60, address=2 * GIB, peak=2 * GIB)
    h = header((40, 40, 40, 16000), code=2, tr=2.0)
    c.add("limits: bombs", "a run of 1 GB in 1 MB", "gzip bomb", {"x_space-MNI152_bold.nii.gz": gz.zeros(64000 * 16000, before=bytes(h.raw) + bytes(4))}, "survive", seconds=60, address=2 * GIB, peak=2 * GIB,
          commands=[["info", "{file}"], ["clean", "{file}", "-o", "{out}/c.nii"], ["seedmap", "{file}", "--seed", "0,0,0", "-o", "{out}/m.nii"], ["view", "{file}"]])
    c.add("limits: bombs", "zstd of runs", "zstd bomb", {"x.nii.zst": struct.pack("<I", 0xFD2FB528) + b"\xa0\xff\xff\xff\x7f" + b"\x02\xff\xff\0" * 1000}, "refuse", commands=use[:2])
    c.add("limits: bombs", "bzip2 of zeros", "bzip2 bomb", {"x.nii.bz2": bz2.compress(bytes(64 << 20))}, "refuse", commands=use[:2])
    p = dicom.Phantom()
    whole = dicom.file(dicom.nuclear(p), stated="1.2.840.10008.1.2.1.99")
    at = whole.index(struct.pack("<HH", 8, 5))
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    parts = [packer.compress(whole[at:])] + [packer.compress(bytes(1 << 20)) for _ in range(1500)] + [packer.flush()]
    c.add("limits: bombs", "DICOM deflated, 1.5 GB behind", "DICOM bomb", {"a.dcm": whole[:at] + b"".join(parts)}, "survive", commands=[["info", "{file}"], ["value", "{file}", "--at=0,0,0"], ["list", "{folder}"]], seconds=60, peak=3 * GIB)
    item = struct.pack("<HHI", 0xfffe, 0xe000, 0)
    many = item * (12 << 20 >> 3)
    c.add("limits: bombs", "DICOM of 1.5 million items", "DICOM bomb", {"a.dcm": dicom.file(dicom.nuclear(p, [(0x400275, struct.pack("<HH", 0x40, 0x275) + b"SQ\0\0" + struct.pack("<I", len(many)) + many)]))}, "survive",
          commands=[["info", "{file}"], ["value", "{file}", "--at=0,0,0"]], seconds=60)
    few = dicom.element(0x90010, "LO", "x")
    c.add("limits: bombs", "DICOM of 10^6 elements twice", "DICOM bomb", {"a.dcm": dicom.file(dicom.nuclear(p, [(0x90010, few * 10**6)]))}, "refuse", commands=[["info", "{file}"]], seconds=60)


def atlases(c):
    kind = "limits: labels"
    use = [["matrix", "{run}", "--mask", "{mask}", "--atlas", "{file}"], ["networks", "{run}", "--mask", "{mask}", "--networks", "{file}"], ["snapshot", "--anat", "{t1}", "--atlas", "{file}", "-o", "{out}/s.txt"],
           ["perfusion", "{spect}", "--atlas", "{file}", "--table"], ["snapshot", "--bold", "{run}", "--mask", "{mask}", "--atlas", "{file}", "--keys", " x", "-o", "{out}/s.txt"]]
    shape = (150, 180, 150)
    rows = identity_rows((1.2, 1.2, 1.2), (-90, -126, -72))
    h = header(shape, code=8, size=(1.2,) * 3, affine=rows)
    n = shape[0] * shape[1] * shape[2]
    c.add(kind, "4 million labels", "a label each voxel", {"a_space-MNI152_dseg.nii": single(h, struct.pack("<%di" % n, *range(1, n + 1)))}, "survive", commands=use, seconds=60, peak=3 * GIB)
    lines = b"".join(b"%d\tPart %d\n" % (k, k) for k in range(1, 10**6 + 1))
    small = open(os.path.join(c.base, "parts_space-MNI152_dseg.nii"), "rb").read()
    c.add(kind, "table of 10^6 names", "tables of 10^6 lines", {"a_space-MNI152_dseg.nii": small, "a_space-MNI152_dseg.txt": lines}, "survive", main="a_space-MNI152_dseg.nii", commands=use[:3], seconds=60, peak=3 * GIB)


def tables(c):
    kind = "limits: tables"
    row = b"0.1\t0.2\t0.3\t0.1\t0.2\t0.3\n"
    head = b"trans_x\ttrans_y\ttrans_z\trot_x\trot_y\trot_z\n"
    run = ["{run}", "--mask", "{mask}", "--confounds", "{file}", "--preset", "6P"]
    c.add(kind, "confounds of 10^6 rows", "tables of 10^6 lines", {"a.tsv": head + row * 10**6}, "refuse", commands=[["clean"] + run + ["-o", "{out}/c.nii"], ["confounds"] + run], seconds=60)
    c.add(kind, "confounds of 10^5 columns", "tables", {"a.tsv": b"\t".join(b"c%d" % n for n in range(10**5)) + b"\n" + (b"\t".join([b"1"] * 10**5) + b"\n") * 60}, "survive", commands=[["clean"] + run + ["-o", "{out}/c.nii"], ["confounds"] + run], seconds=60)
    c.add(kind, "motion of 10^6 rows", "tables of 10^6 lines", {"a.par": row.replace(b"\t", b" ") * 10**6}, "refuse", commands=[["clean"] + run + ["-o", "{out}/c.nii"]], seconds=60)
    names = b"network\tmeasure\tmean\tsd\tn\n"
    c.add(kind, "norms of 10^6 rows", "tables of 10^6 lines", {"a.tsv": names + b"Part_0_L\tmalff\t1\t0.1\t20\n" * 10**6}, "survive", commands=[["networks", "{run}", "--mask", "{mask}", "--networks", "{atlas}", "--norms", "{file}"]], seconds=60)
    c.add(kind, "a table over 64 MB", "tables", {"a.tsv": head + row * (2_800_000)}, "refuse", commands=[["clean"] + run + ["-o", "{out}/c.nii"]], seconds=60)
    c.add(kind, "AFNI header of 16 MB", "tables", {"a+orig.HEAD": b"\ntype = integer-attribute\nname = A\ncount = 5000000\n" + b" 1" * 5_000_000, "a+orig.BRIK": b""}, "refuse", commands=[["info", "{file}"]], seconds=60)


def folders(c):
    kind = "limits: folders"

    def many(count, depth):
        def special(place):
            for n in range(count):
                folder = os.path.join(place, "d", "sub-%05d/func" % n) if depth else os.path.join(place, "d")
                os.makedirs(folder, exist_ok=True)
                with open(os.path.join(folder, "sub-%05d_task-rest_bold.nii.gz" % n), "wb"):
                    pass
        return special
    use = [["list", "{file}"], ["info", "{file}"], ["view", "{file}"], ["snapshot", "{file}", "-o", "{out}/s.txt"], ["ratings", "{file}"]]
    c.add(kind, "50 000 files", "a folder of very many files", {}, "survive", main="d", special=many(50_000, False), commands=use, seconds=90)
    c.add(kind, "10 000 people", "a folder of very many people", {}, "survive", main="d", special=many(10_000, True), commands=use, seconds=90)

    def deep(place):
        os.makedirs(os.path.join(place, "/".join(["d"] * 900)))

    def loop(place):
        os.makedirs(os.path.join(place, "d/sub-01/func"))
        for n in range(20):
            os.symlink("../../..", os.path.join(place, "d/sub-01/func/l%d" % n))
    c.add(kind, "900 deep", "folders", {}, "survive", main="d", special=deep, commands=use, seconds=60)
    c.add(kind, "links in a circle", "folders", {}, "survive", main="d", special=loop, commands=use, seconds=60)


def camera(c):
    kind = "limits: sizes"
    h = header((16, 16, 8), code=16, form=0)
    for what, change in [("32767 cubed", dict(image_shape=[32767] * 3)), ("form code 1e6", dict(image_form_code=10**6)), ("shape of words", dict(image_shape=["x"] * 3)), ("negative", dict(image_shape=[-1] * 3))]:
        side = dict(GeneratedBy="boldspect", kind="projections", **change)
        c.add(kind, "projections: " + what, "X1, X10: what is written has limits", {"v.nii": single(h, bytes(4 * 16 * 16 * 8)), "v.json": json.dumps(side).encode()}, "refuse", main="v.nii", commands=[["camera", "reconstruct", "{file}", "-o", "{out}/r.nii"]],
              names=["v.nii", "v.json"])


def make(c):
    images(c)
    atlases(c)
    tables(c)
    folders(c)
    camera(c)
