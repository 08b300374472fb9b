"""Which kinds of gesture fit a situation at all, and why not the others."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal

from gracja.engine.dial.rules import Band
from gracja.engine.gesture.caps import Kind
from gracja.engine.gesture.facts import KINDS

Reason = Literal[
    "fits", "edition_forbids", "remedy_first", "left_alone", "do_not_contact", "takes_time", "too_close"
]
_TAKES_TIME: Final = ("gift", "personal_contact")  # to hand over, to talk; the others happen at the till
_QUIET: Final = ("discount",)  # on the next purchase: it needs no word


@dataclass(frozen=True, slots=True)
class Fit:
    """Whether a kind of gesture fits, and the weightiest reason."""

    kind: Kind
    fits: bool
    reason: Reason


def fitting_gestures(
    band: Band,
    cues: Collection[str],
    *,
    after_failure: bool | None = None,
    do_not_contact: bool = False,
    edition_allows: bool = True,
) -> tuple[Fit, ...]:
    """The four kinds, each with whether it fits.

    band: of the dial's reading. cues: those that are true now, by their names in the situation rules.
    after_failure: whether something of ours went wrong for this customer; None where nobody knows, and then
    an embittered one is taken to have a reason. A remedy is no gesture: it is owed, and always open.
    """
    fits = []
    for kind in KINDS:
        against: list[tuple[bool, Reason]] = [
            (not edition_allows, "edition_forbids"),
            ("embittered" in cues and after_failure is not False, "remedy_first"),
            (kind == "personal_contact" and "left_alone" in cues, "left_alone"),
            (kind == "personal_contact" and do_not_contact, "do_not_contact"),
            (kind in _TAKES_TIME and "hurried" in cues, "takes_time"),
            (kind not in _QUIET and band == "discreet", "too_close"),
        ]
        reason: Reason = next((why for holds, why in against if holds), "fits")
        fits.append(Fit(kind, reason == "fits", reason))
    return tuple(fits)
