"""Every way out, again and again; a line that drops; a quiet screen; a hundred thousand keys.

usage: ways.py [--times N] [--keys N] [--only WORD]

The terminal is back within 1 s and all is as it was before; after the line drops the program is gone within 2 s and
has used less than 0.2 s of processor; on a quiet screen it uses none; keys do not make it grow.
"""
import argparse, concurrent.futures, os, resource, signal, subprocess, sys, tempfile, time

from line import Place, Session, scheduled
from scenes import scenes

HERE = os.path.dirname(os.path.abspath(__file__))
ENDS = "INT TERM HUP QUIT USR1 USR2 ALRM VTALRM XCPU PROF IO PWR SYS".split()
CRASHES = "TRAP ABRT SEGV ILL BUS FPE".split()
INSIDE = ["overflow", "trap", "abort", "thread-overflow", "thread-trap", "thread-abort"]
LINES = ["line drops", "line drops while a report of the mouse is cut", "line drops in a paste", "line drops during work",
         "the shell dies", "the shell dies during work"]
OTHERS = ["q", ":quit", "Ctrl-C", "Ctrl-Z, fg, q", "STOP, CONT, TERM", "TERM during work", "TERM while registering",
          "memory limit", "stdout closed", "stdin closed", "TERM, not read"]
WAYS = [f"signal {n}" for n in ENDS] + [f"crash {n}" for n in CRASHES] + [f"within: {n}" for n in INSIDE] + LINES + OTHERS


def opened(folder, place, way, crash):
    environment = place.environment(BOLDSPECT_NO_PROBE="1")
    if way.startswith("within"):
        environment |= {"LD_PRELOAD": crash, "SIEGE_CRASH": way.split()[-1]}
    closed = {"stdout closed": (1,), "stdin closed": (0,)}.get(way, ())
    session = Session(scenes(folder)["files"], place, environment=environment, closed=closed)
    if not closed:
        session.pump(15, lambda: b"mm" in session.stream.text and len(session.stream.text) > 3000)
        session.settle(0.15, 5)
    return session


def leave(session, way):
    """Starts the end; the exit code that it must have, None for any."""
    kill = lambda number: os.kill(session.pid, number)
    if way.startswith("signal"):
        number = getattr(signal, "SIG" + way.split()[1])
        kill(number)
        return 128 + number
    if way.startswith("crash"):
        number = getattr(signal, "SIG" + way.split()[1])
        kill(number)
        return -number
    if way.startswith("within"):
        kill(signal.SIGURG)
        return {"overflow": -11, "trap": -4, "abort": -6}[way.split("-")[-1].split()[-1]]
    if way in ("q", ":quit", "Ctrl-C"):
        session.type({"q": b"q", ":quit": b":quit\r", "Ctrl-C": b"\x03"}[way])
        return 130 if way == "Ctrl-C" else 0
    if way == "Ctrl-Z, fg, q":
        session.type(b"\x1a")
        if not session.stopped(2):
            session.stream.strange.append("Ctrl-Z does not stop it")
        session.settle(0.05, 1)
        session.stream.strange += [f"while stopped: {w}" for w in session.stream.left_on()]
        kill(signal.SIGCONT)
        session.settle(0.3, 3)
        session.type(b"q")
        return 0
    if way == "STOP, CONT, TERM":
        kill(signal.SIGSTOP)
        session.pump(0.1)
        kill(signal.SIGCONT)
        kill(signal.SIGTERM)
        return 143
    if way.startswith("TERM"):
        if "work" in way:
            session.type(b"t:reho\r:windows\rx:losses\r")
            session.pump(0.2)
        if "registering" in way:
            session.type(b"G ")
            session.pump(8, lambda: bool(session.place.left()))
        if "not read" in way:
            session.reads = False
            session.resize(300, 100)
            session.type(b"\x0c")
            time.sleep(0.5)
        kill(signal.SIGTERM)
        return 143
    if way == "memory limit":
        with open(f"/proc/{session.pid}/statm") as file:
            size = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
        resource.prlimit(session.pid, resource.RLIMIT_AS, (size + (1 << 20), size + (1 << 20)))
        session.resize(500, 300)
        session.type(b"t:networks\r:reho\r:losses\rx")
        session.pump(1.0, session.over)
        session.type(b"\x1b")
        session.pump(0.2, session.over)
        session.type(b"q")
    return None


