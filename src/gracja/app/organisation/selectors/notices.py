"""What staff were told will be measured, and who knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.http import Http404

from gracja.app.organisation.access import may, require
from gracja.app.organisation.models import NoticeRead, Person, StaffNotice, User


def measured_from(source: str) -> date | None:
    """The first day of which staff know that this source is measured; None: they were never told."""
    told = StaffNotice.objects.exclude(given_at=None).order_by("measured_from")
    return next((notice.measured_from for notice in told if source in notice.sources), None)


def notices(*, by: User) -> QuerySet[StaffNotice]:
    """Given notices, newest first; for whoever may give them, drafts too. With `read_by`, `read_by_me`."""
    shown = (
        StaffNotice.objects.all() if may(by, "notice.give") else StaffNotice.objects.exclude(given_at=None)
    )
    mine = NoticeRead.objects.filter(notice=OuterRef("pk"), person=by.person_id)
    return shown.annotate(read_by=Count("reads"), read_by_me=Exists(mine)).order_by("-measured_from", "-pk")


def notice_for(*, by: User, uid: str) -> StaffNotice:
    """One notice. Raises Http404, also for somebody else's draft."""
    found = notices(by=by).filter(uid=uid).first()
    if found is None:
        raise Http404
    return found


def notices_to_read(*, by: User) -> QuerySet[StaffNotice]:
    """Given notices that `by` has not confirmed yet."""
    read = NoticeRead.objects.filter(person=by.person_id).values("notice")
    return notices(by=by).exclude(given_at=None).exclude(pk__in=read)


@dataclass(frozen=True, slots=True)
class NotRead:
    """Active people who have not confirmed a notice: how many can, by name; how many have no account."""

    people: QuerySet[Person]
    n: int
    n_without_account: int


def not_read_by(*, by: User, notice: StaffNotice) -> NotRead:
    """Who is still to read it; of `people` as many are fetched as are looked at. Two queries.

    Raises Refused: not_permitted.
    """
    require(by, "notice.give")
    read = NoticeRead.objects.filter(notice=notice, person=OuterRef("pk"))
    missing = Person.objects.filter(~Exists(read), deactivated_at=None)
    counted = missing.aggregate(n=Count("user"), all=Count("pk"))
    people = missing.exclude(user=None).order_by("found_by", "pk")
    return NotRead(people, counted["n"], counted["all"] - counted["n"])
