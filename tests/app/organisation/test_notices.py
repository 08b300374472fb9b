from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from gracja.app.common.clock import today
from gracja.app.common.models import AuditEntry
from gracja.app.organisation.models import StaffNotice
from gracja.app.organisation.selectors.notices import not_read_by
from gracja.app.organisation.services.notices import confirm_notice, draft_notice, drop_notice, give_notice


@pytest.fixture
def write(cast):
    def write(notice=None, **given):
        text = {"text_pl": "Mierzymy.", "text_en": "", "sources": ["visit"]}
        days = {"measured_from": today() + timedelta(days=7)}
        return draft_notice(by=cast.filip, notice=notice, **text | days | given)

    return write


@pytest.fixture
def draft(write):
    return write()


@pytest.mark.parametrize("change", [{"text_pl": "Nic."}, {"given_at": None}, {"measured_from": today()}])
def test_a_given_notice_stays_as_it_is_even_past_the_application(cast, draft, change):
    give_notice(by=cast.filip, notice=draft)

    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        StaffNotice.objects.update(**change)
    with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
        StaffNotice.objects.all().delete()
    assert StaffNotice.objects.get().text_pl == "Mierzymy."


def test_a_draft_is_changed_and_thrown_away(cast, draft):
    StaffNotice.objects.update(text_pl="Od stycznia.")

    drop_notice(by=cast.filip, notice=draft)

    assert not StaffNotice.objects.exists()


def test_who_has_not_read_a_notice_is_counted_without_fetching_everybody(
    cast, draft, django_assert_num_queries
):
    notice = give_notice(by=cast.filip, notice=draft)
    confirm_notice(by=cast.darek, notice=notice)
    cast.edyta.delete()  # her account
    cast.borys.person.deactivated_at = notice.given_at
    cast.borys.person.save()

    with django_assert_num_queries(2):
        missing = not_read_by(by=cast.filip, notice=notice)
        first = list(missing.people[:2])

    assert [one.name for one in first] == ["Anna Wilk", "Celina Ryś"]
    assert (missing.n, missing.n_without_account) == (5, 1)


def test_a_draft_sent_twice_is_one_draft(write, draft):
    assert write() == draft
    assert write(draft) == draft
    assert StaffNotice.objects.count() == 1
    assert AuditEntry.objects.filter(action="notice.draft").count() == 1


def test_another_wording_is_another_draft_and_so_is_the_same_after_it_was_given(cast, write, draft):
    write(text_pl="Mierzymy inaczej.")
    give_notice(by=cast.filip, notice=draft)
    write()

    assert StaffNotice.objects.count() == 3
