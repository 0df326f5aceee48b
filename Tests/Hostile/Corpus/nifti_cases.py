"""NIfTI: one field wrong at a time, and good files in every order, type and container."""

import bz2
import itertools
import math
import os
import struct

import gz
from corpus import cuts, mutations
from nifti import (MAGIC, NAMES, TYPES, affine_of, count, header, identity_rows, single, truth, voxels)

SHAPE, SERIES = (3, 4, 5), (3, 4, 5, 3)
NAN, INF = float("nan"), float("inf")

# row, field, index, value, versions, what the refusal says
WRONG = [
    ("dim[0] outside 1..7", "dim", 0, v, 12, r"dimensions|size|order") for v in (0, -1, -5, 8, 256, 200, 32767)
] + [("dim[0] beyond reason", "dim", 0, v, 2, "dimensions") for v in (2**40, -2**63, 2**63 - 1, -2**32)] + [
    ("dim[%d] not positive" % axis, "dim", axis, v, 12, "dim") for axis in (1, 2, 3) for v in (0, -1, -11, -32768)
] + [("a size beyond what the kind of file can say", "dim", axis, v, 2, "dim")
     for axis in (1, 2, 3) for v in (6148914691236517539, 2**31, 2**62)] + [
    ("a size that the file does not hold", "dim", axis, v, 12, "claims|beyond") for axis in (1, 2, 3)
    for v in (6, 1000, 32767)
] + [("the sort of number is no grey value", "datatype", 0, v, 12, "data type")
     for v in (0, 1, 3, 32, 128, 255, 511, 1281, 1536, 1792, 2048, 2304, -4)] + [
    ("vox_offset before the voxels may begin", "vox_offset", 0, v, 12, "vox_offset") for v in (0, 1, 300, 348, 351, -1, -352)
] + [("vox_offset is no place", "vox_offset", 0, v, 1, "vox_offset") for v in (NAN, INF, -INF, 1e30, 2.0**31, 352.5, -1e30)] + [
    ("vox_offset is no place", "vox_offset", 0, v, 2, "vox_offset") for v in (543, 2**40, 2**63 - 1, -2**63)] + [
    ("vox_offset past the end", "vox_offset", 0, v, 12, "claims|ends|extension") for v in (1000, 100000, 2**30)
] + [("sform is no geometry", "srow", i, v, 12, "sform") for i in (0, 1, 3, 5, 10, 11) for v in (NAN, INF)] + [
    ("sform is no geometry", "srow", i, v, 12, "sform|geometry") for i in (0, 5, 10) for v in (0, 1e30, -1e30, 1e-30, 2000, 0.001)
] + [("size of the header", "sizeof_hdr", 0, v, 12, "header|begin") for v in (0, 347, 349, 541, -348)] + [
    ("spline coefficients", "intent", 0, v, 12, "coefficients") for v in (2007, 2008, 2009, 2016, 2017)
] + [("CIFTI without its XML", "intent", 0, v, 2, "CIFTI") for v in (3001, 3002, 3007)]

# The same of a qform alone.
WRONG_QFORM = [("qform is no geometry", "qoffset", i, v) for i in (0, 1, 2) for v in (NAN, INF, -INF)] + [
    ("qform is no geometry", "quatern", i, v) for i in (0, 1, 2) for v in (NAN, INF, 1.1, -2)
] + [("pixdim of a qform", "pixdim", i, v) for i in (1, 2, 3) for v in (0, NAN, INF, -2, 1e30, 2000, 1e-6)]


def good(version=1, big=False, shape=SHAPE, code=4, **more):
    h = header(shape, version, big, code=code, **more)
    return h, list(range(count(shape)))


