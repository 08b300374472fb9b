"""A person who was erased leaves what staff asked and were answered."""

from __future__ import annotations

from gracja.app.common.names import Names
from gracja.app.standards.models import Question


def forget_person(names: Names) -> None:
    """Name and e-mail are masked in questions and answers. In the caller's transaction."""
    for question in Question.objects.all():
        said = names.masked_text(question.text), names.masked_text(question.answer)
        if said != (question.text, question.answer):
            question.text, question.answer = said
            question.save(update_fields=("text", "answer"))
