"""The sentence that opens the overview: which places are where, as far as it is known."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gracja.app.measurement.selectors.results import Shown

NAMED: Final = 3  # more than these are counted instead


def of_places(shown: list[Shown]) -> list[str]:
    """Two sentences at most: who holds the level, who is below it; or that nobody can say yet."""
    above = [one.title.name for one in shown if one.base.side == "above"]
    below = [one.title.name for one in shown if one.base.side == "below"]
    said = []
    if above:
        said.append(
            ngettext("%(places)s holds the level.", "%(places)s hold the level.", len(above))
            % {"places": _named(above)}
        )
    if below:
        said.append(
            ngettext(
                "%(places)s almost certainly does not reach it.",
                "%(places)s almost certainly do not reach it.",
                len(below),
            )
            % {"places": _named(below)}
            if above
            else ngettext(
                "%(places)s almost certainly does not reach the level.",
                "%(places)s almost certainly do not reach the level.",
                len(below),
            )
            % {"places": _named(below)}
        )
    if said:
        return said
    if len(shown) == 1:
        return [_("It is not known yet whether %(place)s holds the level.") % {"place": shown[0].title.name}]
    return [_("It is not known yet which places hold the level.")]


def _named(names: list[str]) -> str:
    """`Rynek, Podgórze and Ursynów`; from four on `4 places`."""
    if len(names) > NAMED:
        return ngettext("%(n)s place", "%(n)s places", len(names)) % {"n": len(names)}
    if len(names) == 1:
        return names[0]
    return _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
