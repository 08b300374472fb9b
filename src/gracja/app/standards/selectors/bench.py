"""One standard on the bench, with its neighbours of the same part and what the linter finds in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import Http404

from gracja.app.organisation.models import User
from gracja.app.standards.models import Draft
from gracja.app.standards.selectors import drafts
from gracja.app.standards.selectors.reading import document_in
from gracja.engine.edition.lint import Finding, lint_standards
from gracja.engine.edition.model import Edition as Document
from gracja.engine.edition.model import Enhancer, Part, Standard


@dataclass(frozen=True)
class Bench:
    """standard: the one under the pen; None where the part has none. findings: by standard of the part."""

    draft: Draft
    edition: Document
    part: Part
    enhancer: Enhancer | None
    standard: Standard | None
    findings: Mapping[str, tuple[Finding, ...]]

    @property
    def path(self) -> list[str]:
        """The ids that lead to the standard."""
        ids = [self.part.part]
        if self.enhancer and self.standard:
            ids += [self.enhancer.enhancer, self.standard.standard]
        return ids

    def state(self, standard_id: str) -> str:
        """error: it will not work; warning; empty: nothing to improve."""
        found = {finding.severity for finding in self.findings.get(standard_id, ())}
        return "error" if "error" in found else "warning" if found else ""


def bench(
    *, by: User, draft_uid: str, standard: str = "", part: str = "", typed: Mapping[str, str] | None = None
) -> Bench:
    """The standard; else the first one of this part; else the first one of the draft.

    typed: texts not saved yet, by field and language (`behaviour/pl`); the linter reads them, nobody else.

    Raises Refused: not_permitted; Http404.
    """
    draft = drafts.draft(by=by, uid=draft_uid)
    edition = document_in(draft.document)
    part_, enhancer, under_pen = _chosen(edition, standard, part)
    read = edition
    if under_pen is not None and typed:
        read = with_standard(edition, _as_typed(under_pen, typed))
    ids = [one.standard for each in part_.enhancers for one in each.standards]
    found: dict[str, list[Finding]] = {}
    for finding in lint_standards(read, ids):
        found.setdefault(_standard_at(read, finding), []).append(finding)
    findings = {name: tuple(several) for name, several in found.items()}
    return Bench(draft, edition, part_, enhancer, under_pen, findings)


def with_standard(edition: Document, changed: Standard) -> Document:
    """The edition with this standard in the place of the one of its id."""

    def of(enhancer: Enhancer) -> Enhancer:
        standards = [changed if one.standard == changed.standard else one for one in enhancer.standards]
        return enhancer.model_copy(update={"standards": standards})

    parts = [
        part.model_copy(update={"enhancers": [of(enhancer) for enhancer in part.enhancers]})
        for part in edition.sequence
    ]
    return edition.model_copy(update={"sequence": parts})


def _chosen(edition: Document, standard: str, part: str) -> tuple[Part, Enhancer | None, Standard | None]:
    if standard:
        for part_, enhancer, one in edition.standards():
            if one.standard == standard:
                return part_, enhancer, one
        raise Http404
    chosen = (
        next((one for one in edition.sequence if one.part == part), None) if part else edition.sequence[0]
    )
    if chosen is None:
        raise Http404
    for enhancer in chosen.enhancers:
        for one in enhancer.standards:
            return chosen, enhancer, one
    return chosen, None, None


def _as_typed(standard: Standard, typed: Mapping[str, str]) -> Standard:
    changed: dict[str, dict[str, str] | None] = {}
    for name, text in typed.items():
        field, _, language = name.partition("/")
        old = changed[field] if field in changed else getattr(standard, field)
        texts = {"pl": old, "en": old} if isinstance(old, str) else dict(old or {})
        texts[language] = text.strip()
        changed[field] = {key: value for key, value in texts.items() if value} or None
    if not changed.get("behaviour", True):
        changed.pop("behaviour")
    return standard.model_copy(update=changed)


def _standard_at(edition: Document, finding: Finding) -> str:
    _, part, _, enhancer, _, standard, *_ = finding.path
    return edition.sequence[int(part)].enhancers[int(enhancer)].standards[int(standard)].standard
