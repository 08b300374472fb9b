"""Conversations, one JSON object a line."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from json import JSONDecodeError, JSONDecoder
from typing import Any, Final, NamedTuple, NoReturn

from gracja.engine.conversations.check import LONGEST_TURN_CHARACTERS, conversation_in
from gracja.engine.conversations.lines import (
    LONGEST_LINE_BYTES,
    Line,
    contact_named_in,
    split_lines,
)
from gracja.engine.conversations.outcome import Accepted, Noticed, Outcome, Rejected, WrongError
from gracja.engine.conversations.values import LONGEST_ID_CHARACTERS, short, wrong_byte
from gracja.engine.errors import Where

_LONG_STRING: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"?+', re.DOTALL)
_ESCAPED: Final = re.compile(r"\\u[dD][89abAB]..\\u....|\\u....|\\.", re.DOTALL)


class Record(NamedTuple):
    """What one line of JSONL holds."""

    line: Line
    value: Any


def read_jsonl(chunks: Iterable[bytes], *, file: str | None = None) -> Iterator[Outcome]:
    """The conversations in a stream of JSON lines, in order; any bytes are accepted or rejected, none raise.

    chunks: the bytes of the file, cut anywhere. Memory: one line, at most 8 MiB of it. Codes of
    rejection: those of `json_records` and `conversation_in`.
    """
    for record in json_records(chunks, file=file):
        if not isinstance(record, Record):
            yield record
            continue
        line, value = record
        try:
            conversation, notices = conversation_in(value)
        except WrongError as wrong:
            yield rejected(line, wrong, file, value)
            continue
        where = Where(file, line.number)
        said = tuple(Noticed(code, where, name) for code, name in notices)
        yield Accepted(conversation, where, line.raw, said)


def json_records(
    chunks: Iterable[bytes], *, file: str | None = None
) -> Iterator[Record | Rejected | Noticed]:
    """The JSON value of each line. Blank lines and an empty file are noticed.

    Codes of rejection: not_utf8, json_broken, json_number_too_long, json_too_deep, json_not_finite,
    json_key_twice, turn_too_long, line_too_long.
    """
    empty = True
    for line in split_lines(chunks):
        if line.blank and not line.too_long:
            yield Noticed("line_blank", Where(file, line.number))
            continue
        empty = False
        try:
            yield Record(line, _value(line))
        except WrongError as wrong:
            yield rejected(line, wrong, file)
    if empty:
        yield Noticed("file_empty", Where(file))


def rejected(line: Line, wrong: WrongError, file: str | None, value: object = None) -> Rejected:
    """The rejection of this line, with the contact as far as it can be read."""
    raw = line.raw()
    named = contact_named_in(raw) if value is None else None
    contact = value.get("contact") if isinstance(value, dict) else named
    shown = str(contact)[:LONGEST_ID_CHARACTERS] if type(contact) in (str, int) else None
    where = Where(file, line.number, wrong.facts.get("column"), wrong.path())
    return Rejected(where, wrong.code, wrong.facts, None if shown is None else short(shown), raw)


def _value(line: Line) -> Any:
    if line.too_long:
        if any(
            _characters(found[0]) > LONGEST_TURN_CHARACTERS for found in _LONG_STRING.finditer(line.content)
        ):
            raise WrongError("turn_too_long", most=LONGEST_TURN_CHARACTERS)
        raise WrongError("line_too_long", size=line.size, most=LONGEST_LINE_BYTES)
    try:
        return _DECODER.decode(line.content.decode())
    except UnicodeDecodeError as broken:
        raise wrong_byte(broken) from None
    except JSONDecodeError as broken:
        raise WrongError("json_broken", column=broken.pos + 1) from None
    except RecursionError:
        raise WrongError("json_too_deep") from None
    except ValueError:
        raise WrongError("json_number_too_long") from None


def _characters(string: bytes) -> int:
    """How many characters a string of JSON has, which may be cut off."""
    if len(string) <= LONGEST_TURN_CHARACTERS:
        return len(string)  # no more than that, which is all that is asked
    return len(_ESCAPED.sub(".", string.decode("utf-8", "ignore"))) - len('""')


def _not_finite(constant: str) -> NoReturn:
    raise WrongError("json_not_finite", given=constant)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) != len(pairs):  # json would keep the last one and say nothing
        twice = next(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        raise WrongError("json_key_twice", name=short(twice))
    return record


_DECODER: Final[JSONDecoder] = json.JSONDecoder(parse_constant=_not_finite, object_pairs_hook=_object)
