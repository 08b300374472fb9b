"""What is kept of advice, and for how long."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

from django.core.cache import cache
from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.contacts.selectors.customers_meant import keys_that_agree
from gracja.app.organisation.access import require
from gracja.app.organisation.models import User
from gracja.app.service_mode.models import Advised, Keeping
from gracja.app.service_mode.selectors.keeping import KEPT_AS

LONGEST_DAYS: Final = 3650
MOST_ORIGINS: Final = 20


@transaction.atomic
def change_keeping(
    *, by: User, keep: str, keep_days: int, read_words: bool, panel_origins: Iterable[str]
) -> Keeping:
    """What is kept of advice from now on; what is kept too long goes at once. Repeating is harmless.

    panel_origins: where the panel may be embedded, such as https://helpdesk.example. Raises Refused:
    not_permitted; keeping_unknown (keep); keep_days_wrong (longest); origin_unusable (origin).
    """
    require(by, "rules.manage")
    if keep not in Keeping.WHAT:
        raise Refused("keeping_unknown", keep=keep)
    if not 1 <= keep_days <= LONGEST_DAYS:
        raise Refused("keep_days_wrong", longest=LONGEST_DAYS)
    origins = sorted({_origin(one) for one in panel_origins if one.strip()})[:MOST_ORIGINS]
    Keeping.objects.get_or_create(only=True)
    row = Keeping.objects.select_for_update().get()
    before = _facts(row)
    row.keep, row.keep_days, row.read_words, row.panel_origins = keep, keep_days, read_words, origins
    row.save()
    audit.record("advice.keeping", by=by, subject=("keeping", "company"), before=before, after=_facts(row))
    transaction.on_commit(lambda: cache.delete(KEPT_AS))
    clean_advice()
    return row


def clean_advice() -> None:
    """Delete what was kept for long enough, and forget who asked, and of whom, where that may no longer be
    kept: by the company's choice, or by the customer's. The worker does it once a day; again is harmless.
    """
    row = Keeping.objects.first() or Keeping()
    if row.keep == Keeping.NOTHING:
        Advised.objects.all().delete()
    Advised.objects.filter(at__lt=now() - timedelta(days=row.keep_days)).delete()
    if row.keep == Keeping.WITHOUT_PERSON:
        Advised.objects.exclude(person=None).update(person=None)
        Advised.objects.exclude(customer_key="", contact="").update(customer_key="", contact="")
    Advised.objects.exclude(customer_key="", contact="").exclude(
        customer_key__in=keys_that_agree("study")
    ).update(customer_key="", contact="")


def _origin(text: str) -> str:
    """`https://helpdesk.example` of what was typed. Raises Refused: origin_unusable (origin)."""
    given = text.strip().rstrip("/")
    try:
        parts = urlsplit(given)
        port = parts.port
    except ValueError:
        raise Refused("origin_unusable", origin=given) from None
    host = (parts.hostname or "").encode("idna").decode() if parts.hostname else ""
    plain = host and all(sign.isalnum() or sign in ".-" for sign in host)
    local = host in ("localhost", "127.0.0.1")
    fits = parts.scheme == "https" or (parts.scheme == "http" and local)
    if not (plain and fits) or parts.path or parts.query or parts.fragment or parts.username:
        raise Refused("origin_unusable", origin=given)
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}"


def _facts(row: Keeping) -> dict[str, object]:
    return {
        "keep": row.keep,
        "keep_days": row.keep_days,
        "read_words": row.read_words,
        "panel_origins": list(row.panel_origins),
    }
