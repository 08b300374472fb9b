"""What the overview tells each reader: the first steps of a company, and what waits for this person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Count, Exists, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from gracja.app.common.clock import now
from gracja.app.contacts.models import Upload
from gracja.app.gestures.recovery import selectors as recovery
from gracja.app.gestures.selectors import budgets
from gracja.app.measurement.models import Result
from gracja.app.observations.models import Visit
from gracja.app.observations.selectors.drawn import waiting_reviews
from gracja.app.observations.selectors.planned import plans_of
from gracja.app.organisation.access import may, may_somewhere
from gracja.app.organisation.models import Company, Person, Place, StaffNotice, User
from gracja.app.organisation.selectors.notices import notices_to_read
from gracja.app.standards.models import Draft, Edition
from gracja.app.standards.selectors.editions import to_acknowledge
from gracja.app.standards.selectors.questions import open_questions, unread_answers

MOST: Final = 100  # more are not counted
RECENT: Final = timedelta(days=14)
QUARTER: Final = timedelta(days=90)


@dataclass(frozen=True)
class FirstSteps:
    """Which first steps are done: step -> done, in their order."""

    done: dict[str, bool]

    @property
    def next(self) -> str:
        return next((step for step, done in self.done.items() if not done), "")


@dataclass(frozen=True)
class Facts:
    """Counts beside the results."""

    people: int
    visits: int
    conversations: int


@dataclass(frozen=True)
class Opening:
    """The company, with what this reader is told of it; first_steps, facts: None where it is not theirs."""

    company: str
    first_steps: FirstSteps | None
    facts: Facts | None


def opening(*, by: User) -> Opening:
    """The company's name, the way to its first result (until that is there or hidden), and its counts."""
    people = Person.objects.filter(deactivated_at=None, pseudonymised_at=None)
    company = Company.objects.annotate(
        places=Exists(Place.objects.filter(kind=Place.PLACE)),
        people=_count(people),
        edition=Exists(Edition.objects.all()),
        notice=Exists(StaffNotice.objects.exclude(given_at=None)),
        visits=Exists(Visit.objects.all()),
        visits_lately=_count(Visit.objects.filter(second_to=None, occurred_at__gte=now() - QUARTER)),
        conversations=Exists(Upload.objects.filter(state="done")),
        result=Exists(Result.objects.all()),
    ).first()
    if company is None:
        return Opening("", None, None)
    done = {
        "company": True,
        "places": company.places,
        "people": company.people > 1,
        "edition": company.edition,
        "notice": company.notice,
        "contacts": company.visits or company.conversations,
        "result": False,
    }
    theirs = may_somewhere(by, "measurement.run") and not (company.checklist_hidden or company.result)
    counted = (
        Facts(company.people, company.visits_lately, _conversations()) if may(by, "result.read") else None
    )
    return Opening(company.name, FirstSteps(done) if theirs else None, counted)


def _count(rows: QuerySet[Any]) -> Coalesce:
    """How many rows, as a part of another query."""
    counted = rows.order_by().values(nothing=Value(1)).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def _conversations() -> int:
    counts = Upload.objects.filter(state="done").values_list("counts", flat=True)
    return sum(int(one.get("conversations", 0)) for one in counts)


@dataclass(frozen=True)
class Waiting:
    """One thing that waits for the reader. `due`: until when, if it has an end; `of`: what it is about."""

    kind: str
    of: Any
    due: date | None = None
    count: int = 1


def waiting_for(*, by: User) -> list[Waiting]:
    """What waits for this reader, the most pressing first: to read, to answer, to mark, to settle, to finish,
    to mend.
    """
    found = [
        *_to_read(by),
        *_answers(by),
        *_questions(by),
        *_to_mark(by),
        *_gestures(by),
        *_cases(by),
        *_drafts(by),
        *_failed_uploads(by),
    ]
    return sorted(found, key=lambda one: (one.due is None, one.due or date.max))


def _to_read(by: User) -> list[Waiting]:
    return [
        *(Waiting("notice", one, one.measured_from) for one in notices_to_read(by=by)),
        *(Waiting("edition", one, one.effective_from) for one in to_acknowledge(by=by)),
    ]


def _answers(by: User) -> list[Waiting]:
    answered = list(unread_answers(by=by)[:MOST])
    return [Waiting("answer", answered[0], count=len(answered))] if answered else []


def _questions(by: User) -> list[Waiting]:
    asked = list(open_questions(by=by)[:MOST])
    return [Waiting("question", asked[0], count=len(asked))] if asked else []


def _to_mark(by: User) -> list[Waiting]:
    if not may_somewhere(by, "visit.import"):
        return []
    plans = list(plans_of(by=by).filter(evaluator=by.person_id)[:MOST])
    drawn, second = waiting_reviews(by=by)
    visits = [Waiting("visit", plans[0], plans[0].due_on, len(plans))] if plans else []
    visits += [Waiting("conversation_review", None, count=drawn)] if drawn else []
    return visits + ([Waiting("second_review", None, count=second)] if second else [])


def _gestures(by: User) -> list[Waiting]:
    asked = budgets.waiting(by=by) if may_somewhere(by, "gesture.approve") else 0
    return [Waiting("gesture", None, count=asked)] if asked else []


def _cases(by: User) -> list[Waiting]:
    mine = list(recovery.cases(by=by, sought=recovery.Sought(mine=True))[:MOST])
    return [Waiting("case", mine[0], mine[0].due_on, len(mine))] if mine else []


def _drafts(by: User) -> list[Waiting]:
    if not may(by, "edition.draft"):
        return []
    return [Waiting("draft", one) for one in Draft.objects.order_by("-changed_at")[:2]]


def _failed_uploads(by: User) -> list[Waiting]:
    if not may(by, "conversation.import"):
        return []
    failed = Upload.objects.filter(state="failed", given_at__gte=now() - RECENT)
    return [Waiting("upload", one) for one in failed[:2]]
