"""Saves on a disk that fails: every call that changes a file is interrupted, by a kill and by each error.

usage: saves.py [--count N] [--kind NAME] [--seconds S] [--verbose]

Afterwards every file is the old one or the new one; a set is old, new, or named as mixed when it is read;
exit code 0 means that all is there; anything else than a kill leaves no litter, and that of a kill goes with the
next run. The call and the error that are named repeat a breach: --kind NAME --at N --how HOW.
"""
import argparse, concurrent.futures, hashlib, json, os, random, re, shutil, signal, subprocess, sys, tempfile, time

import beside
import small
from kinds import KINDS
from line import Place
from scenes import PROGRAM

HERE = os.path.dirname(os.path.abspath(__file__))
# What differs from save to save: times, and random numbers of DICOM.
VARIES = re.compile(rb"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?|2\.25\.\d+\0?|20\d{6}|(?<=\0)\d{6}(\.\d+)?(?=[^0-9])")
# Identifiers of DICOM are random, of any length; so are the lengths of what holds them.
IDENTIFIERS = re.compile(rb"UI..[0-9.]*\0?|SQ\0\0....|\xfe\xff\x00\xe0....|\x02\x00\x00\x00UL\x04\x00....", re.S)
LITTER = re.compile(r"\.boldspect-.*\.(tmp|part)$")
# Where files are synced at once.
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
STAYS = {"ENOSPC", "EROFS", "EDQUOT"}


def content(path, data):
    """What must be the same; of marks and places where they lie, for names may depend on what was read first."""
    if re.search(r"/(marks|places)-", path):
        try:
            items = json.loads(data)
            data = b"".join(sorted(re.findall(rb"\[[-0-9., ]+\]", data))) + str(sorted(items)).encode()
        except ValueError:
            pass
    length = len(data)
    if path.endswith(".dcm"):
        data, length = IDENTIFIERS.sub(b"~", data), 0
    return hashlib.sha256(VARIES.sub(b"~", data)).hexdigest(), length


def snapshot(folder):
    """Files and what is in them; litter apart."""
    files, litter = {}, []
    for place, folders, names in os.walk(folder):
        for name in names + folders:
            path = os.path.join(place, name)
            if LITTER.search(name):
                litter.append(path)
            elif name in names and not LITTER.search(place):
                with open(path, "rb") as file:
                    data = file.read()
                short = os.path.relpath(path, folder)
                files[short] = content(path, data)
    return files, [p for p in litter if not LITTER.search(os.path.dirname(p))]


