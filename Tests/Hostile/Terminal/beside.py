"""Saves that no error interrupts: a kill after the screen has told of them, a second writer, links, folders to read only."""
import glob, json, os, random, re, signal, subprocess, time

from kinds import SMALL
from line import Place, Session, lost, waited
from scenes import PROGRAM


def words(kind, inputs):
    return [PROGRAM] + [w.replace("@", inputs) for w in kind]


def marks(state):
    found = set()
    for path in glob.glob(f"{state}/boldspect/marks-*.json"):
        with open(path) as file:
            found |= {str(t) for t in json.load(file)["targets"]}
    return found


def announced(seed, inputs):
    """Marks while it loads and works, then a kill: what was told half a second before is on disk."""
    rng, place = random.Random(seed), Place("save")
    session = Session(words(SMALL, inputs), place, environment=place.environment())
    said = lambda: set(re.findall(rb"message: mark-(\d+)", bytes(session.stream.text)))
    try:
        session.pump(rng.choice([0.05, 0.3, 1.0]))
        for _ in range(rng.randint(1, 8)):
            session.type(rng.choice(["", "", "t", ":reho\r", ":networks\r", "x", ":losses\r"]))
            session.type("lM")
            session.pump(rng.random() * 0.4)
        session.pump(20, lambda: bool(said()))
        now, before, start = said(), waited(session.pid), time.monotonic()
        while time.monotonic() - start < 0.5 + lost(session.pid, before):
            session.step(0.01)
        session.kill()
        kept = marks(place.environment()["XDG_STATE_HOME"])
        if len(kept) < len(now):
            return [f"seed {seed}: {len(now)} marks were told, {len(kept)} are on disk"]
        return []
    finally:
        session.close()
        place.remove()


def together(seed, inputs):
    """Two sessions that mark at once lose none of their marks."""
    place = Place("save")
    try:
        keys = ["".join("lM" for _ in range(4)), "".join("jM" for _ in range(4))]
        both = [
            subprocess.Popen(words(SMALL, inputs), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                             stderr=subprocess.DEVNULL, cwd=place.work, env=place.environment()) for _ in keys]
        for process, typed in zip(both, keys):
            process.stdin.write(typed.encode())
            process.stdin.close()
        codes = [process.wait(60) for process in both]
        kept = len(marks(place.environment()["XDG_STATE_HOME"]))
        return [] if codes == [0, 0] and kept == 8 else [f"two sessions: exit codes {codes}, {kept} of 8 marks"]
    finally:
        place.remove()


def one_name(seed, inputs):
    """Two commands that write one name: one of them does, and the set is of one save."""
    place = Place("save")
    try:
        both = [
            subprocess.Popen([PROGRAM, "smooth", f"{inputs}/spect.nii.gz", "--fwhm", str(f), "-o", "s.nii.gz"],
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=place.work, env=place.environment())
            for f in (6, 9)]
        codes = sorted(process.wait(60) for process in both)
        read = subprocess.run([PROGRAM, "value", "s.nii.gz", "--at", "0,0,0"], cwd=place.work, env=place.environment(),
                              capture_output=True)
        left = sorted(os.listdir(place.work))
        return [] if codes == [0, 73] and read.returncode == 0 and left == ["s.json", "s.nii.gz"] else [
            f"one name: exit codes {codes}, {left}, reading gives {read.returncode}"]
    finally:
        place.remove()


def linked(seed, inputs):
    """What an output's name leads to stays as it is, with --force too."""
    place, out = Place("save"), []
    try:
        victim = f"{place.path}/victim"
        for name in ("s.nii.gz", "s.json"):
            with open(victim, "w") as file:
                file.write("somebody's")
            os.symlink(victim, f"{place.work}/{name}")
            done = subprocess.run([PROGRAM, "smooth", f"{inputs}/spect.nii.gz", "--fwhm", "6", "-o", "s.nii.gz", "--force"],
                                  cwd=place.work, env=place.environment(), capture_output=True)
            with open(victim) as file:
                if done.returncode == 0 or file.read() != "somebody's" or not os.path.islink(f"{place.work}/{name}"):
                    out.append(f"a link as {name}: exit code {done.returncode}")
            os.unlink(f"{place.work}/{name}")
            if os.listdir(place.work):
                out.append(f"a link as {name} leaves {os.listdir(place.work)}")
        return out
    finally:
        place.remove()


CHECKS = {"killed after it was told": (announced, 12), "two sessions at once": (together, 3),
          "two commands, one name": (one_name, 5), "a link in its place": (linked, 1)}
