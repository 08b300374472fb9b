"""GR307 GR308: a language model that may not be asked, and names that leave the machine with the texts."""

from __future__ import annotations

from collections.abc import Iterator

from gracja.engine.edition.lint.draft import Draft
from gracja.engine.edition.lint.finding import Remark
from gracja.engine.edition.predicate import Predicate


def judge_without_permission(draft: Draft) -> Iterator[Remark]:
    """GR307. Without the edition's `language_model` nothing is asked, and the standard abstains."""
    if draft.edition.language_model is not None:
        return
    for path, standard in draft.standards:
        if isinstance(standard.detect, Predicate) and standard.detect.judge is not None:
            yield Remark((*path, "detect", "judge"), quote=standard.standard)


def names_leave(draft: Draft) -> Iterator[Remark]:
    """GR308."""
    asked = draft.edition.language_model
    if asked is not None and not asked.mask_names:
        facts = {"address": asked.texts_may_leave_to}
        yield Remark(("language_model", "mask_names"), facts=facts, rewording="mask_names: true")
