"""Tables, sidecars, label tables, workspaces, kept state, config, protocols, targets and navigators' files."""

import hashlib
import json
import os
import random
import struct

from base import own_targets
from corpus import mutations
from nifti import header, single, voxels

HOSTILE = "\x1b]52;c;aGk=\x07\x1b[2J"
TRICKS = [("escapes", HOSTILE), ("bidi", "\u202e\u2066gnp"), ("zero width", "\u200b\u200d\ufeff"), ("fillers", "\u115f\u3164\u034f\u00ad\u061c\u180e"),
          ("C1", "\u009b2J\u0090"), ("formula", "=cmd|calc!A0"), ("2000 letters", "w" * 2000), ("line separators", "a\u2028b\u2029c\u0085d"), ("tags", "\U000e0041\U000e007f")]


def table(names, rows, end="\n", sep="\t"):
    return end.join([sep.join(names)] + [sep.join(str(v) for v in row) for row in rows]).encode("utf-8") + end.encode()


SIX = ["trans_x", "trans_y", "trans_z", "rot_x", "rot_y", "rot_z"]


def motion(frames=60, seed=3):
    draw = random.Random(seed)
    return [["%.5f" % draw.gauss(0, 0.05) for _ in range(6)] for _ in range(frames)]


def confounds(c):
    kind = "confounds"
    rows = motion()

    def use(preset="6P"):
        run = ["{run}", "--mask", "{mask}", "--confounds", "{file}"]
        return [["confounds"] + run, ["clean"] + run + ["--preset", preset, "-o", "{out}/c.nii"],
                ["snapshot", "--bold"] + run + ["--preset", preset, "--keys", " m", "-o", "{out}/s.txt"]]
    for name, content in [("good", table(SIX, rows)), ("CR LF", table(SIX, rows, "\r\n")), ("byte order mark", b"\xef\xbb\xbf" + table(SIX, rows)),
                          ("n/a in the first row", table(SIX, [["n/a"] * 6] + rows[1:]))]:
        c.add(kind, name, "B16" if "mark" in name else "good", {"a.tsv": content}, "good", commands=use())
    for name, content in [
            ("empty", b""), ("names alone", table(SIX, [])), ("59 rows", table(SIX, rows[:59])), ("61 rows", table(SIX, rows + rows[:1])), ("ragged", table(SIX, rows[:30] + [rows[30][:5]] + rows[31:])),
            ("too wide", table(SIX, rows[:30] + [rows[30] + [1]] + rows[31:])), ("a name twice", table(["trans_x"] * 6, rows)), ("a word", table(SIX, [["x"] + rows[0][1:]] + rows[1:])),
            ("n/a within", table(SIX, rows[:9] + [["n/a"] * 6] + rows[10:])), ("inf", table(SIX, rows[:9] + [["inf"] * 6] + rows[10:])), ("1e400", table(SIX, rows[:9] + [["1e400"] * 6] + rows[10:])),
            ("decimal commas", table(SIX, rows).replace(b".", b",")), ("commas between", table(SIX, rows, sep=",")), ("zeros", bytes(2000)), ("Latin-1", b"\xe9\t\xe8\n1\t2\n"), ("UTF-16", table(SIX, rows).decode().encode("utf-16")),
            ("no columns wanted", table(["a", "b"], [["1", "2"]] * 60)), ("one line of 20 MB", b"a" * (20 << 20)), ("a gzip", b"\x1f\x8b\x08\0" + bytes(60)), ("JSON", b'{"a": 1}'), ("blank lines", b"\n" * 100)]:
        c.add(kind, name, "confounds: " + name, {"a.tsv": content}, "refuse", commands=use()[1:2], names=["a.tsv"])
        c.add(kind, name + ", looked at", "confounds: " + name, {"a.tsv": content}, "survive", commands=use()[::2], names=["a.tsv"])
    for name, text in TRICKS:
        c.add(kind, "names of " + name, "hostile text", {"a.tsv": table(SIX + [text], [r + ["1"] for r in rows])}, "survive", commands=use())
    for name, value in [("3e38", "3e38"), ("1e300", "1e300"), ("denormal", "1e-310"), ("constant", "1"), ("-0", "-0")]:
        c.add(kind, "all " + name, "hostile values", {"a.tsv": table(SIX, [[value] * 6] * 60)}, "survive", commands=use())
    for file, good in [("a.par", rows), ("a.1D", rows), ("rp_a.txt", rows), ("Movement_Regressors.txt", [r + r for r in rows])]:
        c.add(kind, file, "motion files", {file: table(good[0], good[1:], sep=" ")}, "good", commands=use()[:2])
        for name, content in [("a word", b"x 1 2 3 4 5\n" * 60), ("five numbers", b"1 2 3 4 5\n" * 60), ("NaN", b"nan 1 2 3 4 5\n" * 60), ("empty", b""), ("59 rows", b"1 2 3 4 5 6\n" * 59)]:
            c.add(kind, "%s: %s" % (file, name), "motion files", {file: content}, "refuse", commands=use()[1:2])
    mutations(c, kind, "table", {"a.tsv": table(SIX, rows)}, "a.tsv", "given", 51, 16, commands=use()[:2])


