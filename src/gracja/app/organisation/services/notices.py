"""Tell staff what will be measured, before anything is."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.clock import now, today
from gracja.app.common.refused import Refused
from gracja.app.organisation.access import require
from gracja.app.organisation.models import NoticeRead, StaffNotice, User
from gracja.app.organisation.services.guard import lock_company

SOURCES: Final = ("visit", "review", "automatic", "customer")


@transaction.atomic
def draft_notice(
    *,
    by: User,
    notice: StaffNotice | None,
    text_pl: str,
    text_en: str,
    sources: Collection[str],
    measured_from: date,
) -> StaffNotice:
    """A new draft, or another wording of one. The same again, as by a second click, changes nothing.

    Raises Refused: not_permitted, notice_given.
    """
    require(by, "notice.give")
    wanted = StaffNotice(
        text_pl=text_pl.strip(),
        text_en=text_en.strip(),
        sources=[one for one in SOURCES if one in sources],
        measured_from=measured_from,
    )
    before = {}
    if notice is None:
        lock_company()  # two clicks at once: the second finds the draft of the first
        drafts = StaffNotice.objects.filter(given_at=None, measured_from=measured_from)
        notice = next((one for one in drafts if _facts(one) == _facts(wanted)), wanted)
    else:
        notice = StaffNotice.objects.select_for_update().get(pk=notice.pk)
        _refuse_given(notice)
        before = _facts(notice)
    if notice.pk and _facts(notice) == _facts(wanted):
        return notice
    notice.text_pl, notice.text_en, notice.sources = wanted.text_pl, wanted.text_en, wanted.sources
    notice.measured_from = measured_from
    notice.save()
    audit.record("notice.draft", by=by, subject=("notice", notice.uid), before=before, after=_facts(notice))
    return notice


@transaction.atomic
def give_notice(*, by: User, notice: StaffNotice) -> StaffNotice:
    """Tell staff. From now on it stays as it is; what changes later is a new notice. Repeating is harmless.

    Raises Refused: not_permitted, notice_empty, notice_without_sources, notice_backdated (day).
    """
    require(by, "notice.give")
    notice = StaffNotice.objects.select_for_update().get(pk=notice.pk)
    if notice.given_at:
        return notice
    if not (notice.text_pl or notice.text_en):
        raise Refused("notice_empty")
    if not notice.sources:
        raise Refused("notice_without_sources")
    if notice.measured_from < today():
        raise Refused("notice_backdated", day=notice.measured_from.isoformat())
    notice.given_at = now()
    notice.save()
    audit.record("notice.give", by=by, subject=("notice", notice.uid), after=_facts(notice))
    return notice


@transaction.atomic
def drop_notice(*, by: User, notice: StaffNotice) -> None:
    """Throw a draft away. Raises Refused: not_permitted, notice_given."""
    require(by, "notice.give")
    notice = StaffNotice.objects.select_for_update().get(pk=notice.pk)
    _refuse_given(notice)
    audit.record("notice.drop", by=by, subject=("notice", notice.uid), before=_facts(notice))
    notice.delete()


@transaction.atomic
def confirm_notice(*, by: User, notice: StaffNotice) -> None:
    """`by` has read it. No permission: everybody of the company reads notices. Repeating is harmless.

    Raises Refused: notice_not_given.
    """
    if notice.given_at is None:
        raise Refused("notice_not_given")
    _, new = NoticeRead.objects.get_or_create(notice=notice, person=by.person)
    if new:
        audit.record("notice.confirm", by=by, subject=("notice", notice.uid))


def _refuse_given(notice: StaffNotice) -> None:
    if notice.given_at:
        raise Refused("notice_given")


def _facts(notice: StaffNotice) -> dict[str, object]:
    return {
        "text_pl": notice.text_pl,
        "text_en": notice.text_en,
        "sources": notice.sources,
        "measured_from": notice.measured_from.isoformat(),
    }
