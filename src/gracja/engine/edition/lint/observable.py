"""GR301: what cannot be seen or heard in a standard's channels. GR305: a written one left undecided."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from gracja.engine.edition.lint.draft import Draft, Passage
from gracja.engine.edition.lint.finding import Remark
from gracja.engine.edition.lint.lexicon import either
from gracja.engine.edition.lint.sentence import masked_text

_ORDER: Final = ("in_person", "video", "phone")
_SEEN: Final = frozenset(("in_person", "video"))
_HERE: Final = frozenset(("in_person",))
_HEARD: Final = frozenset(("in_person", "video", "phone"))
_TRANSCRIBED: Final = ("chat", "message", "email")

# (where it can be observed, what names it); only what the employee does, never what the customer does.
_SIGNS: Final = {
    "pl": (
        (
            _SEEN,
            either(
                r"uśmiech\w*|kontakt\w* wzrokow\w*|identyfikator\w*|mundur\w*|postaw\w+ ciała",
                r"patrz\w+ (?:\w+ ){0,2}w oczy|patrzy na (?:klient|pacjent|goś)\w*|spogląda\w* na",
                r"kiwa\w* głową|skin\w+ głową|podnosi wzrok|kieruje wzrok",
            ),
        ),
        (
            _HERE,
            either(
                r"podaje rękę|uścisk\w* dłoni|ściska dłoń|wstaje|podchodzi|odprowadza|wyciera|sprząta",
                r"otwiera drzwi|przytrzymuje drzwi|(?:na|za|przy) lad(?:zie|ą)|w zasięgu wzroku",
                r"prowadzi (?:klienta|pacjenta|gościa) do",
            ),
        ),
        (
            _HEARD,
            either(
                r"ton\w* głosu|głosem|podnosi głos\w*|na głos|głośno|mówi wolno",
                r"przerywa(?:nia)? klientowi",
            ),
        ),
    ),
    "en": (
        (
            _SEEN,
            either(
                r"smil\w+|eye contact|name badge|uniform|body language|posture|nods?|looks? up at",
                r"looks? (?:\w+ ){0,2}in the eyes?|looks? at the (?:customer|patient|guest)",
            ),
        ),
        (
            _HERE,
            either(
                r"shak\w+ hands|handshake|stands? up|escorts?|approaches|wipes?|tidies",
                r"walks? (?:\w+ ){0,3}to",
                r"(?:holds?|opens?) the door|(?:at|on|behind) the counter|within (?:\w+ )?sight",
            ),
        ),
        (
            _HEARD,
            either(
                r"tone of voice|an? (?:\w+ ){0,2}voice|raises? (?:\w+ )?voice|out loud|aloud",
                r"speaks? (?:slowly|loudly|quietly)",
            ),
        ),
    ),
}


def unobservable(draft: Draft) -> Iterator[Remark]:
    """GR301. A smile on the phone, a tone of voice in a chat: there, every mark would be an invention."""
    reported: set[int] = set()
    for passage in draft.behaviours:
        if id(passage.standard) in reported:
            continue
        remark = _unobservable(passage)
        if remark:
            reported.add(id(passage.standard))
            yield remark


def _unobservable(passage: Passage) -> Remark | None:
    text = _what_the_employee_does(passage)
    for where, pattern in _SIGNS[passage.language]:
        match = pattern.search(text)
        bad = [channel for channel in passage.standard.channels if channel not in where]
        if match is None or not bad:
            continue
        left: list[str] = [channel for channel in passage.standard.channels if channel in where] or [
            channel for channel in _ORDER if channel in where
        ]
        return Remark(
            passage.path,
            passage.language,
            passage.sentence.text[match.start() : match.end()],
            (match.span(),),
            facts={"channels": bad},
            rewording=f"channels: [{', '.join(left)}]",
        )
    return None


def _what_the_employee_does(passage: Passage) -> str:
    """The text with speech and every subordinate clause blanked."""
    sentence = passage.sentence
    text = masked_text(sentence.text, sentence.quotes)
    for word in sentence.words:
        if word.clause != "main":
            text = text[: word.start] + " " * (word.end - word.start) + text[word.end :]
    return text


def undecided_detector(draft: Draft) -> Iterator[Remark]:
    """GR305. Written conversations can be searched; `detect: none` says that this one cannot."""
    for path, standard in draft.standards:
        written = [channel for channel in standard.channels if channel in _TRANSCRIBED]
        if written and "detect" not in standard.model_fields_set:
            yield Remark(
                (*path, "standard"),
                quote=standard.standard,
                facts={"channels": written},
                rewording="detect: none",
            )
