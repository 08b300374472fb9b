"""Record what was advised and what was done of it: once, and only what the company chose to keep.

What staff tap drives advice and nothing else: no row here ever says how personal a contact should have been
(contacts.Wanted), and measuring never reads them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.contacts.selectors.customers import consents_of
from gracja.app.contacts.selectors.customers_meant import customer_meant
from gracja.app.organisation.access import may_somewhere
from gracja.app.organisation.models import Place, User
from gracja.app.service_mode.models import Advised, Keeping
from gracja.app.service_mode.selectors.asking import Asked, Told, advise_for
from gracja.app.service_mode.selectors.keeping import kept
from gracja.app.service_mode.selectors.where import place_key_at
from gracja.app.service_mode.selectors.words import name_of

UID: Final = re.compile(r"^[A-Za-z0-9_-]{16,36}$")
OLDEST: Final = timedelta(
    days=60
)  # a phone that lay in a drawer; what is older says nothing of today's rules
AHEAD: Final = timedelta(minutes=10)  # how far a device's clock may go wrong
MOST_LINES: Final = 20


@dataclass(frozen=True, slots=True)
class Done:
    """uid: made by whoever sends it. moves: names of the lines that were followed. customer: a uid, number
    or e-mail. another: whether somebody else was signed in when it happened. place: where it was told.
    """

    uid: str
    asked: Asked
    at: datetime | None = None
    moves: Iterable[str] = ()
    customer: str = ""
    contact: str = ""
    offline: bool = False
    source: str = "counter"
    another: bool = False
    place: Place | None = None
    lines: Iterable[str] = field(default=())  # shown; where none are given, those of the advice at a glance


def record_advice(*, by: User, done: Done, told: Told | None = None) -> str | None:
    """Keep it, as far as the company keeps anything; None where it keeps nothing. The same `uid` again is
    the same record.

    told: where it was worked out already. Raises Refused: not_permitted; advice_uid_unfit;
    advice_time_wrong (days). Raises ManyInputErrors as `check_situation`.
    """
    if not may_somewhere(by, "advice.ask"):
        raise Refused("not_permitted", permission="advice.ask")
    if not UID.match(done.uid):
        raise Refused("advice_uid_unfit")
    present = now()
    at = done.at or present
    if not present - OLDEST <= at <= present + AHEAD:
        raise Refused("advice_time_wrong", days=OLDEST.days)
    settings = kept()
    told = told or advise_for(done.asked)
    if settings.keep == Keeping.NOTHING:
        return None
    advice = told.advice
    names = True if settings.keep == Keeping.WITH_PERSON and not done.another else None
    customer_key = _agreed(done.customer) if settings.keep == Keeping.WITH_PERSON else ""
    row = Advised(
        uid=done.uid,
        at=at,
        person_id=by.person_id if names else None,
        place_id=None if done.another else done.place.pk if done.place else place_key_at(by, at),
        customer_key=customer_key,
        contact=done.contact if customer_key else "",
        kind=advice.reading.reasons[0].name,
        occupation=done.asked.occupation or "",
        cues={cue: count for cue, count in done.asked.cues.items() if count},
        dial=advice.reading.dial,
        band=advice.reading.band,
        rules=advice.reading.rules,
        edition=f"{told.edition.id}@{told.edition.version}" if told.edition else "",
        channel=done.asked.channel or "",
        lines=_names(done.lines) or [name_of(line) for line in advice.at_a_glance()[0]],
        moves=_names(done.moves),
        offline=done.offline,
        source=done.source,
    )
    Advised.objects.bulk_create([row], ignore_conflicts=True)  # twice at once is once, in one statement
    return done.uid


def _agreed(customer: str) -> str:
    """The key of the customer, who agreed to be studied; nothing of anybody else. A state such as embittered
    is never kept with whom it was said of, unless they and the company both chose it.
    """
    found = customer_meant(customer)
    return found.key if found and "study" in consents_of(found) else ""


def _names(given: Iterable[str]) -> list[str]:
    return [str(one).replace("\0", "")[:120] for one in given][:MOST_LINES]
