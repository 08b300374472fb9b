"""Questions of employees: those to answer, and those one asked."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from gracja.app.organisation.access import may, may_somewhere, places_where
from gracja.app.organisation.models import Place, User
from gracja.app.standards.models import Question


def questions_to(*, by: User) -> QuerySet[Question]:
    """Every question that `by` may answer: of their places; those without a place belong to the company."""
    if not may_somewhere(by, "question.answer"):
        return Question.objects.none()
    where = Q(place__in=Place.objects.filter(places_where(by, "question.answer")))
    if may(by, "question.answer"):
        where |= Q(place=None)
    return Question.objects.filter(where).select_related("asked_by", "answered_by", "place", "edition")


def question_to(*, by: User, uid: str) -> Question:
    """One that `by` may answer. Raises Http404."""
    return get_object_or_404(questions_to(by=by), uid=uid)


def open_questions(*, by: User) -> QuerySet[Question]:
    """Those that wait for an answer, the longest waiting first."""
    return questions_to(by=by).filter(answered_at=None).order_by("asked_at")


def unread_answers(*, by: User) -> QuerySet[Question]:
    """Answers to what `by` asked that they have not noted yet, the latest first."""
    return own_questions(by=by).exclude(answered_at=None).filter(answer_read_at=None).order_by("-answered_at")


def own_questions(*, by: User) -> QuerySet[Question]:
    """What `by` asked, the latest first."""
    return Question.objects.filter(asked_by=by.person).select_related("answered_by", "edition", "place")
