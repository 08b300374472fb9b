"""Notices to staff: written, given, read, confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gracja.app.common.refused import Refused
from gracja.app.organisation.access import may
from gracja.app.organisation.selectors import notices as selectors
from gracja.app.organisation.services import notices as services
from gracja.app.web.organisation import wordbook
from gracja.app.web.organisation.forms import NoticeForm, refuse
from gracja.app.web.organisation.frame import ask, show
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell, warn
from gracja.app.web.templatetags.words import day, reader
from gracja.wording.refusals import say_refusal

if TYPE_CHECKING:
    from gracja.app.organisation.models import StaffNotice

MANY = 50
AT = {"notice_backdated": "measured_from", "notice_without_sources": "sources", "notice_empty": "text_pl"}


@require_GET
def listed(request: SignedIn) -> HttpResponse:
    """Everything that staff were told, and for whom gives notices the drafts."""
    may_give = may(request.user, "notice.give")
    measured = [(title, selectors.measured_from(source)) for source, title in wordbook.SOURCES.items()]
    rows = [(notice, _sources(notice)) for notice in selectors.notices(by=request.user)]
    return show(request, "notices", "notices", {"rows": rows, "measured": measured, "may_give": may_give})


@require_GET
def read(request: SignedIn, uid: str) -> HttpResponse:
    """One notice in the reader's language, and who has not read it for whom may know."""
    notice = selectors.notice_for(by=request.user, uid=uid)
    may_give = may(request.user, "notice.give")
    told = may_give and notice.given_at
    missing = selectors.not_read_by(by=request.user, notice=notice) if told else None
    text = notice.text_pl if reader() == "pl" else notice.text_en
    context = {
        "notice": notice,
        "text": text or notice.text_pl or notice.text_en,
        "sources": _sources(notice),
        "may_give": may_give,
        "missing": missing.people[:MANY] if missing else (),
        "n_missing": missing.n if missing else 0,
        "n_without_account": missing.n_without_account if missing else 0,
    }
    return show(request, "notice", "notices", context)


@require_http_methods(["GET", "POST"])
def write(request: SignedIn, uid: str = "") -> HttpResponse:
    """A draft."""
    if not may(request.user, "notice.give"):
        raise Http404
    notice = selectors.notice_for(by=request.user, uid=uid) if uid else None
    form = NoticeForm.of(notice, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            notice = services.draft_notice(by=request.user, notice=notice, **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused, AT)
        else:
            return redirect("notice", notice.uid)
    return show(request, "notice_form", "notices", {"notice": notice}, form=form)


@require_http_methods(["GET", "POST"])
def give(request: SignedIn, uid: str) -> HttpResponse:
    """Tell staff."""
    notice = selectors.notice_for(by=request.user, uid=uid)
    if not may(request.user, "notice.give"):
        raise Http404
    if request.method == "POST":
        try:
            services.give_notice(by=request.user, notice=notice)
        except Refused as refused:
            if refused.code not in AT:
                raise
            warn(request, _why_not(notice, refused))
            return redirect("notice_change", uid)
        tell(request, _("The notice is given. Staff find it on their first page."))
        return redirect("notice", uid)
    return ask(
        request,
        question=_("Give this notice to all staff?"),
        consequence=_("It is dated and stays as it is. What changes later needs a new notice."),
        action=_("Give the notice"),
        back=reverse("notice", args=(uid,)),
    )


@require_http_methods(["GET", "POST"])
def drop(request: SignedIn, uid: str) -> HttpResponse:
    """Throw a draft away."""
    notice = selectors.notice_for(by=request.user, uid=uid)
    if not may(request.user, "notice.give"):
        raise Http404
    if request.method == "POST":
        services.drop_notice(by=request.user, notice=notice)
        tell(request, _("The draft is thrown away."))
        return redirect("notices")
    return ask(
        request,
        question=_("Throw this draft away?"),
        consequence=_("Nobody has seen it yet."),
        action=_("Throw the draft away"),
        back=reverse("notice", args=(uid,)),
        danger=True,
    )


@require_POST
def confirm(request: SignedIn, uid: str) -> HttpResponse:
    """The reader has read it."""
    services.confirm_notice(by=request.user, notice=selectors.notice_for(by=request.user, uid=uid))
    tell(request, _("Thank you. That you have read it is noted."))
    return redirect("notice", uid)


def _sources(notice: StaffNotice) -> list[object]:
    return [wordbook.SOURCES[one] for one in notice.sources]


def _why_not(notice: StaffNotice, refused: Refused) -> str:
    facts = {"day": day(notice.measured_from)} if "day" in refused.facts else {}
    return say_refusal(refused.code, reader(), **{**refused.facts, **facts})
