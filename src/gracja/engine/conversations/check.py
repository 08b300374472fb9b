"""A record of any origin as a conversation, or what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from gracja.engine.conversations.outcome import Conversation, Turn, WrongError
from gracja.engine.conversations.values import id_of, instant, isoformat, readable, required_id, short
from gracja.engine.tables import CHANNELS, CONVERSATIONS, SPEAKERS, TURN

LONGEST_TURN_CHARACTERS: Final = 2**20  # an e-mail with all that it quotes; more is an attachment
MOST_TURNS: Final = 20_000
_FIELDS: Final = frozenset(CONVERSATIONS.names)
_TURN_FIELDS: Final = frozenset(TURN.field(place).name for place in range(TURN.num_fields))
_LANGUAGE: Final = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]+)*", re.ASCII)

Clock = Callable[[Any, str], int]
Notices = list[tuple[str, str | None]]


def conversation_in(record: object, *, clock: Clock = instant) -> tuple[Conversation, Notices]:
    """The conversation in this record, and what to say of it: codes of `Noticed` with a field's name.

    `clock` reads a time: by default ISO 8601 with a zone, or seconds since 1970.

    Raises WrongError: field_missing, field_type, id_unreadable, id_too_long, channel_unknown,
    language_unreadable, turns_empty, turns_too_many, turn_too_long, speaker_unknown, text_missing,
    turns_out_of_order, time_unreadable, time_without_zone, time_out_of_range.
    """
    if not isinstance(record, dict):
        raise WrongError("json_not_object", given=short(record))
    notices: Notices = [("field_ignored", short(name)) for name in record.keys() - _FIELDS]
    contact = required_id(record, "contact")
    started_at = record.get("started_at")
    conversation = Conversation(
        contact,
        id_of(record, "employee"),
        id_of(record, "customer"),
        id_of(record, "place"),
        _channel(record),
        language_of(id_of(record, "language")),
        None if started_at is None else clock(started_at, "started_at"),
        _complete(record),
        _turns(record, clock, notices),
    )
    _notice_silence(conversation, notices)
    return conversation, notices


def _channel(record: Mapping[str, Any]) -> str:
    channel = required_id(record, "channel")
    if channel not in CHANNELS:
        raise WrongError("channel_unknown", "channel", given=short(channel), known=list(CHANNELS))
    return channel


def language_of(language: str | None) -> str | None:
    """`pl` also from `PL` and `pl-PL`: phrases are keyed by the bare language.

    Raises WrongError: language_unreadable.
    """
    if language is None:
        return None
    parts = _LANGUAGE.fullmatch(language)
    if not parts:
        raise WrongError("language_unreadable", "language", given=short(language))
    return parts[1].lower()


def _complete(record: Mapping[str, Any]) -> bool:
    complete = record.get("complete")
    if complete is None:
        return True
    if type(complete) is not bool:
        raise WrongError("field_type", "complete", given=short(complete), expected="true, false")
    return complete


def _turns(record: Mapping[str, Any], clock: Clock, notices: Notices) -> tuple[Turn, ...]:
    given = record.get("turns")
    if given is None:
        raise WrongError("field_missing", "turns", name="turns")
    if not isinstance(given, list):
        raise WrongError("field_type", "turns", given=short(given), expected="[…]")
    if not given and _complete(record):
        # cut short before the first word: nothing was seen; whole and empty: nothing was said, or it is lost
        raise WrongError("turns_empty", "turns")
    if len(given) > MOST_TURNS:
        raise WrongError("turns_too_many", "turns", count=len(given), most=MOST_TURNS)
    noticed: set[tuple[str, str | None]] = set()
    turns: list[Turn] = []
    for number, one in enumerate(given):
        try:
            turns.append(_turn(one, clock, noticed))
        except WrongError as wrong:
            wrong.turn = number
            raise
    _check_order(turns)
    notices.extend(sorted(noticed, key=str))
    return tuple(turns)


def _turn(record: object, clock: Clock, noticed: set[tuple[str, str | None]]) -> Turn:
    if not isinstance(record, dict):
        raise WrongError("field_type", None, given=short(record), expected="{…}")
    if not record.keys() <= _TURN_FIELDS:
        noticed.update(("field_ignored", f"turns.{short(name)}") for name in record.keys() - _TURN_FIELDS)
    speaker = record.get("speaker")
    if speaker is None:
        raise WrongError("field_missing", "speaker", name="speaker")
    if speaker not in SPEAKERS:
        raise WrongError("speaker_unknown", "speaker", given=short(speaker), known=list(SPEAKERS))
    event, at = id_of(record, "event"), record.get("at")
    return Turn(
        speaker,
        id_of(record, "employee"),
        _text(record, event, noticed),
        event,
        None if at is None else clock(at, "at"),
    )


def _text(record: Mapping[str, Any], event: str | None, noticed: set[tuple[str, str | None]]) -> str:
    text = record.get("text")
    if text is None:
        if event is not None:  # "handed over", "joined": nothing was said
            return ""
        raise WrongError("text_missing", "text")
    if type(text) is not str:
        raise WrongError("field_type", "text", given=short(text), expected='"abc"')
    if len(text) > LONGEST_TURN_CHARACTERS:
        raise WrongError("turn_too_long", "text", most=LONGEST_TURN_CHARACTERS)
    text, replaced = readable(text)
    if replaced:
        noticed.add(("character_replaced", "text"))
    return text


def _check_order(turns: list[Turn]) -> None:
    latest: int | None = None
    for number, turn in enumerate(turns):
        if turn.at is None:
            continue
        if latest is not None and turn.at < latest:
            facts = {"number": number + 1, "given": isoformat(turn.at), "latest": isoformat(latest)}
            raise WrongError("turns_out_of_order", "at", number, **facts)
        latest = turn.at


def _notice_silence(conversation: Conversation, notices: Notices) -> None:
    """Marks without an employee belong to nobody; without an agent's turn every phrase is absent."""
    agents = [turn for turn in conversation.turns if turn.speaker == "agent"]
    if conversation.employee is None and not any(turn.employee for turn in agents):
        notices.append(("employee_missing", None))
    if not agents:
        notices.append(("agent_turn_missing", None))
