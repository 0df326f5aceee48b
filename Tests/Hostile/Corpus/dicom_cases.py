"""DICOM: NM, MR, CT, PET and objects of many frames, one thing wrong at a time, and good ones in three encodings."""

import math
import struct
import zlib

import dicom as d
from corpus import cuts, mutations

PLANTED = ["Secret^Person", "ID-4711", "19600102"]


def truth(p, matrix, frames=1, tr=None, shape=None):
    return dict(shape=(shape or [p.columns, p.rows, p.slices]) + [frames], tr=tr, affine=matrix, points=p.points(frames))


def matrix(p):
    """Voxel to RAS+ mm, slices in the order of the files."""
    rows = []
    for n, sign in enumerate((-1, -1, 1)):
        rows.append([sign * p.spacing[0] * p.row[n], sign * p.spacing[1] * p.column[n], sign * p.step * p.normal[n],
                     sign * p.origin[n]])
    return rows


TURNED = dict(row=[math.cos(0.3), math.sin(0.3), 0], column=[-math.sin(0.3) * math.cos(0.2), math.cos(0.3) * math.cos(0.2), -math.sin(0.2)])


def good(c):
    for name, change in [("axial", {}), ("oblique", TURNED), ("coronal", dict(row=[1, 0, 0], column=[0, 0, -1])),
                         ("sagittal", dict(row=[0, 1, 0], column=[0, 0, -1])), ("from the feet", dict(step=-4.5))]:
        p = d.Phantom(**change)
        for syntax, word in ((d.LITTLE, "explicit"), (d.IMPLICIT, "implicit"), (d.BIG, "big-endian")):
            c.add("DICOM NM", "%s, %s" % (name, word), "NM", {"a.dcm": d.file(d.nuclear(p), syntax)}, "good",
                  truth=matching(p, matrix(p)), planted=PLANTED, loose=True)
        c.add("DICOM enhanced", name, "enhanced MR", {"a.dcm": d.file(d.enhanced(p, 2))}, "good", role="series",
              truth=matching(p, matrix(p), 2, 1.8), planted=PLANTED, loose=True)
        for sop, modality, kind in ((d.MR, "MR", "MR"), (d.CT, "CT", "CT"), (d.PET, "PT", "PET")):
            more = pet() if kind == "PET" else []
            files = {"IM%d" % (9 - k): d.file(d.slice_of(p, k, sop, k + 1, more, modality=modality)) for k in range(p.slices)}
            c.add("DICOM " + kind, name, kind, files, "good", main="IM5", truth=matching(p, matrix(p)), planted=PLANTED, loose=True)
    p = d.Phantom()
    c.add("DICOM NM", "packed by RLE", "RLE", {"a.dcm": d.file(d.nuclear(p, [d.rle(p)]), d.RLE)}, "good",
          truth=matching(p, matrix(p)), planted=PLANTED, loose=True)
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    whole = d.file(d.nuclear(p), stated="1.2.840.10008.1.2.1.99")
    at = whole.index(struct.pack("<HH", 8, 5))
    c.add("DICOM NM", "deflated", "deflate", {"a.dcm": whole[:at] + packer.compress(whole[at:]) + packer.flush()}, "good",
          truth=matching(p, matrix(p)), planted=PLANTED, loose=True)


def matching(p, rows, frames=1, tr=None):
    """Slices may be stored the other way round: the matrix and values are looked at by millimetres alone."""
    return dict(shape=[p.columns, p.rows, p.slices, frames], tr=tr, affine="any", points=p.points(frames))


def pet():
    return [(0x541000, "CS", "STATIC\\IMAGE"), (0x541001, "CS", "BQML"), (0x541002, "CS", "EMISSION"),
            (0x541102, "CS", "START"), (0x540081, "US", [6])]


