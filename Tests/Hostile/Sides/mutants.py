"""Puts a switch at every place of the geometry code where a sign or an axis stands.

One build holds all mutants: each place becomes mutated(N, as it is, changed), and BOLDSPECT_MUTANT=N in the environment
chooses the one that is changed. What does not compile (a place that is written to, an unsigned number) is left as it is.

    mutants.py make SOURCES          writes the switches into a copy of the sources, and mutants.tsv beside it
    mutants.py drop SOURCES LOG      takes out the mutants that a compiler's log complains of; prints how many
"""
import json
import re
import sys
from pathlib import Path

# Files of which all is geometry, and functions of those that hold other things too.
WHOLE = """
Imaging/Affine.swift Imaging/Grid.swift Imaging/Coordinates.swift
ImageFiles/Quaternion.swift ImageFiles/VoxelKey.swift
""".split()
PARTS = {
    "Imaging/Space.swift": ["init(x:", "side(of"],
    "Imaging/Volume.swift": ["func nearest"],
    "Imaging/Resampling.swift": ["init(_ volume", "func value", "func covers", "func linear"],
    "ImageFiles/NIfTI/Geometry.swift": ["func sformAffine", "func qformAffine"],
    "ImageFiles/ImageWriter.swift": ["static func header"],
    "ImageFiles/MGH/MGHFormat.swift": ["func matrix", "init(_ bytes"],
    "ImageFiles/AFNI/AFNIHeader.swift": ["func ras", "func cardinal", "init(_ a: AFNIAttributes"],
    "ImageFiles/CIFTI/CIFTIFormat.swift": ["func next", "init(_ path"],
    "ImageFiles/DICOM/DICOMStack.swift": ["func affine", "mutating func stack", "func places", "func step"],
    "ImageFiles/DICOM/DICOMNuclear.swift": ["func step"],
    "ImageFiles/DICOM/DICOMImage.swift": ["func place", "func next"],
    "ImageFiles/DICOM/DICOMInstance.swift": ["struct PatientVector", "struct DICOMOrientation"],
    "ImageFiles/DICOM/DICOMFacts.swift": ["struct PatientVector", "struct DICOMOrientation"],
    "ImageFiles/Formats/FormatHeader.swift": ["func centred"],
}

PRIMARY = r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_]\w*|\.\d|\[[^\[\]\n]*\])*"
NEVER = re.compile(r"^\s*(//|case |import |package import |guard let (.*) else|precondition|throw |\.data, |@)|Problem\(")
WORDS = {"self", "let", "var", "if", "else", "in", "return", "true", "false", "nil", "for", "where", "try", "inout",
         "Int", "Double", "Float", "String", "throws"}


def regions(name, text):
    """Line numbers (from 0) that are mutated."""
    lines = text.split("\n")
    if name in WHOLE:
        return set(range(len(lines)))
    out = set()
    for head in PARTS.get(name, []):
        for n, line in enumerate(lines):
            if head in line and ("func " in line or "init" in line or "struct " in line):
                depth, opened = 0, False
                for m in range(n, len(lines)):
                    plain = re.sub(r'"[^"]*"', "", lines[m])
                    depth += plain.count("{") - plain.count("}")
                    opened = opened or "{" in plain
                    out.add(m)
                    if opened and depth <= 0:
                        break
    return out


def places(line):
    """(start, end, changed, kind) of a line, none within another."""
    code = re.sub(r'"[^"]*"', lambda m: " " * len(m.group()), line.split("//")[0])
    if NEVER.search(line) or "static let" in line and "[" not in line:
        return []
    found = []
    # What declares something is no place; the body behind it is one.
    declares = re.match(r"^\s*(?:(?:package|private|fileprivate|static|mutating|final|override) )*(?:func|init|subscript|var|struct|enum|extension)\b", code)
    first = code.find("{") + 1 if declares else 0
    if declares and first == 0:
        return []

    def add(start, end, changed, kind):
        if start < first:
            return
        if any(s < end and start < e for s, e, _, _ in found):
            return
        found.append((start, end, changed, kind))

    # A member of a point or a tuple, and a literal index: the next axis.
    nexts = {"x": "y", "y": "z", "z": "x", "0": "1", "1": "2", "2": "0", "i": "j", "j": "k", "k": "i",
             "nx": "ny", "ny": "nz", "nz": "nx"}
    for m in re.finditer(r"\[([012])\]", code):
        add(m.start(1), m.end(1), nexts[m.group(1)], "axis")
    for m in re.finditer(r"\[((?:axis|axes\[\w\]|r|c|w|world))\]", code):
        add(m.start(1), m.end(1), f"(({m.group(1)}) + 1) % 3", "axis")
    for m in re.finditer(rf"(?<![\w.])([A-Za-z_]\w*(?:\.\w+)*)\.(x|y|z|nx|ny|nz|[012])(?![\w.(])", code):
        if code[m.end():].lstrip()[:1] == "=" and code[m.end():].lstrip()[:2] != "==":
            continue
        add(m.start(), m.end(), f"{m.group(1)}.{nexts[m.group(2)]}", "axis")
    for m in re.finditer(r"(?<![\w.\[])(nx|ny|nz)(?![\w(:])", code):
        add(m.start(), m.end(), nexts[m.group(1)], "axis")
    # What is added, taken away, multiplied or compared with 0 changes its sign.
    for m in re.finditer(rf"(?:(?<=[+\-*/] )|(?<=[(\[,] )|(?<=[(\[]))({PRIMARY})(?= [><] 0|[^\w(.:\[])", code):
        word = m.group(1).split(".")[0]
        if word in WORDS or m.group(1)[0].isupper():
            continue
        add(m.start(1), m.end(1), f"-({m.group(1)})", "sign")
    for m in re.finditer(rf"(?<![\w.])({PRIMARY})(?= [<>] 0(?![.\w]))", code):
        if m.group(1) not in WORDS:
            add(m.start(1), m.end(1), f"-({m.group(1)})", "sign")
    for m in re.finditer(r"(?<=[\[(, ?:])-(\d+(?:\.\d+)?)(?![\w.])", code):
        add(m.start(), m.end(), m.group(1), "sign")
    for m in re.finditer(r"(?<=[\[(,? :])(1(?:\.0)?)(?=[,\] )])", code):
        if re.search(r"[?:,\[] ?$", code[: m.start()]):
            add(m.start(), m.end(), f"-{m.group(1)}", "sign")
    return sorted(found)