def sidecars(c):
    kind = "sidecars"
    shape = (4, 4, 4, 5)
    h = header(shape, tr=2.0, size=(20, 20, 20))
    raw = single(h, voxels(list(range(320))))
    run = [["info", "{file}", "--json"], ["clean", "{file}", "--at=0,0,0"], ["snapshot", "--bold", "{file}", "-o", "{out}/s.txt"]]
    for name, text, code in [
            ("good", '{"RepetitionTime": 2}', None), ("in ms", '{"RepetitionTime": 2000}', "sidecar-time"), ("another", '{"RepetitionTime": 2.5}', "tr-conflict"), ("a word", '{"RepetitionTime": "2"}', "sidecar-time"),
            ("true", '{"RepetitionTime": true}', "sidecar-time"), ("-1", '{"RepetitionTime": -1}', "sidecar-time"), ("a list", '{"RepetitionTime": [1]}', "sidecar-time"), ("1e400", '{"RepetitionTime": 1e400}', None), ("open", "{", "sidecar-unreadable"),
            ("empty", "", "sidecar-unreadable"), ("nested", "[" * 100000, "sidecar-unreadable"), ("binary", "\0\1\2", "sidecar-unreadable"), ("a number", "7", "sidecar-unreadable"), ("10 MB", '{"a":"' + "x" * (10 << 20) + '"}', None),
            ("sources of /etc/passwd", '{"RepetitionTime": 2, "Sources": ["/etc/passwd", "../../../../etc/shadow"]}', None), ("hostile", json.dumps(dict(RepetitionTime=2, GeneratedBy="boldspect", inputs=[dict(sha256="x" * 64)], findings=[
                dict(code="not-accepted", severity="warning", text=HOSTILE)])), None), ("of another file", json.dumps(dict(RepetitionTime=2, GeneratedBy="boldspect", SHA256="0" * 64, image_sha256="0" * 64)), None)]:
        files = {"a_bold.nii": raw, "a_bold.json": text.encode()}
        c.add(kind, name, "sidecar: " + name, files, "survive", main="a_bold.nii", commands=run)
        if code:
            c.add(kind, name + " is told", "sidecar: " + name, files, "good", main="a_bold.nii", commands=run[:1], says=[code])
    mutations(c, kind, "sidecar", {"a_bold.nii": raw, "a_bold.json": b'{"RepetitionTime": 2.0, "TaskName": "rest"}'}, "a_bold.json", "given", 53, 12,
              commands=[[p.replace("{file}", "{folder}/a_bold.nii") for p in line] for line in run])