# What is put instead of an element of an NM tomogram, or left out, and what the refusal says.
NUCLEAR = [
    (n, [e], [], "") for n, e in [
        ("projections", (0x80008, "CS", "ORIGINAL\\PRIMARY\\TOMO\\EMISSION")),
        ("static", (0x80008, "CS", "ORIGINAL\\PRIMARY\\STATIC\\EMISSION")),
        ("dynamic", (0x80008, "CS", "ORIGINAL\\PRIMARY\\DYNAMIC\\EMISSION")),
        ("gated", (0x80008, "CS", "ORIGINAL\\PRIMARY\\RECON GATED TOMO\\EMISSION")),
        ("does not say what it is", (0x80008, "CS", "ORIGINAL\\PRIMARY")),
        ("slices 0 mm apart", (0x180088, "DS", "0")), ("slices NaN apart", (0x180088, "DS", "NaN")),
        ("slices 1e400 apart", (0x180088, "DS", "1e400")), ("spacing of text", (0x280030, "DS", "two\\three")),
        ("spacing negative", (0x280030, "DS", "-2\\2")), ("spacing 0", (0x280030, "DS", "0\\2")),
        ("one spacing", (0x280030, "DS", "2")), ("spacing of 1e9", (0x280030, "DS", "1e9\\2")),
        ("slice vector backwards", (0x540080, "US", [6, 5, 4, 3, 2, 1])), ("slice twice", (0x540080, "US", [1, 2, 3, 3, 5, 6])),
        ("slice vector short", (0x540080, "US", [1, 2])), ("five slices said", (0x540081, "US", [5])),
        ("energy windows", (0x540010, "US", [1, 1, 1, 2, 2, 2])), ("0 frames", (0x280008, "IS", "0")),
        ("-1 frames", (0x280008, "IS", "-1")), ("10^9 frames", (0x280008, "IS", "999999999")),
        ("frames of text", (0x280008, "IS", "many")), ("7 frames", (0x280008, "IS", "7")), ("5 frames", (0x280008, "IS", "5")),
        ("rows 0", (0x280010, "US", [0])), ("rows 65535", (0x280010, "US", [65535])), ("columns 1 more", (0x280011, "US", [6])),
        ("two rows", (0x280010, "US", [4, 4])), ("bits 12", (0x280100, "US", [12])), ("bits 64", (0x280100, "US", [64])),
        ("bits 0", (0x280100, "US", [0])), ("bits stored 17", (0x280101, "US", [17])), ("bits stored 0", (0x280101, "US", [0])),
        ("high bit 20", (0x280102, "US", [20])), ("high bit 3", (0x280102, "US", [3])), ("sign 2", (0x280103, "US", [2])),
        ("three samples", (0x280002, "US", [3])), ("colour", (0x280004, "CS", "RGB")), ("palette", (0x280004, "CS", "PALETTE COLOR")),
        ("slope 0", (0x281053, "DS", "0")), ("slope NaN", (0x281053, "DS", "nan")), ("slope text", (0x281053, "DS", "x")),
        ("slope 1e400", (0x281053, "DS", "1e400")), ("intercept text", (0x281052, "DS", "1,5")),
        ("lossy once", (0x282110, "CS", "01")), ("value table", (0x283000, "SQ", [[(0x283002, "US", [1, 0, 16])]])),
        ("no place in the detector", (0x540022, "SQ", [[]])), ("no detector at all", (0x540022, "SQ", [])),
        ("directions of text", (0x540022, "SQ", [[(0x200032, "DS", "0\\0\\0"), (0x200037, "DS", "a\\b\\c\\d\\e\\f")]])),
        ("directions too long", (0x540022, "SQ", [[(0x200032, "DS", "0\\0\\0"), (0x200037, "DS", "1\\1\\0\\0\\1\\0")]])),
        ("directions alike", (0x540022, "SQ", [[(0x200032, "DS", "0\\0\\0"), (0x200037, "DS", "1\\0\\0\\1\\0\\0")]])),
        ("directions 0", (0x540022, "SQ", [[(0x200032, "DS", "0\\0\\0"), (0x200037, "DS", "0\\0\\0\\0\\0\\0")]])),
        ("four directions", (0x540022, "SQ", [[(0x200032, "DS", "0\\0\\0"), (0x200037, "DS", "1\\0\\0\\0")]])),
        ("place of two", (0x540022, "SQ", [[(0x200032, "DS", "0\\0"), (0x200037, "DS", "1\\0\\0\\0\\1\\0")]])),
        ("place inf", (0x540022, "SQ", [[(0x200032, "DS", "inf\\0\\0"), (0x200037, "DS", "1\\0\\0\\0\\1\\0")]])),
        ("a screen capture", (0x80016, "UI", "1.2.840.10008.5.1.4.1.1.7")), ("no class", (0x80016, "UI", "")),
        ("a structured report", (0x80016, "UI", "1.2.840.10008.5.1.4.1.1.88.11")),
        ("pixels short", (0x7fe00010, "OW", [1] * 7)), ("no pixels", (0x7fe00010, "OW", [])),
    ]
] + [("without %06x" % tag, [], [tag], "") for tag in (
    0x280030, 0x280010, 0x280011, 0x280100, 0x280101, 0x280102, 0x280103, 0x280008, 0x540080, 0x180088, 0x540022, 0x7fe00010,
    0x80016, 0x280009)]


