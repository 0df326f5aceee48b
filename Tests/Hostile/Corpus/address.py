"""Normal work under limits of the address space: 25 to 100 % of what it takes without one. It is done, or refused in words.

    python3 address.py PROGRAM SAMPLE_DATA [--run BOLD --mask MASK] [--only COMMAND ...] [--parts 25 50 ...] [--seconds S]

--run takes another run than the sample's for the commands that read one.
"""

import argparse
import os
import shutil
import sys
import tempfile

import judge
import runner

PARTS = (25, 50, 75, 90, 100)


def study(folder, bold, mask):
    """A folder of two people after BIDS and fMRIPrep, of one run."""
    for n in (1, 2):
        place = os.path.join(folder, "sub-0%d" % n, "func")
        os.makedirs(place)
        stem = os.path.join(place, "sub-0%d_task-rest_space-MNI152NLin6Asym_" % n)
        os.symlink(bold, stem + "desc-preproc_bold.nii.gz")
        os.symlink(mask, stem + "desc-brain_mask.nii.gz")
    return folder


def jobs(sample, scratch, bold, mask):
    def of(name):
        return os.path.join(sample, "sample_space-MNI152_" + name)
    is_sample = bold is None
    bold, mask = bold or of("bold.nii.gz"), mask or of("brainmask.nii.gz")
    run = [bold, "--mask", mask]
    files = ["--bold", bold, "--mask", mask, "--anat", of("T1w.nii.gz"), "--spect", of("spect.nii.gz"), "--mixed-people"]
    people = study(os.path.join(scratch, "people"), bold, mask)
    small = ["--participant-label", "01", "--skip-bids-validation"]
    whole = [
        ["info", of("T1w.nii.gz")], ["value", bold, "--at=0,0,0"], ["list", people],
        ["smooth", of("T1w.nii.gz"), "--fwhm", "6", "-o", "s.nii.gz"],
        ["resample", of("spect.nii.gz"), "--like", of("T1w.nii.gz"), "-o", "r.nii.gz"],
        ["clean"] + run + (["--confounds", of("confounds.tsv"), "--preset", "24P"] if is_sample else []) + ["-o", "c.nii.gz"],
        ["confounds"] + run, ["windows"] + run + ["--seed", "PCC", "--with", "-42,-68,36"],
        ["seedmap"] + run + ["--seed", "PCC", "-o", "m.nii.gz"], ["measures"] + run + ["--measure", "reho", "-o", "a.nii.gz"],
        ["matrix"] + run, ["networks"] + run + ["--networks", of("desc-networks_dseg.nii.gz")], ["targets"] + run + ["--bootstrap", "0"],
        ["perfusion", of("spect.nii.gz"), "--table"], ["losses"] + run, ["camera", "simulate", of("spect.nii.gz"), "--views", "16", "--matrix", "32", "-o", "v.nii.gz"],
        ["snapshot"] + files + ["--keys", " t<Esc>x<Esc>", "-o", "s.png", "--format", "png"],
        ["report"] + files + ["--protocol", "none", "-o", "r.html"], ["view"] + files,
        ["register", of("spect.nii.gz"), "--to", of("T1w.nii.gz"), "--restarts", "0", "--time-limit", "60", "-o", "g.txt"],
        ["flipcheck", of("T1w.nii.gz"), of("spect.nii.gz")],
        ["bids", people, "out", "participant"] + small,
    ]
    # What reads no run is the same for each.
    return whole if is_sample else [w for w in whole if bold in w or people in w]


def run(program, line, scratch, address, seconds, peak=None):
    place = runner.Place(tempfile.mkdtemp(dir=scratch))
    try:
        if line[0] == "view":
            r = runner.view(program, line, place, [" ", "t"], seconds=seconds, address=address, peak=peak)
        else:
            r = runner.run(program, line, place, seconds=seconds, address=address, peak=peak)
        faults = list(judge.always(r, place, [], 8 << 30))
        # The loader itself may find no room: that is no word of ours, and no crash.
        is_loader = r.status == 127 and b"error while loading shared libraries" in r.errors + r.output
        if is_loader:
            return r, "not loaded", []
        if line[0] != "view":
            # A cohort says how each of its people went, and keeps what is done.
            if line[0] == "bids":
                r.output = b"" if r.status else r.output
            faults += judge.plain(r, place)
            if r.status != 0 and line[0] != "bids" and place.left(place.out):
                faults.append("refuses and leaves %s" % place.left(place.out)[0])
        elif r.is_restored is False:
            faults.append("the terminal's modes are not given back")
        return r, "done" if r.status == 0 else "refused", faults
    finally:
        place.clear()


def main(options):
    scratch = tempfile.mkdtemp(prefix="boldspect-address-")
    breaches = runs = 0
    program = os.path.realpath(options.program)
    runner.FILE_BYTES = 1 << 30
    named = [os.path.realpath(p) if p else None for p in (options.run, options.mask)]
    try:
        print("%-12s%12s" % ("command", "MiB") + "".join("%12s" % ("%d %%" % p) for p in options.parts))
        for line in jobs(os.path.realpath(options.sample), scratch, *named):
            if options.only and line[0] not in options.only:
                continue
            peak = {}
            r, how, faults = run(program, line, scratch, 64 << 30, options.seconds, peak)
            words = []
            if how != "done":
                faults.append("is refused without a limit: %s" % r.errors.decode("utf-8", "replace")[-300:])
            for part in options.parts:
                r, how, found = run(program, line, scratch, peak.get("bytes", 1 << 30) * part // 100, options.seconds)
                runs += 1
                words.append("BREACH" if found else how)
                faults += ["at %d %%: %s %s" % (part, f, r.errors.decode("utf-8", "replace")[-200:]) for f in found]
            print("%-12s%12d" % (line[0], peak.get("bytes", 0) >> 20) + "".join("%12s" % w for w in words), flush=True)
            for fault in faults:
                breaches += 1
                print("  " + judge.shown(fault)[:400], flush=True)
        print("%d runs under a limit, %d breaches" % (runs, breaches))
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return 1 if breaches else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("sample")
    parser.add_argument("--run")
    parser.add_argument("--mask")
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--parts", nargs="*", type=int, default=PARTS)
    parser.add_argument("--seconds", type=float, default=300)
    sys.exit(main(parser.parse_args()))
