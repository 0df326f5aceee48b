"""Random terminal sessions: keys, lines, pastes, mouse, sizes, answers that nobody asked for, a line that stalls.

usage: sessions.py [--first SEED] [--count N] [--steps N] [--seconds S], or --seed SEED to see one

After the steps Esc and `q`, Ctrl-C or TERM must end the program within 2 s, and leave all as it was. A breach
names the seed that repeats it.
"""
import argparse, concurrent.futures, os, random, signal, sys, tempfile, time

from line import Place, Session
from scenes import scenes

KEYS = list("hjklacsRLoOKV^_%;#dD,.bBiIHuxXmMtTnNrebvPSYUGCEFWJ78&9*/f'\"~gp={}[]()<>+-0123456@!$\\|wyzAZ ?\t\r")
MORE = ["\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1bOA", "\x1bOC", "\x1b[5~", "\x1b[6~", "\x1b[H", "\x1b[F", "\x7f",
        "\x0c", "\x12", "\x15", "\x0e", "\x10", "\x06", "\x02", "\x1b[Z", "\x1bOP", "\x1b[3~", "\x1b", "\x1b\x1b", "\x08"]
WORDS = ("alff falff reho tsnr windows motion matrix lesson register flipcheck side networks change camera-fwhm "
         "window start average open with rate highpass preset censor layout spacing mix alternate zoom centre seed "
         "goto voxel peak bookmark unbookmark plane convention threshold fdr range sign cluster opacity choose "
         "isoline underlay histogram proxy losses contrast scan perfusion asymmetry reference palette targets "
         "protocol sphere method percentile workspace save debug load findings overlays").split()
VALUES = ["", "1", "0", "-1", "on", "off", "1e308", "nan", "12,-40,30", "PCC", "lightbox", "planes", "fused", "save w.json",
          "course c", "good", "bad because", "osem-recovery", "../../etc/passwd", "%s%n", "é漢\u202e", "x" * 400, ", , ,"]
ANALYSES = ["x", "t", "m", "T", "P", "v", ":matrix\r", ":networks\r", ":windows\r", ":reho\r", ":losses\r", " ", "H", "L"]
TERMS = ["xterm-256color"] * 5 + ["screen-256color", "tmux-256color", "linux", "vt220", "xterm-kitty", "rxvt", "xterm"]


def garbage(rng, most=60):
    return bytes(rng.choice(b"qx;:0123456789\x07\x1b[]?MmAZ~\\\x00\x80\x9b\xff\xc3 \r\n") for _ in range(rng.randint(0, most)))


def paste(rng):
    body = rng.choice([b"q", b"qqq\rq", b":quit\r", b"goto 1,2,3", b"\x1b", b"q\x1b[20", b"\xff\xfe" * 20, b"long " * 3000,
                       garbage(rng), "λ漢\u202e\x1b]0;PLANTED\x07".encode()])
    begin = rng.choice([b"\x1b[200~"] * 6 + [b"\x1b[200", b"\x1b[20", b"\x1b[200~\x1b[200~"])
    end = rng.choice([b"\x1b[201~"] * 4 + [b"", b"\x1b[201", b"\x1b[20", b"\x1b", b"\x1b[201~\x1b[201~", b"\x1b[200~"])
    return begin + body + end


def mouse(rng):
    n = lambda: rng.choice([0, 1, 5, 40, 99, 200, 300, 65535, 10**12])
    kind = rng.randrange(6)
    if kind == 0:
        return b"\x1b[M" + bytes(rng.randint(32, 255) for _ in range(3))
    if kind == 1:
        return b"\x1b[M" + bytes(rng.randint(0, 255) for _ in range(rng.randint(0, 2)))
    if kind == 2:
        whole = b"\x1b[<%d;%d;%d%c" % (n(), n(), n(), rng.choice(b"Mm"))
        return whole[: rng.randint(2, len(whole))]
    if kind == 3:
        return b"\x1b[<" + garbage(rng, 12)
    return b"\x1b[<%d;%d;%d%c" % (rng.choice([0, 32, 64, 65, 2, 35]), rng.randint(1, 120), rng.randint(1, 45), rng.choice(b"Mm"))