def labels(c):
    kind = "label tables"
    shape, size = (16, 20, 16), 11
    rows = [[size, 0, 0, -82], [0, size, 0, -122], [0, 0, size, -72]]
    h = header(shape, size=(size,) * 3, affine=rows, code=8)

    def atlas(f):
        values = []
        for k in range(16):
            for j in range(20):
                for i in range(16):
                    x, y, z = (rows[n][n] * (i, j, k)[n] + rows[n][3] for n in range(3))
                    values.append(f(x, y, z, len(values)) if (x / 66) ** 2 + ((y + 18) / 84) ** 2 + ((z - 10) / 62) ** 2 < 1 else 0)
        return single(h, voxels(values, 8))
    halves = atlas(lambda x, y, z, n: 1 if x < -6 else 2 if x > 6 else 3)
    run = ["{run}", "--mask", "{mask}"]
    use = [["matrix"] + run + ["--atlas", "{file}"], ["networks"] + run + ["--networks", "{file}"], ["snapshot", "--anat", "{t1}", "--atlas", "{file}", "-o", "{out}/s.txt", "--at=-20,-20,20"],
           ["perfusion", "{spect}", "--atlas", "{file}", "--table"]]
    name = "a_space-MNI152_dseg"
    good = b"1\tPart_L\n2\tPart_R\n3\tMiddle\n"
    for end, text in [("txt", good), ("tsv", b"index\tname\n" + good), ("txt", b"1 Part_L 10 20 30 0\n2 Part_R 1 2 3 0\n3 Middle 1 1 1 0\n"), ("txt", b'1 255 0 0 1 1 1 "Part_L"\n2 0 255 0 1 1 1 "Part_R"\n3 0 0 1 1 1 1 "Middle"\n')]:
        c.add(kind, "good ." + end, "B18", {name + ".nii": halves, name + "." + end: text}, "good", commands=use[:1], says=["Part_L"])
    c.add(kind, "sides exchanged", "X12, B2", {name + ".nii": halves, name + ".txt": b"1\tFrontal_Mid_R\n2\tFrontal_Mid_L\n3\tX\n"}, "refuse", commands=use, names=[name, "Frontal"])
    for what, text in [("empty", b""), ("a word for a number", b"x\ty\n"), ("empty name", b"1\t\n2\t \n3\n"), ("beyond 32 bits", b"99999999999999999999\tA\n1\tB\n"), ("negative", b"-1\tA\n1\tB\n"), ("twice", b"1\tA\n1\tB\n2\tA\n"), ("binary", bytes(range(256))), ("Latin-1", b"1\t\xe9\n"),
                       ("one line of 5 MB", b"1\t" + b"A" * (5 << 20)), ("quotes", b'1 1 1 1 1 1 1 "A\n2 1 1 1 1 1 1 B"\n')] + [(n, ("1\t%s\n2\tB\n3\tC\n" % t).encode()) for n, t in TRICKS]:
        c.add(kind, what, "label table: " + what, {name + ".nii": halves, name + ".txt": text}, "survive", main=name + ".nii", commands=use)
        c.add(kind, what + ", as names", "label table: " + what, {name + ".nii": halves, "n.txt": text}, "survive", main=name + ".nii",
              commands=[["networks"] + run + ["--networks", "{file}", "--names", "{folder}/n.txt"]], names=["n.txt", name])
    for what, f, code in [("no overlap", lambda x, y, z, n: 0, None), ("a label each voxel", lambda x, y, z, n: n + 1, None), ("2^31-1", lambda x, y, z, n: 2**31 - 1, None), ("negative", lambda x, y, z, n: -5, None), ("one voxel each of 3", lambda x, y, z, n: n % 3 + 2**24, None)]:
        c.add(kind, "labels: " + what, "B17, X1", {name + ".nii": atlas(f)}, "survive", commands=use)
    half = header(shape, size=(size,) * 3, affine=rows, code=16)
    for what, v in [("fractions", 0.5), ("16777217", 16777217.0), ("NaN", float("nan")), ("3e38", 3e38), ("inf", float("inf")), ("-1e30", -1e30), ("near 1", 1.0000001)]:
        c.add(kind, "labels of %s" % what, "B17", {name + ".nii": single(half, voxels([v if n % 2 else 0.0 for n in range(16 * 20 * 16)], 16))}, "survive", commands=use)
    mirrored = [[-r[0], r[1], r[2], -r[3]] if n == 0 else r for n, r in enumerate(rows)]
    far = header(shape, size=(size,) * 3, affine=[[r[0], r[1], r[2], r[3] + 5000] for r in rows], code=8)
    c.add(kind, "5 m away", "X10: no voxel in common", {name + ".nii": single(far, voxels([1] * 5120, 8))}, "survive", commands=use)
    assert mirrored


