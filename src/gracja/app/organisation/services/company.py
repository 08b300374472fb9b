"""The company's own particulars, after the first day."""

from __future__ import annotations

from zoneinfo import available_timezones

from django.core.cache import cache
from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.refused import Refused
from gracja.app.organisation.access import require
from gracja.app.organisation.models import Company, User
from gracja.app.organisation.selectors.company import ZONE_KEPT_AS


@transaction.atomic
def change_company(*, by: User, name: str, language: str, zone: str) -> Company:
    """Another name, language or clock. Places keep their own clocks. Repeating it is harmless.

    Raises Refused: not_permitted, zone_unknown (zone).
    """
    require(by, "company.manage")
    if zone not in available_timezones():
        raise Refused("zone_unknown", zone=zone)
    company = Company.objects.select_for_update().get()
    before = _facts(company)
    company.name, company.language, company.zone = name.strip(), language, zone
    if _facts(company) == before:
        return company
    company.save(update_fields=("name", "language", "zone"))
    audit.record(
        "company.change", by=by, subject=("company", "company"), before=before, after=_facts(company)
    )
    transaction.on_commit(lambda: cache.delete(ZONE_KEPT_AS))
    return company


def _facts(company: Company) -> dict[str, str]:
    return {"name": company.name, "language": company.language, "zone": company.zone}