def nuclear(c):
    kind = "DICOM NM"
    p = d.Phantom()
    for name, more, without, cause in NUCLEAR:
        c.add(kind, name, "NM: " + name, {"a.dcm": d.file(d.nuclear(p, more, without))}, "refuse", cause=cause or None,
              planted=PLANTED)
    good = d.file(d.nuclear(p))
    syntaxes = {"JPEG 2000": ".4.90", "JPEG 2000 lossy": ".4.91", "JPEG baseline": ".4.50", "JPEG-LS lossy": ".4.81", "MPEG": ".4.102",
                "private": ".999.1", "RLE without fragments": ".5", "JPEG lossless without fragments": ".4.70"}
    for name, tail in syntaxes.items():
        c.add(kind, name, "transfer syntaxes", {"a.dcm": d.file(d.nuclear(p), stated="1.2.840.10008.1.2" + tail)}, "refuse",
              planted=PLANTED)
    for name, stated in [("no UID", "x"), ("control bytes", "1.2\x1b[2J"), ("empty", " "), ("long", "1." * 40)]:
        c.add(kind, "syntax: " + name, "transfer syntaxes", {"a.dcm": d.file(d.nuclear(p), stated=stated)}, "refuse")
    at = good.index(struct.pack("<HH", 0x7fe0, 0x10))
    for name, content, expect in [
            ("no mark", d.file(d.nuclear(p), mark=b"DICN"), "refuse"), ("no meta header", bytes(128) + b"DICM" + d.dataset(d.nuclear(p)), "survive"),
            ("meta header alone", good[:340], "refuse"), ("mark alone", bytes(128) + b"DICM", "refuse"),
            ("pixels claim 4 GB", good[:at + 8] + b"\xf0\xff\xff\xff" + good[at + 12:], "refuse"),
            ("pixels of undefined length", good[:at + 8] + b"\xff\xff\xff\xff" + good[at + 12:], "refuse"),
            ("bytes behind", good + b"abcdef", "survive"), ("many bytes behind", good + bytes(5 << 20), "survive"),
            ("element twice", d.file(d.nuclear(p) + [(0x280010, d.element(0x280010, "US", [4]))]), "refuse"),
            ("out of order", d.file([(0x7fe00010 + 1, d.element(0x80060, "CS", "NM"))] + d.nuclear(p)), "survive"),
            ("unknown VR", d.file(d.nuclear(p, [(0x281053, d.element(0x281053, "ZZ", "0.5"))])), "survive"),
            ("odd length", d.file(d.nuclear(p, [(0x281053, struct.pack("<HH", 0x28, 0x1053) + b"DS\3\0" + b"0.5")])), "survive"),
            ("sequence never ends", d.file(d.nuclear(p, [(0x400275, struct.pack("<HH", 0x40, 0x275) + b"SQ\0\0\xff\xff\xff\xff")])), "refuse"),
            ("item longer than its sequence", d.file(d.nuclear(p, [(0x400275, struct.pack("<HH", 0x40, 0x275) + b"SQ\0\0" + struct.pack(
                "<IHHI", 8, 0xfffe, 0xe000, 1 << 20))])), "refuse")]:
        c.add(kind, name, "structure: " + name, {"a.dcm": content}, expect, planted=PLANTED)
    for depth in (10, 60, 300, 5000):
        nest = b""
        for _ in range(depth):
            item = struct.pack("<HHI", 0xfffe, 0xe000, len(nest)) + nest
            nest = struct.pack("<HH", 0x40, 0x275) + b"SQ\0\0" + struct.pack("<I", len(item)) + item
        c.add(kind, "nested %d deep" % depth, "nesting", {"a.dcm": d.file(d.nuclear(p, [(0x400275, nest)]))},
              "survive" if depth < 300 else "refuse", planted=PLANTED)
    for name, pieces in [("no fragments", []), ("one fragment", [b"\0" * 64]), ("empty fragments", [b""] * 6), ("random", [bytes(range(200))] * 6),
                         ("segments beyond", [struct.pack("<16I", 2, 64, 1 << 30, *[0] * 13) + bytes(40)] * 6),
                         ("15 segments", [struct.pack("<16I", 15, *[64] * 15) + bytes(40)] * 6),
                         ("2^32-1 segments", [struct.pack("<16I", 2**32 - 1, *[64] * 15) + bytes(40)] * 6),
                         ("runs beyond", [struct.pack("<16I", 2, 64, 70, *[0] * 13) + b"\x81\0" * 60] * 6)]:
        c.add(kind, "RLE: " + name, "RLE", {"a.dcm": d.file(d.nuclear(p, [d.rle(p, pieces)]), d.RLE)}, "refuse", planted=PLANTED,
              # What is packed shows only where it is unpacked: `info` reads headers.
              commands=[["value", "{file}", "--at=0,0,0"], ["smooth", "{file}", "--fwhm", "4", "-o", "{out}/s.nii"]])
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    whole = d.file(d.nuclear(p), stated="1.2.840.10008.1.2.1.99")
    begin = whole.index(struct.pack("<HH", 8, 5))
    bomb = packer.compress(whole[begin:]) + packer.compress(bytes(64 << 20)) + packer.flush()
    c.add(kind, "deflate bomb", "bombs", {"a.dcm": whole[:begin] + bomb}, "survive", planted=PLANTED)
    c.add(kind, "deflate damaged", "deflate", {"a.dcm": whole[:begin] + b"\xff" * 100}, "refuse", planted=PLANTED)
    c.add(kind, "deflate cut", "deflate", {"a.dcm": whole[:begin] + bomb[:60]}, "refuse", planted=PLANTED)
    for name, text in [("escapes", "\x1b[2J\x1b]0;x\x07"), ("bidi", "\xe2\x80\xae"), ("formula", "=cmd|calc!A0"), ("2000 letters", "A" * 2000),
                       ("C1", "\x9b2J"), ("line feeds", "a\r\nb\tc"), ("NUL", "a\0b")]:
        more = [(0x8103e, "LO", text), (0x80070, "LO", text), (0x100010, "PN", text), (0x180031, "LO", text)]
        c.add(kind, "texts: " + name, "hostile texts", {"a.dcm": d.file(d.nuclear(p, more))}, "survive",
              commands=[["info", "{file}"], ["list", "{folder}"], ["import", "{folder}", "--sub", "x", "-o", "{out}/b"],
                        ["snapshot", "--spect", "{file}", "--format", "words", "-o", "-"], ["view", "{file}"]])
    cuts(c, kind, "tomogram", {"a.dcm": good}, "a.dcm", "image",
         [0, 100, 128, 130, 132, 140, 200, 300, 400, 600, 800, 1000, at, at + 8, at + 12, at + 40, len(good) - 2, len(good) - 1])
    mutations(c, kind, "tomogram", {"a.dcm": good}, "a.dcm", "image", 21, 40, head=at)


