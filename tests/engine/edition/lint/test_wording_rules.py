"""Each wording rule in both languages: what it finds, where, and what it proposes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gracja.engine.edition.lint import lint
from gracja.engine.edition.read import read_edition

BAD = {
    "GR101": {"pl": "Jest miły dla klienta", "en": "Is friendly to the customer"},
    "GR102": {"pl": "Wita klienta i proponuje napój", "en": "Greets the customer and offers a drink"},
    "GR104": {"pl": "Szybko odbiera telefon", "en": "Answers the phone quickly"},
    "GR105": {"pl": "Chwali gust klienta", "en": "Praises the customer's taste"},
}


@pytest.mark.parametrize("code", BAD)
def test_a_finding_stands_at_the_text_of_its_language(page, lang, code):
    (found,) = page.behaviour(BAD[code][lang]).found(code)
    assert (found.where.line, found.where.column) == page.marked
    assert found.where.file == "salon.yaml"
    assert found.where.field == f"sequence[0].enhancers[0].standards[0].behaviour.{lang}"
    assert found.path[-2:] == ("behaviour", lang)
    assert (found.language, found.severity) == (lang, "error")


def test_a_plain_text_is_read_in_the_language_it_is_written_in(page, lang):
    page.behaviour(BAD["GR101"][lang])
    page.spoil(f"behaviour:\n              {lang}: ", "behaviour: ")
    (found,) = page.found("GR101")
    assert (found.language, found.path[-1]) == (lang, "behaviour")


def test_a_judgement_beside_a_visible_behaviour_is_a_warning_and_is_simply_left_out(page, lang):
    text = {
        "pl": "Wita klienta bardzo miło i serdecznie",
        "en": "Greets the customer warmly and very politely",
    }
    (found,) = page.behaviour(text[lang]).found("GR101")
    assert found.severity == "warning"
    assert found.rewording == {"pl": "Wita klienta", "en": "Greets the customer"}[lang]


@pytest.mark.parametrize(
    ("lang", "text", "left"),
    [
        ("pl", "Odpowiada miłym głosem na pytania", "Odpowiada na pytania"),
        ("pl", "W uprzejmy sposób prosi o dokument", "Prosi o dokument"),
        ("pl", "Podaje paragon z życzliwością", "Podaje paragon"),
        ("pl", "Uprzejmie, gdy klient podchodzi, wskazuje stolik", "Gdy klient podchodzi, wskazuje stolik"),
        ("pl", "Wita klienta serdecznym uśmiechem", "Wita klienta uśmiechem"),
        ("en", "Smiles with a friendly face", "Smiles with a face"),
        ("en", "Asks in a polite manner for the document", "Asks for the document"),
        ("en", "Hands over an elegant bag", "Hands over a bag"),
        ("en", "Politely asks for the order number", "Asks for the order number"),
    ],
)
def test_what_is_left_without_the_judgement_is_a_right_sentence(page_in, lang, text, left):
    (found,) = page_in(lang).behaviour(text, channels="[in_person]").found("GR101")
    assert found.rewording == left


def test_a_proposal_can_be_seen_in_the_channels_of_the_standard(page, lang):
    (found,) = page.behaviour(BAD["GR101"][lang], channels="[phone]").found("GR101")
    proposed = page.text.replace(BAD["GR101"][lang], found.rewording.replace("'", "''"))
    page.text = proposed
    assert not page.found("GR301")


def test_two_behaviours_are_proposed_apart(page, lang):
    (found,) = page.behaviour(BAD["GR102"][lang]).found("GR102")
    assert (
        found.rewording.split("\n")
        == {
            "pl": ["Wita klienta", "Proponuje napój"],
            "en": ["Greets the customer", "Offers a drink"],
        }[lang]
    )
    assert found.facts["count"] == 2


def test_holding_back_may_take_two_verbs(page, lang):
    text = {
        "pl": "Pozostaje w zasięgu wzroku i odzywa się dopiero po kliencie",
        "en": "Stays in sight and speaks after the customer does",
    }
    assert not page.behaviour(text[lang]).found("GR102")


def test_a_standard_without_a_situation_is_found(page, lang):
    page.behaviour({"pl": "Uśmiecha się", "en": "Smiles"}[lang], channels="[in_person]")
    at = page.text.index("            when:")
    page.text = page.text[:at] + page.text[page.text.index("            channels:") :]
    (found,) = page.found("GR103")
    assert (found.where.line, found.where.column) == page.marked
    assert found.rewording == f"when: {{{lang}: " + (
        "gdy klient podchodzi}" if lang == "pl" else "when the customer approaches}"
    )


@pytest.mark.parametrize(
    "text",
    [
        {"pl": "Podaje cenę, zanim zacznie", "en": "Names the price before starting"},
        {"pl": "Nie pyta o powód zwrotu", "en": "Does not ask for the reason of a return"},
    ],
)
def test_a_situation_may_stand_in_the_behaviour_and_a_ban_needs_none(page, lang, text):
    page.behaviour(text[lang])
    at = page.text.index("            when:")
    page.text = page.text[:at] + page.text[page.text.index("            channels:") :]
    assert not page.found("GR103")


@pytest.mark.parametrize("measure", ["{count_at_least: 2}", "{seconds_at_most: 20}"])
def test_a_measure_that_counts_or_times_is_threshold_enough(page, lang, measure):
    page.behaviour(BAD["GR104"][lang], measure=measure)
    page.text = page.text[: page.text.index("            detect:")] + "            detect: none\n"
    assert not page.found("GR104")


def test_a_number_in_the_text_is_threshold_enough(page, lang):
    text = {"pl": "Szybko odbiera telefon: do trzech dzwonków", "en": "Answers quickly, within 3 rings"}
    assert not page.behaviour(text[lang]).found("GR104")


def test_an_amount_in_the_situation_is_a_warning(page, lang):
    page.when({"pl": "gdy klient długo czeka", "en": "when the customer has waited too long"}[lang])
    (found,) = page.found("GR104")
    assert (found.where.line, found.where.column) == page.marked
    assert (found.severity, found.reason) == ("warning", "situation")


def test_a_threshold_is_proposed_in_the_unit_of_the_channel(page, lang):
    text = {"pl": "Odpisuje niezwłocznie", "en": "Replies promptly"}
    (found,) = page.behaviour(text[lang], channels="[email]").found("GR104")
    assert found.rewording == {"pl": "Odpisuje w ciągu 24 godzin", "en": "Replies within 24 hours"}[lang]


@pytest.mark.parametrize(
    "nothing", ["zawsze|always", "w razie potrzeby|if needed", "w każdej sytuacji|at all times"]
)
def test_a_situation_that_names_nothing_is_found(page, lang, nothing):
    page.when(nothing.split("|")[lang == "en"])
    (found,) = page.found("GR106")
    assert (found.where.line, found.where.column) == page.marked
    assert found.rewording


def test_a_ban_on_compliments_is_a_good_standard(page, lang):
    text = {"pl": "Nie prawi klientowi komplementów", "en": "Never compliments the customer"}
    assert not page.behaviour(text[lang]).findings()


def test_the_steps_of_a_scale_must_describe_something(page, lang):
    steps = {"pl": ["źle", "podaje cenę zapytany"], "en": ["poor", "names the price when asked"]}[lang]
    page.field("measure", f"{{scale: [{{{lang}: {steps[0]}}}, {{{lang}: {steps[1]}}}]}} # here")
    page.text = page.text[: page.text.index("            detect:")] + "            detect: none\n"
    (found,) = page.found("GR107")
    assert (found.quote, found.where.line) == (steps[0], page.marked[0])


def test_a_plain_text_is_read_in_the_language_of_the_edition_around_it():
    text = (Path(__file__).parents[1] / "salon.yaml").read_text(encoding="utf-8")
    text = re.sub(r"\{pl: (\"[^\"]*\"|[^,{}]*), en: (?:\"[^\"]*\"|[^{}]*)\}", r"\1", text)
    text = re.sub(r"behaviour: \"Mówi: [^\n]*", "behaviour: Szybko odbiera telefon", text)
    assert "GR104" in {finding.code for finding in lint(read_edition(text))}
