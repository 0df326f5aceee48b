"""Bytes and milliseconds from a key to the last byte of its picture, in a pseudo-terminal.

usage: latency.py [--link] [--keys TEXT] [--warm TEXT] [--hold SECONDS] -- PROGRAM ARGUMENT ...

Each key of --keys is pressed alone, --rounds times; with --hold the first key is then pressed 30 times a
second and the time from the last press to the last byte says whether a backlog formed. --link passes
everything through 1 Mbit/s and 75 ms each way.
"""
import argparse, fcntl, os, pty, select, struct, sys, termios, time

parser = argparse.ArgumentParser()
parser.add_argument("--keys", default="j", help="keys, by comma; \\e is escape")
parser.add_argument("--warm", default="", help="what is typed before, by comma")
parser.add_argument("--rounds", type=int, default=30)
parser.add_argument("--hold", type=float, default=0)
parser.add_argument("--columns", type=int, default=160)
parser.add_argument("--rows", type=int, default=45)
parser.add_argument("--term", default="xterm-256color")
parser.add_argument("--wait", type=float, default=4)
parser.add_argument("--link", action="store_true")
parser.add_argument("program", nargs=argparse.REMAINDER)
options = parser.parse_args()
program = options.program[1:] if options.program[:1] == ["--"] else options.program


def keys(text):
    return [k.replace("\\e", "\x1b").replace("\\r", "\r").encode() for k in text.split(",") if k]


pid, fd = pty.fork()
if pid == 0:
    os.environ.update(TERM=options.term, LANG="C.UTF-8", BOLDSPECT_NO_PROBE="1")
    os.execvp(program[0], program)
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", options.rows, options.columns, 0, 0))
RATE, DELAY = (125_000.0, 0.075) if options.link else (float("inf"), 0.0)
line_free = 0.0  # when the simulated line has carried all that it was given


def receive(quiet, limit):
    """Reads until nothing came for `quiet` seconds; bytes, and when the last arrived at the far end."""
    global line_free
    total, last, end = 0, None, time.monotonic() + limit
    silent = time.monotonic() + quiet
    while time.monotonic() < min(end, max(silent, line_free + quiet)):
        if RATE != float("inf") and line_free > time.monotonic():
            time.sleep(min(0.005, line_free - time.monotonic()))
            continue  # the line is busy: the program has to wait
        if select.select([fd], [], [], 0.002)[0]:
            try:
                data = os.read(fd, 4096)
            except OSError:
                break
            now = time.monotonic()
            line_free = max(line_free, now) + len(data) / RATE
            total, last = total + len(data), line_free + DELAY
            silent = now + quiet
    return total, last


receive(1.5, options.wait + 10)
for key in keys(options.warm):
    os.write(fd, key)
    receive(0.8, 8)
print(f"{'key':8} {'n':>3} {'bytes med':>10} {'max':>7} {'ms med':>8} {'p95':>7} {'max':>7}")
for key in keys(options.keys):
    sizes, times = [], []
    for _ in range(options.rounds):
        pressed = time.monotonic()
        if DELAY:
            time.sleep(DELAY)
        os.write(fd, key)
        size, last = receive(0.25, 5)
        if last:
            sizes.append(size)
            times.append(1000 * (last - pressed))
    if not sizes:
        print(f"{key!r:8} nothing came")
        continue
    sizes.sort()
    times.sort()
    at = lambda x, q: x[min(len(x) - 1, int(q * len(x)))]
    print(
        f"{key.decode()!r:8} {len(sizes):3} {at(sizes, .5):10} {sizes[-1]:7} {at(times, .5):8.1f} "
        f"{at(times, .95):7.1f} {times[-1]:7.1f}"
    )
if options.hold:
    pressed, total, frames = time.monotonic(), 0, 0
    first, count = pressed, int(options.hold * 30)
    both = keys(options.keys)[:2]
    for n in range(count):
        os.write(fd, both[n // 10 % len(both)])
        pressed = time.monotonic()
        while time.monotonic() < first + (n + 1) / 30:
            size, last = receive(0.004, first + (n + 1) / 30 - time.monotonic())
            total, frames = total + size, frames + (1 if size else 0)
    size, last = receive(0.5, 20)
    after = 1000 * (last - pressed) if last else 0.0
    print(
        f"held {options.hold:g} s at 30/s: {frames} pictures in {count} presses, {total + size} bytes, "
        f"last byte {after:.0f} ms after the last press"
    )
os.write(fd, b"q")
try:
    while os.read(fd, 65536):
        pass
except OSError:
    pass
os.waitpid(pid, 0)
