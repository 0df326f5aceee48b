"""Which commands a case goes through, by its role."""

import os
import re

# Stands for the folder of results, which is another one each time.
OUT = "@out@"


class Base:
    """The good files beside the cases, by what they are."""

    def __init__(self, folder):
        for name, file in dict(t1="head_space-MNI152_T1w.nii", run="run_space-MNI152_bold.nii",
                               mask="run_space-MNI152_mask.nii", spect="scan_space-MNI152_spect.nii",
                               atlas="parts_space-MNI152_dseg.nii", native="native_T1w.nii", source="source.dcm",
                               matrix="identity.txt", targets="targets.json").items():
            setattr(self, name, os.path.join(folder, file))


def at(points):
    """--at of each point."""
    return ["--at=" + ",".join(repr(float(x)) for x in p["mm"]) for p in points]


def image(f, b, out):
    """Commands that take an image, in an order that cases go round in."""
    return [
        ["smooth", f, "--fwhm", "4", "-o", out + "/s.nii.gz"],
        ["resample", f, "--like", b.t1, "-o", out + "/r.nii"],
        ["snapshot", "--anat", f, "-o", out + "/s.txt"],
        ["snapshot", "--spect", f, "--format", "words", "-o", "-"],
        ["snapshot", "--anat", b.t1, "--overlay", f, "-o", out + "/o.png", "--format", "png"],
        ["snapshot", "--bold", b.run, "--mask", f, "--keys", " ", "-o", out + "/m.txt"],
        ["resolution", f],
        ["perfusion", f, "--table", "--json"],
        ["seedmap", b.run, "--mask", b.mask, "--seed", f, "-o", out + "/m.nii.gz"],
        ["matrix", b.run, "--mask", b.mask, "--atlas", f],
        ["transform", "import", b.matrix, "--format", "matrix", "--direction", "moving-to-fixed", "--moving", f, "--fixed",
         b.t1, "-o", out + "/t.txt"],
        ["camera", "project", f, "--views", "8", "--matrix", "16", "-o", out + "/v.nii"],
        ["report", "--anat", b.t1, "--spect", f, "--protocol", "none", "-o", out + "/r.html"],
        ["resample", b.t1, "--like", f, "-o", out + "/r.nii.gz"],
        ["siscom", f, b.spect, "--aligned", "-o", out + "/d.nii"],
        ["export", "dicom", "--source", b.source, "--map", f, "--same-frame", "exported from this very series for a test", "-o", out + "/dicom"],
        ["target", "import", b.targets, "--from", "slicer", "--anat", f],
        ["clean", b.run, "--mask", f, "-o", out + "/c.nii.gz"],
        ["measures", b.run, "--mask", b.mask, "--gm", f, "--scale", "z", "-o", out + "/a.nii"],
        ["networks", b.run, "--mask", b.mask, "--networks", f],
        ["losses", b.run, "--mask", b.mask, "--asl", f],
        ["register", f, "--to", b.t1, "--restarts", "0", "--time-limit", "8", "-o", out + "/g.txt"],
        ["flipcheck", b.t1, f],
        ["view", f],
    ]


def series(f, b, out):
    return [
        ["clean", f, "-o", out + "/c.nii.gz"], ["clean", f, "--at=0,0,0"],
        ["seedmap", f, "--seed", "0,0,0,6", "-o", out + "/m.nii.gz"],
        ["measures", f, "--measure", "reho", "-o", out + "/a.nii"], ["confounds", f, "--json"],
        ["snapshot", "--bold", f, "--keys", " ", "-o", out + "/s.txt"], ["matrix", f, "--atlas", b.atlas],
        ["targets", f, "-o", out + "/t.tsv"], ["smooth", f, "--fwhm", "4", "-o", out + "/s.nii.gz"],
        ["losses", f], ["simulate", f, "-o", out + "/p.nii"], ["resolution", f], ["view", f],
    ]


def given(case, b, out):
    """Commands that the case itself lists, with {file}, {out}, {folder} and the base's names filled in."""
    words = dict(vars(b), file=os.path.join(case["folder"], case["main"]), out=out, folder=case["folder"])
    return [[filled(part, words) for part in line] for line in case["commands"]]


def filled(text, words):
    """Names in braces; other braces are keys."""
    return re.sub(r"\{(\w+)\}", lambda m: words.get(m[1], m[0]), text)


ROLES = dict(image=image, series=series)


def of(case, number, b, out, each):
    """The commands of one case: what is said of it, its values, and some of the rest by turns.

    Returns [(name, arguments, check)], where check is header, values, refusal or nothing.
    """
    file = os.path.join(case["folder"], case["main"])
    file = file.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
    is_bad = case["expect"] == "refuse"
    if "commands" in case:
        return [(line[0], line, "refusal" if is_bad else "done" if case["expect"] == "good" else None)
                for line in given(case, b, out)]
    rest = ROLES["series" if case["role"] == "series" else "image"](file, b, out)
    each = case.get("each", each)
    turns = [rest[(number * each + n) % len(rest)] for n in range(each)]
    words = dict(vars(b), file=file, out=out, folder=case["folder"])
    turns += [[filled(part, words) for part in line] for line in case.get("panels", [])]
    if "truth" in case:
        points = case["truth"]["points"]
        return [("info", ["info", file, "--json"], "header"),
                ("value", ["value", file, "--interpolation", "nearest", "--json"] + at(points),
                 # A place has no meaning where nothing says what lies where.
                 "refusal" if case.get("side") == "unknown" else "values")] + [
                    (line[0], line, None) for line in turns]
    check = "refusal" if is_bad else None
    return [("info", ["info", file, "--json"], check),
            ("value", ["value", file, "--at=0,0,0"], check)] + [
                (line[0], line, None if line[0] in ("view",) else check) for line in turns]
