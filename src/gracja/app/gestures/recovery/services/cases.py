"""Cases noted, handed over, promised a remedy, closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer
from gracja.app.gestures.recovery.models import COMPLAINT, Case, Step
from gracja.app.gestures.recovery.selectors import (
    deadlines,
    known_part,
    may_settle,
    people_at,
)
from gracja.app.organisation.access import require
from gracja.app.organisation.models import Person, Place, User
from gracja.app.organisation.selectors.company import today_here

SLOW_CLOCK: Final = timedelta(minutes=10)  # a device's clock may be so far ahead of ours
OLDEST: Final = timedelta(days=3653)  # ten years: whatever is older was mistyped


@dataclass(frozen=True, slots=True)
class Happened:
    """What went wrong. part: `salon@3:welcome`, or empty; key: made by whoever sends it, so that it is noted
    once (empty: every call is a case of its own). received_on: when a complaint came, by the place's clock
    (none: today); of a failure nothing is received.
    """

    place: Place
    kind: str
    what: str
    at: datetime
    customer: Customer | None = None
    part: str = ""
    key: str = ""
    received_on: date | None = None


@dataclass(frozen=True, slots=True)
class Remedy:
    """cost: null where it is not known, or nothing. paid_from: the company's own budget, by name."""

    what: str
    cost: Money | None = None
    paid_from: str = ""


@transaction.atomic
def note_case(*, by: User, happened: Happened, own: bool) -> Case:
    """Note a failure or complaint. own: `by` sees to it; else whoever leads the place says who does.

    Raises Refused: not_permitted, case_kind_unknown (kind), case_empty, case_ahead, case_long_ago,
    case_at_region, case_part_unknown (part), case_received_ahead, case_received_before (it happened),
    customer_gone, case_key_of_another.
    """
    require(by, "advice.ask", place=happened.place)
    if happened.key and (found := Case.objects.filter(uid=happened.key).first()) is not None:
        if found.noted_by_id != by.person.pk:
            raise Refused("case_key_of_another")
        return found
    case = _new(by, happened)
    case.owner = by.person if own else None
    case.save(force_insert=True)
    facts = {"kind": case.kind, "due_on": case.due_on.isoformat(), "owner": by.person.key if own else ""}
    if case.received_on:
        facts["received_on"] = case.received_on.isoformat()
    _note(case, "noted", by, facts, case.what)
    return case


@transaction.atomic
def give_case(*, by: User, case: Case, owner: Person) -> Case:
    """Say who sees to it. Repeating is harmless.

    Raises Refused: not_permitted, case_closed, case_owner_elsewhere.
    """
    require(by, "gesture.approve", place=case.place)
    kept = _waiting(case)
    if kept.owner_id == owner.pk:
        return kept
    if not people_at(kept.place).filter(pk=owner.pk).exists():
        raise Refused("case_owner_elsewhere")
    before = kept.owner.key if kept.owner else ""
    kept.owner = owner
    kept.save(update_fields=("owner",))
    _note(kept, "owner", by, {"owner": owner.key, "before": before})
    return kept


@transaction.atomic
def promise_remedy(*, by: User, case: Case, remedy: Remedy) -> Case:
    """Say what is done for the customer, what it costs and who pays. Another promise replaces it; the first
    one stays in the history. The same again changes nothing.

    Raises Refused: not_permitted, case_closed, remedy_missing.
    """
    _require_hand(by, case)
    kept = _waiting(case)
    what = remedy.what.strip()
    if not what:
        raise Refused("remedy_missing")
    minor, currency = (remedy.cost.minor, remedy.cost.currency) if remedy.cost else (None, "")
    paid_from = remedy.paid_from.strip()
    if (kept.state, kept.remedy, kept.cost, kept.paid_from) == ("promised", what, remedy.cost, paid_from):
        return kept
    kept.state, kept.remedy, kept.cost_minor, kept.currency = "promised", what, minor, currency
    kept.paid_from = paid_from
    kept.save()
    cost = str(remedy.cost) if remedy.cost else ""
    # not `paid_from`: whatever is typed may name somebody, and facts and log stay for ever
    _note(kept, "promised", by, {"cost": cost}, what)
    return kept


