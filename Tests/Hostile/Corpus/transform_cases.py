"""Transforms: our own, FSL's, ITK's (text, MATLAB, HDF5), FreeSurfer's, AFNI's, and fields of displacements."""

import json
import struct

import gz
import hdf5
from corpus import cuts, mutations
from nifti import header, single, voxels

NAN, INF = float("nan"), float("inf")
# A turn about z by 0.1 rad and a shift, RAS+.
TURN = [[0.995004165278026, -0.0998334166468282, 0, 3], [0.0998334166468282, 0.995004165278026, 0, -2], [0, 0, 1, 5]]


def lps(rows):
    """The same map of points with x and y turned round."""
    sign = [-1, -1, 1, 1]
    return [[rows[r][n] * sign[r] * (sign[n] if n < 3 else 1) for n in range(4)] for r in range(3)]


def inverse(rows):
    """Of a turn about z and a shift."""
    r = [[rows[b][a] for b in range(3)] for a in range(3)]
    t = [-sum(r[a][b] * rows[b][3] for b in range(3)) for a in range(3)]
    return [r[a] + [t[a]] for a in range(3)]


def text(rows, last="0 0 0 1\n"):
    return ("".join(" ".join(repr(v) for v in row) + "\n" for row in rows) + last).encode()


def itk(kind, parameters, fixed, head="#Insight Transform File V1.0\n"):
    return (head + "#Transform 0\nTransform: %s\nParameters: %s\nFixedParameters: %s\n" % (
        kind, " ".join(str(v) for v in parameters), " ".join(str(v) for v in fixed))).encode()


def matlab(parts):
    return b"".join(struct.pack("<5i", 0, len(v), 1, 0, len(n) + 1) + n + b"\0" + struct.pack("<%dd" % len(v), *v) for n, v in parts)


AFFINE = b"AffineTransform_double_3_3"


def brought(format, direction="moving-to-fixed"):
    """In, and a point through what was made of it."""
    return [["transform", "import", "{file}", "--format", format, "--direction", direction, "--moving", "{native}", "--fixed", "{t1}",
             "-o", "{out}/t.txt", "--json"]]