def wrong_fields(c):
    for version in (1, 2):
        kind = "NIfTI-%d" % version
        for row, field, index, value, versions, cause in WRONG:
            if str(version) not in str(versions):
                continue
            if version == 2 and field == "vox_offset" and value in (348, 351, 300):
                value += 192
            if field == "vox_offset" and value == 352 + 192 - 1 and version == 1:
                continue
            for big in (False, True) if field in ("dim", "vox_offset") and index in (0, 1) else (False,):
                h, v = good(version, big)
                h.put(field, value, index)
                name = "%s[%d] = %s%s" % (field, index, value, ", big-endian" if big else "")
                c.add(kind, name, row, {"x.nii": single(h, voxels(v, 4, big))}, "refuse", cause=cause)
        for row, field, index, value in WRONG_QFORM:
            h, v = good(version)
            h.put("sform_code", 0).put("qform_code", 1).put(field, value, index)
            c.add(kind, "%s[%d] = %s" % (field, index, value), row, {"x.nii": single(h, voxels(v))}, "refuse",
                  cause="qform|pixdim|quaternion|voxel size")
        for axis, value in itertools.product((5, 6, 7), (2, 3, 0, -1)):
            h, v = good(version)
            h.put("dim", axis, 0).put("dim", value, axis)
            c.add(kind, "dim[%d] = %d" % (axis, value), "more than four dimensions", {"x.nii": single(h, voxels(v))},
                  "refuse", cause="dim")
        for n, sizes in enumerate([(32767,) * 4, (16384, 16384, 4, 32), (1290, 1290, 1290, 1), (4096, 4096, 128, 1)]):
            h, v = good(version, shape=SERIES, code=64)
            h.put("dim", list(sizes), 1)
            c.add(kind, "sizes %d overflow" % n, "product overflow", {"x.nii": single(h, bytes(1440))}, "refuse",
                  cause="beyond|claims")
            c.add(kind, "sizes %d overflow, packed" % n, "product overflow", {"x.nii.gz": gz.member(single(h, bytes(1440)))},
                  "refuse", cause="beyond|claims|memory")
        for field, index, value in [("slope", 0, 2), ("slope", 0, -1e-3)]:
            for inter in (NAN, INF, -INF):
                h, v = good(version)
                h.put(field, value, index).put("inter", inter)
                c.add(kind, "slope %s, intercept %s" % (value, inter), "valid slope with an intercept that is none",
                      {"x.nii": single(h, voxels(v))}, "refuse", cause="scl_")
        for value in (0, NAN, INF, 1e30):
            h, v = good(version)
            h.put("sform_code", 0).put("pixdim", value, 2)
            c.add(kind, "no form, pixdim %s" % value, "no form and no size", {"x.nii": single(h, voxels(v))}, "refuse",
                  cause="form code|voxel size")
        h, v = good(version)
        h.put("srow", [2, 0, 2, -3, 0, 2, 0, -4, 0, 0, -6e-6, -5])
        c.add(kind, "axes in one plane", "degenerate sform", {"x.nii": single(h, voxels(v))}, "refuse", cause="plane")
        for magic in (b"\0\0\0\0", b"XXX\0", b"n+1x", b"n+3\0", b"N+1\0", b"n+ 1", MAGIC[3 - version, False][:4],
                      MAGIC[version, True]):
            h, v = good(version)
            h.magic(magic)
            c.add(kind, "magic %r" % magic, "magic damaged", {"x.nii": single(h, voxels(v))}, "refuse",
                  cause="mark|Analyze")
        if version == 2:
            for tail in (b"\n\n\x1a\n", b"\r\n\x1a\r", b"\0\0\0\0", b"\r\n\0\n"):
                h, v = good(2)
                h.magic(b"n+2\0" + tail)
                c.add(kind, "magic tail %r" % tail, "magic damaged", {"x.nii": single(h, voxels(v))}, "refuse", cause="mark")
        extensions(c, kind, version)
        h, v = good(version)
        whole = single(h, voxels(v))
        edge = len(h.raw)
        cuts(c, kind, "image", {"x.nii": whole}, "x.nii", "image",
             [0, 1, 4, 100, 347, 348, edge - 1, edge, edge + 1, edge + 3, edge + 4, len(whole) - 1])
        mutations(c, kind, "header", {"x.nii": whole}, "x.nii", "image", 11 * version, 24, head=edge)


def extensions(c, kind, version):
    def image(block, claimed=None):
        h, v = good(version)
        h.put("vox_offset", h.least_offset + (len(block) if claimed is None else claimed))
        return single(h, block + voxels(v), b"\1\0\0\0")
    one = struct.pack("<ii", 16, 6) + b"Secret^P"
    for n in (1001, 2000, 40000):
        c.add(kind, "%d extensions" % n, "many small extensions", {"x.nii": image(one * n)}, "refuse", cause="extensions")
    c.add(kind, "extensions of 17 MiB", "large extensions", {"x.nii": image(bytes(17 << 20))}, "refuse", cause="extensions")
    h, v = good(version)
    rows, values = identity_rows(), v
    for name, block, code in [("one", one, "extension"), ("of size 0", struct.pack("<ii", 0, 6) + bytes(8), "extension-odd"),
                              ("of size -16", struct.pack("<ii", -16, 6) + bytes(8), "extension-odd"),
                              ("of size 2^31-1", struct.pack("<ii", 2**31 - 1, 6) + bytes(8), "extension-odd"),
                              ("beyond its room", struct.pack("<ii", 64, 6) + bytes(8), "extension-odd"),
                              ("flag without any", b"", "extension-none")]:
        c.add(kind, "extension " + name, "extension sizes", {"x.nii": image(block)}, "warn", finding=code,
              truth=truth(SHAPE, rows, values), planted=["Secret^P"])


