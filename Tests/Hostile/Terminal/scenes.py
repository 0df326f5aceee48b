"""What the program is opened on: the sample person under names and headers that hold control bytes."""
import gzip, os

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.abspath(f"{HERE}/../../..")
SAMPLE = os.environ.get("BOLDSPECT_SAMPLE", f"{ROOT}/SampleData")
PROGRAM = os.path.abspath(os.environ.get("BOLDSPECT", f"{ROOT}/.build/release/boldspect"))
PLANTED = "\x1b]52;c;UExBTlRFRA==\x07\x1b]0;PLANTED\x1b\\\x9b31mPLANTED\x1bP$q\x1b\\\u202e\u200b"


def file(name):
    return f"{SAMPLE}/sample_space-MNI152_{name}"


def with_planted_header(source, to):
    """The same image with control bytes in every field of its header that holds text."""
    data = bytearray(gzip.open(source).read())
    text = PLANTED.encode("utf-8", "replace")
    for at, room in ((5, 9), (14, 18), (148, 80), (228, 24), (328, 16)):
        data[at : at + room] = text[:room].ljust(room, b"\0")
    with gzip.open(to, "wb", 1) as out:
        out.write(data)


def make(folder):
    """Files of the scenes, once for all runs."""
    os.makedirs(folder, exist_ok=True)
    bad = "\x1b]0;PLANTED\x07\x9b2J\u202e"
    paths = {}
    for kind in ("spect", "T1w", "label-GM_probseg"):
        paths[kind] = f"{folder}/{bad}_space-MNI152_{kind}.nii.gz"
        with_planted_header(file(f"{kind}.nii.gz"), paths[kind])
    for kind in ("bold", "brainmask"):
        paths[kind] = f"{folder}/{bad}_space-MNI152_{kind}.nii.gz"
        if not os.path.exists(paths[kind]):
            os.symlink(file(f"{kind}.nii.gz"), paths[kind])
    people = f"{folder}/people"
    for n in (1, 2, 3):
        place = f"{people}/sub-0{n}/func"
        os.makedirs(place, exist_ok=True)
        for kind in ("bold", "brainmask"):
            stem = f"{place}/sub-0{n}_task-rest_space-MNI152NLin6Asym_"
            name = stem + ("desc-preproc_bold" if kind == "bold" else "desc-brain_mask") + ".nii.gz"
            if not os.path.exists(name):
                os.symlink(file(f"{kind}.nii.gz"), name)
        with open(f"{place}/sub-0{n}_task-rest_{bad}.json", "w") as out:
            out.write('{"SeriesDescription": "%s"}' % "PLANTED\\u001b]0;x\\u0007")
    return paths, people


def scenes(folder):
    paths, people = make(folder)
    whole = [
        PROGRAM, "view", "--bold", paths["bold"], "--mask", paths["brainmask"], "--spect", paths["spect"],
        "--anat", paths["T1w"], "--gm", paths["label-GM_probseg"], "--space", "MNI152", "--mixed-people",
    ]
    return {
        "files": whole,
        "seed": whole + ["--seed", "PCC"],
        "folder": [PROGRAM, "view", people],
        "demo": [PROGRAM, "demo", "--data", SAMPLE],
        "lesson": [PROGRAM, "lesson"] + whole[2:],
        "images": whole + ["--pictures", "kitty"],
    }