class Siege:
    """All interruptions of one kind."""

    def __init__(self, kind, inputs, disk, scratch):
        self.kind, self.inputs, self.disk = kind, inputs, disk
        self.place = Place("save", MEMORY)
        self.folder = f"{self.place.path}/work"
        self.template = f"{scratch}/{re.sub('[^a-z]', '', kind.name.lower())}"

    def environment(self, **more):
        # What is kept between sessions lies in the folder that is watched.
        return self.place.environment() | {"XDG_STATE_HOME": self.folder + "/state"} | more

    def run(self, words, typed, **environment):
        return subprocess.run(
            self.kind.command(words, self.inputs), input=typed.encode(), capture_output=True, cwd=self.folder,
            env=self.environment(**environment), timeout=60)

    def renew(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        if os.path.isdir(self.template):
            shutil.copytree(self.template, self.folder, symlinks=True)
        else:
            os.makedirs(self.folder)

    def prepare(self):
        """The old state, the new one, and how many calls lie between them."""
        self.renew()
        if self.kind.old:
            done = self.run(*self.kind.old)
            if done.returncode:
                raise SystemExit(f"{self.kind.name}: the old save fails: {done.stderr[-300:]}")
        shutil.copytree(self.folder, self.template, symlinks=True)
        self.old = snapshot(self.folder)[0]
        count = f"{self.place.path}/count"
        done = self.run(*self.kind.new, LD_PRELOAD=self.disk, SIEGE_FOLDER=self.folder, SIEGE_COUNT=count)
        self.new = snapshot(self.folder)[0]
        if done.returncode or self.new == self.old:
            raise SystemExit(f"{self.kind.name}: the new save fails: {done.returncode} {done.stderr[-300:]}")
        with open(count) as file:
            self.calls = [line.split()[1] for line in file]

    def all(self):
        return [(n, how) for n in range(1, len(self.calls) + 1) for how in ("kill", "ENOSPC", "EIO", "EROFS", "EDQUOT")]

    def attempt(self, at, how):
        """What is wrong after one interruption; nothing when all is as it should be."""
        self.renew()
        more = {"SIEGE_STAYS": "1"} if how in STAYS else {}
        done = self.run(
            *self.kind.new, LD_PRELOAD=self.disk, SIEGE_FOLDER=self.folder, SIEGE_AT=str(at), SIEGE_HOW=how, **more)
        files, litter = snapshot(self.folder)
        faults, code = [], done.returncode
        if code < 0 and (how != "kill" or code != -9):
            faults.append(f"signal {-code}")
        half, old, new = [], True, True
        for path in set(files) | set(self.old) | set(self.new):
            now, was, will = (d.get(path) for d in (files, self.old, self.new))
            if now != was and now != will and not self.other(path, now):
                half.append(path)
            if was != will and self.counts(path):
                old, new = old and now == was, new and now == will
        faults += [f"{path} is neither old nor new" for path in half]
        mixed = not old and not new and not half
        if mixed and not self.named():
            faults.append("a mixed set is not recognised")
        if code == 0 and not new and not mixed:
            faults.append("exit code 0, and it was not saved")
        if code == 0 and mixed:
            faults.append("exit code 0, and a mixed set")
        if code > 0 and code != 74 and not new:
            faults.append(f"exit code {code}, not 74")
        if litter and how in ("ENOSPC", "EDQUOT", "EIO") and not (how == "EIO" and self.calls[at - 1] == "unlink"):
            faults.append(f"litter: {os.path.basename(litter[0])}")
        if how == "kill" or litter:
            faults += self.next(mixed)
        return [f"{w} (exit code {code})" for w in faults], mixed

    def counts(self, path):
        """Whether it is what was asked for, and not only kept beside it."""
        if not path.startswith("state/"):
            return True
        return any(f"/{word}-" in path for word in self.kind.kept)

    def other(self, path, now):
        """What may differ: the secret of people is a random number."""
        return path.endswith("person-secret") and (now is None or now[1] == 65) or "/view-" in path or path.endswith("typed.json")

    def named(self):
        """Whether whoever reads the set is told."""
        words, typed = self.kind.reads, ""
        if self.kind.mixed == "pairs":
            return all(self.pair(n) for n in ("p", "a"))
        if self.kind.mixed == "m.json":
            # No command reads a table; its record says of which table it is.
            with open(f"{self.folder}/m.json") as record, open(f"{self.folder}/m.tsv", "rb") as table:
                return json.load(record)["table_sha256"] != hashlib.sha256(table.read()).hexdigest()
        if not words:
            return False
        if self.kind.mixed:
            typed = self.kind.mixed
        done = self.run(words, typed)
        said = done.stdout + done.stderr
        return any(w in said for w in (b"of one save", b"another image", b"saved with", b"belong together"))

    def pair(self, name):
        """Two images that are two saves: each with its own record is whole or named."""
        done = self.run(["value", f"{name}.nii.gz", "--at", "0,0,0"], "")
        return done.returncode == 0 or b"another image" in done.stderr

    def next(self, mixed):
        """The next run, in peace."""
        if self.kind.reads and mixed and "accept" in self.kind.name:
            return []
        done = self.run(*self.kind.new)
        files, litter = snapshot(self.folder)
        out = [f"litter after the next run: {os.path.basename(litter[0])}"] if litter else []
        if done.returncode not in (0, 73, 64, 65):
            out.append(f"the next run ends with {done.returncode}: {done.stderr[-200:]}")
        return out


def one(index, jobs, inputs, disk, scratch):
    """Attempts of one kind; breaches with how they are repeated."""
    kind = KINDS[index]
    siege = Siege(kind, inputs, disk, scratch)
    try:
        siege.prepare()
        todo = jobs(siege.all()) if callable(jobs) else [j for j in siege.all() if j in jobs] if jobs else siege.all()
        out, mixes = [], 0
        for at, how in todo:
            faults, mixed = siege.attempt(at, how)
            mixes += mixed
            out += [f"--kind '{kind.name}' --at {at} --how {how} ({siege.calls[at - 1]}): {f}" for f in faults]
        return kind.name, len(siege.calls), len(todo), mixes, out
    finally:
        siege.place.remove()


class Share:
    """A part of all attempts, the same for the same seed."""

    def __init__(self, count, seed):
        self.count, self.seed = count, seed

    def __call__(self, jobs):
        if self.count >= len(jobs):
            return jobs
        return sorted(random.Random(self.seed).sample(jobs, self.count))


def build(folder):
    disk = f"{folder}/disk.so"
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", disk, f"{HERE}/disk.c", "-ldl"], check=True)
    return disk


def make(folder):
    """Inputs, and transforms that a person accepted."""
    inputs = f"{folder}/in"
    small.make(inputs)
    place = Place("save", MEMORY)
    run = lambda words, typed="": subprocess.run(
        [PROGRAM] + [w.replace("@", inputs) for w in words], input=typed.encode(), capture_output=True,
        cwd=inputs, env=place.environment(), check=True)
    from kinds import LAID

    run(LAID, "Goacs\rtr it was looked at\r")
    run(LAID, "Gloacs\rother it was looked at\r")
    run(["smooth", "@/dicom", "--fwhm", "8", "-o", "map.nii.gz"])
    place.remove()
    return inputs


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind")
    parser.add_argument("--at", type=int)
    parser.add_argument("--how")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="boldspect-siege-saves-", dir=MEMORY) as folder:
        disk, inputs = build(folder), make(folder)
        # A viewer takes many times as long as a command: each of its saves is tried a fifth as often.
        chosen = sorted((n for n, k in enumerate(KINDS) if options.kind in (None, k.name)), key=lambda n: KINDS[n].slow)
        part = options.count / sum(1 if KINDS[n].slow else 5 for n in chosen)
        jobs = {
            n: [(options.at, options.how)] if options.at else Share(max(1, round(part * (1 if KINDS[n].slow else 5))), options.seed)
            for n in chosen
        }
        total, breaches = 0, []
        print(f"{'what is saved':26} {'calls':>5} {'interrupted':>11} {'mixed, named':>12} {'breaches':>8}")
        with concurrent.futures.ProcessPoolExecutor(2) as pool:
            for job in [pool.submit(one, n, jobs[n], inputs, disk, folder) for n in chosen]:
                name, calls, done, mixes, faults = job.result()
                total, breaches = total + done, breaches + faults
                print(f"{name:26} {calls:5} {done:11} {mixes:12} {len(faults):8}", flush=True)
                for fault in faults:
                    print("  " + fault, file=sys.stderr, flush=True)
            for name, (check, times) in beside.CHECKS.items() if not options.kind else ():
                faults = [f for job in [pool.submit(check, n, inputs) for n in range(times)] for f in job.result()]
                breaches += faults
                print(f"{name:26} {'':5} {times:11} {'':12} {len(faults):8}", flush=True)
                for fault in faults:
                    print("  " + fault, file=sys.stderr, flush=True)
    print(f"{total} interrupted saves, {len(breaches)} breaches")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
