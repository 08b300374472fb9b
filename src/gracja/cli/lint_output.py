"""Findings of the linter as text for people, JSON for programs, and annotations for GitHub."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from gracja.engine.edition.lint import RULES, Finding
from gracja.wording import say, say_where
from gracja.wording.findings import remedy, title, why
from gracja.wording.sentences import catalogue


def as_text(findings: Sequence[Finding], lang: str) -> str:
    """Place, code and title in one line; below it why, what to do, and a rewording; at the end a count."""
    if not findings:
        return say("nothing_found", lang, area="lint")
    counts = Counter(finding.severity for finding in findings)
    blocks = [_block(finding, lang) for finding in findings]
    last = say(
        "found_errors",
        lang,
        area="lint",
        errors=counts["error"],
        warnings=counts["warning"],
        code=findings[0].code,
    )
    return "\n\n".join([*blocks, last])


def as_json(findings: Sequence[Finding], lang: str) -> str:
    """A list of findings; codes, places and facts are stable, sentences are in `lang`."""
    return json.dumps([_plain(finding, lang) for finding in findings], ensure_ascii=False, indent=2)


def as_github(findings: Sequence[Finding], lang: str) -> str:
    """One workflow command a line, so that GitHub shows each finding beside its line of the file."""
    return "\n".join(_annotation(finding, lang) for finding in findings)


def explain(code: str, lang: str) -> str:
    """What a code means, at length. Raises KeyError for a code that is not in RULES; then `unknown_code`."""
    rule = RULES[code]
    head = say(
        "explain_head",
        lang,
        area="lint",
        code=code,
        title=title(code, lang),
        severity=say(f"severity_{rule.severity}", lang, area="lint"),
    )
    # The explanation shows YAML with braces, so it is text, not a template.
    return f"{head}\n\n{catalogue('lint')[f'{code}_explain'][lang]}"


def unknown_code(code: str, lang: str) -> str:
    """There is no such code, and which there are."""
    return say("code_unknown", lang, area="lint", code=code, known=list(RULES))


def exit_code(findings: Sequence[Finding]) -> int:
    """1 where there is an error, else 0: warnings do not stop a publication."""
    return int(any(finding.severity == "error" for finding in findings))


def _block(finding: Finding, lang: str) -> str:
    severity = say(f"severity_{finding.severity}", lang, area="lint")
    lines = [
        f"{say_where(finding.where, lang)}",
        f"  {finding.code} {severity}: {title(finding.code, lang)}",
        f"  {why(finding, lang)} {remedy(finding, lang)}",
    ]
    if finding.rewording:
        lines += [
            f"  {say('rewording_line', lang, area='lint', text=line)}"
            for line in finding.rewording.split("\n")
        ]
    return "\n".join(lines)


def _plain(finding: Finding, lang: str) -> dict[str, Any]:
    return {
        "code": finding.code,
        "rule": RULES[finding.code].name,
        "severity": finding.severity,
        "file": finding.where.file,
        "line": finding.where.line,
        "column": finding.where.column,
        "field": finding.where.field,
        "language": finding.language,
        "quote": finding.quote,
        "spans": [list(span) for span in finding.spans],
        "reason": finding.reason,
        "facts": finding.facts,
        "title": title(finding.code, lang),
        "why": why(finding, lang),
        "remedy": remedy(finding, lang),
        "rewording": finding.rewording,
    }


def _annotation(finding: Finding, lang: str) -> str:
    properties = {
        "file": finding.where.file,
        "line": finding.where.line,
        "col": finding.where.column,
        "title": f"{finding.code} {title(finding.code, lang)}",
    }
    shown = ",".join(
        f"{name}={_property(str(value))}" for name, value in properties.items() if value is not None
    )
    text = f"{why(finding, lang)} {remedy(finding, lang)}"
    if finding.rewording:
        text = "\n".join([text, *finding.rewording.split("\n")])
    return f"::{finding.severity} {shown}::{_message(text)}"


def _message(text: str) -> str:
    """As GitHub's toolkit escapes data of a workflow command."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """A property also ends at a colon or a comma."""
    return _message(text).replace(":", "%3A").replace(",", "%2C")
