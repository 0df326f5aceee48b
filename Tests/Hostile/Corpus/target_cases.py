"""Targets, protocols and navigators' files."""

import json

from base import own_targets
from corpus import mutations
from text_cases import HOSTILE, TRICKS

AXES = "1\t0\t0\t0\t1\t0\t0\t0\t1"


def brainsight(system="NIfTI:MNI-152", rows=("a\t-40\t20\t30\t" + AXES,), version="12", more=""):
    return ("# Version: %s\n# Coordinate system: %s\n# Units: millimetres\n# Target Name\tLoc. X\tLoc. Y\tLoc. Z\tm0n0\tm0n1\tm0n2\tm1n0\tm1n1\tm1n2\tm2n0\tm2n1\tm2n2\n"
            % (version, system) + "\n".join(rows) + "\n" + more).encode("utf-8", "surrogateescape")


def slicer(system="LPS", points=None, **more):
    point = dict(label="a", position=[40.0, -20.0, 30.0], positionStatus="defined")
    return json.dumps(dict(markups=[dict(dict(type="Fiducial", coordinateSystem=system, controlPoints=[point] if points is None else points), **more)])).encode()


def simnibs(rows=("Generic,-40,20,30,a_target",)):
    return ("\n".join(rows) + "\n").encode()


def localite(space="RAS", vector=("-40", "20", "30"), name="a", head='<?xml version="1.0" encoding="UTF-8"?>'):
    return (head + '<EntryTargetList coordinateSpace="%s"><Target index="0"><Marker description="%s" set="true"><ColVec3D data0="%s" data1="%s" data2="%s"/>'
            "</Marker></Target></EntryTargetList>" % (space, name, *vector)).encode()


MATRIX = '<InstrumentMarkerList coordinateSpace="RAS"><InstrumentMarker index="0"><Marker description="a" set="true"><Matrix4D %s/></Marker></InstrumentMarker></InstrumentMarkerList>'