def norms(c):
    kind = "norms"
    run = ["networks", "{run}", "--mask", "{mask}", "--networks", "{atlas}", "--norms", "{file}"]
    use = [run, run + ["--covariates", "age=40"]]
    names = ["network", "measure", "mean", "sd", "n"]
    for what, text in [("empty", b""), ("n of 2", table(names, [["Part_0_L", "malff", 1, 0.1, 2]])), ("n of 1e300", table(names, [["Part_0_L", "malff", 1, 0.1, "1e300"]])), ("sd 0", table(names, [["Part_0_L", "malff", 1, 0, 20]])), ("sd -1", table(names, [["Part_0_L", "malff", 1, -1, 20]])),
                       ("mean of a word", table(names, [["Part_0_L", "malff", "x", 1, 20]])), ("n of 20.5", table(names, [["Part_0_L", "malff", 1, 1, 20.5]])), ("other columns", table(["a", "b"], [[1, 2]])), ("gaps in a covariate", table(["participant_id", "age", "malff:Part_0_L"], [["a", "n/a", 1]])), ("zeros", bytes(100)), ("ragged", table(names, [[1]]))]:
        c.add(kind, what, "norms: " + what, {"a.tsv": text}, "refuse", commands=use[:1])
    for what, text in [("sd tiny", table(names, [["Part_0_L", "malff", 1, "1e-320", 20]])), ("mean 1e308", table(names, [["Part_0_L", "malff", "1e308", "1e308", 20]])), ("nobody", table(["participant_id", "age", "malff:Part_0_L"], [])), ("one person", table(["participant_id", "age", "malff:Part_0_L"], [["a", 40, 1]])),
                       ("same ages", table(["participant_id", "age", "malff:Part_0_L"], [["p%d" % n, 40, n] for n in range(9)])), ("100 covariates", table(["participant_id"] + ["c%d" % n for n in range(100)] + ["malff:Part_0_L"], [["p%d" % n] + [n] * 101 for n in range(9)]))] + [
                        (n, table(["participant_id", t.replace("\n", "") or "x", "malff:Part_0_L"], [["p%d" % i, i, i] for i in range(9)])) for n, t in TRICKS]:
        c.add(kind, what, "norms: " + what, {"a.tsv": text}, "survive", commands=use)


