"""What is said of contacts that came after the measurement."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gracja.app.measurement.selectors.fresh import Fresh
from gracja.app.web.templatetags.words import day, reader
from gracja.report import words

if TYPE_CHECKING:
    from gracja.app.measurement.models import Run


def since_head(fresh: Fresh) -> str:
    """With how many new contacts."""
    if fresh.of_visits:
        said = ngettext("With %(n)s new visit", "With %(n)s new visits", fresh.contacts)
    else:
        said = ngettext("With %(n)s new conversation", "With %(n)s new conversations", fresh.contacts)
    return said % {"n": fresh.contacts}


def since_in_words(fresh: Fresh) -> str:
    """In a list: where base is with them, with its interval."""
    assert fresh.base.numbers is not None  # the database holds all three or none
    share, low, high = fresh.base.numbers
    facts = {
        "what": since_head(fresh),
        "share": words.percent(share, reader()),
        "ends": words.span(low, high),
    }
    return words.typeset(_("%(what)s: %(share)s (%(ends)s), provisional") % facts, reader())


def since_explained(run: Run) -> str:
    """Above a list in which somebody has new contacts."""
    return words.typeset(
        _(
            "Contacts since the measurement of %(day)s have moved some of these people's basics: that stands "
            "under their names, as provisional. Everything else, the grade and the place too, stays as "
            "measured until the next measurement."
        )
        % {"day": day(run.finished_at)},
        reader(),
    )
