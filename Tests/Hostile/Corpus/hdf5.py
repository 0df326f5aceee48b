"""HDF5 by the letter of its file format 1.1 (superblock 0, groups by symbol tables), for ITK's transforms."""

import struct

SIGNATURE = b"\x89HDF\r\n\x1a\n"
NONE = 0xffffffffffffffff
DOUBLE = struct.pack("<B3sI", 0x11, b"\x20\x3f\x00", 8) + struct.pack("<HHBBBBI", 0, 64, 52, 11, 0, 52, 1023)
FLOAT = struct.pack("<B3sI", 0x11, b"\x20\x1f\x00", 4) + struct.pack("<HHBBBBI", 0, 32, 23, 8, 0, 23, 127)


class File:
    """Objects are laid one behind the other; each method returns the address of what it wrote."""

    def __init__(self):
        self.bytes = bytearray(96)

    def put(self, content):
        self.bytes += bytes(-len(self.bytes) % 8)
        at = len(self.bytes)
        self.bytes += content
        return at

    def object(self, messages):
        body = b""
        for kind, content in messages:
            content += bytes(-len(content) % 8)
            body += struct.pack("<HHB3x", kind, len(content), 0) + content
        return self.put(struct.pack("<BxHIII", 1, len(messages), 1, len(body), 0) + body)

    def dataset(self, kind, count, content, dims=None, layout=None):
        """kind: the datatype message; dims and layout: lies instead of the true ones."""
        at = self.put(content) if content else NONE
        sizes = [count] if dims is None else dims
        space = struct.pack("<BBB5x", 1, len(sizes), 0) + b"".join(struct.pack("<Q", n & NONE) for n in sizes)
        place = layout or struct.pack("<BBQQ", 3, 1, at, len(content))
        return self.object([(1, space), (3, kind), (5, struct.pack("<BBBB", 2, 1, 0, 0)), (8, place)])

    def doubles(self, values, **lies):
        return self.dataset(DOUBLE, len(values), struct.pack("<%dd" % len(values), *values), **lies)

    def floats(self, values, **lies):
        return self.dataset(FLOAT, len(values), struct.pack("<%df" % len(values), *values), **lies)

    def text(self, word, **lies):
        kind = struct.pack("<B3sI", 0x13, b"\0\0\0", max(1, len(word)))
        return self.dataset(kind, 1, word or b"\0", **lies)

    def group(self, members, loop=False):
        """members: name -> address of an object."""
        names = bytearray(8)
        entries = b""
        for name in sorted(members):
            at = len(names)
            names += name.encode() + b"\0"
            names += bytes(-len(names) % 8)
            entries += struct.pack("<QQII16x", at, members[name], 0, 0)
        names += bytes(16)
        segment = self.put(bytes(names))
        heap = self.put(b"HEAP" + struct.pack("<B3xQQQ", 0, len(names), len(names) - 16, segment))
        free = len(names) - 16
        struct.pack_into("<QQ", self.bytes, segment + free, 1, 16)
        node = self.put(b"SNOD" + struct.pack("<BxH", 1, len(members)) + entries.ljust(40 * 8, b"\0"))
        last = max((len(n) for n in members), default=0)
        tree = self.put(b"TREE" + struct.pack("<BBHQQ", 0, 0, 1 if members else 0, NONE, NONE)
                        + struct.pack("<QQQ", 0, node, self.offset_of(names, sorted(members)[-1]) if members else 0)
                        + bytes(24 * 32))
        return self.object([(0x11, struct.pack("<QQ", tree, heap))]), tree, heap

    @staticmethod
    def offset_of(names, last):
        return bytes(names).index(last.encode() + b"\0")

    def finish(self, root):
        at, tree, heap = root
        head = SIGNATURE + struct.pack("<BBBBBBBBHHI", 0, 0, 0, 0, 0, 8, 8, 0, 4, 16, 0)
        head += struct.pack("<QQQQ", 0, NONE, len(self.bytes), NONE)
        head += struct.pack("<QQII", 0, at, 1, 0) + struct.pack("<QQ", tree, heap)
        self.bytes[:len(head)] = head
        return bytes(self.bytes)


def transforms(list_of):
    """ITK's layout: /TransformGroup/0, /1 …; each a dict of the three datasets as functions of the file."""
    f = File()
    groups = {}
    for n, one in enumerate(list_of):
        groups[str(n)] = f.group({name: make(f) for name, make in one.items()})[0]
    return f.finish(f.group({"TransformGroup": f.group(groups)[0]}))


def one(kind, parameters, fixed, **lies):
    def given(what):
        return lies.get(what, {})
    return {
        "TransformType": lambda f: f.text(kind, **given("kind")),
        "TransformParameters": lambda f: f.doubles(parameters, **given("values")),
        "TransformFixedParameters": lambda f: f.doubles(fixed, **given("fixed")),
    }
