"""The company's own particulars: changed by who administers, and in the log."""

from __future__ import annotations

import pytest

from gracja.app.common.models import AuditEntry
from gracja.app.common.refused import Refused
from gracja.app.organisation.models import Company
from gracja.app.organisation.selectors.company import company_zone
from gracja.app.organisation.services.company import change_company

NEW = {"name": " Salony Nowe ", "language": "en", "zone": "Europe/London"}


def test_an_administrator_gives_the_company_another_name_language_and_clock(cast):
    change_company(by=cast.grazyna, **NEW)

    one = Company.objects.get()
    assert (one.name, one.language, one.zone) == ("Salony Nowe", "en", "Europe/London")


def test_the_log_says_what_the_company_was_before(cast):
    change_company(by=cast.grazyna, name="Salony Nowe", language="pl", zone="Europe/Warsaw")

    entry = AuditEntry.objects.get(action="company.change")
    assert entry.by_key == cast.grazyna.person.key
    assert (entry.before, entry.after) == ({"name": "Salony Gracja"}, {"name": "Salony Nowe"})


def test_the_same_particulars_again_change_nothing(cast):
    change_company(by=cast.grazyna, **NEW)
    change_company(by=cast.grazyna, **NEW)

    assert AuditEntry.objects.filter(action="company.change").count() == 1


def test_the_clock_goes_by_the_new_zone_at_once(cast, django_capture_on_commit_callbacks):
    assert company_zone().key == "Europe/Warsaw"
    with django_capture_on_commit_callbacks(execute=True):
        change_company(by=cast.grazyna, **NEW)

    assert company_zone().key == "Europe/London"


def test_a_zone_that_is_nowhere_is_refused(cast):
    with pytest.raises(Refused) as refused:
        change_company(by=cast.grazyna, **NEW | {"zone": "Europe/Atlantis"})

    assert (refused.value.code, refused.value.facts) == ("zone_unknown", {"zone": "Europe/Atlantis"})
    assert Company.objects.get().zone == "Europe/Warsaw"


@pytest.mark.parametrize("name", ["anna", "darek", "filip"])
def test_nobody_else_changes_the_company(cast, name):
    with pytest.raises(Refused) as refused:
        change_company(by=getattr(cast, name), **NEW)

    assert refused.value.code == "not_permitted"
    assert Company.objects.get().name == "Salony Gracja"
