"""Files that no person would want, and good ones whose numbers are known, written from raw bytes with fixed seeds.

Each case is a folder of its own; `manifest.jsonl` says which commands it goes through and what must happen:

- `refuse`: every command ends with an exit code of sysexits and one sentence that names the file and the cause;
- `good`: shape, matrix, repetition time and values are those that the generator worked out by itself;
- `warn`: the same, and a finding of the code that is named;
- `survive`: refused as above, or read: there is no one right answer, but no signal, hang or leak.
"""

import json
import os
import random


class Corpus:
    """A folder that cases are written into, and their list."""

    def __init__(self, root):
        self.root = os.path.realpath(root)
        self.cases = []
        self.kinds = {}
        self.base = os.path.join(self.root, "base")
        os.makedirs(self.base)

    def add(self, kind, name, row, files, expect, main=None, role="image", cause=None, finding=None,
            truth=None, special=None, names=None, **more):
        """Writes one case.

        kind     the format, as the table of results has it
        row      what it is an example of, in words
        files    name -> bytes; a name ends in / for a folder
        main     the file that commands are given; the first of `files` without it
        role     which commands it goes through (commands.py)
        cause    a regular expression that the refusal must match
        finding  the code of a finding that must be told
        truth    shape, affine, tr and values of a good image
        special  what bytes cannot make: a function of the case's folder
        names    base names of which the refusal must hold one; the main file's without it
        """
        n = self.kinds.get(kind, 0)
        self.kinds[kind] = n + 1
        slug = "".join(c if c.isalnum() else "-" for c in kind.lower())
        place = os.path.join(self.root, slug, "%04d" % n)
        os.makedirs(place)
        raw = place.encode()
        for path, content in files.items():
            whole = raw + b"/" + (path if isinstance(path, bytes) else path.encode())
            os.makedirs(os.path.dirname(whole), exist_ok=True)
            if not whole.endswith(b"/"):
                with open(whole, "wb") as out:
                    out.write(content)
        if special:
            special(place)
        first = main if main is not None else next(iter(files))
        case = dict(id="%s/%04d %s" % (slug, n, name), kind=kind, row=row, folder=place, expect=expect, role=role,
                    main=(first.decode("utf-8", "surrogateescape") if isinstance(first, bytes) else first))
        case["names"] = [os.path.basename(case["main"].rstrip("/"))] if names is None else names
        for key, value in (("cause", cause), ("finding", finding), ("truth", truth)):
            if value is not None:
                case[key] = value
        case.update(more)
        self.cases.append(case)
        return case

    def save(self, name, content):
        """A good file beside the cases, which commands need besides."""
        path = os.path.join(self.base, name)
        with open(path, "wb") as out:
            out.write(content)
        return path

    def finish(self):
        with open(os.path.join(self.root, "manifest.jsonl"), "w") as out:
            for case in self.cases:
                out.write(json.dumps(case) + "\n")


def mutations(corpus, kind, name, files, main, role, seed, count, head=None, **more):
    """Bytes of a good file changed at random places: read or refused, never more.

    head  the bytes from the beginning where changes are; the whole file without it.
    """
    draw = random.Random(seed)
    good = files[main]
    reach = min(len(good), head or len(good))
    for n in range(count):
        content = bytearray(good)
        way = n % 4
        if way == 0:
            for _ in range(draw.randint(1, 4)):
                content[draw.randrange(reach)] ^= 1 << draw.randrange(8)
        elif way == 1:
            at = draw.randrange(reach)
            length = draw.choice([1, 2, 4, 8])
            content[at:at + length] = draw.choice(
                [b"\xff" * length, b"\0" * length, b"\x7f" + b"\xff" * (length - 1), b"\x80" + b"\0" * (length - 1)])
        elif way == 2:
            del content[draw.randrange(reach):draw.randrange(reach) + draw.randint(1, 40)]
        else:
            at = draw.randrange(reach)
            content[at:at] = bytes(draw.randrange(256) for _ in range(draw.randint(1, 40)))
        changed = dict(files)
        changed[main] = bytes(content)
        corpus.add(kind, "%s, bytes changed %d" % (name, n), "bytes at random", changed, "survive", main=main, role=role,
                   **more)


def cuts(corpus, kind, name, files, main, role, lengths, expect="refuse", **more):
    """A file that ends early."""
    for length in lengths:
        changed = dict(files)
        changed[main] = files[main][:length]
        corpus.add(kind, "%s, cut to %d bytes" % (name, length), "ends early", changed, expect, main=main, role=role,
                   **more)