def reply(rng):
    first = rng.choice([b"\x1b]", b"\x1bP", b"\x1b_", b"\x1b^", b"\x1bX"])
    body = rng.choice([b"", b"4;255;rgb:12/34/56", b"1$r0;48;2;1;2;3m", b"Gi=31;OK", b">|kitty(0.26.5)", b"qqqq" * 500, garbage(rng)])
    end = rng.choice([b"", b"", b"\x07", b"\x1b\\", b"\x1b", b"\x18"])
    return rng.choice([first + body + end] * 5 + [b"\x1b[?62;22c", b"\x1b[6;19;9t", b"\x1b[6;99999;0t", b"\x1b[?", b"\x1b[6;", b"\x1b[1;1R"])


def typed(rng):
    kind = rng.randrange(100)
    if kind < 44:
        return "".join(rng.choice(KEYS) for _ in range(rng.choice([1, 1, 1, 2, 5]))).encode()
    if kind < 60:
        return rng.choice(MORE).encode()
    if kind < 74:
        return f":{rng.choice(WORDS)} {rng.choice(VALUES)}{rng.choice(['', chr(13), chr(13), chr(13)])}".encode()
    if kind < 81:
        return paste(rng)
    if kind < 89:
        return mouse(rng)
    if kind < 95:
        return reply(rng)
    if kind < 97:
        return garbage(rng, 200)
    return "".join(rng.choice(ANALYSES) for _ in range(rng.choice([10, 60, 300]))).encode()


def no_way_out(data):
    """Without what ends the program by design: Ctrl-C and Ctrl-\\."""
    return data.replace(b"\x03", b"").replace(b"\x1c", b"")


