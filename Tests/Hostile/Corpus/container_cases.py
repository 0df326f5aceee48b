"""What a NIfTI file lies in: pairs, gzip and other packings, names, and files that are something else."""

import bz2
import os
import stat
import zlib

import gz
from corpus import cuts, mutations
from nifti import header, identity_rows, single, truth, voxels

SHAPE = (3, 4, 5)
VALUES = list(range(60))


def image(version=1):
    return single(header(SHAPE, version), voxels(VALUES))


def good_truth():
    return truth(SHAPE, identity_rows(), VALUES)


def pairs(c):
    kind = "NIfTI pairs"
    for version in (1, 2):
        head = bytes(header(SHAPE, version, pair=True).raw)
        data = voxels(VALUES)
        files = {"a.hdr": head, "a.img": data}
        c.add(kind, "good, by .hdr", "pairs", files, "good", main="a.hdr", truth=good_truth())
        c.add(kind, "good, by .img", "pairs", files, "good", main="a.img", truth=good_truth())
        packed = {"a.hdr.gz": gz.member(head), "a.img.gz": gz.member(data)}
        c.add(kind, "good, packed", "pairs", packed, "good", main="a.hdr.gz", truth=good_truth())
        c.add(kind, "no .img", "half a pair", {"a.hdr": head}, "refuse", names=["a.img", "a.hdr"])
        c.add(kind, "no .hdr", "half a pair", {"a.img": data}, "refuse", names=["a.img", "a.hdr"])
        c.add(kind, ".img short", "half a pair", {"a.hdr": head, "a.img": data[:-1]}, "refuse", main="a.hdr",
              names=["a.img", "a.hdr"])
        c.add(kind, ".img packed beside .hdr", "half a pair", {"a.hdr": head, "a.img.gz": gz.member(data)}, "refuse",
              main="a.hdr", names=["a.img", "a.hdr"])
        for value in (-120, -1, 8, 2**30):
            h = header(SHAPE, version, pair=True).put("vox_offset", value)
            c.add(kind, "vox_offset %d" % value, "offset into the voxels' file", {"a.hdr": bytes(h.raw), "a.img": data},
                  "refuse", main="a.hdr", names=["a.img", "a.hdr"])
        if version == 1:
            for value in (float("nan"), float("inf"), 2e9, 0.5):
                h = header(SHAPE, 1, pair=True).put("vox_offset", value)
                c.add(kind, "vox_offset %s" % value, "offset into the voxels' file",
                      {"a.hdr": bytes(h.raw), "a.img": data}, "refuse", main="a.hdr", names=["a.img", "a.hdr"])
        c.add(kind, "mark of one file", "mark and name", {"a.hdr": bytes(header(SHAPE, version).raw), "a.img": data}, "refuse",
              main="a.hdr", names=["a.img", "a.hdr"], cause="mark|vox_offset|name")
        c.add(kind, "mark of a pair in .nii", "mark and name", {"a.nii": head + bytes(4) + data}, "refuse",
              cause="mark|vox_offset|name")