def navigators(c):
    kind = "navigators"

    def use(program):
        return [["target", "import", "{file}", "--from", program, "--anat", "{t1}", "--json"],
                ["target", "import", "{file}", "--from", program, "--anat", "{t1}", "-o", "{out}/t.tsv"]]
    place = r'"anat_mm": \[-40(\.0)?, 20(\.0)?, 30(\.0)?\]'
    entities = ('<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">' + "".join(
        '<!ENTITY %s "%s">' % (chr(98 + n), "&%s;" % chr(97 + n) * 10) for n in range(9)) + ']><EntryTargetList coordinateSpace="RAS">&j;</EntryTargetList>').encode()
    outside = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]><EntryTargetList coordinateSpace="RAS"><Target><Marker description="&a;" set="true"><ColVec3D data0="1" data1="2" data2="3"/></Marker></Target></EntryTargetList>'
    good = dict(brainsight=("a.txt", brainsight()), slicer=("a.mrk.json", slicer()), simnibs=("a.csv", simnibs()), localite=("a.xml", localite()))
    for program, (file, content) in good.items():
        c.add(kind, program, "good", {file: content}, "good", commands=use(program)[:1], says=[place])
        for other, (_, content) in good.items():
            if other != program:
                c.add(kind, "%s given as %s" % (other, program), "the wrong program", {file: content}, "refuse", commands=use(program)[:1])
        for what, content in [("empty", b""), ("binary", bytes(range(256))), ("zeros", bytes(500)), ("10 MB of a", b"a" * (10 << 20)), ("Latin-1", b"\xe9" * 50)]:
            c.add(kind, "%s: %s" % (program, what), what, {file: content}, "refuse", commands=use(program))
        mutations(c, kind, program, {file: good[program][1]}, file, "given", 61 + len(program), 16, commands=use(program)[:1])
    c.add(kind, "LPS by Localite", "good", {"a.xml": localite("LPS", ("40", "-20", "30"))}, "good", commands=use("localite")[:1], says=[place])
    c.add(kind, "RAS by Slicer", "good", {"a.mrk.json": slicer("RAS", [dict(label="a", position=[-40, 20, 30])])}, "good", commands=use("slicer")[:1], says=[place])

    def bad(program, file, what, content, expect="refuse"):
        c.add(kind, "%s: %s" % (program, what), "navigator: " + what, {file: content}, expect, commands=use(program))
    for what, change in [("no system", dict(system="")), ("unknown system", dict(system="Moon")), ("Q of equal forms", dict(system="NIfTI:Q:Scanner")), ("escapes in the system", dict(system=HOSTILE)), ("no number", dict(rows=["a\tx\t20\t30\t" + AXES])), ("NaN", dict(rows=["a\tnan\t20\t30\t" + AXES])),
                         ("inf", dict(rows=["a\tinf\t20\t30\t" + AXES])), ("far", dict(rows=["a\t4000\t20\t30\t" + AXES])), ("1e300", dict(rows=["a\t1e300\t20\t30\t" + AXES])), ("short row", dict(rows=["a\t1"])), ("axes 0", dict(rows=["a\t-40\t20\t30\t" + "\t".join("0" * 9)])), ("axes mirrored", dict(rows=["a\t-40\t20\t30\t-1\t0\t0\t0\t1\t0\t0\t0\t1"])),
                         ("decimal commas", dict(rows=["a\t-40,5\t20\t30\t" + AXES])), ("side and name", dict(rows=["LEFT_target\t40\t20\t30\t" + AXES]))]:
        bad("brainsight", "a.txt", what, brainsight(**change), "survive" if what in ("Q of equal forms",) else "refuse")
    for what, content in [("system a number", slicer(7)), ("system a list", slicer([])), ("system null", slicer(None)), ("system unknown", slicer("SAR")), ("no position", slicer(points=[dict(label="a")])), ("position of two", slicer(points=[dict(label="a", position=[1, 2])])), ("position of words", slicer(points=[dict(label="a", position=["1", "2", "3"])])),
                          ("position NaN", slicer().replace(b"40.0", b"NaN")), ("position 1e400", slicer().replace(b"40.0", b"1e400")), ("far", slicer(points=[dict(label="a", position=[4000, 0, 0])])), ("nested", b"[" * 100000), ("a number", b"7"), ("markups a word", b'{"markups":"x"}')]:
        bad("slicer", "a.mrk.json", what, content, "survive" if what == "system null" else "refuse")
    for what, points in [("undefined and preview points", [dict(label="a", position=[0, 0, 0], positionStatus="undefined"), dict(label="b", position=[1, 1, 1], positionStatus="preview")]), ("no points", []), ("controlPoints a word", "x")]:
        bad("slicer", "a.mrk.json", what, slicer(points=points), "survive")
    for what, rows in [("no number", ["Generic,x,20,30,a"]), ("two numbers", ["Generic,1,2"]), ("NaN", ["Generic,nan,20,30,a"]), ("far", ["Generic,4000,20,30,a"]), ("coil axes 0", ["CoilPos,-40,20,30,0,0,0,0,0,0,4,a"]), ("coil axes alike", ["CoilPos,-40,20,30,1,0,0,1,0,0,4,a"]), ("blanks after commas", ["Generic, -40, 20, 30, a"])]:
        bad("simnibs", "a.csv", what, simnibs(rows), "survive" if what == "blanks after commas" else "refuse")
    for what, content in [("no space", localite("")), ("unknown space", localite("MNI")), ("NaN", localite(vector=("nan", "1", "2"))), ("word", localite(vector=("x", "1", "2"))), ("far", localite(vector=("4000", "1", "2"))), ("inf", localite(vector=("inf", "1", "2"))), ("entities", entities), ("nested", b"<a>" * 100000), ("open", localite()[:90]),
                          ("matrix of 12", (MATRIX % " ".join('data%d%d="1"' % (r, k) for r in range(3) for k in range(4))).encode()), ("matrix singular", (MATRIX % " ".join('data%d%d="1"' % (r, k) for r in range(4) for k in range(4))).encode())]:
        bad("localite", "a.xml", what, content)
    bad("localite", "a.xml", "outside entity", outside, "survive")
    for name, text in TRICKS:
        t = text
        bad("brainsight", "a.txt", "names of " + name, brainsight(rows=[t.replace("\t", " ") + "\t-40\t20\t30\t" + AXES]), "survive")
        bad("slicer", "a.mrk.json", "names of " + name, slicer(points=[dict(label=t, position=[40, -20, 30], description=t)]), "survive")
        bad("simnibs", "a.csv", "names of " + name, simnibs(["Generic,-40,20,30," + t]), "survive")
        bad("localite", "a.xml", "names of " + name, localite(name=t.replace("<", "").replace("&", "")), "survive")
    for n in (10_000, 100_000):
        c.add(kind, "%d targets" % n, "many targets", {"a.csv": simnibs(["Generic,-40,%f,30,t%d_target" % (20 + k % 90 / 10, k) for k in range(n)])}, "survive", commands=use("simnibs"), seconds=40, most=64 << 20)