def odd_but_right(c):
    """What opens with a finding, and with the numbers that the field leaves."""
    for version in (1, 2):
        kind = "NIfTI-%d" % version
        rows = identity_rows()

        def case(name, row, finding, change, tail=b"", shape=SHAPE, tr=None, rows=rows, expect="warn", **scale):
            h, v = good(version, shape=shape, tr=2.0 if len(shape) > 3 else 0.0)
            change(h)
            c.add(kind, name, row, {"x.nii": single(h, voxels(v) + tail)}, expect, finding=finding,
                  role="series" if len(shape) > 3 else "image", truth=truth(shape, rows, v, tr=tr, **scale))
        for bits in (0, 8, 32, -1):
            case("bitpix %d" % bits, "bitpix wrong", "bitpix-wrong", lambda h: h.put("bitpix", bits))
        case("no unit", "units", "unit-unknown", lambda h: h.put("units", 0))
        case("bytes behind", "trailing data", "trailing-data", lambda h: None, tail=b"abc")
        case("pixdim differs", "pixdim beside an sform", "spacing-differs", lambda h: h.put("pixdim", 3, 1))
        for value in (NAN, INF, 0, -2):
            case("pixdim %s beside an sform" % value, "pixdim beside an sform", "spacing-differs",
                 lambda h: h.put("pixdim", value, 2))
        case("forms 9 mm apart", "forms differ", "forms-differ",
             lambda h: h.put("qform_code", 2).put("qoffset", [6, -4, -5]))
        case("negative pixdim beside a good sform", "B15", "pixdim-negative",
             lambda h: h.put("qform_code", 2).put("pixdim", -2, 1))
        for code in (6, -1, 1000) if version == 1 else (6, -1, 2**31 - 1):
            if code > 0:
                case("sform code %d" % code, "form codes", "form-code-odd", lambda h: h.put("sform_code", code))
        case("slope 0 with an intercept", "slope", "slope-zero", lambda h: h.put("slope", 0).put("inter", 3))
        for value in (NAN, INF):
            case("slope %s" % value, "slope", "slope-not-finite", lambda h: h.put("slope", value))
        for stored, units in [(0, 10), (2000, 10), (-1, 10), (NAN, 10), (INF, 10), (2, 2), (2, 2 | 32), (2, 2 | 40), (2, 2 | 48),
                              (0.001, 10), (1e30, 10)]:
            case("pixdim[4] %s, units %d" % (stored, units), "repetition time", "tr-unknown",
                 lambda h: h.put("pixdim", stored, 4).put("units", units), shape=SERIES)
        for code, value in [("sform_code", 0), ("sform_code", -1)]:
            h, v = good(version)
            h.put(code, value)
            half = [[2, 0, 0, -2], [0, 2, 0, -3], [0, 0, 2, -4]]
            c.add(kind, "%s %d" % (code, value), "no form", {"x.nii": single(h, voxels(v))}, "warn",
                  finding="laterality-unknown", side="unknown",
                  truth=dict(shape=[3, 4, 5, 1], tr=None, affine=None,
                             points=truth(SHAPE, half, v)["points"]))
        h, v = good(version)
        h.put("qform_code", 2).put("pixdim", -1, 0).put("qoffset", [-3, -4, -5])
        c.add(kind, "forms mirrored", "forms that disagree about sides", {"x.nii": single(h, voxels(v))}, "warn",
              finding="forms-mirror", side="unknown", truth=truth(SHAPE, rows, v))