def workspaces(c):
    kind = "workspaces"
    t1 = os.path.join(c.base, "head_space-MNI152_T1w.nii")
    hash = hashlib.sha256(open(t1, "rb").read()).hexdigest()

    def made(**change):
        d = dict(GeneratedBy="boldspect", version="0.1.0", kind="workspace", format=1, note="", request=dict(anat=dict(path=t1, sha256=hash, companion_sha256=None)),
                 view=dict(plane="axial", threshold=0.3, cursor=[0.0, 0, 0]), commands=[], targets_open=False, bookmarks=[], targets=[])
        d.update(change)
        return json.dumps(d).encode()
    use = [["snapshot", "--workspace", "{file}", "-o", "{out}/s.txt"], ["view", "--workspace", "{file}"]]
    c.add(kind, "good", "good", {"a.json": made()}, "good", commands=use[:1])
    file = dict(path=t1, sha256=hash, companion_sha256=None)
    for what, text in [("empty", b""), ("open", b"{"), ("a list", b"[]"), ("a number", b"1e999"), ("nested", b"[" * 100000), ("another kind", made(kind="x")), ("format 2", made(format=2)), ("format -1", made(format=-1)), ("format text", made(format="x")), ("format 1e30", made(format=1e30)), ("newer", made(version="99.0")),
                       ("no request", made(request=None)), ("unknown option", made(request=dict(dance=1))), ("bold a number", made(request=dict(bold=7))), ("hash wrong", made(request=dict(anat=dict(file, sha256="0" * 64)))), ("file gone", made(request=dict(anat=dict(file, path="/nonexistent/a.nii")))),
                       ("/etc/passwd", made(request=dict(anat=dict(file, path="/etc/passwd")))), ("/dev/zero", made(request=dict(anat=dict(file, path="/dev/zero")))), ("fwhm NaN", made(request=dict(anat=file, fwhm="NaN"))), ("preset unknown", made(request=dict(anat=file, preset="x"))),
                       ("plane unknown", made(view=dict(plane="x"))), ("cursor of two", made(view=dict(cursor=[1, 2]))), ("threshold 1e30", made(view=dict(threshold=1e30))), ("views a list", made(view=[])), ("targets a word", made(targets="x")), ("bookmarks a word", made(bookmarks="x")),
                       ("commands a word", made(commands="x")), ("UTF-16", made().decode().encode("utf-16")), ("Latin-1", b'{"kind":"\xe9"}'), ("key twice", b'{"kind":"workspace","kind":"workspace"}'), ("20 MB", b'{"a":"' + b"x" * (20 << 20) + b'"}')]:
        c.add(kind, what, "workspace: " + what, {"a.json": text}, "refuse", commands=use[:1], names=["a.json", "passwd", "zero", "a.nii", "head_space"])
    for what, change in [("commands of escapes", dict(commands=[HOSTILE, ":q"])), ("shell in commands", dict(commands=[":!rm -rf /", ":workspace save /etc/x"])), ("note of escapes", dict(note=HOSTILE)), ("targets odd", dict(targets=[dict(name=HOSTILE, mm=[1e300, 0, 0])])),
                         ("10 000 commands", dict(commands=["a"] * 10000)), ("bookmarks odd", dict(bookmarks=[dict(name=HOSTILE), 7, None])), ("cursor far", dict(view=dict(cursor=[1e300, -1e300, 0]))), ("zoom 1e30", dict(view=dict(zoom=1e30)))]:
        c.add(kind, what, "workspace: " + what, {"a.json": made(**change)}, "survive", commands=use, names=["a.json"])
    mutations(c, kind, "workspace", {"a.json": made()}, "a.json", "given", 55, 24, commands=use[:1], names=["a.json", "head_space"])


