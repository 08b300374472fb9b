"""Our standards: what an employee reads on the phone, and that they have read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from gracja.app.common.clock import today
from gracja.app.organisation.access import may, may_somewhere
from gracja.app.standards.selectors import editions as selectors
from gracja.app.standards.selectors.questions import open_questions, own_questions
from gracja.app.standards.selectors.reading import document_of
from gracja.app.standards.services.acknowledging import acknowledge_edition
from gracja.app.web.request import SignedIn
from gracja.app.web.standards.spoken import shown_changes, shown_parts
from gracja.app.web.telling import tell
from gracja.app.web.templatetags.words import reader

if TYPE_CHECKING:
    from gracja.app.standards.models import Question


@require_GET
def ours(request: SignedIn, uid: str = "") -> HttpResponse:
    """The edition in force today; with uid, that one."""
    if not may_somewhere(request.user, "edition.read"):
        raise Http404
    in_force = selectors.in_force(by=request.user)
    waiting = selectors.to_acknowledge(by=request.user)
    chosen = selectors.edition(by=request.user, uid=uid) if uid else next(iter(in_force), None)
    context = {
        "edition": chosen,
        "services": in_force if len(in_force) > 1 else [],
        "waiting": [one for one in waiting if chosen is None or one.pk != chosen.pk],
        "may_draft": may(request.user, "edition.draft"),
        "answering": may_somewhere(request.user, "question.answer"),
        "open": open_questions(by=request.user).count(),
    }
    if chosen is None:
        return render(request, "standards/none_yet.html", context)
    document, lang = document_of(chosen), reader()
    known, changes = selectors.news(by=request.user, edition_=chosen)
    own = list(own_questions(by=request.user).filter(edition__edition_id=chosen.edition_id))
    questions: dict[str, list[Question]] = {}
    for one in own:
        questions.setdefault(one.standard, []).append(one)
    return render(
        request,
        "standards/ours.html",
        context
        | {
            "document": document,
            "parts": shown_parts(document, lang),
            "count": sum(1 for _one in document.standards()),
            "waits": chosen.effective_from > today(),
            "asked": any(one.pk == chosen.pk for one in waiting),
            "read": selectors.read_by(by=request.user, edition_=chosen),
            "known": known,
            "changes": shown_changes(changes, lang),
            "questions": questions,
            "unread": {one.standard: one for one in own if one.answered_at and not one.answer_read_at},
        },
    )


@require_POST
def acknowledge(request: SignedIn, uid: str) -> HttpResponse:
    """One button; pressing it twice is harmless."""
    made = acknowledge_edition(by=request.user, edition_uid=uid)
    tell(request, _("Noted: you know edition %(version)s.") % {"version": made.edition.version})
    return redirect("our_edition", uid)
