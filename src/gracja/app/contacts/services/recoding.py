"""The bytes of a file of turns as our reader takes them: UTF-8, our names in the heading, line for line."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from typing import Final

from gracja.app.common.refused import Refused
from gracja.app.common.spreadsheet import Sheet, find_encoding, read_sheet
from gracja.app.contacts.services.mapping import FileWords

_BEGINNING: Final = 400_000  # bytes that are looked at to guess
_LONGEST_HEADING: Final = 1_000_000
_TRIES: Final = 10


def in_our_words(chunks: Iterable[bytes], words: FileWords) -> Iterator[bytes]:
    """The bytes of a file with our names in its heading, in UTF-8, every row on the line where it stood."""
    recoded = _recoded(chunks, words.encoding)
    head = b""
    for chunk in recoded:
        head += chunk
        if (end := _end_of_heading(head, words.separator)) is not None:
            lines = head[:end].count(b"\n")
            yield _heading(words) + b"\n" * max(1, lines) + head[end:]
            break
        if len(head) > _LONGEST_HEADING:
            yield head  # which the reader refuses for what is missing
            break
    else:
        yield _heading(words) + b"\n"
    yield from recoded


def _heading(words: FileWords) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=words.separator, lineterminator="").writerow(words.names())
    return out.getvalue().encode()


def _end_of_heading(head: bytes, separator: str) -> int | None:
    """Where the first row with a value ends; None where that is not known yet."""
    lines = io.StringIO(head.decode("utf-8", "replace"), newline="").readlines()
    taken: list[str] = []

    def feed() -> Iterator[str]:
        for line in lines:
            taken.append(line)
            yield line

    for row in csv.reader(feed(), delimiter=separator):
        hinted = len(taken) == 1 and taken[0].lower().startswith("sep=")
        if any(value.strip() for value in row) and not hinted:
            whole = taken[-1].endswith("\n")
            return len("".join(taken).encode()) if whole else None
    return None


def _recoded(chunks: Iterable[bytes], encoding: str) -> Iterator[bytes]:
    """In UTF-8 without a mark at its start; wrong bytes of UTF-8 stay, for the reader to refuse."""
    if encoding == "utf-8":
        chunks = iter(chunks)
        yield next(chunks, b"").removeprefix(codecs.BOM_UTF8)
        yield from chunks
        return
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    first = True
    for chunk in chunks:
        text = decoder.decode(chunk)
        yield (text.removeprefix("\ufeff") if first else text).encode("utf-8", "replace")
        first = False
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")


def beginning_of(chunks: Iterable[bytes]) -> Sheet:
    """The first rows of a file. Raises Refused: as `read_sheet`."""
    head = b""
    for chunk in chunks:
        head += chunk
        if len(head) >= _BEGINNING:
            head = _whole_rows(head[:_BEGINNING])
            break
    encoding = find_encoding(head)
    for _ in range(_TRIES):
        try:
            return read_sheet(head, encoding=encoding)
        except Refused as refused:
            if refused.code != "quote_open":  # the last row was cut
                raise
            head = _whole_rows(head[: len(head) * 9 // 10])
    return read_sheet(head, encoding=encoding)


def _whole_rows(head: bytes) -> bytes:
    """Up to the last end of a line (in UTF-16 too, where it is two bytes)."""
    end = head.rfind(b"\n")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        end += 1 if head.startswith(b"\xff\xfe") else 0
        return head[: end + 1 - (end + 1) % 2]
    return head[: end + 1]
