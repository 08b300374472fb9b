"""Documents are kept as the engine reads them, and never outlive what they say."""

from __future__ import annotations

from copy import deepcopy

from gracja.app.standards.models import Edition
from gracja.app.standards.selectors.reading import document_in, document_of


def test_an_edition_is_read_once(edition):
    again = Edition.objects.get(pk=edition.pk)

    assert document_of(edition) is document_of(again)


def test_another_edition_of_one_content_is_read_for_itself(edition):
    other = Edition(document=edition.document, digest=edition.digest)

    assert document_of(edition) is not document_of(other)


def test_a_draft_is_read_again_as_soon_as_something_in_it_changes(edition):
    draft = deepcopy(edition.document)
    before = document_in(draft)
    draft["sequence"][0]["title"] = {"pl": "Powitanie inaczej", "en": "Another greeting"}

    assert document_in(deepcopy(edition.document)) is before
    assert document_in(draft).sequence[0].title == {"pl": "Powitanie inaczej", "en": "Another greeting"}
