"""Bytes and milliseconds for the same picture at the same size: this viewer, chafa and timg.

usage: viewers.py -- PROGRAM ARGUMENT ...

The program's screen is read back cell by cell, two pixels a cell; that image goes to chafa and timg with
half blocks and no dithering, in 256 and in 24-bit colours. Needs pyte and pillow, and chafa and timg where
they are to be compared.
"""
import fcntl, os, pty, select, shutil, struct, subprocess, sys, tempfile, termios, time

import pyte
from PIL import Image

COLUMNS, ROWS = 160, 45
program = sys.argv[sys.argv.index("--") + 1 :]
ANSI = {
    "black": "000000", "red": "cd0000", "green": "00cd00", "brown": "cdcd00", "blue": "0000ee",
    "magenta": "cd00cd", "cyan": "00cdcd", "white": "e5e5e5", "default": "000000",
}


class Session:
    def __init__(self, colours):
        pid, self.fd = pty.fork()
        if pid == 0:
            os.environ.update(TERM="xterm-256color", LANG="C.UTF-8", BOLDSPECT_NO_PROBE="1")
            os.environ["COLORTERM"] = colours
            os.execvp(program[0], program)
        size = struct.pack("HHHH", ROWS, COLUMNS, 0, 0)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, size)
        self.screen = pyte.Screen(COLUMNS, ROWS)
        self.stream = pyte.ByteStream(self.screen)
        self.read(2, 15)

    def read(self, quiet, limit):
        total, last, now = 0, None, time.monotonic()
        end, silent = now + limit, now + quiet
        while time.monotonic() < min(end, silent):
            if select.select([self.fd], [], [], 0.005)[0]:
                data = os.read(self.fd, 65536)
                total, last = total + len(data), time.monotonic()
                silent = last + quiet
                self.stream.feed(data)
        return total, last

    def press(self, key):
        start = time.monotonic()
        os.write(self.fd, key)
        size, last = self.read(0.3, 5)
        return size, 1000 * ((last or start) - start)

    def image(self):
        def rgb(name):
            text = ANSI.get(name, name)
            try:
                return tuple(bytes.fromhex(text[-6:]))
            except ValueError:
                return (0, 0, 0)

        image = Image.new("RGB", (COLUMNS, 2 * ROWS))
        for y in range(ROWS):
            for x in range(COLUMNS):
                cell = self.screen.buffer[y][x]
                fore, back = rgb(cell.fg), rgb(cell.bg)
                if cell.reverse:
                    fore, back = back, fore
                top, bottom = {"▀": (fore, back), "▄": (back, fore), "█": (fore, fore)}.get(
                    cell.data, (back, back)
                )
                image.putpixel((x, 2 * y), top)
                image.putpixel((x, 2 * y + 1), bottom)
        return image

    def end(self):
        os.write(self.fd, b"q")
        try:
            while os.read(self.fd, 65536):
                pass
        except OSError:
            pass


def median(values):
    return sorted(values)[len(values) // 2]


def peer(name, arguments, pictures, folder):
    if not shutil.which(arguments[0]):
        print(f"{name:34} not installed")
        return
    sizes, times = [], []
    for n, picture in enumerate(pictures):
        path = os.path.join(folder, f"{n}.png")
        picture.save(path)
        start = time.monotonic()
        out = subprocess.run(arguments + [path], capture_output=True, check=False).stdout
        times.append(1000 * (time.monotonic() - start))
        sizes.append(len(out))
    print(f"{name:34} {median(sizes):9} {median(sizes):11} {median(times):8.1f}")


print(f"{'160x45 cells':34} {'bytes all':>9} {'next slice':>11} {'ms':>8}")
pictures = {}
for colours, label in [("", "256 colours"), ("truecolor", "24-bit")]:
    session = Session(colours)
    session.press(b" ")
    whole, _ = session.press(b"\x0c")
    steps = []
    for _ in range(8):
        steps.append(session.press(b">"))
        pictures.setdefault(colours, []).append(session.image())
    size, ms = median([s for s, _ in steps]), median([t for _, t in steps])
    print(f"{'boldspect, ' + label:34} {whole:9} {size:11} {ms:8.1f}")
    session.end()
with tempfile.TemporaryDirectory() as folder:
    size = f"{COLUMNS}x{ROWS}"
    chafa = ["chafa", "-s", size, "--stretch", "--symbols", "vhalf", "--dither", "none", "-f", "symbols"]
    peer("chafa, 256 colours", chafa + ["-c", "256"], pictures[""], folder)
    peer("chafa, 24-bit", chafa + ["-c", "full"], pictures["truecolor"], folder)
    timg = ["timg", "-p", "half", "-g", size, "--upscale=i"]
    peer("timg, 256 colours", timg + ["--color8"], pictures[""], folder)
    peer("timg, 24-bit", timg, pictures["truecolor"], folder)
