"""Normal work under limits of the address space: 25 to 100 % of what it takes without one. It is done, or refused in words.

    python3 address.py PROGRAM SAMPLE_DATA
"""

import os
import shutil
import sys
import tempfile

import judge
import runner

PARTS = (0.25, 0.5, 0.75, 0.9, 1.0)


def jobs(sample):
    def of(name):
        return os.path.join(sample, "sample_space-MNI152_" + name)
    run = [of("bold.nii.gz"), "--mask", of("brainmask.nii.gz")]
    files = ["--bold", of("bold.nii.gz"), "--mask", of("brainmask.nii.gz"), "--anat", of("T1w.nii.gz"), "--spect", of("spect.nii.gz")]
    return [
        ["info", of("T1w.nii.gz")], ["value", of("bold.nii.gz"), "--at=0,0,0"],
        ["smooth", of("T1w.nii.gz"), "--fwhm", "6", "-o", "s.nii.gz"],
        ["resample", of("spect.nii.gz"), "--like", of("T1w.nii.gz"), "-o", "r.nii.gz"],
        ["clean"] + run + ["--confounds", of("confounds.tsv"), "--preset", "24P", "-o", "c.nii.gz"],
        ["seedmap"] + run + ["--seed", "PCC", "-o", "m.nii.gz"], ["measures"] + run + ["--measure", "reho", "-o", "a.nii.gz"],
        ["matrix"] + run, ["networks"] + run + ["--networks", of("desc-networks_dseg.nii.gz")], ["targets"] + run + ["--bootstrap", "0"],
        ["perfusion", of("spect.nii.gz"), "--table"], ["losses"] + run, ["camera", "simulate", of("spect.nii.gz"), "--views", "16", "--matrix", "32", "-o", "v.nii.gz"],
        ["snapshot"] + files + ["--keys", " t<Esc>x<Esc>", "-o", "s.png", "--format", "png"],
        ["report"] + files + ["--protocol", "none", "-o", "r.html"], ["view"] + files,
    ]


def run(program, line, scratch, address, peak=None):
    place = runner.Place(tempfile.mkdtemp(dir=scratch))
    try:
        if line[0] == "view":
            r = runner.view(program, line, place, [" ", "t"], seconds=300, address=address, peak=peak)
        else:
            r = runner.run(program, line, place, seconds=300, address=address, peak=peak)
        faults = list(judge.always(r, place, [], 8 << 30))
        # The loader itself may find no room: that is no word of ours, and no crash.
        is_loader = r.status == 127 and b"error while loading shared libraries" in r.errors + r.output
        if is_loader:
            return r, "not loaded", []
        if line[0] != "view":
            faults += judge.plain(r, place)
            if r.status != 0 and place.left(place.out):
                faults.append("refuses and leaves %s" % place.left(place.out)[0])
        elif r.is_restored is False:
            faults.append("the terminal's modes are not given back")
        return r, "done" if r.status == 0 else "refused", faults
    finally:
        place.clear()


def main(program, sample):
    scratch = tempfile.mkdtemp(prefix="boldspect-address-")
    breaches = 0
    try:
        print("%-12s%12s" % ("command", "MiB") + "".join("%12s" % ("%d %%" % (100 * p)) for p in PARTS))
        for line in jobs(sample):
            peak = {}
            r, how, faults = run(program, line, scratch, 64 << 30, peak)
            words = []
            if how != "done":
                faults.append("is refused without a limit: %s" % r.errors.decode("utf-8", "replace")[-300:])
            for part in PARTS:
                _, how, found = run(program, line, scratch, int(peak.get("bytes", 1 << 30) * part))
                words.append("BREACH" if found else how)
                faults += ["at %d %%: %s" % (100 * part, f) for f in found]
            print("%-12s%12d" % (line[0], peak.get("bytes", 0) >> 20) + "".join("%12s" % w for w in words), flush=True)
            for fault in faults:
                breaches += 1
                print("  " + judge.shown(fault)[:400])
        print("%d breaches" % breaches)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main(os.path.realpath(sys.argv[1]), os.path.realpath(sys.argv[2])))
