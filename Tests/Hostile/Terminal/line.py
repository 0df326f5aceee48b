"""The real program on a pseudo-terminal that reads, dawdles, does not read at all, or is gone."""
import ctypes, fcntl, os, re, select, shutil, signal, struct, tempfile, termios, time

from stream import Stream

SYSTEM = ctypes.CDLL(None)


class Place:
    """Folders of one run alone: home, temporary folder, and where it works."""

    def __init__(self, name="siege", base=None):
        self.path = tempfile.mkdtemp(prefix=f"boldspect-{name}-", dir=base)
        for part in ("home", "tmp", "work"):
            os.mkdir(f"{self.path}/{part}")
        self.work, self.tmp = f"{self.path}/work", f"{self.path}/tmp"

    def environment(self, term="xterm-256color", **more):
        kept = {k: v for k, v in os.environ.items() if k in ("PATH", "LD_LIBRARY_PATH")}
        home = f"{self.path}/home"
        return kept | {
            "HOME": home, "TMPDIR": self.tmp, "TERM": term, "LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1",
            "XDG_STATE_HOME": f"{home}/state", "XDG_CONFIG_HOME": f"{home}/config",
            "XDG_CACHE_HOME": f"{home}/cache",
        } | more

    def left(self):
        return sorted(os.listdir(self.tmp))

    def remove(self):
        shutil.rmtree(self.path, ignore_errors=True)


def modes(line):
    return termios.tcgetattr(line)


def scheduled(pid, field):
    """Seconds for each thread: that it ran (0), or that it could have run and was not let (1)."""
    out = {}
    try:
        threads = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return out
    for thread in threads:
        try:
            with open(f"/proc/{pid}/task/{thread}/schedstat") as file:
                out[thread] = int(file.read().split()[field]) / 1e9
        except (OSError, IndexError):
            pass  # it ended
    return out


def waited(pid):
    """What is not the program's fault on a machine that has other work."""
    return scheduled(pid, 1)


def lost(pid, before):
    return max((now - before.get(thread, 0.0) for thread, now in waited(pid).items()), default=0.0)


