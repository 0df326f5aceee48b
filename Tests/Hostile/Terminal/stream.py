"""What a terminal is sent, taken apart: which modes are on, and what no program of ours would send."""
import re

# Modes that the program may switch: cursor keys, cursor, its blinking, mouse, alternate screen, paste, wrapping.
MODES = {"1": False, "7": True, "12": False, "25": True, "1000": False, "1002": False, "1006": False,
         "1049": False, "1034": False, "2004": False, "47": False, "1047": False, "1048": False}
# Controls that planted text would use: titles, clipboard, links, notifications, answers typed back.
SEQUENCE = re.compile(
    rb"\x1b\[([0-?]*)([ -/]*)([@-~]|(?=[^ -~]))"  # CSI, or one that was broken off
    rb"|\x1b([\]P_^X])([^\x07\x1b]*)(\x07|\x1b\\|(?=\x1b[^\\]))"  # strings
    rb"|\x1b[ -/]+[0-~]|\x1b([0-OQ-WYZ\\`-~])|\x1b(?=\x1b)"
)


class Stream:
    def __init__(self):
        self.modes = dict(MODES)
        self.rest = b""
        self.strange, self.text, self.total = [], bytearray(), 0
        self.palette, self.images, self.keypad, self.sgr = False, False, False, set()
        self.kept, self.titles = set(), 0

    def take(self, data):
        self.total += len(data)
        data = self.rest + data
        at = 0
        while at < len(data):
            escape = data.find(b"\x1b", at)
            plain = data[at : escape if escape >= 0 else len(data)]
            self.plain(plain)
            if escape < 0:
                at = len(data)
                break
            if data[escape + 1 : escape + 3] == b"]R":  # the Linux console's own reset, without an end
                self.palette, at = False, escape + 3
                continue
            if data[escape + 1 : escape + 3] == b"]P":
                self.palette, at = True, escape + 10
                continue
            found = SEQUENCE.match(data, escape)
            if not found:
                if len(data) - escape > 1 << 20:
                    self.odd("a sequence without an end", data[escape : escape + 40])
                    at = escape + 1
                    continue
                at = escape
                break
            self.sequence(found)
            at = found.end()
        self.rest = data[at:]

    def odd(self, what, data):
        if len(self.strange) < 5:
            self.strange.append(f"{what}: {bytes(data[:60])!r}")

    def plain(self, data):
        self.text += data
        del self.text[:-20000]
        for byte in (0, 5, 7, 11, 12, 0x7F):
            if byte in data:
                self.odd("a control byte", data[max(0, data.index(byte) - 20) :])
        if re.search(rb"\xc2[\x80-\x9f]", data):
            self.odd("a C1 control", data)

    def sequence(self, found):
        numbers, _, final, kind, body, end, simple = found.groups()
        if kind and not end:
            return
        if kind:
            allowed = (
                kind == b"]" and re.match(rb"(4;|104)", body) or kind == b"_" and body[:1] == b"G"
                or kind == b"P" and body[:2] == b"$q"
            )
            if not allowed or b"PLANTED" in body:
                self.odd("a string that is none of ours", found.group())
            if kind == b"]":
                self.palette = body.startswith(b"4;") and b"?" not in body
            if kind == b"_":
                self.images = b"a=d" not in body and b"a=q" not in body
        elif final in (b"h", b"l") and numbers[:1] == b"?":
            for mode in numbers[1:].decode().split(";"):
                if mode not in self.modes:
                    self.odd("a mode that is none of ours", found.group())
                self.modes[mode] = final == b"h"
        elif final == b"t" and numbers[:3] in (b"22;", b"23;"):
            self.titles += 1 if numbers[:3] == b"22;" else -1
        elif final == b"m":
            self.colour(numbers)
        elif final and final not in b"ABCDGHJKLMPXSTbdfhlrstcnqu@p":
            self.odd("a control that is none of ours", found.group())
        elif simple in (b"=", b">"):
            self.keypad = simple == b"="
        elif simple == b"7":
            self.kept = set(self.sgr)
        elif simple == b"8":
            self.sgr = set(self.kept)
        elif simple == b"c":
            self.odd("a reset of the terminal", found.group())

    def colour(self, numbers):
        """Which of foreground, background and styles is not the terminal's own."""
        words = numbers.replace(b":", b";").split(b";")
        n = 0
        while n < len(words):
            word = int(words[n] or 0)
            if word == 0:
                self.sgr.clear()
            elif word in (38, 48):
                self.sgr.add(word)
                n += 2 if words[n + 1 : n + 2] == [b"5"] else 4
            elif word in (39, 49):
                self.sgr.discard(word - 1)
            elif 30 <= word <= 37 or 90 <= word <= 97:
                self.sgr.add(38)
            elif 40 <= word <= 47 or 100 <= word <= 107:
                self.sgr.add(48)
            elif word < 10:
                self.sgr.add(0)
            elif 21 <= word <= 29:
                self.sgr.discard(0)
            n += 1

    def left_on(self):
        out = [f"mode {m} is not as before" for m, v in self.modes.items() if v != MODES.get(m, False)]
        if self.keypad:
            out.append("the keypad is not as before")
        if self.palette:
            out.append("colours are not as before")
        if self.images:
            out.append("images are not taken away")
        if self.titles > 0:
            out.append("the title is not as before")
        if self.sgr:
            out.append("the colour of text is not as before")
        return out