def targets(c):
    kind = "targets"

    def use(program="brainsight", file="b.txt"):
        return [["target", "export", "{file}", "--anat", "{t1}", "--to", program, "-o", "{out}/" + file]]

    def made(**change):
        return json.dumps(own_targets(**change)).encode()
    for program, file in (("brainsight", "b.txt"), ("slicer", "b.mrk.json"), ("simnibs", "b.csv"), ("localite", "b.xml")):
        c.add(kind, "good for " + program, "good", {"a.json": made()}, "good", commands=use(program, file))
    for what, content in [("empty", b""), ("open", b"{"), ("a list", b"[]"), ("no targets", b'{"targets":[]}'), ("targets a word", b'{"targets":"x"}'), ("nested", b"[" * 100000), ("no place", made(mm=None)), ("place of two", made(mm=[1.0, 2.0])), ("place of words", made(mm=["1", "2", "3"])),
                          ("place 1e300", made(mm=[1e300, 0.0, 0.0])), ("place NaN", made().replace(b"-40.0", b"NaN")), ("space unknown", made(space="moon")), ("side unknown", made(side="UP")), ("side wrong", made(side="RIGHT")), ("decision unknown", made(decision="maybe")), ("rejected", made(decision="rejected")),
                          ("undecided", made(decision=None)), ("outside the head", made(mm=[-140.0, 20.0, 30.0])), ("native of another image", made(space="native", image_sha256="0" * 64)), ("native of no image", made(space="native", side="UNKNOWN")), ("binary", bytes(range(256)))]:
        c.add(kind, what, "targets: " + what, {"a.json": content}, "refuse", commands=use(), names=["a.json", "'a'", "target a", "head_space", "a"])
    for name, text in TRICKS:
        c.add(kind, "texts of " + name, "hostile text", {"a.json": made(name=text, note=text, method=text, label=text, warnings=[text], template=None)}, "survive",
              commands=[line for program, file in (("brainsight", "b.txt"), ("localite", "b.xml"), ("slicer", "b.mrk.json")) for line in use(program, file)])
    many = own_targets()
    many["targets"] = [dict(many["targets"][0], name="t%d" % n) for n in range(10_000)]
    c.add(kind, "10 000 targets", "many targets", {"a.json": json.dumps(many).encode()}, "good", seconds=40,
          commands=[use()[0] + ["--name", "t9999"], ["snapshot", "--anat", "{t1}", "-o", "{out}/s.txt"]])
    mutations(c, kind, "targets", {"a.json": made()}, "a.json", "given", 71, 20, commands=use(), names=["a.json", "a"])
    kind = "protocols"
    protocol = dict(GeneratedBy="boldspect", kind="target protocol", name="x", seed=dict(name="s", mm=[6.0, 16.0, -10.0], radius_mm=10.0), region=dict(name="r", centres_mm=[[-40.0, 30.0, 30.0]], radius_mm=20.0), method="cluster",
                    polarity="anticorrelated", percentile=5.0, least_cluster_voxels=2, smoothing_fwhm_mm=4.0, removes_global_signal=True, surrogates=99, bootstraps=0, block_s=30.0, largest_split_mm=20.0, random_seed=1, space="MNI152")

    def given(**change):
        return json.dumps({**protocol, **change}).encode()
    run = [["targets", "{run}", "--mask", "{mask}", "--preset", "none", "--protocol", "{file}", "-o", "{out}/t.tsv"]]
    c.add(kind, "good", "good", {"a.json": given()}, "survive", commands=run, seconds=60)
    for what, change in [("another kind", dict(kind="x")), ("native", dict(space="native")), ("no seed", dict(seed=None)), ("seed far", dict(seed=dict(mm=[4000, 0, 0], radius_mm=3))), ("seed radius -1", dict(seed=dict(mm=[0, 0, 0], radius_mm=-1))), ("seed radius 1e30", dict(seed=dict(mm=[0, 0, 0], radius_mm=1e30))), ("no centres", dict(region=dict(name="r", centres_mm=[], radius_mm=3))),
                         ("centre of two", dict(region=dict(name="r", centres_mm=[[1, 2]], radius_mm=3))), ("radius 0", dict(region=dict(name="r", centres_mm=[[1, 2, 3]], radius_mm=0))), ("method unknown", dict(method="x")), ("polarity unknown", dict(polarity="x")), ("percentile 0", dict(percentile=0)), ("percentile 1e300", dict(percentile=1e300)),
                         ("surrogates 1e18", dict(surrogates=1e18)), ("bootstraps -1", dict(bootstraps=-1)), ("seed of chance -1", dict(random_seed=-1)), ("seed of chance 1e300", dict(random_seed=1e300)), ("block 0", dict(block_s=0)), ("global a word", dict(removes_global_signal="yes")), ("smoothing text", dict(smoothing_fwhm_mm="4"))]:
        c.add(kind, what, "protocol: " + what, {"a.json": given(**change)}, "refuse", commands=run)
    mutations(c, kind, "protocol", {"a.json": given()}, "a.json", "given", 73, 12, commands=run, names=["a.json"])


def make(c):
    navigators(c)
    targets(c)