class Session:
    """One run. `pump` moves bytes both ways; nothing else does."""

    def __init__(self, arguments, place, size=(100, 30), reads=True, environment=None, closed=(), before=None):
        SYSTEM.prctl(36, 1, 0, 0, 0)  # whatever outlives the program becomes this process's, and is seen
        self.place, self.reads, self.slow = place, reads, 0
        self.stream = Stream()
        self.out, self.status, self.user, self.system = bytearray(), None, 0.0, 0.0
        self.master, self.slave = os.openpty()
        self.resize(*size)
        self.modes_before = modes(self.slave)
        name = os.ttyname(self.slave)
        # The shell that it is started from leads the session: a leader's end would take back what was written last.
        told, tells = os.pipe()
        self.leader = os.fork()
        if self.leader == 0:
            os.close(told)
            self.lead(name, tells, arguments, environment or place.environment(), closed, before)
        os.close(tells)
        self.told = os.fdopen(told, "rb", 0)
        self.pid = struct.unpack("i", self.told.read(4))[0]
        os.set_blocking(told, False)
        os.set_blocking(self.master, False)

    def lead(self, name, tells, arguments, environment, closed, before):
        """Starts the program in the foreground of a session of its own, and says how it ended."""
        try:
            os.setsid()
            line = os.open(name, os.O_RDWR)
            fcntl.ioctl(line, termios.TIOCSCTTY, 0)
            signal.signal(signal.SIGTTOU, signal.SIG_IGN)
            child = os.fork()
            if child == 0:
                os.setpgid(0, 0)
                os.tcsetpgrp(line, os.getpid())
                for n in (0, 1, 2):
                    os.dup2(line, n)
                os.closerange(3, 256)
                for n in closed:
                    os.close(n)
                os.chdir(self.place.work)
                for n in range(1, 65):
                    if n not in (9, 19, 32, 33):
                        signal.signal(n, signal.SIG_DFL)
                if before:
                    before()
                os.execve(arguments[0], arguments, environment)
            os.write(tells, struct.pack("i", child))
            for n in range(256):
                if n != tells:
                    try:
                        os.close(n)
                    except OSError:
                        pass
            _, status, usage = os.wait4(child, 0)
            os.write(tells, struct.pack("idd", status, usage.ru_utime, usage.ru_stime))
            while True:
                signal.pause()
        finally:
            os._exit(127)

    def resize(self, columns, rows):
        fcntl.ioctl(self.slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, data):
        self.out += data if isinstance(data, bytes) else data.encode()

    def step(self, wait):
        """One look at the line: what came is taken apart, what is to be typed goes as there is room."""
        if self.master < 0:
            time.sleep(wait)
            return False
        reading = [self.master] if self.reads else []
        try:
            ready = select.select(reading, [self.master] if self.out else [], [], wait)
        except OSError:
            return False
        came = False
        if ready[0]:
            try:
                data = os.read(self.master, self.slow or 65536)
            except BlockingIOError:
                data = b""
            except OSError:
                return False
            self.stream.take(data)
            came = bool(data)
            if self.slow:
                time.sleep(0.002)
        if ready[1]:
            try:
                del self.out[: os.write(self.master, bytes(self.out[:1024]))]
            except OSError:
                pass
        if not ready[0] and not ready[1] and wait and not reading:
            time.sleep(0)
        return came

    def pump(self, seconds, until=None):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if until and until():
                return True
            self.step(min(0.02, max(0.0, end - time.monotonic())))
        return bool(until and until())

    def settle(self, quiet=0.3, limit=10):
        end, silent = time.monotonic() + limit, time.monotonic() + quiet
        while time.monotonic() < min(end, silent):
            if self.step(0.02):
                silent = time.monotonic() + quiet

    def over(self):
        """Whether it has ended; how is kept."""
        if self.status is None:
            words = self.told.read(20 + 4)
            if words and len(words) == 24:
                self.status, self.user, self.system = struct.unpack("idd", words)
        if self.status is None:
            try:
                # Its leader went with the line.
                pid, status, usage = os.wait4(self.pid, os.WNOHANG)
                if pid:
                    self.status, self.user, self.system = status, usage.ru_utime, usage.ru_stime
            except ChildProcessError:
                pass
        return self.status is not None

    def ended(self, seconds):
        """Waits for the end; seconds that it took, without those in which it was not let run; None for never."""
        start, before, late = time.monotonic(), waited(self.pid), 0.0
        while True:
            if self.over():
                return max(0.0, time.monotonic() - start - late)
            if self.stopped(0):
                try:
                    os.kill(self.pid, signal.SIGCONT)
                except ProcessLookupError:
                    pass
            late = max(late, lost(self.pid, before))
            if time.monotonic() - start - late > seconds:
                return None
            self.step(0.005)

    @property
    def code(self):
        return os.waitstatus_to_exitcode(self.status)

    def stopped(self, seconds=3):
        """Whether it stands still, as after Ctrl-Z."""
        end = time.monotonic() + seconds
        while True:
            try:
                with open(f"/proc/{self.pid}/stat") as file:
                    if file.read().rsplit(")", 1)[1].split()[0] == "T":
                        return True
            except OSError:
                return False
            if time.monotonic() >= end:
                return False
            self.step(0.01)

    def cpu(self):
        """Seconds of processor so far, ended threads included."""
        with open(f"/proc/{self.pid}/stat") as file:
            words = file.read().rsplit(")", 1)[1].split()
        return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")

    def memory(self):
        """Resident MB that no file stands behind."""
        with open(f"/proc/{self.pid}/status") as file:
            found = re.search(r"RssAnon:\s+(\d+)", file.read())
        return int(found[1]) / 1024 if found else 0.0

    def drop(self):
        """The line is gone."""
        if self.master >= 0:
            os.close(self.master)
            self.master = -1
        if self.slave >= 0:
            os.close(self.slave)
            self.slave = -1

    def kill(self):
        end = time.monotonic() + 5
        while not self.over() and time.monotonic() < end:
            try:
                os.kill(self.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            time.sleep(0.01)

    def faults(self, children=True):
        """What is not as it was before the program; to be asked after its end."""
        out = []
        if self.master >= 0:
            self.reads, self.slow = True, 0
            self.out.clear()
            self.settle(0.05, 1)
            if self.stream.left_on():
                self.settle(0.5, 2)  # the kernel may be slow with what was sent last
            if modes(self.slave) != self.modes_before:
                out.append("the line's modes are not as before")
            out += self.stream.left_on()
        out += self.stream.strange
        left = self.place.left()
        if left:
            out.append(f"left in the temporary folder: {left[0]}")
        if children:
            out += orphans(besides=self.leader)
        return out

    def close(self):
        self.kill()
        self.drop()
        self.told.close()
        try:
            os.kill(self.leader, signal.SIGKILL)
            os.waitpid(self.leader, 0)
        except OSError:
            pass


def orphans(seconds=1.0, besides=0):
    """Processes that outlived the program; they are ended."""
    end = time.monotonic() + seconds
    while True:
        alive = [c for c in children() if c != besides and not reaped(c)]
        if not alive:
            return []
        if time.monotonic() > end:
            names = []
            for child in alive:
                try:
                    with open(f"/proc/{child}/comm") as file:
                        names.append(file.read().strip())
                    os.kill(child, signal.SIGKILL)
                    os.waitpid(child, 0)
                except OSError:
                    pass
            return [f"outlived the program: {', '.join(names)}"]
        time.sleep(0.02)


def children():
    me = os.getpid()
    try:
        with open(f"/proc/{me}/task/{me}/children") as file:
            return [int(n) for n in file.read().split()]
    except OSError:
        return []


def reaped(child):
    try:
        return os.waitpid(child, os.WNOHANG)[0] == child
    except ChildProcessError:
        return True
