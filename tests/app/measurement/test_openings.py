"""What customers wanted is read from conversations before they are measured, and never afterwards changed."""

from __future__ import annotations

from collections import Counter

import pytest

from gracja.app.contacts.models import Wanted
from gracja.app.contacts.services.wanted import record_wanted
from gracja.app.measurement.services.openings import note_openings
from gracja.app.measurement.services.runs import ask_for_run, carry_out

MONTHS = ["2026-09", "2026-10", "2026-11"]


def known(edition, contact, source):
    return Wanted(
        contact=contact, edition=edition.name, service_kind="relationship", low=0, high=20, source=source
    )


def test_measuring_reads_what_was_wanted_in_every_scored_conversation_once(cast, edition, told, archived):
    looked = note_openings(edition, MONTHS)

    kept = Counter(Wanted.objects.values_list("source", flat=True))
    assert looked == sum(kept.values()) > 100
    assert set(kept) == {"opening_words", "customer_asked", "none"}
    assert note_openings(edition, MONTHS) == 0


def test_fit_is_measured_where_customers_said_in_their_opening_what_they_wanted(
    cast, edition, told, archived
):
    run = carry_out(ask_for_run(by=cast.filip, edition_uid=edition.uid))

    whole = [row for row in run.part_fits.all() if row.part == ""]
    assert run.state == "done", run.trouble
    assert sum(row.judged for row in whole) > 0
    assert sum(row.unknown for row in whole) > 0


def test_what_was_known_before_stays(cast, edition, told, archived):
    contact = next(iter(archived.conversations())).column("contact")[0].as_py()
    record_wanted(by=cast.filip, rows=[known(edition, contact, "history")])

    note_openings(edition, MONTHS)

    assert Wanted.objects.get(contact=contact).source == "history"


def test_a_scenario_that_comes_later_takes_the_place_of_nothing_known(cast, edition, told, archived):
    note_openings(edition, MONTHS)
    silent = Wanted.objects.filter(source="none").first()

    record_wanted(by=cast.filip, rows=[known(edition, silent.contact, "scenario")])

    assert Wanted.objects.get(contact=silent.contact).source == "scenario"


@pytest.mark.django_db
def test_without_an_archive_there_is_nothing_to_read(edition):
    assert note_openings(edition, MONTHS) == 0
