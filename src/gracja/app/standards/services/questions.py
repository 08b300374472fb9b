"""An employee asks about a standard, and whoever leads the place answers."""

from __future__ import annotations

from django.db import transaction
from django.shortcuts import get_object_or_404

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.organisation.access import may_somewhere, require
from gracja.app.organisation.models import Person, Place, User
from gracja.app.standards.models import Question
from gracja.app.standards.selectors import editions
from gracja.app.standards.selectors.questions import own_questions, questions_to
from gracja.app.standards.selectors.reading import document_of

LONGEST_QUESTION = 2000
LONGEST_ANSWER = 4000


@transaction.atomic
def ask_question(*, by: User, edition_uid: str, standard: str, text: str) -> Question:
    """A question about a standard, or (standard empty) about the edition as a whole.

    It goes to whoever answers at the place where `by` works. Asking the same again while it waits returns
    the first. Raises Refused: not_permitted, question_empty, question_too_long (most), standard_unknown;
    Http404.
    """
    if not may_somewhere(by, "edition.read"):  # held at a place; an edition has none
        raise Refused("not_permitted", permission="edition.read")
    edition = editions.edition(by=by, uid=edition_uid)
    said = _said(text, "question", LONGEST_QUESTION)
    if standard and standard not in {one.standard for _, _, one in document_of(edition).standards()}:
        raise Refused("standard_unknown")
    # locked: a double click asks once
    asker = Person.objects.select_for_update(no_key=True).get(pk=by.person.pk)
    own = {"edition": edition, "standard": standard, "asked_by": asker, "text": said}
    if (waiting := Question.objects.filter(**own, answered_at=None).first()) is not None:
        return waiting
    asked = Question.objects.create(**own, place=_workplace(by))
    audit.record(
        "question.ask",
        by=by,
        subject=("question", asked.uid),
        after={"edition": edition.name, "standard": standard},
        place=asked.place.uid if asked.place else "",
    )
    return asked


@transaction.atomic
def answer_question(*, by: User, question_uid: str, text: str) -> Question:
    """The answer; answering again rewords it.

    Raises Refused: not_permitted, answer_empty, answer_too_long (most); Http404 where it is not theirs.
    """
    if not may_somewhere(by, "question.answer"):
        raise Refused("not_permitted", permission="question.answer")
    question = get_object_or_404(questions_to(by=by), uid=question_uid)
    require(by, "question.answer", place=question.place)
    said = _said(text, "answer", LONGEST_ANSWER)
    if question.answer == said:
        return question
    before = {"answer": question.answer}
    question.answer, question.answered_by, question.answered_at = said, by.person, now()
    question.answer_read_at = None
    question.save(update_fields=["answer", "answered_by", "answered_at", "answer_read_at"])
    audit.record(
        "question.answer",
        by=by,
        subject=("question", question.uid),
        before=before,
        after={"answer": said},
        personal=("answer",),
        place=question.place.uid if question.place else "",
    )
    return question


@transaction.atomic
def note_answer(*, by: User, question_uid: str) -> Question:
    """Whoever asked has read the answer. Noting it again, or before there is one, changes nothing.

    Raises Http404 where the question is not theirs.
    """
    question = get_object_or_404(own_questions(by=by), uid=question_uid)
    if question.answered_at is not None and question.answer_read_at is None:
        question.answer_read_at = now()
        question.save(update_fields=["answer_read_at"])
        audit.record(
            "question.read",
            by=by,
            subject=("question", question.uid),
            place=question.place.uid if question.place else "",
        )
    return question


def _workplace(by: User) -> Place | None:
    """Where this person works: the first place at which they may read editions."""
    return next(
        (held.place for held in by.held if held.place and "edition.read" in held.role.permissions), None
    )


def _said(text: str, what: str, most: int) -> str:
    said = text.replace("\r\n", "\n").strip()
    if not said:
        raise Refused(f"{what}_empty")
    if len(said) > most:
        raise Refused(f"{what}_too_long", most=most)
    return said
