"""The manager's rules: for what we contact customers, when, how, and with which words."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.gestures.calls.models import REASONS, WAYS, Reason
from gracja.app.gestures.calls.selectors.calls import usual
from gracja.app.organisation.access import require
from gracja.app.organisation.models import User

MOST_DAYS: Final = 60


@dataclass(frozen=True, slots=True)
class Rule:
    """least: from which purchase on (with its currency), or, as a number of visits, in `minor`."""

    on: bool
    way: str
    days: int
    least: Money
    text_pl: str = ""
    text_en: str = ""


@transaction.atomic
def change_reason(*, by: User, name: str, rule: Rule) -> Reason:
    """From the next proposals on. Repeating is harmless.

    Raises Refused: not_permitted, reason_unknown (name), way_unknown (way), reason_days_wrong (most),
    reason_text_missing (nothing is proposed without words).
    """
    require(by, "gesture.manage")
    if name not in REASONS:
        raise Refused("reason_unknown", name=name)
    if rule.way not in WAYS:
        raise Refused("way_unknown", way=rule.way)
    if not 0 <= rule.days <= MOST_DAYS:
        raise Refused("reason_days_wrong", most=MOST_DAYS)
    if rule.on and not (rule.text_pl.strip() or rule.text_en.strip()):
        raise Refused("reason_text_missing")
    Reason.objects.get_or_create(name=name, defaults=_fields(usual(name)))
    row = Reason.objects.select_for_update().get(name=name)
    before = _fields(row)
    given = asdict(rule) | {"least": rule.least.minor, "currency": rule.least.currency}
    for field, value in given.items():
        setattr(row, field, value.strip() if isinstance(value, str) else value)
    if (after := _fields(row)) != before:
        row.save()
        audit.record("contact.rule", by=by, subject=("reason", name), before=before, after=after)
    return row


def _fields(row: Reason) -> dict[str, object]:
    return {
        name: getattr(row, name) for name in ("on", "way", "days", "least", "currency", "text_pl", "text_en")
    }