def stacks(c):
    """Series of single slices."""
    p = d.Phantom()

    def series(sop, change=lambda k: ([], []), extra=None, kind="MR", skip=()):
        files = {}
        for k in range(p.slices):
            if k in skip:
                continue
            more, without = change(k)
            files["IM%d" % k] = d.file(d.slice_of(p, k, sop, k + 1, (pet() if kind == "PET" else []) + more, without,
                                                  modality=dict(MR="MR", CT="CT", PET="PT")[kind]))
        files.update(extra or {})
        return files

    def at(n, *more, without=()):
        return lambda k: (list(more), list(without)) if k == n else ([], [])
    odd = d.Phantom(rows=5)
    for kind, sop in (("MR", d.MR), ("CT", d.CT), ("PET", d.PET)):
        for name, change, skip in [
                ("a slice missing", lambda k: ([], []), (2,)), ("no place", at(3, without=[0x200032]), ()),
                ("no direction", at(3, without=[0x200037]), ()), ("no spacing", at(3, without=[0x280030]), ()),
                ("another direction", at(3, (0x200037, "DS", "0\\1\\0\\1\\0\\0")), ()),
                ("one mirrored", at(3, (0x200037, "DS", "-1\\0\\0\\0\\1\\0")), ()),
                ("another spacing", at(3, (0x280030, "DS", "9\\9")), ()), ("aside", at(3, (0x200032, "DS", "-20\\-20.5\\26.25")), ()),
                ("off its place", at(3, (0x200032, "DS", "-31.25\\-20.5\\27.9")), ()),
                ("twice in one place", at(3, (0x200032, "DS", "-31.25\\-20.5\\21.75")), ()),
                ("place NaN", at(3, (0x200032, "DS", "nan\\0\\0")), ()), ("another sign", at(3, (0x280103, "US", [1])), ()),
                ("another size", lambda k: ([(0x280010, "US", [5]), (0x7fe00010, "OW", odd.words(k))], []) if k == 3 else ([], []), ()),
                ("two frames in one", at(3, (0x280008, "IS", "2")), ()), ("pixels short", at(3, (0x7fe00010, "OW", [1, 2])), ()),
                ("another unit of values", at(3, (0x281054, "LO", "HU2")), ())]:
            expect = "survive" if name == "another unit of values" else "refuse"
            c.add("DICOM " + kind, name, "stack: " + name, series(sop, change, kind=kind, skip=skip), expect, main="IM4",
                  names=["IM0", "IM1", "IM2", "IM3", "IM4", "IM5"], planted=PLANTED)
    other = d.file(d.slice_of(p, 0, d.MR, 30, [(0x100010, "PN", "Other^One"), (0x100020, "LO", "ID-2")]))
    for name, extra, expect in [
            ("a slice of another patient in the series", {"IM9": other}, "refuse"),
            ("a copy of a slice", {"IM9": d.file(d.slice_of(p, 3, d.MR, 4))}, "survive"),
            ("a changed copy of a slice", {"IM9": d.file(d.slice_of(p, 3, d.MR, 4, [(0x7fe00010, "OW", [7] * 20)]))}, "refuse"),
            ("strays", {"readme.txt": b"hello", "a.pdf": b"%PDF", "DICOMDIR": b"\0" * 200, "x.nii": b"no"}, "survive"),
            ("a damaged stray", {"IM9": d.file(d.slice_of(p, 3, d.MR, 4))[:300]}, "survive")]:
        c.add("DICOM MR", name, "stack: " + name, series(d.MR, extra=extra), expect, main="IM4", names=["IM%d" % n for n in range(10)],
              planted=PLANTED + ["Other^One"])
    for name, files in [("empty folder", {"d/": b""}), ("folder of text", {"d/a": b"hello"}), ("folder of cut files",
                        {"d/%d" % n: d.file(d.slice_of(p, n, d.MR, n + 1))[:200 + n] for n in range(6)})]:
        c.add("DICOM folders", name, "folders", files, "refuse", main="d", commands=[["info", "{file}"], ["import", "{file}", "--sub", "x", "-o", "{out}/b"]],
              names=["d"] + ["%d" % n for n in range(6)])
    good = series(d.MR)
    mutations(c, "DICOM MR", "slice", good, "IM3", "image", 23, 24, names=["IM%d" % n for n in range(6)])


