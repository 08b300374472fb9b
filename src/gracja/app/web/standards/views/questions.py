"""Questions about standards, and their answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gracja.app.common.refused import Refused
from gracja.app.organisation.access import may_somewhere
from gracja.app.standards.selectors import editions
from gracja.app.standards.selectors.questions import question_to, questions_to
from gracja.app.standards.selectors.reading import document_of
from gracja.app.standards.services import questions as services
from gracja.app.web.request import SignedIn
from gracja.app.web.standards.edition_forms import AnswerForm, QuestionForm
from gracja.app.web.telling import tell
from gracja.app.web.templatetags.words import local, reader
from gracja.wording.refusals import say_refusal

if TYPE_CHECKING:
    from gracja.app.standards.models import Question

AT_ONCE = 25


@require_GET
def questions(request: SignedIn) -> HttpResponse:
    """What waits for an answer of mine, then what was answered."""
    if not may_somewhere(request.user, "question.answer"):
        raise Http404
    return _list(request)


@require_POST
def answer(request: SignedIn, uid: str) -> HttpResponse:
    """Answer a question, or reword the answer."""
    question_to(by=request.user, uid=uid)  # somebody else's is not there, whatever was typed
    form = AnswerForm(request.POST, prefix=uid)
    if not form.is_valid():
        return _list(request, tried={uid: form}, status=422)
    try:
        services.answer_question(by=request.user, question_uid=uid, text=form.cleaned_data["text"])
    except Refused as no:
        if no.code == "not_permitted":
            raise
        form.add_error("text", say_refusal(no.code, reader(), **no.facts))
        return _list(request, tried={uid: form}, status=422)
    tell(request, _("The answer is where the question was asked."))
    return redirect("questions")


@require_POST
def read(request: SignedIn, uid: str) -> HttpResponse:
    """Whoever asked has read the answer; back to where it stands."""
    noted = services.note_answer(by=request.user, question_uid=uid)
    there = f"#{noted.standard}" if noted.standard else ""
    return redirect(f"{reverse('our_edition', args=[noted.edition.uid])}{there}")


@require_http_methods(["GET", "POST"])
def ask(request: SignedIn, uid: str) -> HttpResponse:
    """Ask about a standard of this edition, or about all of it."""
    edition = editions.edition(by=request.user, uid=uid)
    document = document_of(edition)
    form = QuestionForm(
        request.POST if request.method == "POST" else None,
        initial={"standard": request.GET.get("standard", "")[:80]},
    )
    if form.is_bound and form.is_valid():
        try:
            asked = services.ask_question(by=request.user, edition_uid=uid, **form.cleaned_data)
        except Refused as no:
            if no.code == "not_permitted":
                raise
            form.add_error("text", say_refusal(no.code, reader(), **no.facts))
        else:
            tell(request, _("Your question is on its way. The answer will stand under the standard."))
            there = f"#{asked.standard}" if asked.standard else ""
            return redirect(f"{reverse('our_edition', args=[uid])}{there}")
    about = next(
        (one.behaviour for _p, _e, one in document.standards() if one.standard == form["standard"].value()),
        None,
    )
    context = {"edition": edition, "document": document, "form": form, "about": about}
    return render(request, "standards/ask.html", context, status=422 if form.is_bound else 200)


def _list(
    request: SignedIn, *, tried: dict[str, AnswerForm] | None = None, status: int = 200
) -> HttpResponse:
    rows = questions_to(by=request.user)
    answered = request.GET.get("show") == "answered"
    waiting = rows.filter(answered_at=None)
    shown = (
        rows.exclude(answered_at=None).order_by("-answered_at") if answered else waiting.order_by("asked_at")
    )
    page = Paginator(shown, AT_ONCE).get_page(request.GET.get("page"))
    forms = tried or {}
    listed = [
        (one, _about(one), forms.get(one.uid) or AnswerForm(prefix=one.uid, initial={"text": one.answer}))
        for one in page
    ]
    context = {"page": page, "listed": listed, "answered": answered, "open": waiting.count()}
    return render(request, "standards/questions.html", context, status=status)


def _about(question: Question) -> str:
    """The behaviour that the question is about; the edition's title where it is about all of it."""
    document = document_of(question.edition)
    found = next((one for _p, _e, one in document.standards() if one.standard == question.standard), None)
    return local(found.behaviour if found else document.title)
