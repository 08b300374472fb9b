"""Conversations and editions as hypothesis makes them: two languages, every modifier, awkward letters."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from gracja.engine.edition.model import Edition
from gracja.engine.edition.phrases import parse_phrase
from gracja.engine.errors import EngineInputError


def words(text: str) -> list[str]:
    return text.split()


START = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
WORDS = {
    "pl": [
        "dzień",
        "dobry",
        "dzien",
        "Dobry",
        "łaska",
        "laska",
        "Łaska",
        "łatwo",
        "lat",
        "lata",
        "w",
        "czym",
        "mogę",
        "moge",
        "pomóc",
        "pomoc",
        "reklamacja",
        "reklamację",
        "REKLAMACJI",
        "nie",
        "działa",
        "dziala",
        "dziękuję",
        "dziekuje",
        "dziękuje",
        "Anna",
        "anna",
        "Annie",
        "Nowak",
        "140",
        "15",
        "1",
        "minut",
        "minuty",
        "jutro",
        "poniedziałek",
        "pięć",
        "piec",
        "zł",
        "12.10",
        "2026-12-01",
        "za",
        "godzinę",
        "przepraszam",
        "zadzwonię",
        "zadzwonić",
        "oddzwonienie",
    ],
    "en": [
        "hello",
        "Hello",
        "how",
        "can",
        "I",
        "help",
        "helps",
        "helped",
        "name",
        "names",
        "Mark",
        "mark",
        "don't",
        "don’t",
        "can't",
        "sorry",
        "else",
        "anything",
        "20",
        "minutes",
        "Monday",
        "tomorrow",
        "two",
        "next",
        "week",
        "June",
        "5",
        "in",
        "an",
        "hour",
        "wait",
        "is",
        "that",
        "OK",
        "thanks",
        "thank",
        "booked",
        "booking",
        "books",
    ],
}
BETWEEN = (
    " ",
    " ",
    " ",
    ", ",
    ". ",
    "! ",
    "? ",
    "-",
    "'",
    "\n",
    "  ",
    " 🙂 ",
    "\u0000",
    " שלום ",
    "_",
    "ß ",
    "ﬁ",
)
PIECES = {
    "pl": [
        "dzień",
        "dobry",
        "laska",
        "łaska",
        "lat*",
        "dziekuj*",
        "dzięk*",
        "w",
        "czym",
        "{0..2}",
        "pomóc",
        "~reklamacja",
        "~pomóc",
        "~łaska",
        "nie",
        "działa",
        "{number}",
        "{date}",
        "{name}",
        "*",
        "minut*",
        "przepraszam",
        "{1..3}",
        "~zadzwonić",
    ],
    "en": [
        "hello",
        "how",
        "can",
        "help*",
        "~help",
        "~name",
        "{0..2}",
        "don't",
        "sorry",
        "else",
        "any*",
        "{number}",
        "{date}",
        "{name}",
        "*",
        "thank*",
        "is",
        "that",
        "~book",
        "{1..1}",
    ],
}
EVENTS = ("booked", "booking failed", "segment", "hold")


def texts(language: str) -> st.SearchStrategy[str]:
    word = st.sampled_from(WORDS[language]) | st.sampled_from(WORDS["en"])
    pair = st.tuples(word, st.sampled_from(BETWEEN))
    plain = st.lists(pair, max_size=9).map(lambda pairs: "".join(w + between for w, between in pairs))
    return st.tuples(plain, st.sampled_from(("NFC", "NFC", "NFD"))).map(
        lambda made: unicodedata.normalize(made[1], made[0])
    )


def phrases(language: str) -> st.SearchStrategy[str]:
    def valid(phrase: str) -> bool:
        try:
            parse_phrase(phrase)
        except EngineInputError:
            return False
        return True

    pieces = st.lists(st.sampled_from(PIECES[language]), min_size=1, max_size=4)
    return pieces.map(" ".join).filter(valid)


def said() -> st.SearchStrategy[Any]:
    by_language = st.fixed_dictionaries(
        {},
        optional={
            "pl": st.lists(phrases("pl"), min_size=1, max_size=3),
            "en": st.lists(phrases("en"), min_size=1, max_size=3),
        },
    ).filter(bool)
    return by_language | st.lists(phrases("en"), min_size=1, max_size=2)


def leaves() -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(
        said().map(lambda p: {"agent_says": p}),
        said().map(lambda p: {"customer_says": p}),
        st.sampled_from(("booked", "book*", "* failed", "hold")).map(lambda e: {"system_event": e}),
        st.just({"like": ["how can I help"]}),
    )


MODIFIERS = st.fixed_dictionaries(
    {},
    optional={
        "where": st.one_of(
            st.builds(
                lambda n, of: {"first": n, "of": of},
                st.integers(1, 3),
                st.sampled_from(("agent", "customer")),
            ),
            st.builds(
                lambda n, of: {"last": n, "of": of}, st.integers(1, 3), st.sampled_from(("agent", "customer"))
            ),
        ),
        "after": st.sampled_from(("one", "two")),
        "before": st.sampled_from(("one", "two")),
        "within_turns": st.integers(1, 3),
        "within_seconds": st.sampled_from((1.0, 30.0, 90.5)),
    },
).map(
    lambda m: (
        m
        if "after" in m or "before" in m
        else {k: v for k, v in m.items() if k not in ("within_turns", "within_seconds")}
    )
)
WITHIN = st.sampled_from(({}, {}, {"within": "turn"}, {"within": "segment"}, {"within": "contact"}))


def trees() -> st.SearchStrategy[dict[str, Any]]:
    def grow(children: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
        several = st.lists(children, min_size=1, max_size=3)
        return st.one_of(
            st.builds(lambda c, m, w: {"all": c} | m | w, several, MODIFIERS, WITHIN),
            st.builds(lambda c, m, w: {"any": c} | m | w, several, MODIFIERS, WITHIN),
            st.builds(lambda c, m, w: {"not": c} | m | w, children, MODIFIERS, WITHIN),
        )

    modified = st.builds(lambda leaf, m: leaf | m, leaves(), MODIFIERS)
    return st.recursive(modified, grow, max_leaves=4)


SIGNAL = leaves().filter(lambda leaf: "like" not in leaf)
TIMED = st.sampled_from(
    (
        {"first_reply_seconds": {}},
        {"longest_silence_seconds": {}},
        {"longest_silence_seconds": {"unless": "one"}},
    )
)


def standards() -> st.SearchStrategy[dict[str, Any]]:
    each = st.builds(
        lambda tree, limit, before: (
            {k: v for k, v in tree.items() if k not in ("after", "within_turns")}
            | {"each": "one"}
            | ({"before": "one"} if before else {})
            | limit
        ),
        trees(),
        st.sampled_from(({}, {"within_turns": 1}, {"within_turns": 2}, {"within_seconds": 60.0})),
        st.booleans(),
    )
    detect = st.one_of(
        trees().map(lambda t: ("yes_no", t)),
        each.map(lambda t: ("yes_no", t)),
        st.tuples(st.integers(1, 3).map(lambda n: {"count_at_least": n}), trees()),
        TIMED.map(lambda t: ({"seconds_at_most": 45.0}, t)),
    )
    return st.builds(
        lambda made, applies, channels: {
            "behaviour": "x",
            "channels": channels,
            "measure": made[0],
            "detect": made[1] | ({"applies_if": applies} if applies else {}),
        },
        detect,
        st.sampled_from((None, None, "one", "two")),
        st.sampled_from((["chat"], ["chat", "phone"])),
    )


def editions() -> st.SearchStrategy[Edition]:
    return st.builds(
        lambda one, two, segment, several: Edition.model_validate(
            {
                "gracja": 1,
                "id": "made",
                "version": 1,
                "title": "Made",
                "service": {"kind": "encounter"},
                "signals": {"one": one, "two": two},
                "new_segment_at": segment,
                "sequence": [
                    {
                        "part": "whole",
                        "title": "Whole",
                        "enhancers": [
                            {
                                "enhancer": "all",
                                "title": "All",
                                "standards": [{"standard": f"s{n}"} | s for n, s in enumerate(several)],
                            }
                        ],
                    }
                ],
            }
        ),
        SIGNAL,
        SIGNAL,
        st.sampled_from((None, None, "one")),
        st.lists(standards(), min_size=1, max_size=3),
    )


def turns(language: str) -> st.SearchStrategy[dict[str, Any]]:
    at = st.none() | st.integers(0, 300).map(lambda s: START + timedelta(seconds=s))
    return st.one_of(
        st.fixed_dictionaries(
            {
                "speaker": st.sampled_from(("agent", "agent", "customer", "customer", "bot")),
                "employee": st.sampled_from((None, "ola", "darek")),
                "text": texts(language),
                "event": st.none(),
                "at": at,
            }
        ),
        st.fixed_dictionaries(
            {
                "speaker": st.just("system"),
                "employee": st.none(),
                "text": st.just(""),
                "event": st.sampled_from(EVENTS),
                "at": at,
            }
        ),
    )


def conversations() -> st.SearchStrategy[dict[str, Any]]:
    return st.sampled_from(("pl", "en")).flatmap(
        lambda language: st.fixed_dictionaries(
            {
                "contact": st.uuids().map(str),
                "employee": st.sampled_from((None, "darek", "ola")),
                "customer": st.none(),
                "place": st.sampled_from((None, "rynek")),
                "channel": st.sampled_from(("chat", "chat", "phone", "email")),
                "language": st.sampled_from((language, language, None, "pl-PL", "de")),
                "started_at": st.sampled_from((None, START)),
                "complete": st.sampled_from((True, True, False)),
                "turns": st.lists(turns(language), max_size=8),
            }
        )
    )
