"""Each rule of structure in both languages."""

from __future__ import annotations

import re

import pytest

SECOND = """\
          - standard: second
            behaviour:
              {lang}: {behaviour} # here
            when:
              {lang}: {when}
            channels: {channels}
            detect: none
"""


def with_second(page, lang, behaviour, *, when=None, channels="[in_person]"):
    own = re.search(rf"when:\n +{lang}: (.*)\n", page.text)[1]
    page.text += SECOND.format(lang=lang, behaviour=behaviour, when=when or own, channels=channels)
    return page


def test_a_clean_edition_has_no_findings(page):
    assert page.findings() == ()


def test_a_part_without_an_enhancer_is_found(page, lang):
    page.text += f"  - part: waiting # here\n    title:\n      {lang}: X\n"
    (found,) = page.findings()
    assert (found.code, found.where.line, found.where.column) == ("GR201", *page.marked)
    assert (found.severity, found.quote) == ("warning", "waiting")


def test_an_enhancer_without_a_standard_is_found(page, lang):
    page.text += f"      - enhancer: calm # here\n        title:\n          {lang}: X\n"
    page.text += f"        evidence:\n          {lang}: X\n"
    (found,) = page.findings()
    assert (found.code, found.where.line, found.where.column) == ("GR202", *page.marked)


def test_an_enhancer_without_evidence_is_found(page, lang):
    page.text = re.sub(rf"        evidence:\n          {lang}: .*\n", "", page.text)
    page.spoil("enhancer: noticed", "enhancer: noticed # here")
    (found,) = page.findings()
    assert (found.code, found.where.line, found.where.column) == ("GR203", *page.marked)


def test_the_same_behaviour_in_another_order_and_inflection_is_a_duplicate(page, lang):
    first = {"pl": "Podaje klientom kartę dań przy stoliku", "en": "Hands the menu to customers at the table"}
    again = {
        "pl": "Klientowi podaje przy stoliku kartę dań",
        "en": "At the table hands the customer the menu",
    }
    page.behaviour(first[lang], channels="[in_person]").spoil("# here", "")
    (found,) = with_second(page, lang, again[lang]).found("GR204")
    assert (found.where.line, found.where.column) == page.marked
    assert (found.severity, found.facts["other"], found.reason) == ("error", "greet", "same")


def test_nearly_the_same_behaviour_is_a_warning(page, lang):
    first = {
        "pl": "Podaje gościowi kartę dań przy jego stoliku",
        "en": "Hands the printed menu to each seated guest",
    }
    again = {"pl": "Podaje gościowi kartę przy jego stoliku", "en": "Hands the menu to each seated guest"}
    page.behaviour(first[lang], channels="[in_person]").spoil("# here", "")
    (found,) = with_second(page, lang, again[lang]).found("GR204")
    assert (found.severity, found.reason) == ("warning", "near")


@pytest.mark.parametrize("change", ["negation", "number", "situation", "channel"])
def test_what_tells_two_standards_apart_makes_no_duplicate(page, lang, change):
    first = {
        "pl": "Pyta klienta o kartę w ciągu 30 sekund",
        "en": "Asks the customer for the card in 30 seconds",
    }
    again = {
        "negation": {
            "pl": "Nie pyta klienta o kartę w ciągu 30 sekund",
            "en": f"Never {first['en'].lower()}",
        },
        "number": {lang: first[lang].replace("30", "60")},
        "situation": first,
        "channel": first,
    }[change][lang]
    when = {"pl": "gdy klient płaci przy kasie", "en": "when the customer pays at the till"}[lang]
    page.behaviour(first[lang], channels="[in_person]").spoil("# here", "")
    with_second(
        page,
        lang,
        again,
        when=when if change == "situation" else None,
        channels="[phone]" if change == "channel" else "[in_person]",
    )
    assert not page.found("GR204")


def test_a_text_that_lacks_a_language_of_the_edition_is_found(page, lang):
    other = "en" if lang == "pl" else "pl"
    page.text = re.sub(rf"^( +){lang}: (.*)$", rf"\1{lang}: \2\n\1{other}: \2", page.text, flags=re.MULTILINE)
    page.text = re.sub(rf"( +)when:\n( +{lang}: .*)\n +{other}: .*\n", r"\1when: # here\n\2\n", page.text)
    (found,) = page.found("GR205")
    assert (found.where.line, found.where.column, found.facts) == (*page.marked, {"missing": other})


def test_a_language_of_a_single_text_is_not_a_language_of_the_edition(page):
    page.spoil("title:\n", "title:\n  de: Salon\n")
    assert not page.found("GR205")


def test_an_edition_without_an_initiative_is_found(page):
    page.field("rung", "base")
    (found,) = page.findings()
    assert (found.code, found.where.line) == (
        "GR206",
        page.text[: page.text.index("sequence:")].count("\n") + 1,
    )


CLOSE = [
    {"pl": "Pyta klienta o weekend", "en": "Asks the customer about the weekend"},
    {"pl": "Zwraca się do klienta po imieniu", "en": "Addresses the customer by first name"},
    {"pl": "Nawiązuje do poprzedniej wizyty", "en": "Refers to the previous visit"},
    {"pl": "Opowiada żart", "en": "Tells a joke"},
    {"pl": "Pyta: „Jak minął dzień?”", "en": "Asks: “How was your day?”"},
    {"pl": "Składa życzenia urodzinowe", "en": "Gives a birthday card"},
]


@pytest.mark.parametrize("text", CLOSE)
def test_closeness_asked_for_in_every_contact_is_found(page, lang, text):
    (found,) = page.behaviour(text[lang]).found("GR207")
    assert (found.where.line, found.where.column) == page.marked
    assert (found.severity, found.rewording) == ("warning", "service_mode: personal")


@pytest.mark.parametrize("text", CLOSE)
def test_closeness_where_it_is_wanted_is_no_finding(page, lang, text):
    assert not page.behaviour(text[lang], service_mode="personal").found("GR207")


def test_a_ban_on_closeness_is_no_finding(page, lang):
    text = {"pl": "Nie pyta klienta o weekend", "en": "Does not ask about the weekend"}
    assert not page.behaviour(text[lang]).found("GR207")


def test_a_critical_initiative_is_found(page):
    page.field("critical", "true # here")
    (found,) = page.findings()
    assert (found.code, found.where.line, found.where.column) == ("GR208", *page.marked)
