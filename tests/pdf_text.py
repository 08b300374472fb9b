"""The text of a PDF, read back from its pages by what the file itself says about its letters.

Enough of the format for what typst writes: compressed objects, page contents, fonts with a ToUnicode map.
"""

from __future__ import annotations

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\b(.*?)endobj", re.DOTALL)
_STREAM = re.compile(rb"^(.*?)stream\r?\n(.*)\r?\nendstream", re.DOTALL)
_LITERAL = rb"\((?:[^()\\]|\\.)*\)"
_SHOWN = re.compile(
    rb"/ActualText ?(<FEFF[0-9A-F]+>|\((?:[^()\\]|\\.)*\))>> ?BDC|(EMC)|/(\S+) [\d.]+ Tf"
    rb"|\[((?:%s|<[0-9a-fA-F]*>|[-\d.\s])*)\] ?TJ"
    rb"|(?:<([0-9a-fA-F]+)>|\(((?:[^()\\]|\\.)*)\)) ?Tj" % _LITERAL,
    re.DOTALL,
)
_STRING = re.compile(rb"<([0-9a-fA-F\s]+)>|\(((?:[^()\\]|\\.)*)\)", re.DOTALL)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def text_of(pdf: bytes) -> str:
    """Everything that the pages show, in the order of drawing, without blanks: lines break anywhere."""
    objects = _objects(pdf)
    pages = [body for body in objects.values() if re.search(rb"/Type ?/Page\b", body)]
    return "".join(_page(body, objects) for body in pages)


def _objects(pdf: bytes) -> dict[int, bytes]:
    """Every object by its number, those in compressed object streams too; streams are unpacked."""
    found = {int(number): _unpacked(body) for number, body in _OBJECT.findall(pdf)}
    for body in list(found.values()):
        if re.search(rb"/Type ?/ObjStm", body[:400]):
            head, _, data = body.partition(b"\0stream\0")
            count, first = (int(re.search(rb"/%s (\d+)" % key, head)[1]) for key in (b"N", b"First"))
            numbers = [int(one) for one in data[:first].split()][: 2 * count]
            starts = [*numbers[1::2], len(data) - first]
            for number, start, end in zip(numbers[::2], starts, starts[1:], strict=False):
                found[number] = data[first + start : first + end]
    return found


def _unpacked(body: bytes) -> bytes:
    match = _STREAM.search(body)
    if match is None:
        return body
    head, data = match.groups()
    return head + b"\0stream\0" + (zlib.decompress(data) if b"/FlateDecode" in head else data)


def _page(body: bytes, objects: dict[int, bytes]) -> str:
    fonts = {}
    resources = _dictionary(body, b"Resources", objects)
    for name, number in re.findall(rb"/(\S+) (\d+) 0 R", _dictionary(resources, b"Font", objects)):
        to_unicode = re.search(rb"/ToUnicode (\d+) 0 R", objects[int(number)])
        if to_unicode:
            fonts[name] = _letters(objects[int(to_unicode[1])])
    contents = re.search(rb"/Contents (\d+) 0 R", body)
    drawn = objects[int(contents[1])].partition(b"\0stream\0")[2] if contents else b""
    return _drawn(drawn, fonts)


def _dictionary(body: bytes, key: bytes, objects: dict[int, bytes]) -> bytes:
    """The dictionary under a key, written in place or referred to."""
    referred = re.search(rb"/%s (\d+) 0 R" % key, body)
    if referred:
        return objects[int(referred[1])]
    start = re.search(rb"/%s ?<<" % key, body)
    if start is None:
        return b""
    depth, at = 1, start.end()
    while depth:
        depth += {b"<<": 1, b">>": -1}.get(body[at : at + 2], 0)
        at += 2 if body[at : at + 2] in (b"<<", b">>") else 1
    return body[start.end() : at - 2]


def _drawn(drawn: bytes, fonts: dict[bytes, dict[int, str]]) -> str:
    said, letters = [], {}
    instead = False  # a letter drawn as a base and its accent says itself what it is
    for actual, ends, font, many, hexed, plain in _SHOWN.findall(drawn):
        if actual or ends:
            instead = bool(actual)
            said.append(_spelt(actual))
            continue
        if font:
            letters = fonts.get(font, {})
            continue
        if instead:
            continue
        strings = _STRING.findall(many) if many else [(hexed, plain)]
        for hexadecimal, literal in strings:
            codes = bytes.fromhex(hexadecimal.decode()) if hexadecimal else _literal(literal)
            pairs = zip(codes[::2], codes[1::2], strict=False)
            said.extend(letters.get(high << 8 | low, "") for high, low in pairs)
    return "".join("".join(said).split())


def _spelt(actual: bytes) -> str:
    if actual.startswith(b"<"):
        return bytes.fromhex(actual[5:-1].decode()).decode("utf-16-be")
    return _literal(actual[1:-1]).decode("latin-1")


def _literal(text: bytes) -> bytes:
    def plain(match: re.Match[bytes]) -> bytes:
        given = match[1]
        return bytes([int(given, 8)]) if given[:1].isdigit() else _ESCAPES.get(given, given)

    return re.sub(rb"\\([0-7]{1,3}|.)", plain, text, flags=re.DOTALL)


def _letters(body: bytes) -> dict[int, str]:
    """A ToUnicode map: codes of glyphs to the letters that they stand for."""
    found = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", body, re.DOTALL):
        for code, letters in re.findall(rb"<([0-9A-Fa-f]+)> *<([0-9A-Fa-f]+)>", block):
            found[int(code, 16)] = bytes.fromhex(letters.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", body, re.DOTALL):
        for low, high, letters in re.findall(rb"<([0-9A-Fa-f]+)> *<([0-9A-Fa-f]+)> *<([0-9A-Fa-f]+)>", block):
            first = int(letters, 16)
            for code in range(int(low, 16), int(high, 16) + 1):
                found[code] = chr(first + code - int(low, 16))
    return found
