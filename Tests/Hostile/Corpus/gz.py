"""Compressed files, right and wrong, byte for byte alike each time."""

import struct
import zlib


def member(content, level=6, crc=None, length=None, name=b"", flags=0):
    """A gzip member (RFC 1952) without a time."""
    packer = zlib.compressobj(level, zlib.DEFLATED, -15)
    body = packer.compress(content) + packer.flush()
    flags |= 8 if name else 0
    head = b"\x1f\x8b\x08" + bytes([flags]) + b"\0\0\0\0\0\xff" + (name + b"\0" if name else b"")
    tail = struct.pack("<II", zlib.crc32(content) if crc is None else crc,
                       (len(content) if length is None else length) & 0xffffffff)
    return head + body + tail


def zeros(count, before=b"", after=b""):
    """`before`, so many zeros and `after` as one member, in little memory."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    out = [b"\x1f\x8b\x08\0\0\0\0\0\0\xff", packer.compress(before)]
    block = bytes(1 << 20)
    crc, left = zlib.crc32(before), count
    while left > 0:
        part = block[:min(left, len(block))]
        out.append(packer.compress(part))
        crc = zlib.crc32(part, crc)
        left -= len(part)
    out.append(packer.compress(after))
    crc = zlib.crc32(after, crc)
    out.append(packer.flush())
    return b"".join(out) + struct.pack("<II", crc, (len(before) + count + len(after)) & 0xffffffff)


def zstandard(content):
    """A frame of raw blocks (RFC 8878)."""
    out = struct.pack("<I", 0xFD2FB528) + b"\xa0" + struct.pack("<I", len(content))
    at = 0
    while at < len(content) or at == 0:
        part = content[at:at + 100_000]
        at += 100_000
        last = 1 if at >= len(content) else 0
        out += struct.pack("<I", len(part) << 3 | last)[:3] + part
    return out
