"""DICOM by the letter of PS3.5 and PS3.10, and a small phantom in the patient's system (left, posterior, superior)."""

import struct

MR, CT, NM, PET = ("1.2.840.10008.5.1.4.1.1." + tail for tail in ("4", "2", "20", "128"))
ENHANCED = "1.2.840.10008.5.1.4.1.1.4.1"
LITTLE, IMPLICIT, BIG, RLE = ("1.2.840.10008.1.2" + tail for tail in (".1", "", ".2", ".5"))
LONG = ("OB", "OW", "OF", "OD", "SQ", "UN", "UT", "UC")


def element(tag, vr, value, syntax=LITTLE, length=None):
    """One element; a value is bytes, text, numbers, or items (lists of elements)."""
    order = ">" if syntax == BIG else "<"
    if isinstance(value, str):
        body = value.encode("latin-1")
    elif isinstance(value, bytes):
        body = value
    elif vr == "SQ":
        body = b""
        for item in value:
            inside = dataset(item, syntax)
            body += struct.pack(order + "HHI", 0xfffe, 0xe000, len(inside)) + inside
    else:
        body = struct.pack(order + {"US": "H", "UL": "I", "FD": "d", "AT": "H", "OW": "H", "SS": "h"}[vr] * len(value), *value)
    if len(body) % 2:
        body += b"\0" if vr in ("UI", "OB", "UN") else b" "
    n = len(body) if length is None else length
    head = struct.pack(order + "HH", tag >> 16, tag & 0xffff)
    if syntax == IMPLICIT:
        return head + struct.pack("<I", n) + body
    if vr in LONG:
        return head + vr.encode() + b"\0\0" + struct.pack(order + "I", n & 0xffffffff) + body
    return head + vr.encode() + struct.pack(order + "H", n & 0xffff) + body


def dataset(elements, syntax=LITTLE):
    """Elements in the order of their tags; raw bytes keep their place in the list of (tag, bytes)."""
    out = b""
    for e in sorted(elements, key=lambda e: e[0]):
        out += e[1] if len(e) == 2 else element(e[0], e[1], e[2], syntax)
    return out


def text_of(elements, tag):
    for e in elements:
        if e[0] == tag and len(e) == 3 and isinstance(e[2], str):
            return e[2]
    return ""


def file(elements, syntax=LITTLE, stated=None, mark=b"DICM"):
    """A whole file: preamble, mark, meta header and the elements."""
    meta = (element(0x20001, "OB", b"\0\1") + element(0x20002, "UI", text_of(elements, 0x80016))
            + element(0x20003, "UI", text_of(elements, 0x80018)) + element(0x20010, "UI", stated or syntax)
            + element(0x20012, "UI", "1.2.3.4"))
    group = element(0x20000, "UL", [len(meta)])
    return bytes(128) + mark + group + meta + dataset(elements, RLE and (LITTLE if syntax == RLE else syntax))


def decimals(values):
    return "\\".join("%.10g" % v for v in values)


class Phantom:
    """A volume whose values tell their place, off the middle along every axis."""

    def __init__(self, **change):
        self.columns, self.rows, self.slices = 5, 4, 6
        self.spacing, self.step = (3.5, 2.25), 4.5
        self.row, self.column, self.origin = [1.0, 0, 0], [0, 1.0, 0], [-31.25, -20.5, 12.75]
        self.slope, self.intercept = 0.5, -3
        for key, value in change.items():
            setattr(self, key, value)

    @property
    def normal(self):
        r, c = self.row, self.column
        return [r[1] * c[2] - r[2] * c[1], r[2] * c[0] - r[0] * c[2], r[0] * c[1] - r[1] * c[0]]

    def stored(self, i, j, k, t=0):
        return i * 9 + j * 13 + k * 41 + i * j * k % 5 + 300 * t

    def words(self, k, t=0):
        return [self.stored(i, j, k, t) for j in range(self.rows) for i in range(self.columns)]

    def position(self, k):
        return [self.origin[n] + k * self.step * self.normal[n] for n in range(3)]

    def patient(self, i, j, k):
        """RAS+ mm of a voxel by its indices in the files."""
        p = self.position(k)
        p = [p[n] + i * self.spacing[0] * self.row[n] + j * self.spacing[1] * self.column[n] for n in range(3)]
        return [-p[0], -p[1], p[2]]

    def points(self, frames=1):
        places = [(0, 0, 0), (self.columns - 1, 1, self.slices - 2), (2, self.rows - 1, self.slices - 1)]
        return [dict(mm=self.patient(*p), values=[self.stored(*p, t) * self.slope + self.intercept for t in range(frames)])
                for p in places]


