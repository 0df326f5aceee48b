"""FreeSurfer's MGH, AFNI, CIFTI-2 and GIFTI: one thing wrong at a time, and good ones."""

import struct

import gz
from corpus import cuts, mutations

NAN, INF = float("nan"), float("inf")


# MARK: MGH

def mgh(shape=(3, 4, 5, 1), code=4, version=1, placed=1, size=(2, 3, 4), directions=((-1, 0, 0), (0, 0, -1), (0, 1, 0)), centre=(1, 2, 3),
        tail=b"", values=None):
    """Big-endian: 284 bytes of header, voxels, then a repetition time in ms and free text."""
    letter = {0: "B", 1: "i", 3: "f", 4: "h", 10: "H"}.get(code, "h")
    n = max(0, shape[0]) * max(0, shape[1]) * max(0, shape[2]) * max(0, shape[3])
    head = struct.pack(">7i", version, *shape, code, 0) + struct.pack(">h", placed)
    head += struct.pack(">3f", *size) + struct.pack(">9f", *[v for d in directions for v in d]) + struct.pack(">3f", *centre)
    body = b"" if n > 10**6 else struct.pack(">%d%s" % (n, letter), *(range(n) if values is None else values))
    return head + bytes(284 - len(head)) + body + tail


def mgh_truth(shape=(3, 4, 5, 1), size=(2, 3, 4), directions=((-1, 0, 0), (0, 0, -1), (0, 1, 0)), centre=(1, 2, 3), tr=None):
    rows = []
    for r in range(3):
        part = [directions[n][r] * size[n] for n in range(3)]
        rows.append(part + [centre[r] - sum(part[n] * shape[n] / 2 for n in range(3))])
    points = []
    count = shape[0] * shape[1] * shape[2]
    for i, j, k in ((0, 0, 0), (2, 1, 4), (1, 3, 0)):
        at = (k * shape[1] + j) * shape[0] + i
        points.append(dict(mm=[r[0] * i + r[1] * j + r[2] * k + r[3] for r in rows],
                           values=[at + count * t for t in range(shape[3])]))
    return dict(shape=list(shape), affine=rows, tr=tr, points=points)


