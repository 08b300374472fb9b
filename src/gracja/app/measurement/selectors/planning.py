"""What the next reviews are best spent on, and how many are enough: for those who may read all results.

Reckoned when the page is asked for, so that it knows of visits that came after the measurement; the same
marks are reckoned once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.core.cache import cache
from django.db.models import Max

from gracja.app.common.clock import today
from gracja.app.measurement.models import Run
from gracja.app.observations.models import Mark
from gracja.app.observations.selectors.outside import outside_names
from gracja.app.organisation.access import in_force, require
from gracja.app.organisation.models import Membership, Person, Place, User
from gracja.app.organisation.selectors.notices import measured_from
from gracja.app.standards.selectors.reading import document_of

if TYPE_CHECKING:
    from gracja.engine.measure import Measured
    from gracja.engine.measure.planning.connecting import Connecting
    from gracja.engine.measure.planning.grounds import Grounds
    from gracja.engine.measure.planning.next_reviews import Review
    from gracja.engine.measure.planning.sizes import Question, Size

NEXT: Final = 20
_KEPT_SECONDS: Final = 3600
_RECENT: Final = timedelta(days=42)
_YEAR: Final = timedelta(days=365)
_EMPLOYEES: Final = 20
_SHARE_MET: Final = 0.75


@dataclass(frozen=True)
class Wanted:
    """What is asked. within: points to either side; or low and high, in percent, with power in percent."""

    within: float | None = 5
    low: float = 75
    high: float = 85
    power: float = 80


@dataclass(frozen=True)
class Enough:
    """What is enough. evaluators: that there are; fewest: with whom some number of contacts is enough, None
    where none is. twice: with two reviews of each contact.
    """

    sizes: list[Size]
    twice: Size | None
    evaluators: int
    fewest: int | None

    @property
    def first(self) -> Size | None:
        """With the evaluators there are, or else with the fewest more."""
        there = (size for size in self.sizes if size.effort.evaluators >= self.evaluators)
        return next(there, None)


@dataclass(frozen=True)
class Step:
    """Let this evaluator review the employee. contacts: how many; standards: to be watched most."""

    evaluator: Any
    employee: Any
    place: Any
    contacts: int
    standards: list[Any]


@dataclass(frozen=True)
class Plan:
    """grounds: what it rests on. reviews: the next. links: what connects groups; left: that stay apart."""

    grounds: Grounds
    evaluators: int
    reviews: list[Step]
    groups: int
    links: list[Step]
    left: int


def plan_of(*, by: User, run: Run) -> Plan:
    """The plan from all marks by this run's edition until today.

    Raises Refused: not_permitted.
    """
    require(by, "result.read")
    people = _People.now()
    found = _reckoned(run, people)
    names = _Names.of(run, found)
    return Plan(
        found.grounds,
        len(people.evaluators),
        _together(
            [names.step(one.evaluator, one.employee, one.place, 1, one.standards) for one in found.reviews]
        ),
        found.connecting.groups,
        [
            names.step(one.evaluator, one.employee, one.place, one.contacts, ())
            for one in found.connecting.links
        ],
        found.connecting.left,
    )


def _together(steps: list[Step]) -> list[Step]:
    """One line for all reviews of one employee at one place by one evaluator."""
    lines: dict[tuple[str, str, str], Step] = {}
    for step in steps:
        pair = (str(step.evaluator), str(step.employee), str(step.place))
        before = lines.get(pair)
        lines[pair] = step if before is None else replace(before, contacts=before.contacts + step.contacts)
    return list(lines.values())


def enough_for(plan: Plan, wanted: Wanted) -> Enough:
    """Raises EngineInputError: plan_share_range, plan_levels_alike, plan_power_range."""
    from gracja.engine.measure.planning.sizes import to_narrow, to_tell_apart  # noqa: PLC0415  (SciPy)

    question: Question
    if wanted.within is not None:
        question = to_narrow(plan.grounds, wanted.within / 100)
    else:
        question = to_tell_apart(plan.grounds, wanted.low / 100, wanted.high / 100, wanted.power / 100)
    evaluators = max(plan.evaluators, 1)
    return Enough(
        question.sizes(evaluators),
        question.size(evaluators, 2),
        evaluators,
        question.fewest_evaluators(),
    )


@dataclass(frozen=True)
class _Found:
    grounds: Grounds
    reviews: list[Review]
    connecting: Connecting


def _reckoned(run: Run, people: _People) -> _Found:
    """Kept for an hour, until a mark is made or somebody comes or goes."""
    newest = Mark.objects.aggregate(newest=Max("pk"))["newest"]
    state = repr((run.finished_at, newest, sorted(people.places.items()), sorted(people.scopes.items())))
    key = f"plan:{run.uid}"
    kept = cache.get(key)
    if kept is None or kept[0] != state:
        kept = state, _reckon(run, people)
        cache.set(key, kept, _KEPT_SECONDS)
    found: _Found = kept[1]
    return found


def _reckon(run: Run, people: _People) -> _Found:
    # whoever opens another page need not wait for SciPy and Polars
    from gracja.engine.errors import EngineInputError  # noqa: PLC0415
    from gracja.engine.measure.planning.connecting import Connecting  # noqa: PLC0415
    from gracja.engine.measure.planning.connecting import People as Askable  # noqa: PLC0415
    from gracja.engine.measure.planning.grounds import assumed_at  # noqa: PLC0415
    from gracja.engine.measure.planning.next_reviews import Choice  # noqa: PLC0415
    from gracja.engine.measure.planning.plan import connecting_of, grounds_of, next_of  # noqa: PLC0415

    measured = _measured(run)
    if measured is None or measured.fitted.rated is None:
        standards = sum(one.rung == "base" for _, _, one in document_of(run.edition).standards())
        employees = len(people.places) or _EMPLOYEES
        grounds = assumed_at(_SHARE_MET, standards=max(standards, 1), employees=employees)
        return _Found(grounds, [], Connecting(1, (), 0))
    people = people.with_marked(measured)
    choice = Choice(people.places, people.evaluators, people.may)
    try:
        reviews = next_of(measured, choice, NEXT)
    except EngineInputError as error:
        if error.code not in ("plan_nobody_to_read", "plan_nobody_reads"):
            raise
        reviews = []
    askable = Askable(people.places, people.evaluators, people.knows, people.may)
    return _Found(grounds_of(measured), reviews, connecting_of(measured, askable))


def _measured(run: Run) -> Measured | None:
    """From people's marks of the run's period, else of the last year: a new edition does not make evaluators
    anybody else. Where there are none, from what a detector marked in the last weeks.
    """
    from gracja.app.measurement.services.gather import Period, gather  # noqa: PLC0415
    from gracja.engine.measure import measure  # noqa: PLC0415

    last = max(run.period_end, today())
    recent = max(run.period_start, last - _RECENT)
    year = min(run.period_start, last - _YEAR)
    for source, first in (("visit", run.period_start), ("visit", year), ("automatic", recent)):
        since = measured_from(source)
        if since is None:
            continue
        gathered = gather(run.edition, Period(first, last), {source: since})
        if gathered.observations.num_rows:
            contacts = gathered.contacts if gathered.contacts.num_rows else None
            return measure(gathered.observations, document_of(run.edition), contacts=contacts)
    return None


@dataclass(frozen=True)
class _People:
    """By their keys. places: whoever serves -> the places. scopes: evaluator -> paths that they may evaluate
    in; "/" is everywhere. paths: place -> its own. knows: evaluator -> places that they go to.
    """

    places: dict[str, list[str]]
    scopes: dict[str, list[str]]
    paths: dict[str, str]
    knows: dict[str, frozenset[str]]

    @classmethod
    def now(cls) -> _People:
        """Who is here today. Managers may evaluate, and are not asked to before they do."""
        paths = dict(Place.objects.filter(kind=Place.PLACE, active=True).values_list("uid", "path"))
        places: dict[str, set[str]] = defaultdict(set)
        scopes: dict[str, set[str]] = defaultdict(set)
        for held in Membership.objects.filter(
            in_force(today()), person__deactivated_at=None, person__pseudonymised_at=None
        ).select_related("person", "role", "place"):
            key, permissions = held.person.key, held.role.permissions
            if "visit.import" in permissions and "measurement.run" not in permissions:
                scopes[key].add(held.place.path if held.place else "/")
            elif held.place is not None and held.place.uid in paths and "visit.import" not in permissions:
                places[key].add(held.place.uid)
        listed = {key: sorted(at) for key, at in places.items()}
        return cls(listed, {key: sorted(at) for key, at in scopes.items()}, paths, {})

    @property
    def evaluators(self) -> list[str]:
        return sorted(self.scopes)

    def may(self, evaluator: str, employee: str, place: str | None) -> bool:
        """Nobody evaluates themselves, nor where they may not."""
        path = self.paths.get(place or "", "/")
        return evaluator != employee and any(path.startswith(scope) for scope in self.scopes[evaluator])

    def with_marked(self, measured: Measured) -> _People:
        """And whoever marked from outside; where each evaluator has been."""
        outside = outside_names()
        seen = measured.fitted.frame.select("evaluator", "place").drop_nulls().unique().rows()
        been: dict[str, set[str]] = defaultdict(set)
        for evaluator, place in seen:
            if place in self.paths:
                been[evaluator].add(place)
        scopes = {**self.scopes, **{evaluator: ["/"] for evaluator, _ in seen if evaluator in outside}}
        knows = {evaluator: frozenset(at) for evaluator, at in been.items() if evaluator in scopes}
        return _People(self.places, scopes, self.paths, knows)


@dataclass(frozen=True)
class _Names:
    people: dict[str, Any]
    places: dict[str, Any]
    standards: dict[str, Any]

    @classmethod
    def of(cls, run: Run, found: _Found) -> _Names:
        pairs: Iterable[Any] = (*found.reviews, *found.connecting.links)
        keys = {key for one in pairs for key in (one.evaluator, one.employee)}
        people: dict[str, Any] = {person.key: person for person in Person.objects.filter(key__in=keys)}
        places = {place.uid: place for place in Place.objects.filter(uid__in={one.place for one in pairs})}
        texts = {one.standard: one.behaviour for _, _, one in document_of(run.edition).standards()}
        return cls({**outside_names(), **people}, places, texts)

    def step(
        self, evaluator: str, employee: str, place: str | None, contacts: int, standards: Iterable[str]
    ) -> Step:
        texts = [self.standards[name] for name in standards if name in self.standards]
        at = self.places.get(place or "")
        return Step(self.people.get(evaluator, ""), self.people.get(employee, ""), at, contacts, texts)
