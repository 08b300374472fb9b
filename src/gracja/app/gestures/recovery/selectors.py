"""Cases as their reader may see them: a lead those of their places, an employee those they own or noted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404

from gracja.app.common.clock import now
from gracja.app.contacts.models import Customer
from gracja.app.gestures.models import Budget
from gracja.app.gestures.recovery.models import Case, Deadlines, Step
from gracja.app.organisation.access import in_force, may, places_where
from gracja.app.organisation.models import Membership, Person, Place, Role, User
from gracja.app.organisation.selectors.company import company_zone, today_here
from gracja.app.service_mode.selectors.asking import editions_in_force
from gracja.engine.edition.texts import LocalText

SHOWN = ("waiting", "overdue", "not_told", "closed", "all")


@dataclass(frozen=True, slots=True)
class Sought:
    """show: one of SHOWN. place: uid of a place or region. kind: of the case."""

    show: str = "waiting"
    place: str = ""
    kind: str = ""
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait, how many of these are overdue, and whom nobody told yet."""

    waiting: int
    overdue: int
    not_told: int


@dataclass(frozen=True, slots=True)
class PartOf:
    """A part of an edition in force. value: `salon@3:welcome`."""

    value: str
    title: LocalText
    service: LocalText


def cases(*, by: User, sought: Sought = Sought()) -> QuerySet[Case]:
    """Those the reader may see, the most urgent first; closed ones newest first."""
    rows = _seen(by).select_related("place", "owner", "noted_by")
    rows = rows.filter(_shown(sought.show))
    if sought.place:
        rows = rows.filter(place__path__contains=f"/{sought.place}/")
    if sought.kind:
        rows = rows.filter(kind=sought.kind)
    if sought.mine:
        rows = rows.filter(owner=by.person_id)
    return rows.order_by("-closed_at", "-pk") if sought.show == "closed" else rows


def case_for(*, by: User, uid: str) -> Case:
    """One of them. Raises Http404."""
    found = _seen(by).select_related("place", "owner", "noted_by").filter(uid=uid).first()
    if found is None:
        raise Http404
    return found


def waiting(*, by: User) -> Waiting:
    """What the reader has before them, of all their places."""
    found = _seen(by).aggregate(
        waiting=Count("pk", filter=_shown("waiting")),
        overdue=Count("pk", filter=_shown("overdue")),
        not_told=Count("pk", filter=_shown("not_told")),
    )
    return Waiting(**found)


def history(case: Case) -> list[tuple[Step, str, str]]:
    """(step, who did it, who became owner by it), oldest first."""
    steps = list(case.steps.all())
    keys = {step.by_key for step in steps} | {step.facts.get("owner", "") for step in steps}
    names = dict(Person.objects.filter(key__in=keys).values_list("key", "name"))
    return [(step, names.get(step.by_key, ""), names.get(step.facts.get("owner", ""), "")) for step in steps]


def cost_of_remedies(*, by: User, since: date) -> list[tuple[str, int]]:
    """(currency, sum) of the remedies done since that day, of the reader's cases; what is not known is not in
    it.
    """
    begins = datetime.combine(since, time(), company_zone())
    done = _seen(by).filter(state="done", closed_at__gte=begins).exclude(cost_minor=None)
    rows = done.values_list("currency").annotate(total=Sum("cost_minor")).order_by("currency")
    return [(currency, total) for currency, total in rows]


def deadlines() -> Deadlines:
    """The company's, or those that Gracja came with."""
    return Deadlines.objects.first() or Deadlines()


def may_settle(by: User, case: Case) -> bool:
    """Whether the reader may promise and close: the owner, and whoever leads there."""
    return case.owner_id == by.person_id or may(by, "gesture.approve", place=case.place)


def people_at(place: Place) -> QuerySet[Person]:
    """Who serves at this place, or leads it, and can own a case."""
    serving = [role.pk for role in Role.objects.all() if "advice.ask" in role.permissions]
    above = place.path.strip("/").split("/")
    held = Membership.objects.filter(in_force(now().date()), role__in=serving)
    there = held.filter(Q(place=None) | Q(place__uid__in=above))
    return Person.objects.filter(pk__in=there.values("person"), deactivated_at=None)


def parts_in_force() -> list[PartOf]:
    """The parts of every edition in force, in the order of their sequence."""
    return [
        PartOf(f"{document.id}@{document.version}:{part.part}", part.title, document.title)
        for document in editions_in_force()
        for part in document.sequence
    ]


def known_part(value: str) -> bool:
    """Whether an edition in force has this part."""
    return any(value == one.value for one in parts_in_force())


def part_of(case: Case) -> LocalText:
    """The title of the case's part; its name where that edition is in force no longer."""
    named = f"{case.edition}:{case.part}"
    return next((one.title for one in parts_in_force() if one.value == named), case.part)


def customers_of(keys: Iterable[str]) -> dict[str, Customer]:
    """The record that each key leads to now; none for who is erased."""
    rows = Customer.objects.filter(key__in=set(keys) - {""}).select_related("merged_into")
    found = {row.key: row.merged_into or row for row in rows}
    return {key: one for key, one in found.items() if one.erased_at is None}


def usual_currency(place: Place) -> str:
    """That of the place's last budget; złote where it never had one."""
    last = Budget.objects.filter(place=place).order_by("-first_day").values_list("currency", flat=True)
    return last.first() or "PLN"


def _seen(by: User) -> QuerySet[Case]:
    where = places_where(by, "gesture.approve")
    if not where:
        return Case.objects.all()
    led = Q(place__in=Place.objects.filter(where))
    return Case.objects.filter(led | Q(owner=by.person_id) | Q(noted_by=by.person_id))


def _shown(show: str) -> Q:
    waits = Q(state__in=Case.WAITING)
    return {
        "waiting": waits,
        "overdue": waits & Q(due_on__lt=today_here()),
        "not_told": Q(told="not_yet"),
        "closed": ~waits,
    }.get(show, Q())
