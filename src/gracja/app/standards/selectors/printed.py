"""Handbook and posters of an edition, ready to be printed."""

from __future__ import annotations

from typing import Literal

from django.http import Http404

from gracja.app.organisation.models import Company, User
from gracja.app.standards.printing.content import content
from gracja.app.standards.printing.press import printed
from gracja.app.standards.selectors import editions
from gracja.app.standards.selectors.reading import document_of

Paper = Literal["a4", "a3"]


def handbook(*, by: User, uid: str, lang: str) -> tuple[str, bytes]:
    """(name of the file, PDF) of the whole edition. Raises Http404."""
    edition = editions.edition(by=by, uid=uid)
    data = content(document_of(edition), company=_company(), lang=lang)
    return f"{edition.edition_id}-{edition.version}-{lang}.pdf", printed("handbook", data)


def poster(*, by: User, uid: str, part: str, lang: str, paper: Paper) -> tuple[str, bytes]:
    """(name of the file, PDF) of one part on one page. Raises Http404."""
    edition = editions.edition(by=by, uid=uid)
    document = document_of(edition)
    if part not in {one.part for one in document.sequence}:
        raise Http404
    data = content(document, company=_company(), lang=lang)
    name = f"{edition.edition_id}-{edition.version}-{part}-{lang}.pdf"
    return name, printed("poster", data, part=part, paper=paper)


def _company() -> str:
    company = Company.objects.first()
    return company.name if company else ""
