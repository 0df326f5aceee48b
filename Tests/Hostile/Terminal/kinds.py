"""What is saved, by which command: for each kind an old state and what a new save makes of it."""
import os

from scenes import PROGRAM


class Kind:
    """A save. `old` is done in peace, `new` on a disk that fails; `@` is the folder of inputs."""

    def __init__(self, name, new, old=(), reads=None, mixed=None, kept=()):
        self.name, self.new, self.old, self.reads = name, new, old, reads
        self.mixed, self.kept = mixed, kept

    @property
    def slow(self):
        return self.new[0][0] in ("view", "targets")

    def command(self, words, inputs):
        return [PROGRAM] + [w.replace("@", inputs) for w in words]


def speak(*files, people=False):
    if people:
        return ["view", "--speak", "@/people"]
    return ["view", "--speak", "--space", "MNI152", *files]


SMALL = speak("--bold", "@/tiny.nii.gz", "--mask", "@/tinymask.nii.gz")
BOLD = speak("--bold", "@/bold.nii.gz", "--mask", "@/brainmask.nii.gz")
LAID = speak("--spect", "@/spect.nii.gz", "--bold", "@/bold.nii.gz", "--anat", "@/T1w.nii.gz")
MARK = "message: mark"


def smooth(fwhm, name):
    return ["smooth", "@/spect.nii.gz", "--fwhm", str(fwhm), "-o", name, "--force"]


def made(*words):
    return [*words, "--force"]


# `old` and `new` are pairs of a command and of what is typed into it.
KINDS = [
    Kind("marks", (SMALL, "lllM"), (SMALL, "M"), kept=["marks"]),
    Kind("bookmarks", (SMALL, 'lll"second\r'), (SMALL, '"first\r'), kept=["places"]),
    Kind("ratings", (speak(people=True), "\r:rate bad because\r"), (speak(people=True), "\r:rate good\r"), kept=["review"]),
    Kind("notes", (speak(people=True), "\r&second note\r"), (speak(people=True), "\r&first note\r"), kept=["review"]),
    Kind("accepted registration", (LAID, "Goacs\rtr it was looked at\r"), reads=["transform", "show", "tr.txt"]),
    Kind("workspace", (SMALL, "lll:workspace save w.json\r")),
    Kind("chart", (SMALL, ":save course c\r")),
    Kind("targets", (made("targets", "@/bold.nii.gz", "--mask", "@/brainmask.nii.gz", "--bootstrap", "0", "-o", "t.tsv"), ""),
         (made("targets", "@/bold.nii.gz", "--bootstrap", "0", "-o", "t.tsv"), ""),
         reads=["view", "--speak", "--space", "MNI152", "--bold", "@/tiny.nii.gz"], mixed=":load t.json\r"),
    Kind("image, compressed", (smooth(9, "s.nii.gz"), ""), (smooth(6, "s.nii.gz"), ""), reads=["value", "s.nii.gz", "--at", "0,0,0"]),
    Kind("image", (smooth(9, "s.nii"), ""), (smooth(6, "s.nii"), ""), reads=["value", "s.nii", "--at", "0,0,0"]),
    Kind("clean output", (made("clean", "@/tiny.nii.gz", "--mask", "@/tinymask.nii.gz", "--polort", "1", "-o", "c.nii.gz"), ""),
         (made("clean", "@/tiny.nii.gz", "--mask", "@/tinymask.nii.gz", "-o", "c.nii.gz"), ""),
         reads=["smooth", "c.nii.gz", "--fwhm", "9", "-o", "x.nii"]),
    Kind("seed map", (made("seedmap", "@/tiny.nii.gz", "--mask", "@/tinymask.nii.gz", "--seed", "PCC", "-o", "m.nii.gz"), ""),
         (made("seedmap", "@/tiny.nii.gz", "--mask", "@/tinymask.nii.gz", "--seed", "0,40,10", "-o", "m.nii.gz"), ""),
         reads=["value", "m.nii.gz", "--at", "0,0,0"]),
    Kind("maps of perfusion", (made("perfusion", "@/spect.nii.gz", "--space", "MNI152", "--percent", "p.nii.gz", "--asymmetry", "a.nii.gz"), ""),
         (made("perfusion", "@/spect.nii.gz", "--space", "MNI152", "--reference", "cerebellum", "--percent", "p.nii.gz", "--asymmetry", "a.nii.gz"), ""),
         reads=["info", "p.nii.gz"], mixed="pairs"),
    Kind("table and its record", (made("matrix", "@/tiny.nii.gz", "--mask", "@/tinymask.nii.gz", "--polort", "1", "-o", "m.tsv"), ""),
         (made("matrix", "@/tiny.nii.gz", "--mask", "@/tinymask.nii.gz", "-o", "m.tsv"), ""), mixed="m.json"),
    Kind("transform", (made("transform", "invert", "@/other.txt", "-o", "i.txt"), ""), (made("transform", "invert", "@/tr.txt", "-o", "i.txt"), ""),
         reads=["transform", "show", "i.txt"]),
    Kind("rejected transform", (["transform", "accept", "i.txt", "--reject"], ""), (made("transform", "invert", "@/tr.txt", "-o", "i.txt"), ""),
         reads=["transform", "show", "i.txt"]),
    Kind("DICOM export", (["export", "dicom", "--source", "@/dicom/IM0", "--map", "@/map.nii.gz", "-o", "out"], "")),
    Kind("DICOM export, slices", (["export", "dicom", "--source", "@/dicom/IM0", "--map", "@/map.nii.gz", "--as", "mr", "-o", "out"], "")),
    Kind("import", (made("import", "@/dicom2", "--sub", "01", "--series", "4", "--as", "T1w", "-o", "."), ""),
         (made("import", "@/dicom", "--sub", "01", "--series", "4", "--as", "T1w", "-o", "."), ""),
         reads=["info", "sub-01/anat/sub-01_T1w.nii.gz"]),
]
