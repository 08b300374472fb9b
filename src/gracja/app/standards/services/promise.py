"""The public promise: chosen, turned on and off, moved to a new address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.shortcuts import get_object_or_404

from gracja.app.common import audit
from gracja.app.common.refused import Refused
from gracja.app.common.uid import new_uid
from gracja.app.organisation.access import require
from gracja.app.organisation.models import User
from gracja.app.standards.models import Edition, PromisePage

LONGEST_PROMISE = 300
MOST_PROMISES = 20


@transaction.atomic
def save_promise(
    *, by: User, edition_id: str, standards: Sequence[Mapping[str, str]], lead: Mapping[str, str], on: bool
) -> PromisePage:
    """What the page promises, and whether it can be read.

    standards: {standard, pl, en}, in order. Saving the same again changes nothing.

    Raises Refused: not_permitted, promise_without_words (standard), promise_empty, promise_too_long (most),
    too_many_promises (most); Http404 where no such edition was published.
    """
    require(by, "promise.manage")
    if not Edition.objects.filter(edition_id=edition_id).exists():
        get_object_or_404(Edition, edition_id=edition_id)
    chosen = [
        {"standard": one["standard"], "pl": one.get("pl", "").strip(), "en": one.get("en", "").strip()}
        for one in standards
    ]
    for one in chosen:
        if not (one["pl"] or one["en"]):
            raise Refused("promise_without_words")
    words = {language: lead.get(language, "").strip() for language in ("pl", "en")}
    if any(len(text) > LONGEST_PROMISE for one in [*chosen, words] for text in one.values()):
        raise Refused("promise_too_long", most=LONGEST_PROMISE)
    if len(chosen) > MOST_PROMISES:
        raise Refused("too_many_promises", most=MOST_PROMISES)
    if on and not chosen:
        raise Refused("promise_empty")
    page, _ = PromisePage.objects.get_or_create(edition_id=edition_id)
    before = {"standards": page.standards, "lead": page.lead, "on": page.on}
    after = {"standards": chosen, "lead": words, "on": on}
    if before != after:
        page.standards, page.lead, page.on = chosen, words, on
        page.save(update_fields=["standards", "lead", "on"])
        audit.record("promise.save", by=by, subject=("promise", edition_id), before=before, after=after)
    return page


@transaction.atomic
def move_promise(*, by: User, edition_id: str) -> PromisePage:
    """A new address; whoever has the old one finds nothing there. Raises Refused: not_permitted; Http404."""
    require(by, "promise.manage")
    page = get_object_or_404(PromisePage.objects.select_for_update(), edition_id=edition_id)
    page.token = new_uid()
    page.save(update_fields=["token"])
    # the address is what keeps the page unlisted: the log says that it changed, not to what
    audit.record("promise.move", by=by, subject=("promise", edition_id))
    return page