def frames(c):
    kind = "DICOM enhanced"
    p = d.Phantom()

    def case(name, content, expect="refuse", **more):
        c.add(kind, name, "enhanced: " + name, {"a.dcm": content}, expect, planted=PLANTED, **more)
    usual = d.enhanced(p, 2)
    groups = [e for e in usual if e[0] == 0x52009230][0][2]

    def with_groups(g, more=()):
        return d.file(d.changed(usual, [(0x52009230, "SQ", g)] + list(more)))
    case("no groups", d.file(d.changed(usual, without=[0x52009230])))
    case("no shared groups", d.file(d.changed(usual, without=[0x52009229])))
    case("a group less", with_groups(groups[:-1]))
    case("a group more", with_groups(groups + groups[:1]))
    case("an empty group", with_groups(groups[:-1] + [[]]))
    case("a place twice", with_groups(groups[:-1] + [groups[0]]))
    case("a place missing", with_groups([[e for e in g if e[0] != 0x209113] if n == 4 else g for n, g in enumerate(groups)]))
    case("time missing", with_groups([[e for e in g if e[0] != 0x209111] if n == 4 else g for n, g in enumerate(groups)]))
    case("slope missing once", with_groups([[e for e in g if e[0] != 0x289145] if n == 4 else g for n, g in enumerate(groups)]))
    case("direction of its own", with_groups([g + [(0x209116, "SQ", [[(0x200037, "DS", "0\\1\\0\\1\\0\\0")]])] if n == 4 else g
                                              for n, g in enumerate(groups)]))
    case("two shared items", d.file(d.changed(usual, [(0x52009229, "SQ", [[], []])])))
    case("13 frames", d.file(d.changed(usual, [(0x280008, "IS", "13")])))
    case("11 frames", d.file(d.changed(usual, [(0x280008, "IS", "11")])))
    case("10^6 frames", d.file(d.changed(usual, [(0x280008, "IS", "1000000")])))
    case("pixels short", d.file(d.changed(usual, [(0x7fe00010, "OW", [0] * 50)])))
    case("32 bits", d.file(d.changed(usual, [(0x280100, "US", [32])])))
    whole = d.file(usual)
    cuts(c, kind, "object", {"a.dcm": whole}, "a.dcm", "series", [200, 500, 900, 1500, 2500, len(whole) - 300, len(whole) - 1],
         planted=PLANTED)
    mutations(c, kind, "object", {"a.dcm": whole}, "a.dcm", "series", 25, 24, planted=PLANTED)


def make(c):
    good(c)
    nuclear(c)
    stacks(c)
    frames(c)
