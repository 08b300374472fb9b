"""Findings of the linter on the bench: where they belong, in words, with what one click would do."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.safestring import SafeString
from ruamel.yaml import YAML

from gracja.app.web.standards.spoken import spoken
from gracja.engine.edition.lint import Finding
from gracja.wording import findings as wording

TEXTS: Final = ("behaviour", "when", "na_when")
_FIELD: Final = re.compile(r"(service_mode|critical|channels|detect|when): ")
_WITHOUT_TEXT: Final = {"GR103": "when"}  # found in the behaviour, put right in the situation


@dataclass(frozen=True)
class Proposal:
    """What one click does. kind: text (into the field), field (name and value), split, phrase."""

    kind: str
    shown: SafeString | str
    name: str = ""
    values: tuple[str, ...] = ()
    language: str = ""


@dataclass(frozen=True)
class Remark:
    """place: the name of the field beside which it stands (`behaviour/pl`, `critical`, `detect`)."""

    code: str
    severity: str
    title: str
    why: str
    remedy: str
    place: str
    spans: tuple[tuple[int, int], ...] = ()
    proposals: tuple[Proposal, ...] = field(default_factory=tuple)


def remarks(findings: Iterable[Finding], lang: str) -> list[Remark]:
    """Each finding of one standard. lang: the reader's language; also of texts that name none."""
    return [
        Remark(
            finding.code,
            finding.severity,
            wording.title(finding.code, lang),
            wording.why(finding, lang, page=True),
            wording.remedy(finding, lang, page=True),
            _place(finding, lang),
            finding.spans,
            tuple(_proposals(finding, lang)),
        )
        for finding in findings
    ]


def pieces(text: str, several: Iterable[Remark]) -> list[tuple[str, str]]:
    """The text cut where words are found fault with: (piece, severity), empty for sound words."""
    marks = sorted((start, end, one.severity) for one in several for start, end in one.spans)
    cut: list[tuple[str, str]] = []
    here = 0
    for start, end, severity in marks:
        low = max(here, start)
        if low < end <= len(text):
            cut += [(text[here:low], ""), (text[low:end], severity)]
            here = end
    return [one for one in [*cut, (text[here:], "")] if one[0]]


def _place(finding: Finding, lang: str) -> str:
    name = str(finding.path[6]) if len(finding.path) > 6 else ""
    name = _WITHOUT_TEXT.get(finding.code, name)
    if name not in TEXTS:
        return name
    return f"{name}/{finding.facts.get('missing') or finding.language or lang}"


def _proposals(finding: Finding, lang: str) -> list[Proposal]:
    if not finding.rewording:
        return []
    language = finding.language or lang
    lines = finding.rewording.split("\n")
    place = _place(finding, lang)
    if finding.code == "GR102":
        shown = spoken(" · ".join(lines), language)
        return [Proposal("split", shown, "texts", tuple(lines), language)] if len(lines) > 1 else []
    if finding.code == "GR304":
        whole = str(finding.facts["phrase"])
        instead = whole.replace(finding.quote, finding.rewording)
        return [Proposal("phrase", instead, "phrase", (whole, instead), language)]
    if match := _FIELD.match(finding.rewording):
        return _of_field(match[1], YAML(typ="safe").load(finding.rewording)[match[1]])
    if place.partition("/")[0] not in TEXTS:
        return []
    return [Proposal("text", spoken(line, language), place, (line,), language) for line in lines]


def _of_field(name: str, value: Any) -> list[Proposal]:
    """A field and its value, as the linter writes them in YAML."""
    if name == "when":
        ((language, text),) = value.items()
        return [Proposal("text", spoken(text, language), f"when/{language}", (text,), language)]
    values = value if isinstance(value, list) else [value]
    said = tuple("" if one in (False, "none") else str(one) for one in values)
    return [Proposal("field", "", name, said)]