def mgh_cases(c):
    kind = "MGH"
    for code in (0, 1, 3, 4, 10):
        c.add(kind, "type %d" % code, "types", {"a.mgh": mgh(code=code)}, "good", truth=mgh_truth())
        c.add(kind, "type %d, packed" % code, "types", {"a.mgz": gz.member(mgh(code=code))}, "good", truth=mgh_truth())
    for name, d in [("RAS", ((1, 0, 0), (0, 1, 0), (0, 0, 1))), ("LPS", ((-1, 0, 0), (0, -1, 0), (0, 0, 1))),
                    ("oblique", ((0.8, 0.6, 0), (-0.6, 0.8, 0), (0, 0, 1))), ("AIR", ((0, 1, 0), (0, 0, -1), (1, 0, 0)))]:
        c.add(kind, name, "directions", {"a.mgh": mgh(directions=d)}, "good", truth=mgh_truth(directions=d))
    series = (3, 4, 5, 3)
    tail = struct.pack(">f", 2000) + bytes(16) + b"mri_convert Secret^Person.nii\0"
    c.add(kind, "series", "time", {"a.mgh": mgh(series, tail=tail)}, "good", role="series", truth=mgh_truth(series, tr=2.0),
          planted=["Secret^Person"])
    c.add(kind, "series, packed", "time", {"a.mgz": gz.member(mgh(series, tail=tail))}, "good", role="series",
          truth=mgh_truth(series, tr=2.0), planted=["Secret^Person"])
    for ms in (0, NAN, -1, INF, 1e30, 1):
        c.add(kind, "TR %s ms" % ms, "time", {"a.mgh": mgh(series, tail=struct.pack(">f", ms))}, "warn", role="series",
              finding="tr-unknown", truth=mgh_truth(series))
    c.add(kind, "not placed", "no directions", {"a.mgh": mgh(placed=0)}, "warn", finding="laterality-unknown", side="unknown",
          truth=dict(mgh_truth(), affine=None))
    bad = [("version %d" % v, dict(version=v)) for v in (0, 2, -1, 1 << 24, 2**31 - 1)]
    bad += [("type %d" % v, dict(code=v)) for v in (2, 5, 7, -1, 256, 2**31 - 1)]
    bad += [("shape %s" % (s,), dict(shape=s)) for s in [
        (0, 4, 5, 1), (3, -1, 5, 1), (3, 4, 5, 0), (3, 4, 5, -7), (2**31 - 1,) * 4, (65536, 65536, 1, 1), (46341, 46341, 2, 1), (4000, 4000, 4000, 1),
        (120, 1, 1, 1), (3, 4, 5, 2**31 - 1)]]
    bad += [("shape 3 4 6", dict(shape=(3, 4, 6, 1), values=range(72))), ("frames 2", dict(shape=(3, 4, 5, 2), values=range(120)))]
    bad += [("size %s" % (s,), dict(size=s)) for s in [(0, 3, 4), (-2, 3, 4), (NAN, 3, 4), (2, INF, 4), (2, 3, 1e30), (2, 3, 1e-9)]]
    bad += [("directions %d" % n, dict(directions=d)) for n, d in enumerate([
        ((0, 0, 0), (0, 0, -1), (0, 1, 0)), ((1, 0, 0), (1, 0, 0), (0, 1, 0)), ((2, 0, 0), (0, 0, -1), (0, 1, 0)),
        ((NAN, 0, 0), (0, 0, -1), (0, 1, 0)), ((1, 0, 0), (0.9, 0.44, 0), (0, 0, 1)), ((INF, 0, 0), (0, 0, -1), (0, 1, 0))])]
    bad += [("centre %s" % (s,), dict(centre=s)) for s in [(NAN, 2, 3), (1, INF, 3)]]
    for name, change in bad:
        whole = mgh(**change)
        # The voxels of one slice, or one frame, less than the header says.
        if "values" in change:
            whole = whole[:284 + 120]
        c.add(kind, name, "MGH: " + name.split(" ")[0], {"a.mgh": whole}, "refuse")
    c.add(kind, "gzip called .mgh", "names", {"a.mgh": gz.member(mgh())}, "refuse")
    c.add(kind, "plain called .mgz", "names", {"a.mgz": mgh()}, "refuse")
    c.add(kind, "bomb", "bombs", {"a.mgz": gz.zeros(64 << 20, before=mgh())}, "refuse")
    c.add(kind, "claims 3 GB packed", "claims", {"a.mgz": gz.member(mgh(shape=(1200, 1200, 1200, 1)))}, "refuse")
    whole = mgh()
    cuts(c, kind, "image", {"a.mgh": whole}, "a.mgh", "image", [0, 3, 100, 283, 284, 285, len(whole) - 1])
    packed = gz.member(whole)
    cuts(c, kind, "packed", {"a.mgz": packed}, "a.mgz", "image", [5, 12, len(packed) // 2, len(packed) - 4])
    mutations(c, kind, "header", {"a.mgh": whole}, "a.mgh", "image", 31, 24, head=90)


# MARK: AFNI

def attribute(name, kind, values, count=None):
    return "\ntype  = %s-attribute\nname  = %s\ncount = %s\n %s\n" % (
        kind, name, len(values) if count is None else count, " ".join(str(v) for v in values))


def afni(order="LSB_FIRST~", orient=(0, 3, 4), delta=(2, 3, 4), origin=(-5, 7, 9), facs=(0, 0), types=(1, 1), scene=0, dims=(3, 4, 5),
         rank=(3, 2), tunit=77001, step=1500, real=None, without=(), more=""):
    parts = dict(
        BYTEORDER_STRING="\ntype = string-attribute\nname = BYTEORDER_STRING\ncount = %d\n'%s\n" % (len(order), order),
        HISTORY_NOTE="\ntype = string-attribute\nname = HISTORY_NOTE\ncount = 15\n'Secret^Person ~\n",
        DATASET_RANK=attribute("DATASET_RANK", "integer", list(rank) + [0]),
        DATASET_DIMENSIONS=attribute("DATASET_DIMENSIONS", "integer", list(dims) + [0, 0]),
        ORIENT_SPECIFIC=attribute("ORIENT_SPECIFIC", "integer", orient), ORIGIN=attribute("ORIGIN", "float", origin),
        DELTA=attribute("DELTA", "float", delta), BRICK_TYPES=attribute("BRICK_TYPES", "integer", types),
        BRICK_FLOAT_FACS=attribute("BRICK_FLOAT_FACS", "float", facs), SCENE_DATA=attribute("SCENE_DATA", "integer", [scene, 0, 0]),
        TAXIS_NUMS=attribute("TAXIS_NUMS", "integer", [2, 0, tunit]), TAXIS_FLOATS=attribute("TAXIS_FLOATS", "float", [0, step]))
    if real:
        parts["IJK_TO_DICOM_REAL"] = attribute("IJK_TO_DICOM_REAL", "float", real)
    return ("".join(v for k, v in parts.items() if k not in without) + more).encode("latin-1")


BRICK = struct.pack("<120h", *range(120))
AFNI_ROWS = [[-2, 0, 0, 5], [0, -3, 0, -7], [0, 0, 4, 9]]


def afni_truth(tr=1.5, facs=(1, 1), rows=AFNI_ROWS):
    points = []
    for i, j, k in ((0, 0, 0), (2, 1, 4), (1, 3, 0)):
        at = (k * 4 + j) * 3 + i
        points.append(dict(mm=[r[0] * i + r[1] * j + r[2] * k + r[3] for r in rows],
                           values=[(at + 60 * t) * facs[t] for t in range(2)]))
    return dict(shape=[3, 4, 5, 2], affine=rows, tr=tr, points=points)


def afni_cases(c):
    kind = "AFNI"

    def case(name, head, expect="refuse", brick=BRICK, brik="a+orig.BRIK", **more):
        files = {"a+orig.HEAD": head}
        if brick is not None:
            files[brik] = brick
        c.add(kind, name, "AFNI: " + name, files, expect, main=more.pop("main", "a+orig.HEAD"), role="series",
              names=["a+orig.HEAD", "a+orig.BRIK"], planted=["Secret^Person"], **more)
    case("good", afni(), "good", truth=afni_truth())
    case("by its voxels", afni(), "good", truth=afni_truth(), main="a+orig.BRIK")
    case("packed", afni(), "good", brick=gz.member(BRICK), brik="a+orig.BRIK.gz", truth=afni_truth())
    case("big-endian", afni("MSB_FIRST~"), "good", brick=struct.pack(">120h", *range(120)), truth=afni_truth())
    case("factors", afni(facs=(0.5, 2)), "good", truth=afni_truth(facs=(0.5, 2)))
    case("one factor", afni(facs=(0.5, 0.5)), "good", truth=afni_truth(facs=(0.5, 0.5)))
    case("seconds", afni(tunit=77002, step=1.5), "good", truth=afni_truth())
    real = [2, 0, 0, -5, 0, 3, 0, 7, 0, 0, 4, 9]
    case("IJK_TO_DICOM_REAL", afni(real=real), "good", truth=afni_truth())
    case("mirrored matrix", afni(real=[-2] + real[1:]), "warn", finding="forms-mirror", side="unknown",
         truth=dict(afni_truth(), affine="any"))
    for name, change in [("TR 0", dict(step=0)), ("TR -1", dict(step=-1)), ("TR 1e30", dict(step="1e30")), ("unknown unit", dict(tunit=5))]:
        case(name, afni(**change), "warn", finding="tr-unknown", truth=afni_truth(None))
    for name, change in [
            ("orient 6", dict(orient=(6, 3, 4))), ("orient -1", dict(orient=(-1, 3, 4))), ("orient 0.5", dict(orient=(0.5, 3, 4))),
            ("orient twice", dict(orient=(0, 0, 4))), ("orient NaN", dict(orient=("nan", 3, 4))), ("orient 1e30", dict(orient=("1e30", 3, 4))),
            ("delta sign", dict(delta=(-2, 3, 4))), ("delta 0", dict(delta=(0, 3, 4))), ("delta NaN", dict(delta=("nan", 3, 4))),
            ("delta 1e30", dict(delta=("1e30", 3, 4))), ("origin inf", dict(origin=("inf", 7, 9))), ("origin text", dict(origin=("x", 7, 9))),
            ("byte order unknown", dict(order="MIDDLE~")), ("types differ", dict(types=(1, 3))), ("type 5", dict(types=(5, 5))),
            ("type NaN", dict(types=("nan", "nan"))), ("factor negative", dict(facs=(-1, 1))), ("factor NaN", dict(facs=("nan", 1))),
            ("dims 0", dict(dims=(0, 4, 5))), ("dims -3", dict(dims=(-3, 4, 5))), ("dims 1e9", dict(dims=("1e9", 4, 5))), ("dims 2.5", dict(dims=(2.5, 4, 5))),
            ("dims 1e300", dict(dims=("1e300", 4, 5))), ("dims 40000 each", dict(dims=(40000, 40000, 40000))), ("dims 1 more", dict(dims=(3, 4, 6))),
            ("rank 0", dict(rank=(3, 0))), ("rank -1", dict(rank=(3, -1))), ("rank 3 bricks", dict(rank=(3, 3))), ("rank 1e8", dict(rank=(3, 10**8))),
            ("rank NaN", dict(rank=(3, "nan"))), ("matrix singular", dict(real=[0] * 12)), ("matrix NaN", dict(real=["nan"] + real[1:])),
            ("matrix of 3", dict(real=[1, 2, 3])), ("matrix in one plane", dict(real=[2, 0, 2, -5, 0, 3, 0, 7, 0, 0, 1e-6, 9]))]:
        case(name, afni(**change))
    for key in ("DATASET_RANK", "DATASET_DIMENSIONS", "BRICK_TYPES", "BYTEORDER_STRING", "DELTA"):
        case("without " + key, afni(without=(key,)))
    for name, more in [("count beyond", attribute("NOTE", "integer", [1], 99)), ("count -1", attribute("NOTE", "integer", [1], -1)),
                       ("count 1e18", attribute("NOTE", "integer", [1], 10**18)), ("count text", attribute("NOTE", "integer", [1], "x")),
                       ("text beyond", "\ntype = string-attribute\nname = X\ncount = 500\n'abc"), ("no name", "\ntype = integer-attribute\ncount = 1\n 1\n"),
                       ("control bytes", "\ntype = \x1b[2J\nname = \x07\ncount = 1\n 1\n"), ("10001 attributes", attribute("A", "integer", [1]) * 10001)]:
        case("attributes: " + name, afni(more=more))
    case("no voxels", afni(), brick=None)
    case("voxels short", afni(), brick=BRICK[:-1])
    case("voxels empty", afni(), brick=b"")
    case("packed another way", afni(), brik="a+orig.BRIK.bz2", brick=b"BZh9")
    case("empty", b"")
    case("zeros", bytes(300))
    case("binary", bytes(range(256)))
    c.add(kind, "two files of voxels", "AFNI: a guess", {"a+orig.HEAD": afni(), "a+orig.BRIK": BRICK, "a+orig.BRIK.gz": gz.member(BRICK)}, "refuse",
          names=["a+orig.HEAD"])
    files = {"a+orig.HEAD": afni(), "a+orig.BRIK": BRICK}
    cuts(c, kind, "header", files, "a+orig.HEAD", "series", [10, 100, 300, 500, 700], names=["a+orig.HEAD", "a+orig.BRIK"])
    mutations(c, kind, "header", files, "a+orig.HEAD", "series", 33, 24, names=["a+orig.HEAD", "a+orig.BRIK"])


# MARK: CIFTI and GIFTI

XML = """<?xml version="1.0" encoding="UTF-8"?><CIFTI Version="{version}"><Matrix>
<MatrixIndicesMap AppliesToMatrixDimension="0" IndicesMapToDataType="CIFTI_INDEX_TYPE_{columns}"
 NumberOfSeriesPoints="3" SeriesExponent="{power}" SeriesStart="0" SeriesStep="{step}" SeriesUnit="SECOND"/>
<MatrixIndicesMap AppliesToMatrixDimension="1" IndicesMapToDataType="CIFTI_INDEX_TYPE_BRAIN_MODELS">
<Volume VolumeDimensions="{box}"><TransformationMatrixVoxelIndicesIJKtoXYZ MeterExponent="{meter}">
{matrix}</TransformationMatrixVoxelIndicesIJKtoXYZ></Volume>
<BrainModel IndexOffset="0" IndexCount="4" ModelType="CIFTI_MODEL_TYPE_SURFACE"
 BrainStructure="CIFTI_STRUCTURE_CORTEX_LEFT" SurfaceNumberOfVertices="9"><VertexIndices>0 1 2 3</VertexIndices></BrainModel>
<BrainModel IndexOffset="{offset}" IndexCount="{n}" ModelType="CIFTI_MODEL_TYPE_VOXELS"
 BrainStructure="{structure}"><VoxelIndicesIJK>{voxels}</VoxelIndicesIJK></BrainModel>
</MatrixIndicesMap></Matrix></CIFTI>"""


def cifti(xml=None, rows=6, columns=3, code=16, dims=None, ecode=32, begin=None, intent=3002, **change):
    fill = dict(version="2", columns="SERIES", power="-3", step="720", box="4,5,6", meter="-3",
                matrix="-2 0 0 90  0 2 0 -126  0 0 2 -72  0 0 0 1", offset="4", n="2", structure="CIFTI_STRUCTURE_THALAMUS_LEFT",
                voxels="1 2 3 2 0 1")
    fill.update(change)
    text = (XML.format(**fill) if xml is None else xml).encode()
    text += bytes(-(len(text) + 8) % 16)
    at = 544 + 8 + len(text)
    h = bytearray(540)
    struct.pack_into("<i8shh", h, 0, 540, b"n+2\0\r\n\x1a\n", code, 32)
    struct.pack_into("<8q", h, 16, *(dims or [6, 1, 1, 1, 1, columns, rows, 1]))
    struct.pack_into("<q", h, 168, at if begin is None else begin)
    struct.pack_into("<i", h, 504, intent)
    values = [float(10 * r + t) for r in range(min(rows, 10)) for t in range(min(columns, 10))] if rows > 0 and columns > 0 else []
    return bytes(h) + b"\1\0\0\0" + struct.pack("<ii", 8 + len(text), ecode) + text + struct.pack("<%df" % len(values), *values)


def cifti_cases(c):
    kind = "CIFTI"
    points = [dict(mm=[90 - 2 * i, 2 * j - 126, 2 * k - 72], values=v) for (i, j, k), v in [
        ((1, 2, 3), [40, 41, 42]), ((2, 0, 1), [50, 51, 52]), ((0, 0, 0), [0, 0, 0])]]
    truth = dict(shape=[4, 5, 6, 3], tr=0.72, affine=[[-2, 0, 0, 90], [0, 2, 0, -126], [0, 0, 2, -72]], points=points)
    name = "a.dtseries.nii"
    c.add(kind, "series", "CIFTI", {name: cifti()}, "warn", finding="cifti-volume", role="series", truth=truth)
    bomb = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">' + "".join(
        '<!ENTITY %s "%s">' % (chr(98 + n), "&%s;" % chr(97 + n) * 10) for n in range(9)) + "]><CIFTI Version=\"2\">&j;</CIFTI>"
    outside = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><CIFTI Version="2">&a;</CIFTI>'
    for what, change in [
            ("a voxel twice", dict(voxels="1 2 3 1 2 3")), ("a voxel outside", dict(voxels="1 2 3 4 0 1")), ("no triples", dict(voxels="1 2 3 2 0")),
            ("one voxel too few", dict(voxels="1 2 3")), ("negative voxel", dict(voxels="1 2 3 -1 0 0")), ("voxel text", dict(voxels="1 2 3 a b c")),
            ("voxel 10^30", dict(voxels="1 2 3 1e30 0 0")), ("voxel 2^63", dict(voxels="1 2 3 9223372036854775807 0 0")), ("rows 7", dict(rows=7)),
            ("rows 5", dict(rows=5)), ("rows 0", dict(rows=0)), ("rows -1", dict(rows=-1)), ("rows 2^40", dict(rows=2**40)), ("columns 0", dict(columns=0)),
            ("columns 2^31", dict(columns=2**31)), ("columns 4, points 3", dict(columns=4)), ("offset 5", dict(offset="5")), ("offset text", dict(offset="x")),
            ("count -2", dict(n="-2")), ("count 2^62", dict(n=str(2**62))), ("version 1", dict(version="1")), ("version escapes", dict(version="&#27;[2J")),
            ("parcels", dict(columns=3, xml=XML.replace("SERIES", "PARCELS", 1).format(version="2", columns="PARCELS", power="-3", step="720", box="4,5,6",
             meter="-3", matrix="1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1", offset="4", n="2", structure="X", voxels="1 2 3 2 0 1"))),
            ("dims 0", dict(box="0,5,6")), ("dims 2", dict(box="4,5")), ("dims 30000", dict(box="30000,30000,30000")), ("dims text", dict(box="a,b,c")),
            ("meter 9", dict(meter="9")), ("meter -400", dict(meter="-400")), ("meter text", dict(meter="x")), ("matrix NaN", dict(matrix="nan " + "0 " * 14 + "1")),
            ("matrix of 12", dict(matrix="1 0 0 0 0 1 0 0 0 0 1 0")), ("matrix singular", dict(matrix="0 " * 15 + "1")), ("matrix 1e30", dict(matrix="1e30 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1")),
            ("entities", dict(xml=bomb)), ("outside entity", dict(xml=outside)), ("nested", dict(xml="<a>" * 100000)), ("not closed", dict(xml=XML[:300])), ("no XML", dict(xml="")),
            ("XML text", dict(xml="hello")), ("another extension", dict(ecode=6)), ("matrix before its XML", dict(begin=100)), ("matrix at -1", dict(begin=-1)),
            ("matrix at 2^40", dict(begin=2**40)), ("matrix in its XML", dict(begin=600)), ("complex", dict(code=32)), ("parcels' intent", dict(intent=3012)), ("no type", dict(code=0))]:
        c.add(kind, what, "CIFTI: " + what, {name: cifti(**change)}, "survive" if what in ("parcels' intent", "voxel 10^30") else "refuse", role="series")
    c.add(kind, "packed", "CIFTI: packed", {"a.dtseries.nii.gz": gz.member(cifti())}, "refuse", role="series", cause="CIFTI")
    whole = cifti()
    cuts(c, kind, "matrix", {name: whole}, name, "series", [0, 200, 539, 543, 548, 700, len(whole) - 73, len(whole) - 1])
    mutations(c, kind, "series", {name: whole}, name, "series", 35, 24)
    kind = "GIFTI"
    gifti = ('<?xml version="1.0"?><GIFTI Version="1.0" NumberOfDataArrays="1"><DataArray Intent="NIFTI_INTENT_POINTSET" '
             'Dim0="{n}" Dim1="3"><MetaData><MD><Name>AnatomicalStructurePrimary</Name><Value>{value}</Value></MD></MetaData>'
             '<Data>{data}</Data></DataArray></GIFTI>')
    for what, text in [("a surface", gifti.format(n=7, value="CortexLeft", data="AAAA")), ("escapes", gifti.format(n=7, value="&#27;[2J\u202e", data="")),
                       ("10^30 points", gifti.format(n="1" + "0" * 30, value="x", data="")), ("entities", bomb.replace("CIFTI", "GIFTI")),
                       ("outside entity", outside.replace("CIFTI", "GIFTI")), ("nested", "<GIFTI>" * 5000), ("cut", gifti[:80]), ("empty", ""), ("8 MB of data", gifti.format(n=7, value="x", data="A" * (8 << 20)))]:
        c.add(kind, what, "GIFTI: " + what, {"a.gii": text.encode()}, "refuse")
    mutations(c, kind, "surface", {"a.gii": gifti.format(n=7, value="CortexLeft", data="AAAA").encode()}, "a.gii", "image", 37, 8)


def make(c):
    mgh_cases(c)
    afni_cases(c)
    cifti_cases(c)
