"""Patterns and texts that nobody should write, and somebody will."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from oracle.phrases import PhraseIndex
from oracle.talk import Turn

from gracja.engine.detect.scan import Scan, Texts
from gracja.engine.words.forms import forms_of


def found(phrases: list[str], texts: list[str], language: str = "pl") -> list[tuple[int, int, str]]:
    """(phrase, text, the words found) of every hit."""
    hits = Scan([list(enumerate(phrases))], language).hits(
        Texts.of(pa.array(texts)), np.zeros(len(texts), int)
    )
    return [
        (leaf, int(hits.text[n]), texts[hits.text[n]][hits.start[n] : hits.end[n]])
        for leaf in range(len(phrases))
        for n in range(hits.of(leaf).start, hits.of(leaf).stop)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "\u0000dzień\u0000dobry\u0000",
        "🙂🙂dzień dobry🙂",
        "\u202eשלום\u202c dzień dobry",
        "dzien\u0301 dobry",
        "\ud55c\uad6d\uc5b4 dzień dobry \u3000",
        "𝐝𝐳𝐢𝐞ń dobry",
        "DZIEŃ\u00a0DOBRY",
    ],
    ids=["nul", "emoji", "right-to-left", "combining", "hangul", "mathematical", "no-break space"],
)
def test_a_greeting_is_found_in_any_surroundings_at_its_own_letters(text):
    (hit,) = found(["dzień dobry"], [text])
    assert hit[2].casefold() in text.casefold()
    assert hit[2][-5:].casefold() == "dobry"


def test_a_turn_of_a_megabyte_is_read_to_its_end():
    text = "ala ma kota, " * 80_000 + "dzień dobry"
    assert found(["dzień dobry", "{number}"], [text]) == [(0, 0, "dzień dobry")]


def test_a_turn_that_is_all_hits_gives_them_all():
    text = "tak " * 100_000
    assert len(found(["tak", "*", "tak tak"], [text])) == 100_000 + 100_000 + 99_999


def test_ten_thousand_phrases_are_found_by_one_scan():
    phrases = [
        f"nagroda {word} {n}" for n in range(2_000) for word in ("a", "b*", "c {0..2} d", "~pies", "*")
    ]
    assert len(phrases) == 10_000
    hits = found(phrases, ["nagroda bez 1999, nagroda psa 7"])
    assert [phrases[leaf] for leaf, _, _ in hits] == [
        "nagroda ~pies 7",
        "nagroda * 7",
        "nagroda b* 1999",
        "nagroda * 1999",
    ]


def test_gaps_behind_gaps_do_not_try_the_same_way_twice():
    phrase = " {0..20} ".join(["a"] * 12 + ["z"])
    assert found([phrase], ["a " * 2_000]) == []


def test_a_beginning_longer_than_any_word_and_one_of_a_single_letter_are_both_found():
    long = "konstantynopolitańczykowianeczka" * 3
    assert found([f"{long[:70]}*", "k*"], [long]) == [(0, 0, long), (1, 0, long)]


def test_no_texts_and_empty_texts_have_no_hits():
    assert found(["tak"], []) == []
    assert found(["tak"], ["", ""]) == []


def test_texts_are_read_from_a_slice_of_a_larger_array():
    texts = pa.array(["tak", "ależ tak", "nie", "tak tak"]).slice(1, 2)
    hits = Scan([[(0, "tak")]], "pl").hits(Texts.of(texts), np.zeros(2, int))
    assert (hits.text.tolist(), hits.start.tolist()) == ([0], [5])


def test_what_one_side_may_say_is_not_heard_from_the_other():
    scan = Scan([[(0, "dzień dobry")], [(1, "dzień dobry")]], "pl")
    hits = scan.hits(Texts.of(pa.array(["Dzień dobry", "dzień dobry", "dzień dobry"])), np.array([0, 1, -1]))
    assert hits.text[hits.of(0)].tolist() == [0]
    assert hits.text[hits.of(1)].tolist() == [1]


def test_new_spellings_are_learnt_batch_after_batch():
    scan = Scan([[(0, "~reklamacja"), (1, "{name}")]], "pl")
    for form in sorted(forms_of("reklamacja", "pl")):
        for spelling in (form, form.upper(), form.replace("ę", "e").replace("ą", "a")):
            texts = [f"w sprawie: {spelling}."]
            hits = scan.hits(Texts.of(pa.array(texts)), np.zeros(1, int))
            index = PhraseIndex([(0, "~reklamacja"), (1, "{name}")], "pl")
            slow = sorted(
                (leaf, h.start) for leaf, h in index.hits_in(Turn(0, "agent", None, texts[0], None, None))
            )
            fast = [(leaf, int(s)) for leaf in (0, 1) for s in hits.start[hits.of(leaf)]]
            assert fast == slow
