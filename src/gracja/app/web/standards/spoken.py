"""Documents as pages show them: spoken words apart, changes and findings in sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gracja.app.standards import telling
from gracja.app.standards.selectors.publishing import key_of
from gracja.app.web.channels import CHANNELS
from gracja.app.web.standards.signal_names import signal_name
from gracja.engine.edition.lint import Finding
from gracja.engine.edition.model import Edition, Enhancer, Part, Standard
from gracja.engine.edition.texts import LocalText, in_language
from gracja.report.words import typeset
from gracja.wording import findings as wording

# a field of the document and its value, as the linter proposes them to whoever writes YAML
_FIELD: Final = re.compile(r"(service_mode|critical|channels|detect|when|within|mask_names): ")


def spoken(text: str, lang: str) -> SafeString:
    """The text with what is spoken in it set as a voice."""
    return format_html_join(
        "",
        "{}",
        (
            (format_html('<span class="said">{}</span>', run.text) if run.said else run.text,)
            for run in telling.runs(typeset(text, lang))
        ),
    )


@dataclass(frozen=True)
class ShownStandard:
    """A standard as a reader meets it."""

    standard: Standard
    behaviour: SafeString
    when: str
    mode: str
    measured: str
    na_when: str
    good: list[SafeString]
    bad: list[SafeString]
    heard: list[str]

    @property
    def id(self) -> str:
        return self.standard.standard


@dataclass(frozen=True)
class ShownEnhancer:
    enhancer: Enhancer
    title: str
    evidence: str
    standards: list[ShownStandard]


@dataclass(frozen=True)
class ShownPart:
    part: Part
    number: int
    title: str
    customer: str
    employee: str
    enhancers: list[ShownEnhancer]

    @property
    def count(self) -> int:
        return sum(len(one.standards) for one in self.enhancers)


def shown_parts(document: Edition, lang: str) -> list[ShownPart]:
    """The whole sequence in the reader's language."""
    return [
        ShownPart(
            part,
            number,
            _text(part.title, lang),
            _text(part.customer_does, lang),
            _text(part.employee_does, lang),
            [
                ShownEnhancer(
                    row,
                    _text(row.title, lang),
                    _text(row.evidence, lang),
                    [_standard(one, lang) for one in row.standards],
                )
                for row in part.enhancers
            ],
        )
        for number, part in enumerate(document.sequence, 1)
    ]


def _standard(standard: Standard, lang: str) -> ShownStandard:
    good = telling.examples(standard, "good", lang)
    return ShownStandard(
        standard,
        spoken(in_language(standard.behaviour, lang), lang),
        _text(standard.when, lang),
        telling.mode(standard),
        telling.measured(standard, lang),
        _text(standard.na_when, lang),
        [spoken(one, lang) for one in good],
        [spoken(one, lang) for one in telling.examples(standard, "bad", lang)],
        # what a detector listens for stands in for examples that nobody wrote yet
        [] if good else telling.heard(standard, lang),
    )


def _text(text: LocalText | None, lang: str) -> str:
    return typeset(in_language(text, lang), lang) if text else ""


@dataclass(frozen=True)
class ShownChange:
    kind: str
    sentence: str
    before: str
    after: str


def shown_changes(changes: list[dict[str, Any]], lang: str) -> dict[str, list[ShownChange]]:
    """Changes in sentences, by kind in the order of a reader's interest; an empty kind is left out."""
    told = [_change(one, lang) for one in changes]
    kinds = ("added", "changed", "dropped", "moved")
    return {kind: rows for kind in kinds if (rows := [one for one in told if one.kind == kind])}


def _change(change: Mapping[str, Any], lang: str) -> ShownChange:
    title = in_language(change["title"], lang) if change["title"] else signal_name(change["id"])
    sentence = {
        "edition": _("The edition as a whole"),
        "part": _("Part: %(title)s"),
        "enhancer": _("Enhancer: %(title)s"),
        "standard": "%(title)s",
        "signal": _("What counts as “%(title)s”"),
    }[change["what"]] % {"title": title}
    if change["kind"] != "changed":
        return ShownChange(change["kind"], typeset(sentence, lang), "", "")
    before, after = (_value(change[side], change["field"], lang) for side in ("before", "after"))
    if before == after:  # another language's words
        before = after = ""
    return ShownChange("changed", typeset(f"{sentence}: {_field(change['field'])}", lang), before, after)


def _field(name: str) -> str:
    return {
        "title": _("title"),
        "behaviour": _("wording"),
        "when": _("situation"),
        "channels": _("channels"),
        "rung": _("rung"),
        "service_mode": _("for whom"),
        "measure": _("measure"),
        "weight": _("weight"),
        "critical": _("critical or not"),
        "na_when": _("when it does not apply"),
        "examples": _("examples"),
        "detect": _("how it is recognised in a conversation"),
        "evidence": _("evidence"),
        "sources": _("evidence"),
        "customer_does": _("what the customer does"),
        "employee_does": _("what you do"),
        "feeling": _("the customer's feeling"),
        "thought": _("the customer's thought"),
        "service": _("kind of service"),
        "aspire": _("levels aspired to"),
        "language_model": _("permission to ask a language model"),
        "gestures": _("whether gestures may be given"),
        "new_segment_at": _("where a new segment begins"),
    }.get(name, name)


def _value(value: Any, field: str, lang: str) -> str:
    """A value as people read it; empty where it is a tree or a list nobody reads here."""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, str):
        return _code(value)
    if isinstance(value, dict) and field in (
        "title",
        "behaviour",
        "when",
        "na_when",
        "evidence",
        "customer_does",
        "employee_does",
        "thought",
    ):
        return in_language(value, lang)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ", ".join(channel(one) for one in value)
    return ""


def _code(value: str) -> str:
    return {
        "any": _("for every customer"),
        "discreet": _("discreet"),
        "personal": _("personal"),
        "base": _("base"),
        "initiative": _("initiative"),
        "yes_no": _("yes or no"),
        "allowed": _("allowed"),
        "forbidden": _("forbidden"),
    }.get(value, value)


def channel(name: str) -> str:
    """A channel in words."""
    return str(CHANNELS.get(name, name))


@dataclass(frozen=True)
class ShownFinding:
    key: str
    finding: Finding
    title: str
    why: str
    remedy: str
    about: str
    part: str

    @property
    def said(self) -> str:
        """The words proposed instead; empty for a field and its value, which the remedy tells in words."""
        proposed = self.finding.rewording or ""
        return "" if _FIELD.match(proposed) else proposed


def shown_findings(findings: list[Finding], document: Edition, lang: str) -> list[ShownFinding]:
    """Findings in sentences, each with what it is about."""
    return [
        ShownFinding(
            key_of(one),
            one,
            wording.title(one.code, lang),
            wording.why(one, lang, page=True),
            wording.remedy(one, lang, page=True),
            *_about(one, document, lang),
        )
        for one in findings
    ]


def _about(finding: Finding, document: Edition, lang: str) -> tuple[str, str]:
    """What people call the place of a finding (the standard, else the enhancer, else the part); its part."""
    about, part_id = "", ""
    steps = finding.path
    if len(steps) > 1 and steps[0] == "sequence":
        part = document.sequence[int(steps[1])]
        about, part_id = in_language(part.title, lang), part.part
        if len(steps) > 3 and steps[2] == "enhancers":
            enhancer = part.enhancers[int(steps[3])]
            about = in_language(enhancer.title, lang)
            if len(steps) > 5 and steps[4] == "standards":
                about = in_language(enhancer.standards[int(steps[5])].behaviour, lang)
    return about, part_id
