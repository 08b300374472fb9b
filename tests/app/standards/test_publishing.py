"""From a draft to an edition that never changes."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, OperationalError, connection, connections, transaction
from django.http import Http404

from gracja.app.common.clock import today
from gracja.app.common.models import AuditEntry
from gracja.app.common.refused import Refused
from gracja.app.standards.models import Draft, Edition
from gracja.app.standards.selectors import publishing as selected
from gracja.app.standards.services.drafts import change_draft
from gracja.app.standards.services.drafts_start import start_draft
from gracja.app.standards.services.publishing import publish_draft
from gracja.engine.edition.read import edition_from_json
from gracja.engine.edition.write import edition_digest

GREET = ["welcome", "noticed_quickly", "greet"]


@pytest.fixture
def draft(cast):
    return start_draft(by=cast.filip, from_bundled="salon")


@pytest.fixture
def publish(cast, draft):
    def now(**given):
        fresh = Draft.objects.get(pk=draft.pk)
        return publish_draft(
            **{
                "by": cast.filip,
                "draft_uid": draft.uid,
                "seen": fresh.revision,
                "effective_from": today(),
                "reasons": {},
                "must_acknowledge": ["employee"],
            }
            | given
        )

    return now


def standard_of(draft, name="greet"):
    for part in draft.document["sequence"]:
        for enhancer in part["enhancers"]:
            for one in enhancer["standards"]:
                if one["standard"] == name:
                    return [part["part"], enhancer["enhancer"], name]
    raise KeyError(name)


def change(cast, draft, field, value, name="greet"):
    fresh = Draft.objects.get(pk=draft.pk)
    return change_draft(
        by=cast.filip,
        draft_uid=draft.uid,
        seen=fresh.revision,
        action="standard.set",
        path=[*standard_of(fresh, name), *field],
        value=value,
    )


def test_a_draft_becomes_the_first_edition(cast, draft, publish):
    edition = publish()

    document = edition_from_json(edition.document)
    assert (edition.name, document.version, document.effective_from) == ("salon@1", 1, today())
    assert edition.digest == edition_digest(document)
    assert (edition.changes, edition.must_acknowledge) == ([], ["employee"])
    assert edition.published_by == cast.filip.person
    assert AuditEntry.objects.filter(action="edition.publish", subject_key=edition.uid).count() == 1


def test_the_draft_goes_on_from_its_edition(draft, publish):
    edition = publish()

    draft.refresh_from_db()
    assert (draft.based_on, draft.document["version"]) == (edition, 2)


def test_the_next_edition_says_what_changed(cast, draft, publish):
    first = publish()
    change(cast, draft, ["weight"], 7)

    second = publish()

    assert second.name == "salon@2"
    assert [(one["id"], one["field"], one["after"]) for one in second.changes] == [("greet", "weight", 7)]
    first.refresh_from_db()
    assert edition_from_json(first.document).standard("greet").weight != 7


def test_publishing_the_same_again_returns_the_same_edition(publish):
    assert publish().pk == publish().pk
    assert Edition.objects.count() == 1


def test_an_edition_stays_as_it_was_published(cast, publish):
    edition = publish()

    for change in (
        {"document": {}},
        {"must_acknowledge": []},
        {"reasons": [{"code": "vague", "path": "x", "reason": "y"}]},
        {"published_by": cast.grazyna.person},
    ):
        with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
            Edition.objects.filter(pk=edition.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        edition.delete()


def test_what_two_people_would_mark_differently_is_not_published(cast, draft, publish):
    change(cast, draft, ["behaviour"], {"pl": "Jest miły dla klienta", "en": "Is nice to the customer"})

    with pytest.raises(Refused) as refused:
        publish()

    assert refused.value.code == "findings_block"
    assert refused.value.facts["count"] >= 1
    assert not Edition.objects.exists()


def test_a_warning_stands_with_a_reason_only(cast, draft, publish):
    change(cast, draft, ["behaviour", "en"], None)  # a language is missing now: a warning
    (warning, *others) = selected.findings_in(Draft.objects.get(pk=draft.pk).document)
    assert warning.severity == "warning"

    with pytest.raises(Refused, match="reasons_missing"):
        publish(reasons={selected.key_of(warning): "  "})
    given = {selected.key_of(one): "Nikt tu nie mówi po angielsku" for one in (warning, *others)}
    edition = publish(reasons=given)

    assert {one["reason"] for one in edition.reasons} == {"Nikt tu nie mówi po angielsku"}


def test_days_that_have_passed_have_no_new_edition(publish):
    with pytest.raises(Refused, match="date_passed"):
        publish(effective_from=today() - timedelta(days=1))


def test_an_edition_may_wait_for_its_day(publish):
    assert publish(effective_from=date(2099, 1, 1)).effective_from == date(2099, 1, 1)


def test_what_changed_since_the_page_was_opened_is_not_published_unseen(cast, draft, publish):
    seen = draft.revision
    change(cast, draft, ["weight"], 7)

    with pytest.raises(Refused, match="draft_moved_on"):
        publish(seen=seen)


def test_a_role_that_is_gone_is_not_asked(publish):
    with pytest.raises(Refused, match="role_unknown"):
        publish(must_acknowledge=["gone"])


@pytest.mark.parametrize("who", ["anna", "borys", "darek", "hubert"])
def test_who_may_not_publish_publishes_nothing(cast, publish, who):
    with pytest.raises(Refused, match="not_permitted"):
        publish(by=getattr(cast, who))


def test_a_draft_that_is_not_there_is_not_found(publish):
    with pytest.raises(Http404):
        publish(draft_uid="not-there")


@pytest.mark.django_db(transaction=True)
def test_two_who_publish_at_once_make_one_version(cast, draft, publish):
    together = threading.Barrier(2)
    made, failed = [], []

    def one():
        try:
            together.wait(timeout=20)
            made.append(publish().pk)
        except Exception as error:  # noqa: BLE001  (told by the test below)
            failed.append(error)
        finally:
            connections.close_all()
            if connection.vendor == "sqlite":  # Django leaves a database in memory open
                connection.connection.close()

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    # the tests' SQLite lives in memory and turns the second away at once; a file lets it wait its turn
    assert all(isinstance(error, OperationalError) and connection.vendor == "sqlite" for error in failed)
    assert len(set(made)) == 1
    assert Edition.objects.count() == 1
