"""The report as one HTML file: both languages, fonts, style and script inside, and no network."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

import pyarrow as pa
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

import gracja
from gracja.engine.edition.model import Edition
from gracja.engine.edition.write import edition_digest
from gracja.report import pictures
from gracja.report.gaps import Given
from gracja.report.gather import gather
from gracja.report.model import MEASURES, Axis, Report
from gracja.report.voice import Voice
from gracja.report.words import clean
from gracja.wording import LANGUAGES

MANY: Final = 150  # more people than this: the table in short form, folded away
SEARCHED: Final = 20  # more people than this: a field to find one


def write_report(
    *,
    results: pa.Table,
    observations: pa.Table,
    edition: Edition,
    conversations: Iterable[pa.Table] | None = None,
    language: str = "pl",
    rejected: int = 0,
    title: str | None = None,
    notes: tuple[Any, ...] = (),
    not_measured: tuple[Any, ...] = (),
) -> str:
    """The whole report as HTML.

    results, observations: the engine's tables (gracja.engine.tables). conversations: tables to quote from,
    read once; without them the report says that quotes need them. language: `pl` or `en`, the one shown
    first; the other is one click away. rejected: conversations that could not be read. notes, not_measured:
    what the engine said beside its results: (code, facts) and (subject_kind, subject, code, facts).
    """
    report = gather(
        results=results,
        observations=observations,
        edition=edition,
        conversations=conversations,
        language=language,
        given=Given(rejected, tuple(notes), tuple(not_measured)),
        title=title,
    )
    return render(report, language)


def render(report: Report, language: str) -> str:
    """The page around both languages."""
    axes = _axes(report)
    bodies = {lang: Markup(_body(report, Voice(lang), axes)) for lang in LANGUAGES}  # noqa: S704 (our template)
    scripts = [Markup(_static(name)) for name in ("plot.min.js", "report.js")]  # noqa: S704 (our own files)
    style = Markup(_style())  # noqa: S704 (as above)
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            csp=_csp(scripts, style),
            lang=language,
            bodies=bodies,
            titles={lang: _title(report, Voice(lang)) for lang in LANGUAGES},
            style=style,
            scripts=scripts,
            numbers=pictures.numbers(report, axes["people"], axes["parts"]),
        )
    )


def _body(report: Report, voice: Voice, axes: Mapping[str, Axis]) -> str:
    return (
        _environment()
        .get_template("body.html.j2")
        .render(
            r=report,
            v=voice,
            axes=axes,
            measures=MEASURES,
            languages=LANGUAGES,
            words=json.dumps(pictures.words(report, voice), ensure_ascii=False),
            many=len(report.ranked) > MANY,
            crowd=len(report.ranked) > pictures.CROWD,
            searched=len(report.ranked) > SEARCHED,
            title=_title(report, voice),
            digest=edition_digest(report.edition)[:12],
            engine=gracja.__version__,
        )
    )


def _title(report: Report, voice: Voice) -> str:
    return report.title or voice.say("page_title")


def _axes(report: Report) -> dict[str, Axis]:
    """One scale for each column; the three measures of the company have their own."""
    aspire = report.edition.aspire
    axes = {
        name: Axis.around([person.estimates[name] for person in report.ranked], getattr(aspire, name))
        for name in MEASURES
    }
    return {
        **axes,
        "people": axes["base"],
        "parts": Axis.around([part.estimate for part in report.parts], aspire.base),
        "standards": Axis(0, 1, aspire.base),
        **{
            f"company_{name}": Axis.around([report.company[name]], getattr(aspire, name)) for name in MEASURES
        },
    }


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("gracja.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["clean"] = clean
    return environment


@cache
def _static(name: str) -> str:
    return files("gracja.report").joinpath("static", name).read_text(encoding="utf-8")


@cache
def _style() -> str:
    """Fonts inside, then tokens and the report's own rules."""
    fonts = files("gracja.report").joinpath("static", "fonts")
    tokens = _static("tokens.css")
    for entry in sorted(fonts.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".woff2"):
            data = base64.b64encode(entry.read_bytes()).decode()
            tokens = tokens.replace(f'url("fonts/{entry.name}")', f'url("data:font/woff2;base64,{data}")')
    return tokens + _static("report.css")


def _csp(scripts: list[Markup], style: str) -> str:
    """Nothing may be loaded or sent; only the script and style of this file run."""
    allowed = " ".join(_hash(script) for script in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_hash(style)}; font-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