def leave_line(session, way):
    """The line goes; what is wrong."""
    if "mouse" in way:
        session.type(b"\x1b[<0;10")
        session.pump(0.1)
    if "paste" in way:
        session.type(b"\x1b[200~some text")
        session.pump(0.1)
    if "work" in way:
        session.type(b"t:reho\r:windows\r")
        session.pump(0.2)
    before = session.cpu()
    if "shell" in way:
        os.kill(session.leader, signal.SIGKILL)
    else:
        session.drop()
    took = session.ended(2)
    if took is None:
        return ["it is still there after 2 s"], None
    used = session.user + session.system - before
    out = []
    # What was being computed is given up, not at once.
    if used >= (0.2 if "work" not in way else 1.0):
        out.append(f"it used {used:.2f} s of processor")
    return out, took


def one(way, folder, crash):
    place = Place()
    session = None
    try:
        session = opened(folder, place, way, crash)
        if way in LINES:
            faults, took = leave_line(session, way)
            session.drop()
            return way, took, faults + session.faults()
        wanted = leave(session, way)
        took = session.ended(3 if "memory" in way else 1 if "crash" not in way else 1)
        if took is None:
            return way, None, ["not ended and back within 1 s"]
        faults = session.faults()
        if wanted is not None and session.code != wanted:
            faults.append(f"exit code {session.code}, not {wanted}")
        if "closed" in way and session.code not in (69, 130):
            faults.append(f"exit code {session.code}, not 69")
        return way, took, faults
    finally:
        if session:
            session.close()
        place.remove()


def idle(folder):
    """Seconds of processor in 10 s of a quiet screen."""
    place = Place()
    session = opened(folder, place, "", "")
    try:
        session.settle(1.5, 10)
        before = scheduled(session.pid, 0)
        session.pump(10)
        return sum(now - before.get(thread, 0.0) for thread, now in scheduled(session.pid, 0).items())
    finally:
        session.close()
        place.remove()


def keys(folder, count):
    """MB that it grows between ten thousand and so many keys, and seconds for all."""
    place = Place()
    session = opened(folder, place, "", "")
    typed = b"hjkl><{}acsovRbBiI,.\x0c" + b"\x1b[A\x1b[B\x1b[C\x1b[D" + b"\x1b[<0;40;12M\x1b[<32;41;12M\x1b[<0;41;12m" + b":thr\x1b"
    each = 35
    start, done, early = time.monotonic(), 0, None
    try:
        while done < count and not session.over():
            session.type(typed * 10)
            done += each * 10
            session.pump(30, lambda: not session.out)
            if early is None and done >= min(count / 2, 10_000):
                session.settle(0.5, 20)
                early = session.memory()
        session.settle(0.5, 20)
        grown = session.memory() - early if not session.over() else float("nan")
        return done, grown, time.monotonic() - start
    finally:
        session.close()
        place.remove()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=1)
    parser.add_argument("--keys", type=int, default=20_000)
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    breaches, slowest = [], {}
    with tempfile.TemporaryDirectory(prefix="boldspect-siege-files-") as folder:
        scenes(folder)
        crash = f"{folder}/crash.so"
        subprocess.run(["cc", "-O1", "-w", "-shared", "-fPIC", "-o", crash, f"{HERE}/crash.c", "-lpthread"], check=True)
        ways = [w for w in WAYS if options.only in w]
        with concurrent.futures.ProcessPoolExecutor(2) as pool:
            for job in [pool.submit(one, w, folder, crash) for _ in range(options.times) for w in ways]:
                way, took, faults = job.result()
                slowest[way] = max(slowest.get(way, 0.0), took or 0.0)
                for fault in faults:
                    breaches.append(way)
                    print(f"{way}: {fault}", file=sys.stderr, flush=True)
        done = len(ways) * options.times
        print(f"{done} ends ({len(ways)} ways x {options.times}), {len(breaches)} breaches; slowest "
              + ", ".join(f"{w} {s:.2f} s" for w, s in sorted(slowest.items(), key=lambda x: -x[1])[:4]))
        if not options.only:
            used = idle(folder)
            print(f"quiet for 10 s: {used:.4f} s of processor")
            pressed, grown, seconds = keys(folder, options.keys)
            print(f"{pressed} keys in {seconds:.0f} s: {grown:+.1f} MB")
            if used > 0.01 or not grown < 8:
                breaches.append("quiet or keys")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
