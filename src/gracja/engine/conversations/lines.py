"""A stream of bytes cut into lines, of which none takes more than a bounded piece of memory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

# A conversation has some tens of kilobytes. JSON can grow twentyfold as objects, so this bounds memory too.
LONGEST_LINE_BYTES: Final = 8 * 2**20
LONGEST_RAW: Final = 2_000
_BOM: Final = b"\xef\xbb\xbf"
_CONTACT: Final = re.compile(r'(?<!\\)"contact"\s*:\s*(?:"([^"\\]{1,500})"|(\d{1,40})\b)')


class Line(NamedTuple):
    """A line without its end, counted from 1. Of a line that is too long only the beginning is kept."""

    number: int
    content: bytes
    size: int

    @property
    def too_long(self) -> bool:
        return self.size > len(self.content)

    @property
    def blank(self) -> bool:
        return not self.content.strip()

    def raw(self) -> str:
        """What is shown of the line to the person who mends it."""
        return head_of(self.content)


def split_lines(chunks: Iterable[bytes], *, longest: int = LONGEST_LINE_BYTES) -> Iterator[Line]:
    """The lines of a stream of bytes, however it is cut into chunks. A BOM before a line is no part of it."""
    kept: list[bytes] = []
    kept_bytes = size = number = 0
    for chunk in chunks:
        pieces = chunk.split(b"\n")
        for place, piece in enumerate(pieces):
            if place:  # a line ended before this piece
                number += 1
                yield _line(number, kept, size)
                kept, kept_bytes, size = [], 0, 0
            size += len(piece)
            if piece and kept_bytes < longest:
                kept.append(piece[: longest - kept_bytes])
                kept_bytes += len(kept[-1])
    if size:
        yield _line(number + 1, kept, size)


def _line(number: int, kept: list[bytes], size: int) -> Line:
    content = kept[0] if len(kept) == 1 else b"".join(kept)
    if content.startswith(_BOM):
        content, size = content[3:], size - 3
    if content.endswith(b"\r") and size == len(content):
        content, size = content[:-1], size - 1
    return Line(number, content, size)


def head_of(text: str | bytes) -> str:
    """The first 2,000 characters, of bytes that may be anything."""
    if isinstance(text, bytes):
        text = text[: LONGEST_RAW * 4].decode("utf-8", "replace")
    return unbroken(text[:LONGEST_RAW])


def unbroken(text: str) -> str:
    """The text with half characters (lone surrogates) replaced, so that it can be written as UTF-8."""
    if text.isascii():
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def contact_named_in(raw: str) -> str | None:
    """The contact that a broken line seems to be about: the first `"contact": ...` in it."""
    found = _CONTACT.search(raw)
    return (found[1] or found[2]) if found else None
