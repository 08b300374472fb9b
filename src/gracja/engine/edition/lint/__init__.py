"""The linter of standards: what two people would mark differently, before anybody marks it.

for finding in lint(read_edition(text, file="salon.yaml")):
    print(finding.code, finding.where, finding.quote, finding.rewording)
"""

from __future__ import annotations

from collections.abc import Callable, Collection

from gracja.engine.documents.tree import Path
from gracja.engine.edition.lint.draft import Draft
from gracja.engine.edition.lint.finding import Finding, Rule, Severity
from gracja.engine.edition.lint.rules import RULES
from gracja.engine.edition.model import Edition
from gracja.engine.edition.read import EditionDocument
from gracja.engine.errors import Where

__all__ = ["RULES", "Finding", "Rule", "Severity", "lint", "lint_standards"]


def lint(document: EditionDocument) -> tuple[Finding, ...]:
    """Every finding in the document, in the order of its lines."""
    return _found(Draft(document.edition), document.where)


def lint_standards(edition: Edition, ids: Collection[str]) -> tuple[Finding, ...]:
    """What `lint` finds in these standards, in the order of the sequence, while somebody writes them.

    The rest of the edition is read (which languages it is written in, what says the same) and not linted.
    `where` names the field only.
    """
    draft = Draft(edition, only=ids)
    paths = {path for path, _ in draft.standards}
    found = _found(draft, lambda path: Where(field=_field(path)))
    return tuple(one for one in found if one.path[:6] in paths)


def _field(path: Path) -> str:
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


def _found(draft: Draft, where: Callable[[Path], Where]) -> tuple[Finding, ...]:
    found = [
        Finding(
            code=code,
            severity=remark.severity or rule.severity,
            where=where(remark.path),
            path=remark.path,
            language=remark.language,
            quote=remark.quote,
            spans=remark.spans,
            reason=remark.reason,
            facts=remark.facts,
            rewording=remark.rewording,
        )
        for code, rule in RULES.items()
        for remark in rule.find(draft)
    ]
    return tuple(sorted(found, key=lambda one: (one.where.line or 0, one.where.column or 0, one.code)))
