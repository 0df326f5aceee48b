"""Runs every file of the corpus through the program; prints a table by format and every breach.

    python3 check.py PROGRAM [--corpus FOLDER] [--only KIND] [--each N] [--views N] [--jobs N] [--list FILE]
"""

import argparse
import collections
import json
import multiprocessing
import os
import shutil
import sys
import tempfile
import time

import commands
import judge
import make
import runner

options = None


def state_of(folder):
    """What must not change by reading: the names, sizes and times below a folder, as long as they can be told."""
    out = []
    for path, folders, files in os.walk(os.fsencode(folder)):
        for name in folders + files:
            s = os.lstat(os.path.join(path, name))
            out.append((os.path.join(path, name), s.st_size, s.st_mtime_ns, s.st_mode))
    return sorted(out)


def prepared(case, place):
    """Files that the program keeps by itself, put where it looks for them."""
    for name, folder in (("state", "/state/boldspect"), ("config", "/config/boldspect")):
        if name in case.get("kept", {}):
            shutil.copytree(os.path.join(case["folder"], case["kept"][name]), place.root + folder, dirs_exist_ok=True)


def one(case, line, check):
    """One command of one case; returns what is wrong with it."""
    place = runner.Place(tempfile.mkdtemp(dir=options.scratch))
    try:
        prepared(case, place)
        line = [part.replace(commands.OUT, place.out) for part in line]
        before = state_of(case["folder"])
        is_viewer = line[0] == "view"
        seconds, address = case.get("seconds", runner.SECONDS), case.get("address", runner.ADDRESS_BYTES)
        # A busy machine hangs nothing.
        patience = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
        if is_viewer:
            keys = case.get("keys", [" ", ">", "t", "\x1b", "2", ":findings\r", "\x1b"])
            r = runner.view(options.program, line, place, keys, seconds=seconds * patience, address=address)
        else:
            r = runner.run(options.program, line, place, seconds=seconds * patience, address=address)
        if r.cpu > 2 * seconds:
            r.is_hung = True
        faults = list(judge.always(r, place, case.get("planted", []), case.get("peak", judge.MOST_PEAK),
                                   case.get("most", judge.MOST_OUTPUT)))
        if not is_viewer:
            faults += judge.plain(r, place)
            if r.status not in (0, 75, None) and place.left(place.out):
                faults.append("refuses and leaves %s" % place.left(place.out)[0])
            for path in place.left(place.out):
                faults += written(path, case)
        elif r.output and r.is_restored is False:
            faults.append("the terminal's modes are not given back")
        if state_of(case["folder"]) != before:
            faults.append("the folder of the file was changed")
        if not r.is_hung and r.signal is None:
            faults += answer(case, check, r)
        return faults, r
    finally:
        place.clear()


def written(path, case):
    """Text files that a command made."""
    if not path.endswith((".txt", ".tsv", ".json", ".html", ".xml", ".csv")):
        return
    text = open(path, "rb").read().decode("utf-8", "replace")
    found = judge.hidden(text)
    if found:
        yield "%s in %s" % (found, os.path.basename(path))
    for word in case.get("planted", []):
        if word in text:
            yield "%s of the file stands in %s" % (word, os.path.basename(path))


def answer(case, check, r):
    if check == "refusal":
        return list(judge.refused(case, r))
    if check in ("header", "values", "done"):
        if r.status != 0:
            return ["is refused: %s" % r.errors.decode("utf-8", "replace")[-300:].strip()]
        if check == "done":
            return list(judge.said(case, r))
        compare = judge.same_header if check == "header" else judge.same_values
        return list(compare(case, r.output.decode()))
    return []


def whole(job):
    case, lines = job
    out = []
    for name, line, check in lines:
        try:
            faults, r = one(case, line, check)
        except Exception as error:  # a fault of this script must not pass for silence
            faults, r = ["check.py: %r" % error], runner.Result()
        out.append((case["id"], case["kind"], case["expect"], line, faults, r.seconds, r.peak, r.status))
    return out


def jobs(cases, base):
    views = 0
    for n, case in enumerate(cases):
        lines = commands.of(case, n, base, commands.OUT, options.each)
        kept = []
        for line in lines:
            if line[0] == "view":
                views += 1
                if (views - 1) % options.views:
                    continue
            kept.append(line)
        yield case, kept


def main():
    global options
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--corpus", help="where it is made, and stays; a temporary folder without it")
    parser.add_argument("--parts", help="of " + ", ".join(make.PARTS) + "; all without it")
    parser.add_argument("--only", help="formats whose names hold this")
    parser.add_argument("--case", help="cases whose names hold this")
    parser.add_argument("--each", type=int, default=2, help="further commands a case, by turns")
    parser.add_argument("--views", type=int, default=1, help="one in so many of the viewer's runs")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--list", help="write every breach here")
    options = parser.parse_args()
    options.program = os.path.realpath(options.program)
    root = options.corpus or tempfile.mkdtemp(prefix="boldspect-corpus-")
    options.scratch = tempfile.mkdtemp(prefix="boldspect-hostile-")
    start = time.monotonic()
    try:
        cases = make.corpus(os.path.join(root, "made"), options.parts and options.parts.split(",")).cases
        if options.only:
            cases = [c for c in cases if options.only.lower() in c["kind"].lower()]
        if options.case:
            cases = [c for c in cases if options.case.lower() in c["id"].lower()]
        return report(cases, commands.Base(os.path.join(root, "made", "base")), start)
    finally:
        shutil.rmtree(options.scratch, ignore_errors=True)
        if not options.corpus:
            shutil.rmtree(root, ignore_errors=True)


def report(cases, base, start):
    table = collections.defaultdict(collections.Counter)
    for case in cases:
        table[case["kind"]][case["expect"]] += 1
    breaches, worst, done = [], (0, 0), 0
    with multiprocessing.Pool(options.jobs) as pool:
        for results in pool.imap_unordered(whole, jobs(cases, base), chunksize=1):
            for case, kind, expect, line, faults, seconds, peak, status in results:
                done += 1
                table[kind]["runs"] += 1
                worst = (max(worst[0], seconds), max(worst[1], peak))
                for fault in faults:
                    table[kind]["breaches"] += 1
                    print(judge.shown("%s: %s: %s" % (case, line[0], fault))[:300], file=sys.stderr, flush=True)
                    breaches.append((case, expect, line, fault))
    columns = ["refuse", "good", "warn", "survive", "runs", "breaches"]
    print("%-24s" % "format" + "".join("%10s" % c for c in columns))
    for kind in sorted(table):
        print("%-24s" % kind + "".join("%10d" % table[kind][c] for c in columns))
    whole_of = collections.Counter()
    for row in table.values():
        whole_of.update(row)
    print("%-24s" % "all" + "".join("%10d" % whole_of[c] for c in columns))
    for case, expect, line, fault in sorted(breaches):
        text = "%s (%s): %s: %s" % (case, expect, " ".join(map(repr, line))[:300], fault)
        print(judge.shown(text))
    if options.list:
        with open(options.list, "w") as out:
            json.dump(breaches, out)
    print("%d files, %d runs, %.0f s, slowest %.1f s, largest %d MiB, %d breaches" % (
        len(cases), done, time.monotonic() - start, worst[0], worst[1] >> 20, len(breaches)))
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
