"""Right headers over values that no scanner gives, through every command and panel."""

import random
import struct

from base import inside
from nifti import header, identity_rows, single

NAN, INF = float("nan"), float("inf")
BIG = 3.4028234663852886e38

# What a voxel holds, by its number, whether it lies in the brain, its z, and the frame.
KINDS = {
    "all 3e38": lambda n, b, z, t: BIG, "all -3e38": lambda n, b, z, t: -BIG, "all NaN": lambda n, b, z, t: NAN, "all inf": lambda n, b, z, t: INF,
    "all 0": lambda n, b, z, t: 0.0, "all 7": lambda n, b, z, t: 7.0, "denormals": lambda n, b, z, t: 1e-45 * (n % 9), "1e-38": lambda n, b, z, t: 1.2e-38 * (1 + n % 7),
    "signs alternate": lambda n, b, z, t: BIG if (n + t) % 2 else -BIG, "one of 1e20": lambda n, b, z, t: 1e20 if n == 2800 else 700.0 + n % 17 if b else 3.0,
    "one of 3e38": lambda n, b, z, t: BIG if n == 2800 else 700.0 + n % 17 if b else 3.0, "one NaN": lambda n, b, z, t: NAN if n == 2800 else 700.0 + n % 17 if b else 3.0,
    "one of -1e30": lambda n, b, z, t: -1e30 if n == 2800 else 700.0 + n % 17 if b else 3.0, "a slab": lambda n, b, z, t: 900.0 + n % 5 if abs(z) < 9 else 0.0, "a slab of NaN": lambda n, b, z, t: NAN if abs(z) < 30 else 700.0 + n % 17,
    "in the brain 1e20": lambda n, b, z, t: 1e20 * (1 + n % 3) if b else 0.0, "negative": lambda n, b, z, t: -700.0 - n % 17 if b else -3.0, "brain a constant": lambda n, b, z, t: 500.0 if b else 0.0,
    "infinities within": lambda n, b, z, t: (INF if n % 2 else -INF) if b and n % 50 == 0 else 700.0 + n % 17,
}
RUNS = {
    "one frame of 3e38": lambda n, b, z, t: BIG if t == 20 else 600.0 + (n * 7 + t * 13) % 23, "one frame of 0": lambda n, b, z, t: 0.0 if t == 20 else 600.0 + (n * 7 + t * 13) % 23,
    "one frame of NaN": lambda n, b, z, t: NAN if t == 20 else 600.0 + (n * 7 + t * 13) % 23, "constant in time": lambda n, b, z, t: 600.0 + n % 23, "a line in time": lambda n, b, z, t: 600.0 + t * (1 + n % 3),
    "spike of 1e20": lambda n, b, z, t: 1e20 if (n, t) == (2500, 9) else 600.0 + (n * 7 + t * 13) % 23, "half constant": lambda n, b, z, t: 600.0 if n % 2 else 600.0 + (n * 7 + t * 13) % 23,
    "everywhere alike": lambda n, b, z, t: 600.0 + (t * 37 % 11), "tiny changes": lambda n, b, z, t: 1e7 + 1e-3 * ((n * 7 + t * 13) % 23),
}
KEYS = ["HbiB<Esc>Vu<Esc>", "v+v-nN", ":peak<Enter>:asymmetry<Enter>v", "2Z3 4(5", "t<Esc>M\"a<Enter>'<Esc>", "G<Esc>d#;%{}", ":range 50 150<Enter>:findings<Enter>"]
RUN_KEYS = [" m", " x", " T", " AAAA", " yyyy", " tY", " wp", "LlS", " HV<Esc>", " v+vv", ":windows -40,20,30<Enter>", " E<Esc>", " K:overlays<Enter>", " ]]["]


def float32(x):
    """As it is stored: what is larger than the largest becomes it."""
    return struct.pack("<f", x if x != x or abs(x) in (INF,) or abs(x) <= BIG else BIG if x > 0 else -BIG)


def make(c):
    draw = random.Random(81)
    size, shape = (11, 11, 11), (16, 20, 16)
    rows = identity_rows(size, (-82, -122, -72))
    cells = [(p[0] < 1, p[3]) for p in inside(rows, shape)]

    def image(f, frames=1):
        h = header(shape + ((frames,) if frames > 1 else ()), code=16, size=size, affine=rows, tr=2.0 if frames > 1 else 0.0)
        return single(h, b"".join(float32(f(n, b, z, t)) for t in range(frames) for n, (b, z) in enumerate(cells)))

    def panels(name, role):
        # Not every panel each time: they go round.
        keys = KEYS if role == "image" else RUN_KEYS
        chosen = draw.sample(keys, 3)
        if role == "image":
            return [["snapshot", "--anat", "{t1}", "--spect", "{file}", "--overlay", "{file}", "--keys", k, "-o", "{out}/s.txt"] for k in chosen] + [
                ["snapshot", "--anat", "{file}", "--bold", "{run}", "--mask", "{mask}", "--keys", k, "--format", "png", "-o", "{out}/s.png"] for k in chosen[:1]]
        return [["snapshot", "--bold", "{file}", "--mask", "{mask}", "--keys", k, "-o", "{out}/s.txt"] for k in chosen]
    for name, f in KINDS.items():
        c.add("values of images", name, "hostile values", {"a_space-MNI152.nii": image(f)}, "survive", role="image", each=10, panels=panels(name, "image"), seconds=60)
        c.add("values of runs", name, "hostile values", {"a_space-MNI152_bold.nii": image(f, 30)}, "survive", role="series", each=7, panels=panels(name, "series"), seconds=60)
    for name, f in RUNS.items():
        c.add("values of runs", name, "hostile values", {"a_space-MNI152_bold.nii": image(f, 40)}, "survive", role="series", each=7, panels=panels(name, "series"), seconds=60)
    for code, letter, value in ((64, "d", 1.7e308), (64, "d", 5e-324), (1024, "q", -2**63), (1280, "Q", 2**64 - 1), (768, "I", 2**32 - 1), (8, "i", -2**31)):
        for slope in (1, 1e30, 1e-30, -1):
            h = header(shape, code=code, size=size, affine=rows).put("slope", slope)
            data = struct.pack("<%d%s" % (len(cells), letter), *(value if n % 3 else 0 for n in range(len(cells))))
            c.add("values of images", "%s by %s, slope %s" % (value, letter, slope), "hostile values", {"a_space-MNI152.nii": single(h, data)}, "survive", role="image", each=4,
                  panels=panels("", "image")[:1], seconds=60)
