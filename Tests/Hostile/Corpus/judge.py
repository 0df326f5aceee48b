"""What must hold of every run, and of refused and good files besides."""

import json
import re
import unicodedata

ALLOWED = {0, 64, 65, 66, 69, 73, 74, 75, 130}
MOST_OUTPUT = 16 << 20
MOST_PEAK = 2 << 30


def hidden(text, keep="\n\t"):
    """The first character that a terminal would obey or not show."""
    for c in text:
        if c in keep:
            continue
        if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp"):
            return "U+%04X" % ord(c)
    return None


def always(r, place, planted, peak=MOST_PEAK, most=MOST_OUTPUT):
    """Breaches that no input excuses."""
    if r.is_hung:
        yield "hangs: %.0f s" % r.seconds
    elif r.signal is not None:
        yield "signal %d" % r.signal
    elif r.status not in ALLOWED:
        yield "exit code %s" % r.status
    if r.peak > peak:
        yield "takes %d MiB" % (r.peak >> 20)
    if len(r.output) + len(r.errors) > most:
        yield "writes %d bytes" % (len(r.output) + len(r.errors))
    left = place.left(place.tmp)
    if left:
        yield "leaves %s in the temporary folder" % left[0]
    for word in planted:
        for what, content in (("output", r.output), ("errors", r.errors)):
            if word.encode() in content:
                yield "%s of the file stands in its %s" % (word, what)


def plain(r, place):
    """Breaches of what a command says: one kind of text, no secrets of the machine."""
    for what, content in (("output", r.output), ("errors", r.errors)):
        try:
            text = content.decode()
        except UnicodeDecodeError:
            yield "its %s is no UTF-8" % what
            continue
        found = hidden(text)
        if found:
            yield "%s in its %s" % (found, what)
        if place.tmp in text or ".swift" in text or "Fatal error" in text:
            yield "its %s speaks of the inside: %s" % (what, text[:200])
    if r.status not in (0, None):
        last = r.errors.decode("utf-8", "replace").strip().split("\n")[-1]
        if not last.startswith("boldspect: "):
            yield "its last words are no refusal: %r" % last[:200]
        elif len(last) > 1200:
            yield "its refusal has %d characters" % len(last)
        if r.output.strip():
            yield "values beside a refusal: %r" % r.output[:100]


def refused(case, r):
    """A bad file: said so, with its name and the cause."""
    if r.status == 0:
        yield "is taken"
        return
    text = r.errors.decode("utf-8", "replace")
    if case["names"] and not any(name in text for name in case["names"]):
        yield "the refusal names no file: %s" % text[-300:]
    cause = case.get("cause")
    if cause and not re.search(cause, text):
        yield "the refusal does not say why (%s): %s" % (cause, text[-300:])


def near(a, b, tolerance=1e-5):
    if a is None or b is None:
        return a is None and b is None
    return abs(a - b) <= tolerance * max(1, abs(a), abs(b))


def same_header(case, text):
    """`info --json` against the generator's own numbers."""
    truth = case["truth"]
    answer = json.loads(text)
    result = answer["result"]
    if isinstance(result, list):
        result = result[0]
    if (result["shape"] + [1, 1, 1])[:max(4, len(result["shape"]))] != truth["shape"]:
        yield "shape %s, not %s" % (result["shape"], truth["shape"])
    if not near(result["tr_s"], truth["tr"]):
        yield "repetition time %s, not %s" % (result["tr_s"], truth["tr"])
    if truth["affine"] == "any":
        # Slices may be handed out in either order: places and values say it all.
        pass
    elif truth["affine"] is None:
        if result["affine"] is not None:
            yield "a matrix where the file gives none"
    elif result["affine"] is None:
        yield "no matrix"
    else:
        for mine, its in zip(truth["affine"], result["affine"]):
            if not all(near(x, y) for x, y in zip(mine, its)):
                yield "matrix row %s, not %s" % (its, mine)
    if result["laterality"] != case.get("side", "known"):
        yield "laterality %s" % result["laterality"]
    finding = case.get("finding")
    codes = [f["code"] for f in answer["findings"]]
    if finding and finding not in codes:
        yield "no finding %s among %s" % (finding, codes)
    if case["expect"] == "good" and codes and not case.get("loose"):
        yield "findings of a good file: %s" % codes


def same_values(case, text):
    """`value --json` against the generator's own numbers."""
    found = json.loads(text)["result"]["values"]
    wanted = [v for p in case["truth"]["points"] for v in p["values"]]
    if len(found) != len(wanted):
        yield "%d values, not %d" % (len(found), len(wanted))
        return
    for n, (one, value) in enumerate(zip(found, wanted)):
        if not near(one["value"], value):
            yield "value %d is %s, not %s" % (n, one["value"], value)
            return


def said(case, r):
    """What the output of a good file's command must hold."""
    text = r.output.decode("utf-8", "replace")
    for pattern in case.get("says", []):
        if not re.search(pattern, text):
            yield "does not say %s: %s" % (pattern, text[:300])
    if "matrix" in case:
        found = json.loads(text)["result"]["transform"]["matrix"]
        if not all(near(x, y) for a, b in zip(found, case["matrix"]) for x, y in zip(a, b)):
            yield "matrix %s, not %s" % (found, case["matrix"])


def shown(text):
    """Text for this script's own lines."""
    return "".join(c if not hidden(c, "") else "\\u%04x" % ord(c) for c in text)
