"""The company, and who one is in it; notices to staff."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404
from ninja import Field, Query, Router, Schema

from gracja.app.api.callers import Called
from gracja.app.api.operations import reads, writes
from gracja.app.api.paging import Paging, page_of_rows
from gracja.app.api.shapes import Moment, Page, Uid, UidInPath
from gracja.app.organisation.selectors import notices
from gracja.app.organisation.selectors.company import company
from gracja.app.organisation.services.notices import confirm_notice
from gracja.app.tokens.scopes import OWN

router = Router()


class Me(Schema):
    """Who calls."""

    uid: Uid = Field(description="Of the person.")
    name: str
    permissions: list[str] = Field(description="What this token may do somewhere.")


class CompanyOut(Schema):
    """The company of this installation."""

    name: str
    language: str = Field(description="pl or en.")
    zone: str = Field(description="IANA time zone.")


class NoticeOut(Schema):
    """What staff were told will be measured."""

    uid: Uid
    text_pl: str
    text_en: str
    sources: list[str] = Field(description="visit, review, automatic, customer.")
    given_at: Moment | None = Field(description="Null: a draft, seen only by those who give notices.")
    measured_from: date
    read_by_me: bool


@reads(router, "/me", scope=OWN, response=Me)
def get_me(request: Called) -> Any:
    """Who one is here, and what one may do with this token."""
    held = {permission for one in request.auth.held for permission in one.role.permissions}
    person = request.auth.person
    return {"uid": person.uid, "name": person.name, "permissions": sorted(held)}


@reads(router, "/company", scope=OWN, response=CompanyOut, also=(404,))
def get_company(request: Called) -> Any:  # noqa: ARG001
    """The company's name, language and time zone."""
    if (found := company()) is None:
        raise Http404
    return found


@reads(router, "/notices", scope=OWN, response=Page[NoticeOut])
def list_notices(request: Called, paging: Query[Paging]) -> Any:
    """What staff were told will be measured, newest first."""
    return page_of_rows(notices.notices(by=request.auth), paging, newest_first=True)


@writes(router, "POST", "/notices/{uid}/confirmation", scope=OWN, response=NoticeOut)
def confirm(request: Called, uid: UidInPath) -> Any:
    """Say that one has read a notice. Again changes nothing."""
    notice = notices.notice_for(by=request.auth, uid=uid)
    confirm_notice(by=request.auth, notice=notice)
    return notices.notice_for(by=request.auth, uid=uid)