def packings(c):
    kind = "gzip"
    raw = image()
    whole = gz.member(raw)
    c.add(kind, "two members", "members", {"x.nii.gz": gz.member(raw[:400]) + gz.member(raw[400:])}, "warn",
          finding="gzip-members", truth=good_truth())
    c.add(kind, "junk behind", "trailing junk", {"x.nii.gz": whole + b"no gzip here"}, "warn", finding="trailing-junk",
          truth=good_truth())
    c.add(kind, "with its own name", "flags", {"x.nii.gz": gz.member(raw, name=b"Secret^Person.nii")}, "good",
          truth=good_truth(), planted=["Secret^Person"])
    for level in (0, 1, 9):
        c.add(kind, "level %d" % level, "levels", {"x.nii.gz": gz.member(raw, level)}, "good", truth=good_truth())
    c.add(kind, "many small members", "members",
          {"x.nii.gz": b"".join(gz.member(raw[n:n + 7]) for n in range(0, len(raw), 7))}, "warn", finding="gzip-members",
          truth=good_truth())
    for name, content in [
            ("CRC wrong", gz.member(raw, crc=1)), ("length wrong", gz.member(raw, length=99)),
            ("CRC and length 0", gz.member(raw, crc=0, length=0)),
            ("second member damaged", gz.member(raw[:400]) + gz.member(raw[400:], crc=5)),
            ("empty member", gz.member(b"")), ("no gzip at all", raw), ("only its mark", b"\x1f\x8b"),
            ("reserved flags", gz.member(raw, flags=0xe0)), ("another method", whole[:2] + b"\x07" + whole[3:]),
            ("deflate's stored block lies", whole[:10] + b"\x01\x00\x10\xff\x0f" + raw),
            ("zlib instead of gzip", zlib.compress(raw)), ("bzip2 instead of gzip", bz2.compress(raw)),
            ("zstd instead of gzip", gz.zstandard(raw)), ("a gzip in a gzip", gz.member(whole)),
            ("all zeros", bytes(500)), ("empty", b""),
            ("bomb: 64 MiB behind the voxels", gz.zeros(64 << 20, before=raw)),
            ("bomb: header extensions", gz.zeros(32 << 20, before=bytes(header(SHAPE).put("vox_offset", 2.0**30).raw)))]:
        c.add(kind, name, "gzip " + name, {"x.nii.gz": content}, "refuse")
    claim = header((1200, 1200, 1200)).raw
    c.add(kind, "claims 3.5 GB", "a claim that no compressed file can hold", {"x.nii.gz": gz.member(bytes(claim) + bytes(124))},
          "refuse", cause="hold|memory")
    cuts(c, kind, "packed", {"x.nii.gz": whole}, "x.nii.gz", "image",
         [1, 2, 9, 10, 11, 50, len(whole) // 2, len(whole) - 9, len(whole) - 8, len(whole) - 5, len(whole) - 1])
    mutations(c, kind, "packed", {"x.nii.gz": whole}, "x.nii.gz", "image", 5, 24)


def others(c):
    kind = "other files"
    raw = image()
    for name, file, content, cause in [
            ("bzip2", "x.nii.bz2", bz2.compress(raw), "bzip2"), ("zstd", "x.nii.zst", gz.zstandard(raw), "Zstandard"),
            ("bzip2 called .nii", "x.nii", bz2.compress(raw), "bzip2"), ("zstd called .nii", "x.nii", gz.zstandard(raw), "Zstandard"),
            ("gzip called .nii", "x.nii", gz.member(raw), "gzip"), ("xz", "x.nii.xz", b"\xfd7zXZ\0" + bytes(60), "xz"),
            ("zip", "x.zip", b"PK\3\4" + bytes(60), "Zip"), ("tar", "x.tar", bytes(257) + b"ustar\0" + bytes(300), "tar"),
            ("PNG called .nii", "x.nii", b"\x89PNG\r\n\x1a\n" + bytes(400), "PNG"),
            ("JPEG", "x.nii", b"\xff\xd8\xff\xe0" + bytes(400), "JPEG"), ("PDF", "x.nii", b"%PDF-1.7\n" + b" " * 400, "PDF"),
            ("TIFF", "x.img", b"II*\0" + bytes(400), None), ("a web page", "x.nii", b"<!DOCTYPE html><html>" + b" " * 400, "web page|XML"),
            ("a Git LFS pointer", "x.nii", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 12\n" + b" " * 300, "LFS"),
            ("NIfTI's ASCII form", "x.nii", b"<nifti_image\n nifti_type = 'NIFTI-1A'\n image_filename='/etc/passwd'\n/>" + b" " * 400,
             "ASCII"), (".nia", "x.nia", b"<nifti_image\n/>", None), ("all zeros", "x.nii", bytes(500), "zeros"),
            ("MetaImage", "x.mha", b"ObjectType = Image\nNDims = 3\n", "MetaImage"), ("NRRD", "x.nrrd", b"NRRD0005\n", "NRRD"),
            ("MRtrix", "x.mif", b"mrtrix image\ndim: 4,4,4\n", "MRtrix"), ("Interfile", "x.h33", b"!INTERFILE :=\n", "Interfile"),
            ("ECAT", "x.v", b"MATRIX72v" + bytes(500), "ECAT"), ("MINC-1", "x.mnc", b"CDF\1" + bytes(80), "MINC"),
            ("MATLAB", "x.mat", b"MATLAB 5.0 MAT-file" + bytes(120), "MATLAB"), ("random", "x.bin", bytes(range(256)) * 4, None),
            ("Analyze 7.5", "x.hdr", bytes(header(SHAPE).raw[:344]) + bytes(4), "Analyze"), ("a shell script", "x.nii",
             b"#!/bin/sh\nrm -rf $HOME\n" + b" " * 400, None), ("control bytes", "x.nii", b"\x1b]52;c;aGk=\x07\x1b[2J" * 30, None)]:
        c.add(kind, name, name, {file: content}, "refuse", cause=cause, names=[file] + (["x.hdr"] if file == "x.img" else []))

    def made(function):
        return lambda place: function(os.path.join(place, "x.nii"))
    c.add(kind, "a FIFO", "no regular file", {}, "refuse", main="x.nii", special=made(os.mkfifo))
    c.add(kind, "a folder", "no regular file", {"x.nii/": b""}, "refuse", main="x.nii", role="folder-as-image")
    c.add(kind, "nothing there", "missing", {}, "refuse", main="x.nii", cause="no such file")
    c.add(kind, "x.nii asked for, x.nii.gz there", "names are not guessed", {"x.nii.gz": gz.member(raw)}, "refuse", main="x.nii")
    c.add(kind, "x.nii.gz asked for, x.nii there", "names are not guessed", {"x.nii": raw}, "refuse", main="x.nii.gz")
    c.add(kind, "a link to nowhere", "links", {}, "refuse", main="x.nii", special=made(lambda p: os.symlink("/nonexistent/a", p)))
    c.add(kind, "a link to itself", "links", {}, "refuse", main="x.nii", special=made(lambda p: os.symlink("x.nii", p)))
    for device in ("/dev/zero", "/dev/random", "/dev/null", "/dev/tty", "/proc/self/mem"):
        c.add(kind, "a link to " + device, "devices", {}, "refuse", main="x.nii",
              special=made(lambda p, device=device: os.symlink(device, p)))
    c.add(kind, "a sparse file of 8 TB", "sizes", {"x.nii": bytes(header((30000, 16000, 4000)).raw) + bytes(4)}, "refuse", main="x.nii",
          special=lambda place: os.truncate(os.path.join(place, "x.nii"), 1 << 43))


def names(c):
    kind = "file names"
    raw = image()
    for name in ["with blanks .nii", "two\nlines.nii", "-x.nii", "--force.nii", "%s%n%d.nii", "'quote\".nii", "tab\there.nii",
                 "\x1b[2J\x1b]0;title\x07.nii", "a" * 240 + ".nii", "\u202egnp.nii", "\u200bzero.nii", "é.nii", "日本.nii",
                 "$(reboot).nii", "a;b|c&d.nii", "X.NII", "..nii.nii", "sub-Secret^Person.nii", "\u061c\u00ad.nii", "#1.nii",
                 "\x7f\x80.nii", "=cmd|calc!A0.nii"]:
        c.add(kind, repr(name)[:60], "hostile names", {name: raw}, "good", truth=good_truth())
        c.add(kind, repr(name)[:60] + ", damaged", "hostile names", {name: raw[:300]}, "refuse", names=[])
    c.add(kind, "Latin-1", "B19", {b"\xe9t\xe9.nii": raw}, "survive", main=b"\xe9t\xe9.nii")
    c.add(kind, "Latin-1, damaged", "B19", {b"\xe9t\xe9.nii": raw[:300]}, "refuse", main=b"\xe9t\xe9.nii", names=[])
    c.add(kind, "only an ending", "names", {".nii": raw}, "survive")
    c.add(kind, "in a folder of 200 levels", "names", {"d/" * 200 + "x.nii": raw}, "good", truth=good_truth())


def make(c):
    pairs(c)
    packings(c)
    others(c)
    names(c)