def common(p, sop_class, instance, modality="MR"):
    return [
        (0x80005, "CS", "ISO_IR 100"), (0x80008, "CS", "ORIGINAL\\PRIMARY\\M"), (0x80016, "UI", sop_class),
        (0x80018, "UI", "1.2.826.0.1.1.%d" % instance), (0x80020, "DA", "20240102"), (0x80021, "DA", "20240229"),
        (0x80030, "TM", "101112"), (0x80031, "TM", "091500"), (0x80050, "SH", "ACC1"), (0x80060, "CS", modality),
        (0x80070, "LO", "Maker"), (0x8103e, "LO", "brain"), (0x100010, "PN", "Secret^Person"),
        (0x100020, "LO", "ID-4711"), (0x100030, "DA", "19600102"), (0x185100, "CS", "HFS"), (0x20000d, "UI", "1.2.826.0.1"),
        (0x20000e, "UI", "1.2.826.0.1.1"), (0x200010, "SH", "S1"), (0x200011, "IS", "7"), (0x200013, "IS", str(instance)),
        (0x200052, "UI", "1.2.826.0.2"), (0x280002, "US", [1]), (0x280004, "CS", "MONOCHROME2"),
        (0x280010, "US", [p.rows]), (0x280011, "US", [p.columns]),
        (0x280030, "DS", decimals([p.spacing[1], p.spacing[0]])), (0x280100, "US", [16]), (0x280101, "US", [16]),
        (0x280102, "US", [15]), (0x280103, "US", [0]), (0x281052, "DS", decimals([p.intercept])),
        (0x281053, "DS", decimals([p.slope])),
    ]


def geometry(p, k):
    return [(0x200032, "DS", decimals(p.position(k))), (0x200037, "DS", decimals(p.row + p.column))]


def changed(elements, more=(), without=()):
    gone = {e[0] for e in more} | set(without)
    return [e for e in elements if e[0] not in gone] + list(more)


def slice_of(p, k, sop_class, instance, more=(), without=(), t=0, modality="MR"):
    """One slice of a classic series."""
    usual = common(p, sop_class, instance, modality) + geometry(p, k) + [(0x7fe00010, "OW", p.words(k, t))]
    return changed(usual, more, without)


def nuclear(p, more=(), without=()):
    """A reconstructed NM tomogram in one file."""
    n = p.slices
    usual = common(p, NM, 1, "NM") + [
        (0x180050, "DS", "9"), (0x180088, "DS", decimals([p.step])), (0x280008, "IS", str(n)),
        (0x280009, "AT", [0x54, 0x80]), (0x540080, "US", list(range(1, n + 1))), (0x540081, "US", [n]),
        (0x540022, "SQ", [geometry(p, 0)]), (0x7fe00010, "OW", [w for k in range(n) for w in p.words(k)]),
    ]
    return changed(usual, [(0x80008, "CS", "ORIGINAL\\PRIMARY\\RECON TOMO\\EMISSION")] + list(more)
                   if not any(e[0] == 0x80008 for e in more) else more, without)


def enhanced(p, times=1, more=(), without=(), frame=lambda k, t: [], shared=()):
    """An enhanced MR object: frames in an order that follows nothing."""
    order = [(n * 5 + 2) % (times * p.slices) for n in range(times * p.slices)]
    places = [(n % p.slices, n // p.slices) for n in order]
    groups = [[
        (0x209113, "SQ", [[geometry(p, k)[0]]]), (0x209111, "SQ", [[(0x209128, "UL", [t + 1])]]),
        (0x289145, "SQ", [[(0x281053, "DS", decimals([p.slope])), (0x281052, "DS", decimals([p.intercept]))]]),
    ] + frame(k, t) for k, t in places]
    all_share = [
        (0x209116, "SQ", [[geometry(p, 0)[1]]]),
        (0x289110, "SQ", [[(0x280030, "DS", decimals([p.spacing[1], p.spacing[0]]))]]),
        (0x189112, "SQ", [[(0x180080, "DS", "1800")]]),
    ]
    usual = [e for e in common(p, ENHANCED, 1) if e[0] not in (0x281052, 0x281053, 0x280030)] + [
        (0x280008, "IS", str(len(places))), (0x52009229, "SQ", [changed(all_share, shared)]), (0x52009230, "SQ", groups),
        (0x7fe00010, "OW", [w for k, t in places for w in p.words(k, t)])]
    return changed(usual, more, without)


def rle(p, pieces=None, table=b""):
    """Pixel data in fragments, each a slice by RLE (PS3.5, annex G): literal runs only."""
    def packed(k):
        words = p.words(k)
        planes = [bytes(w >> 8 for w in words), bytes(w & 255 for w in words)]
        parts = []
        for plane in planes:
            out = b""
            for at in range(0, len(plane), 128):
                run = plane[at:at + 128]
                out += bytes([len(run) - 1]) + run
            parts.append(out + (b"\x80" if len(out) % 2 else b""))
        head = struct.pack("<16I", 2, 64, 64 + len(parts[0]), *([0] * 13))
        return head + parts[0] + parts[1]
    body = struct.pack("<HHI", 0xfffe, 0xe000, len(table)) + table
    for piece in (pieces if pieces is not None else [packed(k) for k in range(p.slices)]):
        piece += b"\0" * (len(piece) % 2)
        body += struct.pack("<HHI", 0xfffe, 0xe000, len(piece)) + piece
    body += struct.pack("<HHI", 0xfffe, 0xe0dd, 0)
    return (0x7fe00010, struct.pack("<HH", 0x7fe0, 0x10) + b"OB\0\0\xff\xff\xff\xff" + body)
