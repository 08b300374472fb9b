"""Visits that an older version kept stay as they are; going back leaves the first marks of each contact."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor

BEFORE = [("observations", "0005_visits_marked_blind")]
AFTER = [("observations", "0007_one_visit_for_older_versions")]
OCTOBER = datetime(2026, 10, 5, 10, tzinfo=UTC)


def at(state):
    executor = MigrationExecutor(connection)
    executor.migrate(state)
    return MigrationExecutor(connection).loader.project_state(state).apps


def visit_of(models, contact, **other):
    edition = models.get_model("standards", "Edition").objects.get()
    place = models.get_model("organisation", "Place").objects.get()
    given = {"contact": contact, "edition": edition, "place": place, "occurred_at": OCTOBER}
    visit = models.get_model("observations", "Visit").objects.create(
        uid=f"of {contact} {len(other)}", **given | other
    )
    models.get_model("observations", "Mark").objects.create(
        visit=visit, standard="greet", status="marked", value=1.0
    )
    return visit


@pytest.mark.django_db(transaction=True)
def test_visits_of_an_older_version_are_all_first_ones_there_and_back():
    try:
        old = at(BEFORE)
        old.get_model("standards", "Edition").objects.create(
            edition_id="salon", version=1, document={}, digest="", effective_from=date(2026, 9, 1)
        )
        old.get_model("organisation", "Place").objects.create(uid="rynek", name="Rynek")
        for contact in ("R1", "R2"):
            visit_of(old, contact)

        new = at(AFTER)
        visits = new.get_model("observations", "Visit").objects
        assert set(visits.values_list("contact", "second_to")) == {("R1", None), ("R2", None)}
        with pytest.raises(IntegrityError), transaction.atomic():
            visit_of(new, "R1", channel="phone")
        first = visits.get(contact="R1")
        second = visit_of(new, "R1", second_to=first, evaluator_name="Jan z agencji")
        person = new.get_model("organisation", "Person").objects.create(uid="irena", name="Irena")
        new.get_model("observations", "SecondReview").objects.create(
            visit=first, made=second, chance=0.05, evaluator=person
        )

        back = at(BEFORE)
        kept = back.get_model("observations", "Visit").objects.order_by("contact")
        assert list(kept.values_list("contact", "marks__value")) == [("R1", 1.0), ("R2", 1.0)]
        with pytest.raises(IntegrityError), transaction.atomic():
            visit_of(back, "R2", channel="phone")
    finally:
        at(MigrationExecutor(connection).loader.graph.leaf_nodes())