def linear(c):
    kind = "transforms"
    pull = lps(inverse(TURN))
    flat = [v for row in pull for v in row[:3]] + [row[3] for row in pull]
    good = [
        ("matrix", "matrix", "a.txt", text(TURN)), ("itk", "ITK text", "a.tfm", itk("AffineTransform_double_3_3", flat, [0, 0, 0])),
        ("itk", "ITK .mat", "a.mat", matlab([(b"AffineTransform_double_3_3", flat), (b"fixed", [0, 0, 0])])),
        ("itk", "ITK .h5", "a.h5", hdf5.transforms([hdf5.one(AFFINE, flat, [0, 0, 0])])),
        ("itk", "ITK composite .h5", "a.h5", hdf5.transforms([hdf5.one(b"CompositeTransform_double_3_3", [0.0], [0.0]),
                                                            hdf5.one(AFFINE, flat, [0, 0, 0])])),
        ("itk", "ITK Euler3D", "a.txt", itk("Euler3DTransform_double_3_3", [0, 0, -0.1, pull[0][3], pull[1][3], pull[2][3]], [0, 0, 0])),
        ("afni", "AFNI", "a.aff12.1D", (" ".join(repr(v) for row in pull for v in row) + "\n").encode()),
        ("lta", "LTA", "a.lta", lta(TURN)),
    ]
    for format, name, file, content in good:
        c.add(kind, name, "good", {file: content}, "good", commands=brought(format), matrix=TURN)

    def bad(name, file, content, format, row=None):
        c.add(kind, name, row or "transform: " + name, {file: content}, "refuse", commands=brought(format), names=[file])
    rows = text(TURN).split(b"\n")
    for name, content in [
            ("three rows", b"\n".join(rows[:3])), ("five rows", text(TURN) + b"0 0 0 1\n"), ("last row", text(TURN, "0 0 0 2\n")), ("last row NaN", text(TURN, "0 0 0 nan\n")),
            ("a word", text(TURN).replace(b"3\n", b"x\n", 1)), ("NaN", text([[NAN] + TURN[0][1:]] + TURN[1:])), ("inf", text([TURN[0][:3] + [INF]] + TURN[1:])),
            ("singular", text([[0, 0, 0, 1]] * 3)), ("zeros", text([[0] * 4] * 3)), ("1e200", text([[1e200, 0, 0, 0]] + TURN[1:])), ("1e-200", text([[1e-200, 0, 0, 0]] + TURN[1:])),
            ("decimal commas", text(TURN).replace(b".", b",")), ("mirror", text([[-v for v in TURN[0]]] + TURN[1:])), ("empty", b""), ("zeros as bytes", bytes(100)),
            ("control bytes", b"\x1b[2J 0 0 0\n" * 4), ("hexadecimal", text(TURN).replace(b"3\n", b"0x3\n", 1)), ("Latin-1", b"\xe9 0 0 0\n" * 4), ("10^6 rows", b"1 0 0 0\n" * 10**6),
            ("a row of 10^6", b"1 " * 10**6), ("huge exponent", text(TURN).replace(b"3\n", b"1e999\n", 1)), ("shift of 1e9", text([TURN[0][:3] + [1e9]] + TURN[1:])),
            ("scale of 100", text([[100 * v for v in TURN[0]]] + TURN[1:]))]:
        expect = "survive" if name in ("mirror", "shift of 1e9", "scale of 100", "1e-200", "1e200", "hexadecimal") else "refuse"
        for format in ("matrix", "fsl"):
            c.add(kind, "%s: %s" % (format, name), "matrix: " + name, {"a.txt": content}, expect, commands=brought(format), names=["a.txt"])
    for name, content in [
            ("nan", itk("AffineTransform_double_3_3", ["nan"] * 12, [0, 0, 0])), ("11 parameters", itk("AffineTransform_double_3_3", flat[:11], [0, 0, 0])),
            ("2 fixed", itk("AffineTransform_double_3_3", flat, [0, 0])), ("2D", itk("AffineTransform_double_2_2", flat, [0, 0, 0])),
            ("unknown kind", itk("BSplineTransform_double_3_3", flat, [0, 0, 0])), ("kind of escapes", itk("\x1b[2J_double_3_3", flat, [0, 0, 0])),
            ("versor too long", itk("VersorRigid3DTransform_double_3_3", [2, 0, 0, 0, 0, 0], [0, 0, 0])), ("no transform", b"#Insight Transform File V1.0\n"),
            ("two transforms", itk("AffineTransform_double_3_3", flat, [0, 0, 0]) * 2), ("65 transforms", itk("AffineTransform_double_3_3", flat, [0, 0, 0]) * 65),
            ("word", itk("AffineTransform_double_3_3", flat[:11] + ["x"], [0, 0, 0])), ("2 MB", itk("AffineTransform_double_3_3", flat, [0, 0, 0]) + b"#" * (2 << 20)),
            ("composite of nothing", itk("CompositeTransform_double_3_3", [], []))]:
        bad("ITK text: " + name, "a.txt", content, "itk")
    for name, content in [
            ("rows beyond", struct.pack("<5i", 0, 1 << 30, 1, 0, 4) + b"abc\0"), ("negative rows", struct.pack("<5i", 0, -1, 1, 0, 4) + b"abc\0"),
            ("name beyond", struct.pack("<5i", 0, 1, 1, 0, 1 << 30)), ("no fixed", matlab([(AFFINE, flat)])), ("big-endian", struct.pack(">5i", 0, 12, 1, 0, 4)), ("64 x 64", struct.pack("<5i", 0, 64, 64, 0, 4) + b"abc\0"),
            ("NaN", matlab([(AFFINE, [NAN] * 12), (b"fixed", [0, 0, 0])])), ("cut", matlab([(AFFINE, flat)])[:50])]:
        bad("ITK .mat: " + name, "a.mat", content, "itk")
    for name, content in [
            ("empty", b""), ("two matrices", (" ".join(["1"] * 12) + "\n").encode() * 2), ("11 numbers", b"1 " * 11), ("word", b"x " * 12), ("nan", b"nan " * 12), ("zeros", b"0 " * 12)]:
        bad("AFNI: " + name, "a.aff12.1D", content, "afni")
    for name, content in [
            ("type 7", lta(TURN, kind=7)), ("voxels without geometry", lta(TURN, kind=0, valid=0)), ("two transforms", lta(TURN, n=2)), ("three rows", lta(TURN[:2])),
            ("NaN", lta([[NAN] * 4] + TURN[1:])), ("by NiTransforms", b"# LTA file created by NiTransforms\n" + lta(TURN)), ("volume of 0", lta(TURN, kind=0, volume="0 0 0")),
            ("volume of 10^30", lta(TURN, kind=0, volume="1e30 1 1")), ("voxel size NaN", lta(TURN, kind=0, size="nan 1 1")), ("empty", b""), ("cut", lta(TURN)[:70])]:
        bad("LTA: " + name, "a.lta", content, "lta")
    hierarchical(c, kind, flat, bad)


