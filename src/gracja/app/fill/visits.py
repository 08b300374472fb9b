"""Eleven months of visits to the salons, brought in as a spreadsheet: two a month to everybody, by four
evaluators.

Lena is strict, Wit uneven, and nobody but Roma visits Ursynów, so that the plan of reviews has two groups to
connect. Two of them mark some visits in Kraków. One standard tells nobody apart; since March
Rynek does better.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import exp
from random import Random
from typing import Final

from django.utils import timezone

from gracja.app.fill.autumn import FIRST_RUN, LATELY, VISITED_FROM, VISITED_TO, at, who
from gracja.app.fill.people import EVALUATOR, MANAGER, PLACES
from gracja.app.observations.models import PlannedVisit
from gracja.app.observations.services.imports import add_visits, give_file
from gracja.app.observations.services.planned import Order, plan_visit
from gracja.app.organisation.models import Place
from gracja.app.standards.models import Edition
from gracja.demo.people import CENTRE, STAFF
from gracja.engine.edition.model import Edition as Document
from gracja.engine.edition.model import Standard
from gracja.engine.edition.read import edition_from_json

SEED: Final = 2026
USUAL_LOGITS: Final = 2.8  # an average employee at an average standard: about 92 % met
STANDARD_SPREAD_LOGITS: Final = 1.2
CRITICAL_LOGITS: Final = 2.0  # nearly nobody misses what harms
NOT_THERE: Final = 0.12  # how often a standard's situation does not arise, where that may be
STRENGTH_LOGITS: Final = {
    "Darek Wójcik": 2.0,
    "Iga Lis": 1.2,
    "Celina Mazur": 0.6,
    "Piotr Zając": -0.4,
    "Ewa Król": -1.0,
    "Marek Kowalczyk": -2.0,
}
SELLS: Final = "lists_services"  # whoever is better otherwise does it less: it tells nobody apart
OWN: Final = "Borys Kruk"
STRICT, UNEVEN, ALONE = "Lena Kos", "Wit Olszak", "Roma Gil"  # of an agency
# evaluator -> how often they see as missed what was met, and as met what was missed
SLIPS: Final = {OWN: (0.02, 0.05), ALONE: (0.09, 0.05), STRICT: (0.36, 0.02), UNEVEN: (0.26, 0.85)}
IN_TURN: Final = (OWN, STRICT, OWN, UNEVEN)
TOGETHER_EVERY: Final = 5  # of the visits in Kraków: two evaluators mark the same one
WANTED: Final = ("dyskretnie", "uważnie", "osobiście")  # by the scenarios, in turn
APART: Final = "salon_ursynow"
TRAINED: Final = "salon_rynek"
TRAINED_FROM: Final = date(2026, 3, 1)
TRAINED_LOGITS: Final = 2.0
PLANNED: Final = (
    # place, due, what the customer wants, scenario
    (
        "salon_podgorze",
        date(2026, 12, 4),
        "discreet",
        "Klientka z książką: siada, otwiera ją i odpowiada jednym słowem. Strzyżenie bez zmian.",
    ),
    (
        "salon_rynek",
        date(2026, 12, 9),
        "personal",
        "Stały klient przed ślubem córki: sam o nim mówi i chce wyglądać inaczej niż zwykle.",
    ),
    (
        APART,
        date(2026, 12, 16),
        "",
        "Pierwsza wizyta, koloryzacja ze zdjęcia, którego nie da się uzyskać za jednym razem.",
    ),
)
ORDERED: Final = date(2026, 8, 10)
MADE: Final = (
    "salon_podgorze",
    date(2026, 8, 28),
    "attentive",
    "Klientka spóźnia się dziesięć minut i pyta, czy zdążą.",
)


@dataclass(frozen=True)
class _Visit:
    number: str
    moment: datetime
    place: str
    employee: str
    evaluators: tuple[str, ...]
    wanted: str


def bring_in_visits() -> None:
    """One file with every visit of the year; and those that are ordered for December."""
    edition = Edition.objects.get(edition_id="salon", version=1)
    with at(datetime(2026, 8, 3, 9, tzinfo=UTC)):
        made = _order(edition, *MADE)
    content = _sheet(edition_from_json(edition.document), made).encode("utf-8-sig")
    with at(FIRST_RUN):
        by = who(MANAGER)
        given = give_file(by=by, edition_uid=edition.uid, file_name="wizyty-rok.csv", content=content)
        add_visits(by=by, uid=given.uid)
    newest = Edition.objects.get(edition_id="salon", version=2)
    with at(LATELY):
        for one in PLANNED:
            _order(newest, *one)


def _order(edition: Edition, place: str, due_on: date, wanted: str, scenario: str) -> PlannedVisit:
    order = Order(
        place=Place.objects.get(code=place),
        edition_uid=edition.uid,
        evaluator=who(EVALUATOR).person,
        due_on=due_on,
        scenario=scenario,
        wanted=wanted,
    )
    return plan_visit(by=who(MANAGER), order=order)


def _sheet(document: Document, made: PlannedVisit) -> str:
    standards = [
        standard
        for _, _, standard in document.standards()
        if standard.measure == "yes_no" and "in_person" in standard.channels and standard.rung == "base"
    ]
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";")
    rows.writerow(
        ["Id wizyty", "Data i godzina", "Placówka", "Pracownik", "Chciana bliskość", "Oceniający"]
        + [one.standard for one in standards]
    )
    random = Random(f"{SEED} standards")  # noqa: S311
    easy = [random.gauss(0, STANDARD_SPREAD_LOGITS) for _ in standards]
    now = timezone.now().replace(tzinfo=None)
    for visit in _visits(made.number):
        if visit.moment >= now:
            continue
        random = Random(f"{SEED} visit {visit.employee} {visit.moment}")  # noqa: S311
        met = [_met(random, visit, *one) for one in zip(standards, easy, strict=True)]
        head = [visit.number, f"{visit.moment:%d.%m.%Y %H:%M}", PLACES[visit.place][1], visit.employee]
        for evaluator in visit.evaluators:
            rows.writerow([*head, visit.wanted, evaluator, *(_mark(random, evaluator, one) for one in met)])
    return out.getvalue()


def _visits(made: str) -> Iterator[_Visit]:
    """One a fortnight to everybody who serves in a salon. made: the number of the one that was ordered."""
    visited = [one for one in STAFF if one.contacts >= 5 and set(one.places) - {CENTRE}]
    fortnight, number = VISITED_FROM, 0
    while fortnight < VISITED_TO:
        for employee in visited:
            random = Random(f"{SEED} visits {employee.name} {fortnight}")  # noqa: S311
            place = random.choice([one for one in employee.places if one != CENTRE])
            number += 1
            ordered = fortnight > ORDERED and employee.name == "Marek Kowalczyk"
            yield _Visit(
                made if ordered else f"W-{number:03}",
                _moment(random, fortnight),
                place,
                employee.name,
                (OWN,) if ordered else _evaluators(place, number),
                WANTED[1] if ordered else WANTED[number % 3],
            )
        fortnight += timedelta(days=14)


def _evaluators(place: str, number: int) -> tuple[str, ...]:
    if place == APART:
        return (ALONE,)
    return (OWN, STRICT) if number % TOGETHER_EVERY == 0 else (IN_TURN[number % len(IN_TURN)],)


def _moment(random: Random, first: date) -> datetime:
    """Within the ten days from this one on, when the salons are open."""
    day = datetime.combine(first, datetime.min.time()) + timedelta(days=random.randrange(10))
    day += timedelta(days=day.weekday() == 6)
    return day.replace(hour=random.randrange(10, 18), minute=random.choice((0, 15, 30, 45)))


def _met(random: Random, visit: _Visit, standard: Standard, easy: float) -> bool | None:
    """Whether it was met; None: its situation did not arise."""
    if standard.na_when and random.random() < NOT_THERE:
        return None
    strength = STRENGTH_LOGITS.get(visit.employee, 0.0)
    logits = USUAL_LOGITS + easy + CRITICAL_LOGITS * standard.critical
    logits += -strength if standard.standard == SELLS else strength
    if visit.place == TRAINED:
        logits += TRAINED_LOGITS * ((visit.moment.date() >= TRAINED_FROM) - 0.5)
    return random.random() < 1 / (1 + exp(-logits))


def _mark(random: Random, evaluator: str, met: bool | None) -> str:  # noqa: FBT001  (what they look at)
    if met is None:
        return "nie dotyczy"
    slip = SLIPS[evaluator][not met]
    return "tak" if met != (random.random() < slip) else "nie"
