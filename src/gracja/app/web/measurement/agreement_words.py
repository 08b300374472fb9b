"""What agreement and misfit say in words, each with its numbers behind."""

from __future__ import annotations

from typing import Final

from babel.numbers import format_decimal
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gracja.app.measurement.selectors.agreement import Agreed, Anchored, Measured
from gracja.app.measurement.selectors.model_fit import Follows
from gracja.app.web.templatetags.words import reader
from gracja.report import words

_EVENNESS: Final = {
    "unknown": gettext_lazy("Not known yet"),
    "expected": gettext_lazy("As even as chance allows"),
    "regular": gettext_lazy("More alike than chance would have it"),
    "erratic": gettext_lazy("Uneven"),
}


def evenness(follows: Follows) -> str:
    """How evenly somebody marks, as far as it is known."""
    return str(_EVENNESS[follows.word])


def surprise(follows: Follows) -> str:
    """The number behind it with the range that chance leaves: `1,45; spodziewane 0,80–1,22`."""
    if follows.surprise is None or follows.low is None or follows.high is None:
        return ""
    return _("%(value)s; %(low)s–%(high)s is expected") % {
        "value": _two_places(follows.surprise),
        "low": _two_places(follows.low),
        "high": _two_places(follows.high),
    }


def telling(follows: Follows) -> list[str]:
    """What is to be said of a standard's marks: that they tell nobody apart, or surprise too much."""
    said = []
    if follows.tells_nobody_apart and follows.slope_low is not None and follows.slope_high is not None:
        facts = {"low": _two_places(follows.slope_low), "high": _two_places(follows.slope_high)}
        said.append(
            _(
                "Does not tell people apart: who is better otherwise hardly meets it more often "
                "(%(low)s–%(high)s; 1 is usual)."
            )
            % facts
        )
    if follows.word == "erratic":
        said.append(
            _(
                "Too noisy: marks of it surprise more than chance explains (%(number)s). Is it "
                "worded so that all read it alike?"
            )
            % {"number": surprise(follows)}
        )
    return [words.typeset(one, reader()) for one in said]


def coefficient(figure: Measured) -> SafeString:
    """A coefficient of agreement with its range; words where there is none."""
    if figure.value is None:
        return format_html('<span class="muted small">{}</span>', _("not known yet"))
    if figure.ends is None:
        return format_html('<span class="muted small">{}</span>', _("no range is known yet"))
    return format_html(
        '<span class="val num"><b>{}</b> <span>{}</span></span>',
        _two_places(figure.value),
        _("%(low)s to %(high)s") % {"low": _two_places(figure.ends[0]), "high": _two_places(figure.ends[1])},
    )


def agreed_in_words(one: Agreed, between: str) -> str:
    """How often two judgements say the same, with its interval; or that it is not known yet."""
    if one.same.value is None or one.same.ends is None:
        return _("Not known yet: fewer than ten contacts were marked by both.")
    facts = {
        "share": words.percent(one.same.value, reader()),
        "low": words.percent(one.same.ends[0], reader()),
        "high": words.percent(one.same.ends[1], reader()),
    }
    if between == "people":
        said = _(
            "Two people who mark the same contact say the same in %(share)s of their marks (95%% "
            "interval: %(low)s to %(high)s)."
        )
    else:
        said = _(
            "People and the detector say the same in %(share)s of the marks that both made (95%% "
            "interval: %(low)s to %(high)s)."
        )
    return words.typeset(said % facts, reader())


def blind_in_words(anchored: Anchored) -> str:
    """What share of people's marks was made without seeing the automatic one."""
    told = anchored.blind + anchored.seen
    if not told:
        return _("Of no mark it is known whether the automatic one had been seen before.")
    said = [
        _(
            "%(share)s of the marks of which it is known were made without seeing the automatic one "
            "(%(blind)s of %(all)s)."
        )
        % {
            "share": words.percent(anchored.blind / told, reader()),
            "blind": words.number(anchored.blind, reader()),
            "all": words.number(told, reader()),
        }
    ]
    if anchored.unknown:
        said.append(
            ngettext("Of %(n)s more it is not known.", "Of %(n)s more it is not known.", anchored.unknown)
            % {"n": words.number(anchored.unknown, reader())}
        )
    return words.typeset(" ".join(said), reader())


def anchored_in_words(anchored: Anchored) -> str:
    """Whether who saw the automatic mark follows it more often, with the interval of the difference."""
    more = anchored.more
    if more.value is None or more.ends is None:
        return _(
            "Whether it draws people is not known yet: that takes ten contacts marked blind and ten "
            "marked after seeing it."
        )
    facts = {
        "seen": words.percent(anchored.same_seen or 0.0, reader()),
        "blind": words.percent(anchored.same_blind or 0.0, reader()),
        "low": round(100 * more.ends[0]),
        "high": round(100 * more.ends[1]),
    }
    said = {
        "more": _(
            "Who had seen it agreed with it more often: %(seen)s against %(blind)s, a difference of "
            "%(low)s to %(high)s points. It seems to draw people."),
        "less": _(
            "Who had seen it agreed with it less often: %(seen)s against %(blind)s, a difference of "
            "%(low)s to %(high)s points."),
        "none": _(
            "No difference is known: who had seen it agreed with it in %(seen)s, the others in "
            "%(blind)s; the difference lies between %(low)s and %(high)s points."),
    }[anchored.word]  # fmt: skip
    return words.typeset(said % facts, reader())


def _two_places(value: float) -> str:
    return format_decimal(round(value, 2) + 0.0, format="0.00;\N{MINUS SIGN}0.00", locale=reader())
