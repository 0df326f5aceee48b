"""NIfTI-1 and -2 by the letter of nifti1.h and nifti2.h, field by field."""

import struct

# name: (offset, type, count) in the headers of 348 and of 540 bytes
FIELDS = {
    1: dict(sizeof_hdr=(0, "i", 1), dim=(40, "h", 8), intent=(68, "h", 1), datatype=(70, "h", 1), bitpix=(72, "h", 1),
            pixdim=(76, "f", 8), vox_offset=(108, "f", 1), slope=(112, "f", 1), inter=(116, "f", 1), units=(123, "B", 1),
            qform_code=(252, "h", 1), sform_code=(254, "h", 1), quatern=(256, "f", 3), qoffset=(268, "f", 3),
            srow=(280, "f", 12)),
    2: dict(sizeof_hdr=(0, "i", 1), datatype=(12, "h", 1), bitpix=(14, "h", 1), dim=(16, "q", 8), pixdim=(104, "d", 8),
            vox_offset=(168, "q", 1), slope=(176, "d", 1), inter=(184, "d", 1), qform_code=(344, "i", 1),
            sform_code=(348, "i", 1), quatern=(352, "d", 3), qoffset=(376, "d", 3), srow=(400, "d", 12),
            units=(500, "i", 1), intent=(504, "i", 1)),
}
MAGIC = {(1, False): b"n+1\0", (1, True): b"ni1\0", (2, False): b"n+2\0\r\n\x1a\n", (2, True): b"ni2\0\r\n\x1a\n"}
# code: (bytes of a value, struct's letter)
TYPES = {2: (1, "B"), 4: (2, "h"), 8: (4, "i"), 16: (4, "f"), 64: (8, "d"), 256: (1, "b"), 512: (2, "H"),
         768: (4, "I"), 1024: (8, "q"), 1280: (8, "Q")}
NAMES = {2: "uint8", 4: "int16", 8: "int32", 16: "float32", 64: "float64", 256: "int8", 512: "uint16",
         768: "uint32", 1024: "int64", 1280: "uint64"}


class Header:
    """A header as bytes; fields are set by their names."""

    def __init__(self, version=1, big=False, pair=False):
        self.version, self.big, self.pair = version, big, pair
        self.raw = bytearray(348 if version == 1 else 540)
        self.put("sizeof_hdr", len(self.raw))
        self.magic(MAGIC[version, pair])

    def magic(self, text):
        at = 344 if self.version == 1 else 4
        self.raw[at:at + len(text)] = text

    def put(self, field, value, index=0):
        at, letter, count = FIELDS[self.version][field]
        values = value if isinstance(value, (list, tuple)) else [value]
        for n, v in enumerate(values):
            if letter in "fd":
                v = float(v)
            struct.pack_into((">" if self.big else "<") + letter, self.raw,
                             at + struct.calcsize(letter) * (index + n), v)
        return self

    @property
    def least_offset(self):
        return 352 if self.version == 1 else 544


def header(shape, version=1, big=False, pair=False, code=4, size=(2, 2, 2), tr=0.0, affine=None, form=4, units=10):
    """A header that is right: an sform, the voxel sizes that fit it, seconds and millimetres."""
    h = Header(version, big, pair)
    dims = [len(shape)] + list(shape) + [1] * (7 - len(shape))
    h.put("dim", dims).put("datatype", code).put("bitpix", TYPES.get(code, (2,))[0] * 8)
    h.put("pixdim", [1, size[0], size[1], size[2], tr, 0, 0, 0])
    h.put("vox_offset", 0 if pair else h.least_offset).put("units", units)
    if affine is None:
        affine = [[size[0], 0, 0, -3], [0, size[1], 0, -4], [0, 0, size[2], -5]]
    h.put("sform_code", form).put("srow", [v for row in affine for v in row])
    return h


def voxels(values, code=4, big=False):
    return struct.pack((">" if big else "<") + TYPES[code][1] * len(values), *values)


def single(h, data, extra=b"\0\0\0\0"):
    """One file: header, four bytes for extensions, voxels."""
    return bytes(h.raw) + extra + data


def count(shape):
    n = 1
    for s in shape:
        n *= s
    return n


def affine_of(rows, i, j, k):
    return [r[0] * i + r[1] * j + r[2] * k + r[3] for r in rows]


def truth(shape, rows, values, tr=None, slope=1.0, inter=0.0, places=None, exact=True):
    """What must be read: the generator's own numbers at voxel centres.

    values  stored ones, x fastest, frames last.
    """
    nx, ny, nz = (list(shape) + [1, 1])[:3]
    frames = shape[3] if len(shape) > 3 else 1
    places = places or [(0, 0, 0), (nx - 1, ny // 2, nz - 1), (nx // 2, ny - 1, nz // 2)]
    points = []
    for i, j, k in places:
        at = (k * ny + j) * nx + i
        points.append(dict(mm=affine_of(rows, i, j, k),
                           values=[values[t * nx * ny * nz + at] * slope + inter for t in range(frames)]))
    return dict(shape=(list(shape[:4]) + [1, 1, 1])[:3] + [frames], affine=[list(map(float, r)) for r in rows], tr=tr,
                points=points)


def identity_rows(size=(2, 2, 2), origin=(-3, -4, -5)):
    return [[size[0], 0, 0, origin[0]], [0, size[1], 0, origin[1]], [0, 0, size[2], origin[2]]]