def kept(c):
    """What the program keeps by itself, damaged: it starts all the same, and puts aside what it cannot read."""
    kind = "kept state"
    t1 = os.path.join(c.base, "head_space-MNI152_T1w.nii")
    hash = hashlib.sha256(open(t1, "rb").read()).hexdigest()
    one = own_targets()["targets"][0]
    lists = dict(marks=("targets", [dict(one, image_sha256=hash)]), view=("views", [dict(plane="axial")]), review=("entries", [dict(rating="good", text="", rater="x", time="t", file="f", sha256=hash)]),
                 registered=("registrations", [dict(moving=dict(sha256=hash, space="native"), fixed=dict(sha256=hash, space="native"), fixed_from_moving=[[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]], origin="o", rater="r", time="t", accepted=True)]),
                 sides=("sides", [dict(first=hash, second=hash, verdict="mirrored", margin=9.0, stored=1.0, mirrored=2.0, decision=None, withdrawal=None)]), person=("people", [dict(patient=None, folder=None)]), typed=("typed", ["fwhm 6"]), places=("bookmarks", [dict(name="a")]))
    use = [["view", "--anat", "{t1}"], ["snapshot", "--anat", "{t1}", "--keys", "M", "-o", "{out}/s.txt"], ["flipcheck", "{t1}", "{native}"], ["ratings", "{folder}"]]
    for what, (member, items) in lists.items():
        name = "s/typed.json" if what == "typed" else "s/%s-%s.json" % (what, hash[:32])

        def add(how, content, n):
            c.add(kind, "%s: %s" % (what, how), "kept state: " + how, {name: content}, "survive", main=name, commands=[use[n % 2]] + ([use[2]] if what == "sides" else [use[3]] if what == "review" else []), kept=dict(state="s"),
                  keys=["t", "M", "'", "\x1b", ":\x1b[A", "\x1b"])
        good = dict(GeneratedBy="boldspect", kind=what, format=1)
        for n, (how, content) in enumerate([
                ("good", json.dumps({**good, member: items})), ("empty", ""), ("open", "{"), ("nested", "[" * 50000), ("no list", json.dumps({**good, member: 7})), ("odd items", json.dumps({**good, member: [None, 7, "x", [], {}]})), ("newer", json.dumps({**good, "format": 9, member: items})),
                ("format text", json.dumps({**good, "format": "x", member: items})), ("100 000 items", json.dumps({**good, member: items * (2000 if what == "typed" else 300)})), ("escapes", json.dumps({**good, member: [
                    {k: (HOSTILE if isinstance(v, str) and k not in ("sha256", "space", "side", "rating", "verdict", "image_sha256") else v) for k, v in i.items()} if isinstance(i, dict) else HOSTILE for i in items]})), ("numbers", json.dumps({**good, member: [
                        {k: (1e300 if isinstance(v, (int, float)) else [1e300] * len(v) if isinstance(v, list) else v) for k, v in i.items()} if isinstance(i, dict) else 1e300 for i in items]})), ("binary", "\0\1\2\x1b")]):
            add(how, content.encode(), n)
    kind = "config"
    use = [["config", "--check", "{file}"], ["snapshot", "--anat", "{t1}", "--config", "{file}", "-o", "{out}/s.txt"]]
    for what, text in [("empty", b""), ("open", b"{"), ("a list", b"[]"), ("unknown name", b'{"dance":1}'), ("view a word", b'{"view":"x"}'), ("unknown view", b'{"view":{"x":1}}'), ("threshold 7", b'{"view":{"threshold":7}}'), ("threshold NaN", b'{"view":{"threshold":NaN}}'), ("mouse 7", b'{"mouse":7}'),
                       ("keys a list", b'{"keys":[]}'), ("key q", b'{"keys":{"left":"q"}}'), ("key of escapes", json.dumps({"keys": {HOSTILE: HOSTILE}}).encode()), ("nested", b'{"a":' * 50000), ("colours", b'{"colours":"puce"}'), ("binary", b"\0\1"), ("name of escapes", json.dumps({HOSTILE: 1}).encode())]:
        c.add(kind, what, "config: " + what, {"a.json": text}, "refuse", commands=use)
    c.add(kind, "good", "good", {"a.json": b'{"view":{"threshold":0.4},"mouse":false}'}, "good", commands=use)
    mutations(c, kind, "config", {"a.json": b'{"view":{"threshold":0.4,"plane":"axial"},"keys":{"seed":["<F2>"]},"mouse":false}'}, "a.json", "given", 57, 12, commands=use)


def make(c):
    confounds(c)
    sidecars(c)
    labels(c)
    norms(c)
    workspaces(c)
    kept(c)
