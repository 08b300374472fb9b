"""The linter of standards: what two people would mark differently, before anybody marks it.

for finding in lint(read_edition(text, file="salon.yaml")):
    print(finding.code, finding.where, finding.quote, finding.rewording)
"""

from __future__ import annotations

from gracja.engine.edition.lint.draft import Draft
from gracja.engine.edition.lint.finding import Finding, Rule, Severity
from gracja.engine.edition.lint.rules import RULES
from gracja.engine.edition.read import EditionDocument

__all__ = ["RULES", "Finding", "Rule", "Severity", "lint"]


def lint(document: EditionDocument) -> tuple[Finding, ...]:
    """Every finding in the document, in the order of its lines."""
    draft = Draft(document)
    found = [
        Finding(
            code=code,
            severity=remark.severity or rule.severity,
            where=document.where(remark.path),
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
