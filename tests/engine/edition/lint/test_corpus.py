"""How much the wording rules find and how often they are wrong, on behaviours labelled by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

CORPUS = YAML(typ="safe").load(Path(__file__).with_name("corpus.yaml").read_text(encoding="utf-8"))


_FOUND = {}


def findings_for(page_in, lang, entry):
    """Once for every behaviour: several tests look at the same findings."""
    key = (lang, entry["text"], *entry.get("channels", ()), entry.get("mode"))
    if key not in _FOUND:
        _FOUND[key] = _findings_for(page_in, lang, entry)
    return _FOUND[key]


def _findings_for(page_in, lang, entry):
    channels = f"[{', '.join(entry.get('channels', ['in_person']))}]"
    fields = {"channels": channels, "service_mode": entry.get("mode", "any"), "detect": "none"}
    page = page_in(lang)
    page.text = page.text[: page.text.index("            detect:")]
    return page.behaviour(entry["text"], **fields).findings()


def quoted(finding):
    return " ".join([finding.quote, *finding.facts.get("words", [])]).lower()


def test_the_corpus_is_large_enough_to_measure_on():
    for lang in ("pl", "en"):
        assert len(CORPUS["bad"][lang]) >= 60
        assert len(CORPUS["good"][lang]) >= 60


def test_at_least_95_of_100_bad_behaviours_are_found_with_their_words(page_in, lang):
    entries = CORPUS["bad"][lang]
    found = [
        entry
        for entry in entries
        if any(
            finding.code == entry["code"] and entry.get("quote", "").lower() in quoted(finding)
            for finding in findings_for(page_in, lang, entry)
        )
    ]
    missed = [entry["text"] for entry in entries if entry not in found]
    print(f"{lang}: {len(found)} of {len(entries)} bad behaviours found; missed: {missed}")  # noqa: T201
    assert len(found) >= 0.95 * len(entries), missed


def test_no_careful_behaviour_is_found_fault_with(page_in, lang):
    entries = CORPUS["good"][lang]
    blamed = {e["text"]: found for e in entries if (found := findings_for(page_in, lang, e))}
    print(f"{lang}: {len(blamed)} of {len(entries)} good behaviours blamed")  # noqa: T201
    assert not blamed


def test_a_span_is_where_the_quoted_words_stand(page_in, lang):
    for entry in CORPUS["bad"][lang]:
        for finding in findings_for(page_in, lang, entry):
            for start, end in finding.spans:
                assert 0 <= start < end <= len(entry["text"])
            if len(finding.spans) == 1 and finding.language:
                start, end = finding.spans[0]
                assert entry["text"][start:end] == finding.quote


def test_what_is_proposed_would_itself_pass(page_in, lang):
    """A rewording that the linter finds fault with would send its reader in a circle."""
    for entry in CORPUS["bad"][lang]:
        for finding in findings_for(page_in, lang, entry):
            if finding.code not in ("GR101", "GR102", "GR104", "GR105"):
                continue
            assert finding.rewording, entry["text"]
            for proposed in finding.rewording.split("\n"):
                again = findings_for(page_in, lang, {**entry, "text": proposed})
                assert finding.code not in {one.code for one in again}, (entry["text"], proposed)
                unseen = {one.code for one in again if one.code == "GR301"}
                assert not unseen or "channels" in entry or finding.code == "GR102", (entry["text"], proposed)


@pytest.mark.parametrize("form", ["uprzejmą", "uprzejmego", "uprzejmym", "najuprzejmiej", "uprzejmość"])
def test_every_inflected_form_of_a_judgement_is_caught(page_in, form):
    found = page_in("pl").behaviour(f"Zapewnia {form}").found("GR101")
    assert [finding.quote for finding in found] == [form]


@pytest.mark.parametrize("form", ["friendly", "friendlier", "Friendliest", "politely", "kindness"])
def test_every_english_form_of_a_judgement_is_caught(page_in, form):
    found = page_in("en").behaviour(f"Is {form}").found("GR101")
    assert [finding.quote for finding in found] == [form]


@pytest.mark.parametrize("marks", ["„%s”", "“%s”", '"%s"', "«%s»"])
def test_what_stands_in_quotes_is_said_and_not_judged(page_in, lang, marks):
    said = {"pl": "Miło mi, czekam i szybko podaję", "en": "Nice to see you, I wait and soon return"}
    opening = {"pl": "Mówi: ", "en": "Says: "}
    assert not page_in(lang).behaviour(opening[lang] + marks % said[lang]).findings()