@transaction.atomic
def close_case(*, by: User, case: Case, done: bool, answer: str, told: str) -> Case:
    """The remedy is done, or refused, and what the customer was answered. told: yes, not_yet, impossible.

    Repeating is harmless. Raises Refused: not_permitted, case_closed (settled otherwise), case_not_promised
    (nothing to be done yet), answer_missing (a refusal says why), told_unknown (told).
    """
    _require_hand(by, case)
    state = "done" if done else "refused"
    kept = _locked(case)
    if kept.state == state:
        return kept
    if not kept.waits:
        raise Refused("case_closed")
    if told not in Case.TOLD:
        raise Refused("told_unknown", told=told)
    if done and kept.state != "promised":
        raise Refused("case_not_promised")
    if not done and not answer.strip():
        raise Refused("answer_missing")
    kept.state, kept.answer, kept.told, kept.closed_at = state, answer.strip(), told, now()
    kept.told_at = kept.closed_at if told == "yes" else None
    kept.save()
    _note(kept, state, by, {"told": told}, kept.answer)
    return kept


@transaction.atomic
def tell_customer(*, by: User, case: Case) -> Case:
    """The customer has been told now. Repeating is harmless.

    Raises Refused: not_permitted, case_still_open.
    """
    _require_hand(by, case)
    kept = _locked(case)
    if kept.waits:
        raise Refused("case_still_open")
    if kept.told != "yes":
        kept.told, kept.told_at = "yes", now()
        kept.save(update_fields=("told", "told_at"))
        _note(kept, "told", by, {"told": "yes"})
    return kept


def _new(by: User, happened: Happened) -> Case:
    if happened.kind not in Case.KINDS:
        raise Refused("case_kind_unknown", kind=happened.kind)
    if not happened.what.strip():
        raise Refused("case_empty")
    if happened.at > now() + SLOW_CLOCK:
        raise Refused("case_ahead")
    if happened.at < now() - OLDEST:
        raise Refused("case_long_ago")
    if happened.place.kind != Place.PLACE:
        raise Refused("case_at_region")
    if happened.part and not known_part(happened.part):
        raise Refused("case_part_unknown", part=happened.part)
    edition, _, part = happened.part.partition(":")
    key = ""
    if happened.customer is not None:
        # locked: who is being erased meanwhile must not keep a case with their words
        customer = Customer.objects.select_for_update().get(pk=happened.customer.pk)
        if customer.erased_at or customer.merged_into_id:
            raise Refused("customer_gone")
        key = customer.key
    received_on, counted_from = _begins(happened)
    case = Case(
        kind=happened.kind,
        customer_key=key,
        place=happened.place,
        edition=edition,
        part=part,
        what=happened.what.strip(),
        happened_at=happened.at,
        received_on=received_on,
        noted_at=now(),
        noted_by=by.person,
        due_on=counted_from + timedelta(days=deadlines().days(happened.kind)),
    )
    if happened.key:
        case.uid = happened.key
    return case


def _begins(happened: Happened) -> tuple[date | None, date]:
    """When a complaint came, and the day from which the deadline is counted, by the place's clock."""
    zone = ZoneInfo(happened.place.zone)
    today = now().astimezone(zone).date()
    if happened.kind != COMPLAINT:
        return None, today
    received = happened.received_on or today
    if received > max(today, today_here()):  # a form knows the company's clock
        raise Refused("case_received_ahead")
    if received < happened.at.astimezone(zone).date():
        raise Refused("case_received_before")
    return received, received


def _require_hand(by: User, case: Case) -> None:
    """Whoever owns the case, and whoever leads there."""
    if not may_settle(by, case):
        require(by, "gesture.approve", place=case.place)


def _locked(case: Case) -> Case:
    # locked: two may settle it at once; the row alone, since what it points to may be nothing
    return Case.objects.select_for_update(of=("self",)).select_related("place", "owner").get(pk=case.pk)


def _waiting(case: Case) -> Case:
    kept = _locked(case)
    if not kept.waits:
        raise Refused("case_closed")
    return kept


def _note(case: Case, kind: str, by: User, facts: dict[str, Any], text: str = "") -> None:
    Step.objects.create(case=case, kind=kind, by_key=by.person.key, facts=facts, text=text)
    audit.record(
        f"case.{kind}",
        by=by,
        subject=("case", case.uid),
        after={"state": case.state, **facts},
        place=case.place.uid,
    )
