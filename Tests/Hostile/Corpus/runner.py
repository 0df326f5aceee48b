"""Runs the program under limits of time, memory and output, in folders of its own, with or without a terminal."""

import fcntl
import os
import pty
import resource
import select
import shutil
import signal
import struct
import subprocess
import termios
import time

SECONDS = 20
ADDRESS_BYTES = 6 << 30
FILE_BYTES = 64 << 20


class Place:
    """The folders of one run: everything that it could leave behind."""

    def __init__(self, root):
        self.root = root
        for name in ("out", "tmp", "home", "state", "config", "cache"):
            os.makedirs(os.path.join(root, name))
        self.out = os.path.join(root, "out")
        self.tmp = os.path.join(root, "tmp")

    def environment(self, extra):
        e = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LANG": "C.UTF-8", "TERM": "xterm-256color",
             "HOME": self.root + "/home", "TMPDIR": self.tmp, "XDG_STATE_HOME": self.root + "/state",
             "XDG_CONFIG_HOME": self.root + "/config", "XDG_CACHE_HOME": self.root + "/cache",
             "BOLDSPECT_NO_PROBE": "1"}
        if "LD_LIBRARY_PATH" in os.environ:
            e["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
        e.update(extra)
        return e

    def left(self, folder):
        """Every file below a folder."""
        return [os.path.join(path, f) for path, _, files in os.walk(folder) for f in files]

    def clear(self):
        shutil.rmtree(self.root, ignore_errors=True)


class Result:
    def __init__(self):
        self.status, self.signal, self.is_hung = None, None, False
        self.seconds = self.cpu = 0.0
        self.peak = 0
        self.output = self.errors = b""


def limit(address):
    """In the child, before the program: what it may take."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (address, address))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))


def wait(pid, until, each=lambda: None):
    """Waits for a child, ends it when its time is up; returns (status, usage, is_hung)."""
    pause = 0.001
    while True:
        done, status, usage = os.wait4(pid, os.WNOHANG)
        if done:
            return status, usage, False
        if time.monotonic() > until:
            try:
                os.killpg(pid, signal.SIGKILL)
            except ProcessLookupError:
                os.kill(pid, signal.SIGKILL)
            _, status, usage = os.wait4(pid, 0)
            return status, usage, True
        each()
        time.sleep(pause)
        pause = min(0.02, pause * 1.5)


def note_peak(pid, peak):
    """The most address space so far, while the process lives."""
    try:
        with open("/proc/%d/status" % pid) as status:
            for line in status:
                if line.startswith("VmPeak:"):
                    peak["bytes"] = max(peak.get("bytes", 0), int(line.split()[1]) * 1024)
    except OSError:
        pass


def finish(r, start, status, usage):
    r.seconds = time.monotonic() - start
    r.cpu = usage.ru_utime + usage.ru_stime
    r.peak = usage.ru_maxrss * 1024
    if os.WIFSIGNALED(status):
        r.signal = os.WTERMSIG(status)
    else:
        r.status = os.WEXITSTATUS(status)


def run(program, arguments, place, extra=None, seconds=SECONDS, address=ADDRESS_BYTES, peak=None):
    """One command without a terminal."""
    r = Result()
    paths = [os.path.join(place.root, n) for n in ("stdout", "stderr")]
    start = time.monotonic()
    with open(paths[0], "wb") as out, open(paths[1], "wb") as err:
        p = subprocess.Popen([program] + arguments, stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=place.out,
                             env=place.environment(extra or {}), start_new_session=True,
                             preexec_fn=lambda: limit(address))
        status, usage, r.is_hung = wait(p.pid, start + seconds,
                                        (lambda: note_peak(p.pid, peak)) if peak is not None else lambda: None)
        p.returncode = 0
    finish(r, start, status, usage)
    r.output, r.errors = (open(path, "rb").read() for path in paths)
    return r


def view(program, arguments, place, keys, extra=None, seconds=SECONDS, size=(24, 80), address=ADDRESS_BYTES,
         peak=None):
    """The viewer in a pseudo-terminal: keys one after the other once it is quiet, `q` at the end."""
    r = Result()
    start = time.monotonic()
    environment = place.environment(extra or {})
    ready_end, go_end = os.pipe()
    pid, master = pty.fork()
    if pid == 0:
        try:
            # Not before its modes were looked at.
            os.read(ready_end, 1)
            limit(address)
            os.chdir(place.out)
            os.execve(program, [program] + arguments, environment)
        finally:
            os._exit(127)
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", size[0], size[1], 0, 0))
    before = termios.tcgetattr(master)
    os.write(go_end, b"g")
    os.close(ready_end)
    os.close(go_end)
    seen = bytearray()
    queue = list(keys) + ["q"]
    state = dict(last=start, open=True)

    def each():
        if peak is not None:
            note_peak(pid, peak)
        ready, _, _ = select.select([master], [], [], 0.01) if state["open"] else ([], [], [])
        if ready:
            try:
                part = os.read(master, 1 << 16)
            except OSError:
                part = b""
            if not part:
                state["open"] = False
            elif len(seen) < FILE_BYTES:
                seen.extend(part)
            state["last"] = time.monotonic()
        elif queue and state["open"] and seen and time.monotonic() - state["last"] > 0.25:
            try:
                os.write(master, queue.pop(0).encode())
            except OSError:
                state["open"] = False
            state["last"] = time.monotonic()
        elif not queue and state["open"] and time.monotonic() - state["last"] > 2:
            # A question or a report may have taken the q.
            try:
                os.write(master, b"\x1bq")
            except OSError:
                state["open"] = False
            state["last"] = time.monotonic()
    status, usage, r.is_hung = wait(pid, start + seconds, each)
    while True:
        ready, _, _ = select.select([master], [], [], 0)
        if not ready:
            break
        try:
            part = os.read(master, 1 << 16)
        except OSError:
            break
        if not part:
            break
        seen.extend(part)
    try:
        r.is_restored = termios.tcgetattr(master)[:4] == before[:4]
    except termios.error:
        r.is_restored = None
    os.close(master)
    finish(r, start, status, usage)
    r.output = bytes(seen)
    return r