class Run:
    """One session of a seed."""

    def __init__(self, seed, steps, folder, verbose=False):
        self.rng, self.seed, self.steps, self.verbose = random.Random(seed), seed, steps, verbose
        self.folder, self.done, self.times, self.escapes = folder, 0, {}, 1

    def say(self, *words):
        if self.verbose:
            print(*words, flush=True)

    def act(self, session):
        if session.over():
            return
        rng, kind = self.rng, self.rng.randrange(1000)
        if kind < 40:
            size = rng.choice([(0, 0), (1, 1), (500, 300), (80, 24), (rng.randint(0, 500), rng.randint(0, 300))])
            self.say("size", size)
            session.resize(*size)
        elif kind < 48:
            self.say("Ctrl-Z")
            session.reads = True
            session.type(b"\x1a")
            if session.stopped(1.0):
                session.slow = 0
                session.settle(0.1, 2)
                if session.stream.left_on():
                    session.settle(0.5, 2)
                left = session.stream.left_on()
                self.stops += [f"while stopped: {w}" for w in left]
                try:
                    os.kill(session.pid, signal.SIGCONT)
                except ProcessLookupError:
                    return
                session.pump(0.05)
        elif kind < 60:
            session.reads = rng.random() < 0.5
            session.slow = rng.choice([0, 0, 16, 200])
            self.say("reads", session.reads, session.slow)
        elif kind < 66:
            self.say("a reply, a second late")
            session.pump(1.0)
            session.type(reply(rng))
        else:
            data = no_way_out(typed(rng))
            self.say("types", data[:90])
            session.type(data)
        session.pump(rng.choice([0, 0, 0.002, 0.01, 0.03, 0.2 if rng.random() < 0.1 else 0.005]))

    def leave(self, session):
        """Seconds to the end; None for never."""
        rng = self.rng
        way = self.way = rng.choice(["Esc q", "Esc q", "Ctrl-C", "TERM"])
        session.out.clear()
        # Whatever was cut is over for a person who looks at the screen; one who does not presses at once.
        if rng.random() < 0.5:
            session.pump(0.6)
        session.reads = session.reads or rng.random() < 0.7
        self.say("leaves by", way, "reads", session.reads)
        if session.over():
            return 0.0
        if way == "TERM":
            try:
                os.kill(session.pid, signal.SIGTERM)
            except ProcessLookupError:
                pass  # a key had ended it
            return session.ended(2)
        if way == "Ctrl-C":
            session.type(b"\x03")
            return session.ended(2)
        for self.escapes in (1, 2, 3):
            session.type(b"\x1b")
            session.pump(0.3)
            session.type(b"q")
            took = session.ended(2)
            if took is not None:
                return took
        return None

    def go(self):
        rng, place = self.rng, Place()
        all_scenes = scenes(self.folder)
        name = rng.choice(list(all_scenes))
        environment = place.environment(rng.choice(TERMS))
        if rng.random() < 0.5:
            environment["BOLDSPECT_NO_PROBE"] = "1"
        if rng.random() < 0.3:
            environment["COLORTERM"] = "truecolor"
        self.say("scene", name, environment["TERM"])
        self.stops, self.way = [], ""
        session = Session(all_scenes[name], place, size=rng.choice([(100, 30), (80, 24), (160, 45), (40, 10)]), environment=environment)
        try:
            if rng.random() < 0.6:
                session.settle(0.3, 8)
            faults = self.run(session)
        finally:
            session.close()
            place.remove()
        return faults + self.stops

    def run(self, session):
        for _ in range(self.steps):
            self.act(session)
            self.done += 1
            # A `q` among the keys, a line `:quit` or an end of its own.
            if session.over():
                break
        if not session.over():
            took = self.leave(session)
            if took is None:
                where = stack(session.pid) if self.verbose else ""
                session.kill()
                return [f"{self.way} does not end it within 2 s {where}"]
            self.times.setdefault(self.way, []).append(took)
            if self.escapes > 1:
                return [f"it took {self.escapes} Esc before q"]
        faults = []
        if session.code < 0:
            faults.append(f"signal {-session.code}")
        elif session.code not in (0, 130, 143, 74):
            faults.append(f"exit code {session.code}")
        return faults + session.faults()


def stack(pid):
    try:
        with open(f"/proc/{pid}/wchan") as file:
            return file.read()
    except OSError:
        return ""


def one(seed, steps, folder, verbose=False):
    run = Run(seed, steps, folder, verbose)
    faults = run.go()
    return seed, run.done, run.times, faults


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--count", type=int, default=60)
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="boldspect-siege-files-") as folder:
        scenes(folder)
        if options.seed is not None:
            print(one(options.seed, options.steps, folder, True))
            return 0
        end, steps, runs, breaches, times = time.monotonic() + options.seconds, 0, 0, [], {}
        with concurrent.futures.ProcessPoolExecutor(2) as pool:
            seeds = iter(range(options.first, options.first + options.count))
            waiting = set()
            while True:
                for seed in seeds if len(waiting) < 2 else ():
                    if time.monotonic() > end:
                        break
                    waiting.add(pool.submit(one, seed, options.steps, folder))
                    if len(waiting) >= 2:
                        break
                if not waiting:
                    break
                finished, waiting = concurrent.futures.wait(waiting, return_when=concurrent.futures.FIRST_COMPLETED)
                for job in finished:
                    seed, done, took, faults = job.result()
                    steps, runs = steps + done, runs + 1
                    for way, seconds in took.items():
                        times.setdefault(way, []).extend(seconds)
                    for fault in faults:
                        breaches.append(seed)
                        print(f"seed {seed}: {fault}", file=sys.stderr, flush=True)
    print(f"{runs} random sessions, {steps} steps, {len(set(breaches))} with a breach")
    for way, seconds in sorted(times.items()):
        seconds.sort()
        print(f"  {way:8} {len(seconds):5} times: median {seconds[len(seconds) // 2]:.2f} s, slowest {seconds[-1]:.2f} s")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
