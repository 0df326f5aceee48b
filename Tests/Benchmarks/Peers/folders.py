"""Listing a study: boldspect beside find, bids2table and PyBIDS, in one run.

    folders.py BOLDSPECT NAMES [PEOPLE]

BOLDSPECT is the program, NAMES a list of the paths that fMRIPrep writes for one study, a line each, with one person
whose files are copied (empty) for PEOPLE people. Peers that are not installed are said to be absent. Every row is
the median of five runs; "first" is without an index, "again" with it.
"""
import os, re, shutil, statistics, subprocess, sys, tempfile, time


def tree(root, names, people):
    lines = [line.strip() for line in open(names) if line.strip()]
    folders = {os.path.dirname(line) for line in lines}
    subject = sorted({m.group(0) for m in (re.match(r"sub-[^/._]+", x) for x in lines) if m})[0]
    for line in lines:
        if line.startswith("sub-"):
            continue
        make(os.path.join(root, line), line in folders)
    own = [line for line in lines if line.startswith(subject)]
    for n in range(people):
        for line in own:
            make(os.path.join(root, line.replace(subject, "sub-%05d" % (n + 1))), line in folders)


def make(path, is_folder):
    os.makedirs(path if is_folder else os.path.dirname(path), exist_ok=True)
    if not is_folder and not os.path.isdir(path):
        with open(path, "w") as file:
            # Some indexers refuse a study for one JSON file without an object.
            file.write("{}" if path.endswith(".json") else "")


def timed(command, before=None, **more):
    seconds, peak = [], 0
    for _ in range(5):
        if before:
            before()
        start = time.perf_counter()
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
        _, status, usage = os.wait4(run.pid, 0)
        seconds.append(time.perf_counter() - start)
        peak = max(peak, usage.ru_maxrss)
        if status:
            return None
    return statistics.median(seconds), peak / 1024


def main():
    program, names = sys.argv[1], sys.argv[2]
    people = int(sys.argv[3]) if len(sys.argv) > 3 else 200
    with tempfile.TemporaryDirectory() as folder:
        root, cache = folder + "/study", folder + "/cache"
        tree(root, names, people)
        count = sum(len(files) for _, _, files in os.walk(root))
        # Folders that changed just now are not taken from an index.
        time.sleep(3)
        env = dict(os.environ, XDG_CACHE_HOME=cache, XDG_STATE_HOME=folder + "/state")
        forget = lambda: shutil.rmtree(cache, ignore_errors=True)
        rows = [
            ("find", timed(["find", root])),
            ("boldspect list, first", timed([program, "list", root], forget, env=env)),
            ("boldspect list, again", timed([program, "list", root], env=env)),
        ]
        for name, code in [
            ("bids2table", f"import bids2table as b; b.index_dataset({root!r})"),
            ("PyBIDS", f"import bids; bids.BIDSLayout({root!r}, validate=False, derivatives=False)"),
        ]:
            rows.append((name, timed([sys.executable, "-c", code])))
        print(f"{people} people, {count} files")
        for name, found in rows:
            print(f"{name:24}", "absent" if found is None else "%7.3f s  %6.0f MB" % found)


main()
