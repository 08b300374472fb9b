"""The one sentence that opens a page of results."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gracja.app.measurement.selectors.closeness import Closeness
from gracja.app.measurement.selectors.courses import CourseShown, OverTime
from gracja.app.measurement.selectors.evaluators import Strictness, Uncounted
from gracja.app.measurement.selectors.person import PersonResult
from gracja.app.measurement.selectors.results import PartShown
from gracja.app.web.measurement.course_words import changed_in_words
from gracja.app.web.templatetags.words import local, reader
from gracja.report import words
from gracja.report.model import Estimate


def of_company(estimates: dict[str, Estimate], people: list[dict[str, Any]]) -> list[str]:
    """The base of the whole, then whether people can be told apart. people: the engine's rows."""
    return [words.sentence(f"headline_base_{estimates['base'].side}", reader()), _people(people)]


def of_standards(parts: list[PartShown]) -> list[str]:
    """How many standards reach their level, and where there is most to gain."""
    sides = [one.estimate.side for part in parts for one in part.standards if one.estimate.numbers]
    if not sides:
        return [_("No standard has been measured yet.")]
    above = sum(side in ("above", "perhaps_above") for side in sides)
    said = ngettext(
        "%(above)s of %(n)s measured standard reaches the level, as far as is known.",
        "%(above)s of %(n)s measured standards reach the level, as far as is known.",
        len(sides),
    ) % {"above": above, "n": len(sides)}
    measured = [part for part in parts if part.shown and part.shown.base.side == "below"]
    if not measured:
        return [said]
    lowest = min(measured, key=lambda part: (part.shown and part.shown.base.value) or 0)
    return [said, _("Most is to be gained in: %(part)s.") % {"part": local(lowest.part.title)}]


def of_closeness(whole: Closeness) -> list[str]:
    """How many contacts were on the wrong side, of those of which it is known what was wanted."""
    if not whole.judged:
        return [_("How close customers wanted to be served is not known of any contact yet.")]
    wrong = whole.distant.count + whole.close.count
    fitting = ngettext(
        "%(n)s contact of %(all)s was as close as was wanted.",
        "%(n)s contacts of %(all)s were as close as was wanted.",
        whole.fitting.count,
    ) % {"n": whole.fitting.count, "all": whole.judged}
    return [fitting, _others(whole.distant.count, whole.close.count)] if wrong else [fitting]


def _others(distant: int, close: int) -> str:
    if not distant:
        return _("All the others were too close.")
    if not close:
        return _("All the others were too distant.")
    if distant == close:
        return _("Of the others half were too distant, half too close.")
    if distant > close:
        return _("The others were more often too distant than too close.")
    return _("The others were more often too close than too distant.")


def of_evaluators(shown: Strictness, why: Uncounted | None) -> list[str]:
    """How many evaluators mark otherwise than the rest. why: there are none."""
    if why is not None:
        return [_nobody(why)]
    if not any(one.share.numbers for one in shown.evaluators):
        return [_("How strictly they mark cannot be told from the service itself yet.")]
    uneven = ngettext("%(n)s evaluator marks unevenly.", "%(n)s evaluators mark unevenly.", shown.erratic)
    also = [uneven % {"n": shown.erratic}] if shown.erratic else []
    if not shown.told_apart:
        return [_("No evaluator is known to be stricter or more lenient than the others."), *also]
    said = ngettext(
        "%(n)s evaluator of %(all)s is almost certainly stricter or more lenient than average.",
        "%(n)s evaluators of %(all)s are almost certainly stricter or more lenient than average.",
        shown.told_apart,
    ) % {"n": shown.told_apart, "all": len(shown.evaluators)}
    return [said, *also]


def _nobody(why: Uncounted) -> str:
    if why.later:
        return ngettext(
            "%(n)s visit of this period came after the measurement.",
            "%(n)s visits of this period came after the measurement.",
            why.later,
        ) % {"n": why.later}
    if why.on_trial:
        return ngettext(
            "%(n)s visit of this period is on trial, and does not count.",
            "%(n)s visits of this period are on trial, and do not count.",
            why.on_trial,
        ) % {"n": why.on_trial}
    return _("Nobody evaluated in this period.")


def of_over_time(shown: OverTime) -> list[str]:
    """The surest change, or that nothing changed, or that it cannot be known yet."""
    if shown.changed:
        others = len(shown.changed) - 1
        more = ngettext("%(n)s more change is told below.", "%(n)s more changes are told below.", others)
        return [changed_in_words(shown.changed[0]), *([more % {"n": others}] if others else [])]
    if shown.followed:
        return [_("Nothing is known to have changed: what moved is what chance moves.")]
    return [
        _("It is not known yet how shares went: that takes eight weeks or months with marks of three people.")
    ]


def of_course(one: CourseShown) -> list[str]:
    """What changed in one course, or that nothing is known to have."""
    if one.change:
        return [changed_in_words(one)]
    usual = _("%(share)s as a rule, and no lasting change.") % {
        "share": words.percent(one.course.centre, reader())
    }
    return [usual]


def of_person(result: PersonResult) -> list[str]:
    """The base of one person, then where there is most to gain."""
    base = words.sentence(f"headline_base_{result.shown.base.side}", reader())
    gain = _gain(result)
    return [base, gain] if gain else [base]


def _gain(result: PersonResult) -> str:
    if weakest := result.weakest:
        return _("Most is to be gained in: %(part)s.") % {"part": local(weakest.part.title)}
    if result.shown.estimates["fit"].side in ("below", "perhaps_below"):
        return _("Most is to be gained in how close to be with each customer.")
    if result.shown.estimates["initiative"].side in ("below", "perhaps_below"):
        return _("Most is to be gained by initiative.")
    return ""


def _people(people: list[dict[str, Any]]) -> str:
    ranked = [row for row in people if row["rank_low"]]
    if len(ranked) < 2:
        return words.sentence("headline_one" if ranked else "headline_people_unknown", reader())
    facts: dict[str, Any] = {"people": len(ranked)}
    tiers = {row["tier"] for row in ranked}
    if len(tiers) > 1:
        return words.sentence("headline_groups", reader(), groups=len(tiers), **facts)
    alike = len({(row["rank_low"], row["rank_high"]) for row in ranked}) == 1
    return words.sentence("headline_alike" if alike else "headline_some", reader(), **facts)
