"""What waits for a second person: yes or no, never by whoever asked."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from gracja.app.common.refused import Refused
from gracja.app.contacts.selectors.value import Value, value_of
from gracja.app.gestures.selectors.fairness import named
from gracja.app.gestures.selectors.given import Shown, gesture_for, waiting
from gracja.app.gestures.selectors.splitting import beside_approvals
from gracja.app.gestures.services.granting import approve_gesture, release_gesture
from gracja.app.organisation.access import may, may_somewhere
from gracja.app.web.giving.showing import Row, row_of
from gracja.app.web.giving.wordbook import amount, why_refused
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell, warn
from gracja.app.web.templatetags.words import reader
from gracja.engine.gesture.questions import Question
from gracja.wording.gestures import question_in_words


@dataclass(frozen=True, slots=True)
class Asked:
    """One that waits. worth: what the customer is expected to spend in a year, and between which ends; empty
    where that is not measured.
    """

    row: Row
    worth: str
    low: str
    high: str
    left: str  # of the budget
    questions: tuple[str, ...]  # what was given lately just under the limit


@require_safe
def approvals(request: SignedIn) -> HttpResponse:
    if not may_somewhere(request.user, "gesture.approve"):
        raise Refused("not_permitted", permission="gesture.approve")
    shown = waiting(by=request.user)
    beside = beside_approvals([one.gesture for one in shown], by=request.user)
    said = _in_words(shown, beside)
    asked = [_asked(request, row_of(one), tuple(said[one.gesture.pk])) for one in shown]
    return render(
        request, "giving/approvals.html", {"asked": asked, "may_read": may(request.user, "customer.read")}
    )


@require_POST
def approve(request: SignedIn, uid: str) -> HttpResponse:
    """Say yes."""
    shown = _to_decide(request, uid)
    try:
        approve_gesture(by=request.user, gesture=shown.gesture)
    except Refused as refused:
        warn(request, why_refused(refused))
    else:
        tell(request, _("Approved. Whoever asked can give it now."))
    return redirect("approvals")


@require_POST
def refuse(request: SignedIn, uid: str) -> HttpResponse:
    """Say no: the cost goes back to the budget."""
    shown = _to_decide(request, uid)
    try:
        release_gesture(by=request.user, gesture=shown.gesture)
    except Refused as refused:
        warn(request, why_refused(refused))
    else:
        tell(request, _("Refused. Its cost is in the budget again."))
    return redirect("approvals")


def _to_decide(request: SignedIn, uid: str) -> Shown:
    shown = gesture_for(by=request.user, uid=uid)
    if not shown.may_approve:
        raise Refused("approve_own" if shown.own else "not_permitted", permission="gesture.approve")
    return shown


def _in_words(shown: list[Shown], beside: dict[int, list[Question]]) -> dict[int, list[str]]:
    """The sentences for each gesture; names are looked up once for all; whose gesture it is stands above."""
    every = [(one.gesture, question) for one in shown for question in beside.get(one.gesture.pk, ())]
    said: dict[int, list[str]] = {one.gesture.pk: [] for one in shown}
    for (gesture, question), one in zip(
        every, named([question for _gesture, question in every], {}), strict=True
    ):
        facts = dict(one.question.facts)
        if question.facts.get("customer") == gesture.customer_key:
            facts["customer"] = _("This customer")
        said[gesture.pk].append(question_in_words(replace(one.question, facts=facts), reader()))
    return said


def _asked(request: SignedIn, row: Row, questions: tuple[str, ...]) -> Asked:
    left = amount(row.shown.gesture.budget.left)
    found = value_of(by=request.user, customer=row.customer) if row.customer else None
    if not isinstance(found, Value):
        return Asked(row, "", "", "", left, questions)
    worth, low, high = (one.about_in_words(reader()) for one in (found.spend, found.low, found.high))
    return Asked(row, worth, low, high, left, questions)
