"""The company's public promise: what customers may read without signing in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404

from gracja.app.common.clock import today
from gracja.app.organisation.access import require
from gracja.app.organisation.models import Company, User
from gracja.app.standards.models import Edition, PromisePage
from gracja.app.standards.selectors.reading import document_of
from gracja.engine.edition.model import Edition as Document
from gracja.engine.edition.model import Part, Standard
from gracja.engine.edition.texts import LocalText


@dataclass(frozen=True)
class Promise:
    """What a stranger sees."""

    company: str
    edition: Edition
    lead: LocalText
    title: LocalText
    promises: Sequence[LocalText]


@dataclass(frozen=True)
class Choice:
    """A standard as the manager chooses it: promised or not, and in which words."""

    part: Part
    standard: Standard
    promised: bool
    pl: str
    en: str


@dataclass(frozen=True)
class ToPromise:
    page: PromisePage | None
    edition: Edition
    document: Document
    choices: list[Choice]


def public_promise(*, token: str) -> Promise:
    """The page at this unlisted address. Raises Http404: it is off, or there is no such page."""
    page = PromisePage.objects.filter(token=token, on=True).first()
    edition = _in_force(page.edition_id) if page else None
    company = Company.objects.first()
    if page is None or edition is None or company is None:
        raise Http404
    document = document_of(edition)
    held = {one.standard for _, _, one in document.standards()}
    # what the edition in force no longer asks of anybody is no longer promised
    promises = [_words(one) for one in page.standards if one["standard"] in held and _words(one)]
    return Promise(company.name, edition, _words(page.lead), document.title, promises)


def to_promise(*, by: User, edition_id: str) -> ToPromise:
    """The page where promises are chosen. Raises Refused: not_permitted; Http404."""
    require(by, "promise.manage")
    edition = _in_force(edition_id)
    if edition is None:
        raise Http404
    page = PromisePage.objects.filter(edition_id=edition_id).first()
    chosen = {one["standard"]: one for one in page.standards} if page else {}
    document = document_of(edition)
    choices = [
        Choice(
            part,
            one,
            one.standard in chosen,
            chosen.get(one.standard, {}).get("pl", ""),
            chosen.get(one.standard, {}).get("en", ""),
        )
        for part, _, one in document.standards()
    ]
    return ToPromise(page, edition, document, choices)


def _in_force(edition_id: str) -> Edition | None:
    return (
        Edition.objects.filter(edition_id=edition_id, effective_from__lte=today())
        .order_by("-version")
        .first()
    )


def _words(row: dict[str, Any]) -> dict[str, str]:
    return {language: row[language] for language in ("pl", "en") if row.get(language)}
