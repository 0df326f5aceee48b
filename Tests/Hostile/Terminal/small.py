"""Small inputs for saves: the sample person at half the resolution, and a DICOM series written by hand."""
import gzip, os, struct

from scenes import file


def smaller(source, to, step=2, frames=40):
    """Every `step`-th voxel of each axis, and the first frames."""
    data = gzip.open(source).read()
    head = bytearray(data[:352])
    dims = struct.unpack("<8h", head[40:56])
    x, y, z, t = dims[1], dims[2], dims[3], max(1, dims[4])
    size = struct.unpack("<h", head[72:74])[0] // 8
    offset = int(struct.unpack("<f", head[108:112])[0])
    t = min(t, frames)
    out = bytearray()
    row, plane = x * size, x * y * size
    for n in range(t):
        for k in range(0, z, step):
            for j in range(0, y, step):
                at = offset + n * plane * z + k * plane + j * row
                line = data[at : at + row]
                out += b"".join(line[i * size : (i + 1) * size] for i in range(0, x, step))
    half = lambda n: (n + step - 1) // step
    head[40:56] = struct.pack("<8h", dims[0], half(x), half(y), half(z), t if dims[0] > 3 else 1, *dims[5:])
    zooms = list(struct.unpack("<8f", head[76:108]))
    zooms[1:4] = [v * step for v in zooms[1:4]]
    head[76:108] = struct.pack("<8f", *zooms)
    head[108:112] = struct.pack("<f", 352)
    for at in (280, 296, 312):
        line = list(struct.unpack("<4f", head[at : at + 16]))
        head[at : at + 16] = struct.pack("<4f", *[v * step for v in line[:3]], line[3])
    with gzip.open(to, "wb", 1) as file:
        file.write(bytes(head) + bytes(out))


def element(tag, kind, value):
    if isinstance(value, str):
        value = value.encode()
    if len(value) % 2:
        value += b"\0" if kind == "UI" else b" "
    head = struct.pack("<HH", tag >> 16, tag & 0xFFFF) + kind.encode()
    long = kind in ("OB", "OW", "SQ", "UN", "UT")
    return head + (struct.pack("<HI", 0, len(value)) if long else struct.pack("<H", len(value))) + value


def dicom(slice_number, more=0, description="anatomy"):
    """One slice of an MR series, explicit little endian."""
    word = lambda n: struct.pack("<H", n)
    instance = f"1.2.826.0.1.88.{slice_number + 1}"
    body = b"".join(
        element(*e)
        for e in [
            (0x00080005, "CS", "ISO_IR 100"), (0x00080008, "CS", "ORIGINAL\\PRIMARY\\M"),
            (0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.4"), (0x00080018, "UI", instance),
            (0x00080020, "DA", "20240102"), (0x00080030, "TM", "101112"), (0x00080050, "SH", "ACC1"),
            (0x00080060, "CS", "MR"), (0x0008103E, "LO", description), (0x00100010, "PN", "Nobody^Made"),
            (0x00100020, "LO", "PAT-007"), (0x00100030, "DA", "19600102"), (0x00100040, "CS", "F"),
            (0x00180050, "DS", "3"), (0x00185100, "CS", "HFS"), (0x0020000D, "UI", "1.2.826.0.1.55"),
            (0x0020000E, "UI", "1.2.826.0.1.66"), (0x00200010, "SH", "S1"), (0x00200011, "IS", "4"),
            (0x00200013, "IS", str(slice_number + 1)),
            (0x00200032, "DS", f"-10\\-20\\{30 + 3 * slice_number}"), (0x00200037, "DS", "1\\0\\0\\0\\1\\0"),
            (0x00200052, "UI", "1.2.826.0.1.77"), (0x00280002, "US", word(1)), (0x00280004, "CS", "MONOCHROME2"),
            (0x00280010, "US", word(8)), (0x00280011, "US", word(8)), (0x00280030, "DS", "3\\3"),
            (0x00280100, "US", word(16)), (0x00280101, "US", word(16)), (0x00280102, "US", word(15)),
            (0x00280103, "US", word(0)),
            (0x7FE00010, "OW", b"".join(word((i * 7 + slice_number * 31 + more) % 900) for i in range(64))),
        ]
    )
    meta = b"".join(
        element(*e)
        for e in [
            (0x00020001, "OB", b"\0\1"), (0x00020002, "UI", "1.2.840.10008.5.1.4.1.1.4"),
            (0x00020003, "UI", instance), (0x00020010, "UI", "1.2.840.10008.1.2.1"), (0x00020012, "UI", "1.2.3.4"),
        ]
    )
    return b"\0" * 128 + b"DICM" + element(0x00020000, "UL", struct.pack("<I", len(meta))) + meta + body


def make(folder):
    os.makedirs(f"{folder}/dicom", exist_ok=True)
    for kind in ("bold", "brainmask", "spect", "T1w", "label-GM_probseg"):
        smaller(file(f"{kind}.nii.gz"), f"{folder}/{kind}.nii.gz")
    smaller(file("bold.nii.gz"), f"{folder}/tiny.nii.gz", 4, 30)
    smaller(file("brainmask.nii.gz"), f"{folder}/tinymask.nii.gz", 4)
    for name, more in (("dicom", 0), ("dicom2", 5)):
        os.makedirs(f"{folder}/{name}", exist_ok=True)
        for n in range(6):
            with open(f"{folder}/{name}/IM{n}", "wb") as out:
                out.write(dicom(n, more))
    for n in (1, 2):
        place = f"{folder}/people/sub-0{n}/func"
        os.makedirs(place, exist_ok=True)
        stem = f"{place}/sub-0{n}_task-rest_space-MNI152NLin6Asym_"
        for kind, end in (("bold", "desc-preproc_bold"), ("brainmask", "desc-brain_mask")):
            if not os.path.exists(f"{stem}{end}.nii.gz"):
                os.link(f"{folder}/{kind}.nii.gz", f"{stem}{end}.nii.gz")