def render(line, spots):
    out, last = "", 0
    for start, end, changed, number in spots:
        own = line[start:end]
        # `.0` binds to a name only; a literal may stand where an expression may.
        out += line[last:start] + f"mutated({number}, {own}, {changed})"
        last = end
    return out + line[last:]


def write(root, table):
    by_file = {}
    for m in table:
        by_file.setdefault(m["file"], []).append(m)
    for name, mutants in by_file.items():
        path = root / name
        lines = (path.with_suffix(".swift.own")).read_text().split("\n")
        for n in {m["line"] for m in mutants}:
            spots = [(m["start"], m["end"], m["changed"], m["number"])
                     for m in mutants if m["line"] == n and not m["dropped"]]
            lines[n] = render(lines[n], sorted(spots))
        text = "\n".join(lines)
        if not re.search(r"^(package |internal )?import Basics", text, re.M):
            text = "import Basics\n" + text
        if path.read_text() != text:
            path.write_text(text)


def make(root):
    table = []
    for name in WHOLE + list(PARTS):
        path = root / name
        if not path.exists():
            continue
        text = path.read_text()
        path.with_suffix(".swift.own").write_text(text)
        lines = text.split("\n")
        quoted = False
        for n in sorted(regions(name, text)):
            if lines[n].count('"""') % 2:
                quoted = not quoted
            if quoted:
                continue
            for start, end, changed, kind in places(lines[n]):
                table.append(dict(number=len(table) + 1, file=name, line=n, start=start, end=end, changed=changed,
                                  kind=kind, dropped=False))
    write(root, table)
    (root / "mutants.json").write_text(json.dumps(table))
    print(len(table))


def spans(own, mutants, shift_column=1):
    """Where each mutant of a line stands once it is written, by columns from 1."""
    out, moved = [], 0
    for m in sorted(mutants, key=lambda m: m["start"]):
        length = len(f"mutated({m['number']}, {own[m['start']:m['end']]}, {m['changed']})")
        begin = m["start"] + moved + shift_column
        out.append((begin, begin + length, m))
        moved += length - (m["end"] - m["start"])
    return out


def drop(root, log):
    table = json.loads((root / "mutants.json").read_text())
    count = 0
    own = {}
    seen = set()
    for e in re.finditer(r"Sources/([\w/+]+\.swift):(\d+):(\d+): error", Path(log).read_text(errors="replace")):
        name, line, column = e.group(1), int(e.group(2)) - 1, int(e.group(3))
        if (name, line, column) in seen:
            continue
        seen.add((name, line, column))
        if name not in own:
            path = (root / name).with_suffix(".swift.own")
            own[name] = path.read_text() if path.exists() else ""
        if not re.search(r"^(package |internal )?import Basics", own[name], re.M):
            line -= 1
        here = [m for m in table if m["file"] == name and m["line"] == line and not m["dropped"]]
        if not here:
            # What takes the compiler too long is said of the statement's first line.
            here = next(([m for m in table if m["file"] == name and m["line"] == line + n and not m["dropped"]]
                         for n in range(1, 12)
                         if any(m["file"] == name and m["line"] == line + n and not m["dropped"] for m in table)), [])
            for m in here:
                m["dropped"] = True
            count += len(here)
            continue
        hit = [m for a, b, m in spans(own[name].split("\n")[line], here) if a <= column < b]
        # One complaint of a line is seldom the last: what has no sign there is found in one go.
        if any(m["kind"] == "sign" for m in hit):
            hit += [m for m in here if m["kind"] == "sign" and not m["changed"][1:].lstrip("(")[:1].isdigit()]
        for m in hit or here:
            count += not m["dropped"]
            m["dropped"] = True
    write(root, table)
    (root / "mutants.json").write_text(json.dumps(table))
    print(count)


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(Path(sys.argv[2]))
    else:
        drop(Path(sys.argv[2]), sys.argv[3])
