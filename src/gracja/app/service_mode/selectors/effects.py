"""What other rules would change: for typical customers, and for the situations of the last month."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from gracja.app.common.clock import now
from gracja.app.organisation.access import require
from gracja.app.organisation.models import User
from gracja.app.service_mode.models import Advised
from gracja.app.service_mode.selectors.rules import company_rules
from gracja.engine.dial.advice import Advice, advise
from gracja.engine.dial.reading import read_dial
from gracja.engine.dial.rules import BANDS, Kind, SituationRules
from gracja.engine.dial.situation import Situation
from gracja.engine.errors import EngineInputError

MONTH: Final = timedelta(days=30)
MOST: Final = 100_000  # situations that are compared, the latest


@dataclass(frozen=True, slots=True)
class Typical:
    """A customer whom everybody has met. `slug` names them in web/service_mode and in the manual."""

    slug: str
    occupation: str
    cues: Mapping[str, int]


TYPICAL: Final = (
    Typical("regular_at_the_hairdresser", "hairdresser", {"talkative": 1, "known": 6}),
    Typical("tired_commuter_at_the_till", "cashier", {"tired": 1, "hurried": 1, "queue": 5}),
    Typical("angry_caller", "contact_centre_agent", {"embittered": 1}),
    Typical("browser_in_a_shop", "shop_assistant", {"browsing": 1}),
    Typical("patient_after_bad_news", "physician", {"asks_advice": 1, "tired": 1, "known": 2}),
    Typical("tourist_who_asks", "shop_assistant", {"asks_advice": 1, "talkative": 1}),
    Typical("regular_who_wants_peace", "hairdresser", {"left_alone": 1, "known": 6}),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A typical customer before and after. None: these rules know the occupation no longer."""

    typical: Typical
    before: Advice | None
    after: Advice | None

    @property
    def moved(self) -> bool:
        """To another place on the dial."""
        dials = [one.reading.dial if one else None for one in (self.before, self.after)]
        return dials[0] != dials[1]


def gallery(*, by: User, after: SituationRules) -> list[Shown]:
    """Typical customers by the rules in force and by others. Raises Refused: not_permitted."""
    require(by, "rules.manage")
    before = company_rules()
    return [Shown(one, typical_advice(one, before), typical_advice(one, after)) for one in TYPICAL]


def typical_advice(typical: Typical, rules: SituationRules) -> Advice | None:
    """What is advised; cues that these rules no longer have, or that they take for a contradiction, count
    from the first that fits.
    """
    if rules.occupation(typical.occupation) is None:
        return None
    return advise(Situation(None, typical.occupation, _fitting(typical.cues, rules)), rules)


@dataclass(frozen=True, slots=True)
class Compared:
    """Real situations. table: band before -> band after -> how many; unread: those that the new rules cannot
    read.
    """

    since: datetime
    situations: int
    moved: int
    unread: int
    table: dict[str, dict[str, int]] = field(default_factory=dict)


def compare_with_recorded(*, by: User, after: SituationRules) -> Compared:
    """How many of the situations recorded in the last 30 days would move to another band.

    Raises Refused: not_permitted.
    """
    require(by, "rules.manage")
    since = now() - MONTH
    before = company_rules()
    rows = Advised.objects.filter(at__gte=since).values_list("kind", "occupation", "cues")[:MOST]
    alike = Counter((kind, job, json.dumps(cues, sort_keys=True)) for kind, job, cues in rows)
    table: dict[str, dict[str, int]] = {one: dict.fromkeys(BANDS, 0) for one in BANDS}
    unread = moved = 0
    for (kind, job, cues), count in alike.items():
        bands = [_band(kind, job, json.loads(cues), rules) for rules in (before, after)]
        if bands[0] is None or bands[1] is None:
            unread += count
            continue
        table[bands[0]][bands[1]] += count
        moved += count if bands[0] != bands[1] else 0
    return Compared(since, alike.total(), moved, unread, table)


def _band(kind: str, job: str, cues: dict[str, int], rules: SituationRules) -> str | None:
    known = job if rules.occupation(job) else None
    service: Kind = "relationship" if kind == "relationship" else "encounter"
    try:
        return read_dial(Situation(service, known, _fitting(cues, rules)), rules).band
    except EngineInputError:
        return None


def _fitting(cues: Mapping[str, int], rules: SituationRules) -> dict[str, int]:
    """The cues that these rules have, each as far as it fits those before it."""
    kept: dict[str, int] = {}
    for name, count in cues.items():
        cue = rules.cue(name)
        against = {one for pair in rules.exclude if name in pair for one in pair} - {name}
        if cue is not None and not against & kept.keys():
            kept[name] = count if cue.counts is not None else min(count, 1)
    return kept