def right(c):
    """Good files: orders, types, containers, units, scaling."""
    size = (2.0, 3.0, 4.5)
    for version in (1, 2):
        kind = "NIfTI-%d" % version
        for perm in itertools.permutations(range(3)):
            for signs in itertools.product((1, -1), repeat=3):
                shape = tuple((5, 6, 7)[perm[n]] for n in range(3))
                rows = [[0.0] * 4 for _ in range(3)]
                for n in range(3):
                    rows[perm[n]][n] = signs[n] * size[perm[n]]
                    rows[perm[n]][3] += (-20, 11, 7)[perm[n]] - (0 if signs[n] > 0 else -(shape[n] - 1) * size[perm[n]])
                values = []
                for k in range(shape[2]):
                    for j in range(shape[1]):
                        for i in range(shape[0]):
                            x, y, z = affine_of(rows, i, j, k)
                            values.append(int(x * 2) * 13 + int(y * 2) * 7 + int(z * 2))
                step = [size[perm[n]] for n in range(3)]
                for form in (("sform", "qform") if version == 1 else ("sform",)):
                    h = header(shape, version, size=step, affine=rows)
                    if form == "qform":
                        qform(h, rows, step)
                    c.add(kind, "%s %s %s" % (form, perm, signs), "48 orders", {"x.nii": single(h, voxels(values))}, "good",
                          truth=truth(shape, rows, values))
        rows = identity_rows()
        for code in TYPES:
            for big in (False, True):
                h, v = good(version, big, code=code)
                if code in (16, 64):
                    v = [n / 8 - 3 for n in v]
                elif NAMES[code].startswith("i"):
                    v = [n - 30 for n in v]
                name = "%s, %s-endian" % (NAMES[code], "big" if big else "little")
                raw = single(h, voxels(v, code, big))
                t = truth(SHAPE, rows, v)
                c.add(kind, name, "types", {"x.nii": raw}, "good", truth=t)
                c.add(kind, name + ", packed", "types", {"x.nii.gz": gz.member(raw)}, "good", truth=t)
        for tr, units, seconds in [(2.0, 10, 2.0), (720.0, 18, 0.72), (2_000_000.0, 26, 2.0)]:
            h, v = good(version, shape=SERIES, tr=tr, units=units)
            c.add(kind, "TR %s in unit %d" % (tr, units), "units of time", {"x.nii": single(h, voxels(v))}, "good", role="series",
                  truth=truth(SERIES, rows, v, tr=seconds))
        for unit, scale in ((1, 0.001), (3, 1000.0)):
            h, v = good(version, units=8 | unit)
            h.put("srow", [x * scale for r in rows for x in r]).put("pixdim", [2 * scale] * 3, 1)
            c.add(kind, "lengths in unit %d" % unit, "units of length", {"x.nii": single(h, voxels(v))}, "warn",
                  finding="unit-converted", truth=truth(SHAPE, rows, v))
        for slope, inter in [(0.5, -3), (-2, 7), (1e-3, 0)]:
            h, v = good(version)
            h.put("slope", slope).put("inter", inter)
            c.add(kind, "slope %s" % slope, "scaling", {"x.nii": single(h, voxels(v))}, "good",
                  truth=truth(SHAPE, rows, v, slope=slope, inter=inter))
        for rank in (5, 6, 7):
            h, v = good(version)
            h.put("dim", rank)
            c.add(kind, "rank %d with sizes of 1" % rank, "dims 5..7 of 1", {"x.nii": single(h, voxels(v))}, "good",
                  truth=truth(SHAPE, rows, v))
        h, v = good(version)
        h.put("dim", [9, -7, 0], 5)
        c.add(kind, "unused dims hold anything", "trailing dim", {"x.nii": single(h, voxels(v))}, "good",
              truth=truth(SHAPE, rows, v))


def qform(h, rows, step):
    """Turns the sform into the qform of the same axes (nifti1.h, method 2)."""
    r = [[rows[a][b] / step[b] for b in range(3)] for a in range(3)]
    det = (r[0][0] * (r[1][1] * r[2][2] - r[1][2] * r[2][1]) - r[0][1] * (r[1][0] * r[2][2] - r[1][2] * r[2][0])
           + r[0][2] * (r[1][0] * r[2][1] - r[1][1] * r[2][0]))
    if det < 0:
        for row in r:
            row[2] = -row[2]
    t = r[0][0] + r[1][1] + r[2][2] + 1
    if t > 0.5:
        a = math.sqrt(t) / 2
        b, cc, d = (r[2][1] - r[1][2]) / (4 * a), (r[0][2] - r[2][0]) / (4 * a), (r[1][0] - r[0][1]) / (4 * a)
    else:
        x, y, z = 1 + r[0][0] - r[1][1] - r[2][2], 1 + r[1][1] - r[0][0] - r[2][2], 1 + r[2][2] - r[0][0] - r[1][1]
        if x > 1:
            b = math.sqrt(x) / 2
            cc, d, a = (r[0][1] + r[1][0]) / (4 * b), (r[0][2] + r[2][0]) / (4 * b), (r[2][1] - r[1][2]) / (4 * b)
        elif y > 1:
            cc = math.sqrt(y) / 2
            b, d, a = (r[0][1] + r[1][0]) / (4 * cc), (r[1][2] + r[2][1]) / (4 * cc), (r[0][2] - r[2][0]) / (4 * cc)
        else:
            d = math.sqrt(z) / 2
            b, cc, a = (r[0][2] + r[2][0]) / (4 * d), (r[1][2] + r[2][1]) / (4 * d), (r[1][0] - r[0][1]) / (4 * d)
        if a < 0:
            b, cc, d = -b, -cc, -d
    h.put("sform_code", 0).put("qform_code", 1).put("pixdim", -1 if det < 0 else 1, 0)
    h.put("quatern", [b, cc, d]).put("qoffset", [row[3] for row in rows])


def make(c):
    wrong_fields(c)
    odd_but_right(c)
    right(c)