def lta(rows, kind=1, n=1, valid=1, volume="26 32 28", size="8 8 8"):
    block = "%s volume info\nvalid = %d\nfilename = Secret^Person.mgz\nvolume = " + volume + "\nvoxelsize = " + size + (
        "\nxras = 1 0 0\nyras = 0 1 0\nzras = 0 0 1\ncras = 4 -14 20\n")
    return ("type = %d\nnxforms = %d\nmean = 0 0 0\nsigma = 1\n1 4 4\n" % (kind, n) + "".join(" ".join(repr(v) for v in r) + "\n" for r in rows)
            + "0 0 0 1\n" + block % ("src", valid) + block % ("dst", valid)).encode()


def hierarchical(c, kind, flat, bad):
    def h5(*list_of):
        return hdf5.transforms(list_of)
    field_fixed = [4, 4, 4, 0, 0, 0, 10, 10, 10, 1, 0, 0, 0, 1, 0, 0, 0, 1]
    field = [0.5] * 192
    names = "DisplacementFieldTransform_double_3_3".encode()
    for name, content in [
            ("nan", h5(hdf5.one(AFFINE, [NAN] * 12, [0, 0, 0]))), ("11 parameters", h5(hdf5.one(AFFINE, flat[:11], [0, 0, 0]))), ("kind of escapes", h5(hdf5.one(b"\x1b[2J_double_3_3", flat, [0, 0, 0]))),
            ("empty kind", h5(hdf5.one(b"", flat, [0, 0, 0]))), ("kind of 5000 letters", h5(hdf5.one(b"A" * 5000, flat, [0, 0, 0]))), ("no transforms", h5()), ("composite alone", h5(hdf5.one(b"CompositeTransform_double_3_3", [0.0], [0.0]))),
            ("7 transforms, no composite", hdf5.transforms([hdf5.one(AFFINE, flat, [0, 0, 0])] * 7)), ("claims 2^60 numbers", h5(hdf5.one(AFFINE, flat, [0, 0, 0], values=dict(dims=[2**60])))), ("claims 2^64-1", h5(hdf5.one(AFFINE, flat, [0, 0, 0], values=dict(dims=[2**64 - 1])))),
            ("32 dimensions", h5(hdf5.one(AFFINE, flat, [0, 0, 0], values=dict(dims=[4] * 32)))), ("values elsewhere", h5(hdf5.one(AFFINE, flat, [0, 0, 0], values=dict(layout=struct.pack("<BBQQ", 3, 1, 1 << 40, 96))))),
            ("values at its head", h5(hdf5.one(AFFINE, flat, [0, 0, 0], values=dict(layout=struct.pack("<BBQQ", 3, 1, 0, 1 << 40))))), ("unknown layout", h5(hdf5.one(AFFINE, flat, [0, 0, 0], values=dict(layout=struct.pack("<BBQQ", 3, 9, 0, 96))))),
            ("field of NaN", h5(hdf5.one(names, [NAN] * 192, field_fixed))), ("field of 1e30", h5(hdf5.one(names, [1e30] * 192, field_fixed))), ("field short", h5(hdf5.one(names, field[:-1], field_fixed))), ("field of 4096 cubed", h5(hdf5.one(names, field, [4096] * 3 + field_fixed[3:]))), ("field of size 0", h5(hdf5.one(names, field, [0, 4, 4] + field_fixed[3:]))),
            ("field of spacing 0", h5(hdf5.one(names, field, field_fixed[:6] + [0] + field_fixed[7:]))), ("field of no direction", h5(hdf5.one(names, field, field_fixed[:9] + [0] * 9))), ("only its mark", hdf5.SIGNATURE), ("mark and zeros", hdf5.SIGNATURE + bytes(200)), ("text", b"hello")]:
        bad("h5: " + name, "a.h5", content, "itk") if name not in ("field of 1e30",) else c.add(
            kind, "h5: " + name, "transform: h5 " + name, {"a.h5": content}, "survive", commands=brought("itk"))
    whole = h5(hdf5.one(AFFINE, flat, [0, 0, 0]))
    good_field = h5(hdf5.one(names, field, field_fixed))
    for n, (name, content) in enumerate([("h5", whole), ("h5 of a field", good_field)]):
        for length in (8, 60, 96, 120, 400, 900, len(content) // 2, len(content) - 100):
            c.add(kind, "%s cut to %d" % (name, length), "ends early", {"a.h5": content[:length]}, "survive" if length > len(content) // 2 else "refuse", commands=brought("itk"), names=["a.h5"])
        mutations(c, kind, name, {"a.h5": content}, "a.h5", "given", 41 + n, 20, commands=brought("itk"))
    for n, (file, format, content) in enumerate([("a.txt", "matrix", text(TURN)), ("a.tfm", "itk", itk("AffineTransform_double_3_3", flat, [0, 0, 0])),
                                                 ("a.mat", "itk", matlab([(AFFINE, flat), (b"fixed", [0, 0, 0])])), ("a.lta", "lta", lta(TURN))]):
        mutations(c, kind, file, {file: content}, file, "given", 45 + n, 10, commands=brought(format))


def fields(c):
    """Fields of displacements in NIfTI: of ITK (…×1×3, intent 1007) and of FSL (…×3 on the reference's grid)."""
    kind = "warps"
    shape, size, origin = (26, 32, 28), 8, (-100, -142, -92)
    rows = [[size, 0, 0, origin[0]], [0, size, 0, origin[1]], [0, 0, size, origin[2]]]
    count = shape[0] * shape[1] * shape[2]

    def image(values=None, dims=None, intent=1007, code=16, change=lambda h: None, form=4):
        h = header(shape, code=code, size=(size,) * 3, affine=rows, form=form)
        h.put("dim", dims or [5, *shape, 1, 3, 1, 1]).put("intent", intent)
        change(h)
        data = voxels([2.0] * count + [-1.0] * count + [0.5] * count if values is None else values, code)
        return single(h, data)
    for name, content, expect in [
            ("good", image(), "survive"), ("NaN", image([NAN] * 3 * count), "refuse"), ("one NaN", image([0.0] * count + [NAN] + [0.0] * (2 * count - 1)), "survive"), ("1e30", image([1e30] * 3 * count), "refuse"),
            ("3e38", image([3e38] * 3 * count), "refuse"), ("folds", image([(n * 37 % 90) - 45.0 for n in range(3 * count)]), "survive"), ("two components", image(dims=[5, *shape, 1, 2, 1, 1]), "refuse"), ("four components", image(dims=[5, *shape, 1, 4, 1, 1]), "refuse"),
            ("intent 1006", image(intent=1006), "refuse"), ("intent 0", image(intent=0), "refuse"), ("coefficients", image(intent=2016), "refuse"), ("no form", image(form=0), "refuse"), ("int16 overflow", image([30000] * 3 * count, code=4), "refuse"),
            ("five times", image(dims=[5, *shape, 5, 3, 1, 1]), "refuse"), ("short", image()[:-5], "refuse"), ("sizes overflow", image(dims=[5, 32767, 32767, 32767, 1, 3, 1, 1]), "refuse"), ("other grid", image(change=lambda h: h.put("srow", [3, 0, 0, 0])), "survive")]:
        for packed in (False, True):
            file = "w.nii.gz" if packed else "w.nii"
            c.add(kind, "%s%s" % (name, ", packed" if packed else ""), "warp: " + name, {file: gz.member(content, 1) if packed else content}, expect,
                  commands=[["transform", "import", "{file}", "--format", format, "--direction", "moving-to-fixed", "--moving", "{native}", "--fixed", "{t1}",
                             "-o", "{out}/w.json"] for format in (("itk",) if packed or expect == "survive" else ("itk", "fsl"))], names=[file])
    for name, values in [("neither places nor differences", [(n % 13) * 40.0 for n in range(3 * count)]), ("good of FSL", [1.0] * 3 * count)]:
        c.add(kind, "fsl: " + name, "warp: " + name, {"w.nii": image(values, [4, *shape, 3, 1, 1, 1], 0)}, "survive",
              commands=[["transform", "import", "{file}", "--format", "fsl", "--direction", "moving-to-fixed", "--moving", "{native}", "--fixed", "{t1}", "-o", "{out}/w.json"]])


def own(c):
    """Our own pairs of matrix and description."""
    kind = "own transforms"
    hashes = ["%064x" % n for n in (1, 2)]

    def described(**change):
        d = dict(GeneratedBy="boldspect", version="0.1.0", kind="transform", maps="", matrix=[list(map(float, r)) for r in TURN] + [[0.0, 0, 0, 1]],
                 moving=dict(sha256=hashes[0], space="native", template=None), fixed=dict(sha256=hashes[1], space="MNI152", template=None),
                 origin="made", accepted=None, figures={}, warnings=[], accepted_because=None)
        d.update(change)
        return json.dumps(d).encode()
    use = [["transform", "show", "{file}"], ["transform", "point", "{file}", "--from", "moving", "--at=0,0,0"], ["transform", "invert", "{file}", "-o", "{out}/i.txt"],
           ["resample", "{native}", "--like", "{t1}", "--transform", "{file}", "-o", "{out}/r.nii"],
           ["snapshot", "--anat", "{t1}", "--spect", "{native}", "--transform", "{file}", "-o", "{out}/s.txt"]]
    c.add(kind, "good", "good", {"a.txt": text(TURN), "a.json": described()}, "good", commands=use[:1], says=["made"])
    for name, files in [
            ("no description", {"a.txt": text(TURN)}), ("empty description", {"a.txt": text(TURN), "a.json": b""}), ("list", {"a.txt": text(TURN), "a.json": b"[]"}),
            ("other numbers", {"a.txt": text(TURN), "a.json": described(matrix=[[1.0, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])}),
            ("matrix of words", {"a.txt": text(TURN), "a.json": described(matrix="x")}), ("matrix of three", {"a.txt": text(TURN), "a.json": described(matrix=[[1, 2, 3]] * 4)}),
            ("hash short", {"a.txt": text(TURN), "a.json": described(moving=dict(sha256="ab", space="native"))}), ("hash of a path", {"a.txt": text(TURN), "a.json": described(moving=dict(sha256="../" * 21 + "a", space="native"))}),
            ("space unknown", {"a.txt": text(TURN), "a.json": described(fixed=dict(sha256=hashes[1], space="moon"))}), ("no ends", {"a.txt": text(TURN), "a.json": described(moving=None, fixed=None)}),
            ("of another save", {"a.txt": text(TURN), "a.json": described(matrix_sha256="0" * 64)}), ("nested", {"a.txt": text(TURN), "a.json": b"[" * 100000}),
            ("deep object", {"a.txt": text(TURN), "a.json": b'{"a":' * 5000}), ("matrix damaged", {"a.txt": b"1 0 0\n", "a.json": described()}), ("mirrors", {"a.txt": text([[-v for v in TURN[0]]] + TURN[1:]), "a.json": described()}),
            ("warp without files", {"a.json": json.dumps(dict(kind="warp", format="itk", direction="moving-to-fixed", files=[])).encode()}), ("warp of /etc/passwd", {"a.json": json.dumps(dict(
                kind="warp", format="itk", direction="moving-to-fixed", origin="x", files=[dict(path="/etc/passwd", sha256="0" * 64)], moving=dict(sha256=hashes[0], space="native", dimensions=[3, 3, 3], world_from_voxel=TURN), fixed=dict(
                    sha256=hashes[0], space="native", dimensions=[3, 3, 3], world_from_voxel=TURN))).encode()}),
            ("warp of itself", {"a.json": json.dumps(dict(kind="warp", format="itk", direction="moving-to-fixed", origin="x", files=[dict(path="a.json", sha256="0" * 64)], moving=dict(
                sha256=hashes[0], space="native", dimensions=[3, 3, 3], world_from_voxel=TURN), fixed=dict(sha256=hashes[0], space="native", dimensions=[3, 3, 3], world_from_voxel=TURN))).encode()})]:
        main = next(iter(files))
        c.add(kind, name, "own transform: " + name, files, "refuse", main=main, commands=use, names=["a.txt", "a.json", "passwd"])
    c.add(kind, "of other images", "own transform: of other images", {"a.txt": text(TURN), "a.json": described()}, "refuse", commands=use[3:4], names=["a.txt", "native_T1w.nii"])
    for name, change in [("texts of escapes", dict(origin="\x1b[2J\u202e", warnings=["\x1b]0;x\x07"])), ("1000 warnings", dict(warnings=["w" * 1000] * 1000)), ("figures odd", dict(figures={"\x1b": 1, "a": None}))]:
        c.add(kind, name, "own transform: " + name, {"a.txt": text(TURN), "a.json": described(**change)}, "survive", commands=use)
    mutations(c, kind, "description", {"a.txt": text(TURN), "a.json": described()}, "a.json", "given", 47, 16,
              commands=[[p.replace("{file}", "{folder}/a.txt") for p in line] for line in use], names=["a.txt", "a.json"])


def make(c):
    linear(c)
    fields(c)
    own(c)
