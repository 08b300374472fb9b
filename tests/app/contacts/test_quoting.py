from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gracja.app.contacts.selectors.conversations import Asked, quote, quotes

GREETED = [{"turn": 0, "start": 0, "end": 11}]
HELPED = [{"turn": 2, "start": 0, "end": 9}]


def shown(lines):
    """(speaker, text with the evidence in brackets)."""
    return [
        (line.speaker, "".join(f"[{text}]" if marked else text for text, marked in line.pieces))
        for line in lines
    ]


def test_a_quote_shows_the_turn_with_the_evidence_after_the_turn_before_it(talks, cast):
    lines = quote(by=cast.anna, contact="rynek 1", evidence=HELPED)

    assert shown(lines) == [
        ("customer", "Chcę umówić strzyżenie."),
        ("agent", "[Zapraszam] w czwartek o 17.30."),
    ]


def test_without_evidence_the_beginning_is_shown(talks, cast):
    lines = quote(by=cast.anna, contact="rynek 1")

    assert [speaker for speaker, _ in shown(lines)] == ["agent", "customer", "agent"]


@pytest.mark.parametrize(
    ("who", "may_read"),
    [
        ("anna", {"rynek 1", "rynek 2"}),
        ("celina", {"galeria 1", "galeria/2?#"}),
        ("darek", {"rynek 1", "rynek 2", "galeria/2?#"}),
        ("edyta", {"galeria 1", "galeria/2?#"}),
        ("filip", {"rynek 1", "rynek 2", "galeria 1", "galeria/2?#", "unknown 1"}),
        ("borys", {"rynek 1", "rynek 2", "galeria 1", "galeria/2?#", "unknown 1"}),
    ],
)
def test_a_place_lead_reads_their_place_and_an_employee_what_they_took_part_in(talks, cast, who, may_read):
    contacts = ("rynek 1", "rynek 2", "galeria 1", "galeria/2?#", "unknown 1")

    found = quotes(by=getattr(cast, who), asked=[Asked(contact) for contact in contacts])

    assert {contact for contact, lines in zip(contacts, found, strict=True) if lines} == may_read


def test_a_wrong_month_finds_it_all_the_same(talks, cast):
    october = datetime(2026, 10, 31, tzinfo=UTC)

    assert quote(by=cast.anna, contact="rynek 2", evidence=GREETED, at=october)


def test_what_is_not_there_is_none(talks, cast):
    assert quote(by=cast.filip, contact="nowhere") is None


def test_before_anything_was_imported_there_is_nothing_to_quote(cast):
    assert quote(by=cast.filip, contact="rynek 1") is None


def test_evidence_that_points_nowhere_shows_the_beginning(talks, cast):
    lines = quote(by=cast.anna, contact="rynek 1", evidence=[{"turn": 40, "start": 0, "end": 5}])

    assert len(lines) == 3
