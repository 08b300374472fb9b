"""What a booklet or poster says, as data for typst: nothing of it ever becomes markup."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gracja.app.standards import telling
from gracja.engine.edition.model import Edition, Enhancer, Part, ScaleMeasure, Standard
from gracja.engine.edition.texts import LocalText, in_language
from gracja.report.words import NBSP, clean, typeset

_POLISH: Final = {letter: f"{plain}~" for letter, plain in zip("ąćęłńóśźż", "acelnoszz", strict=True)}


def content(edition: Edition, *, company: str, lang: str) -> dict[str, Any]:
    """The whole edition, in one language, ready to be laid out."""
    with translation.override(lang):
        parts = [_part(part, place, lang) for place, part in enumerate(edition.sequence, 1)]
        standards = [one for part in parts for row in part["enhancers"] for one in row["standards"]]
        return {
            "lang": lang,
            "company": clean(company),
            "title": _text(edition.title, lang),
            "edition": _("Edition %(version)s") % {"version": edition.version},
            "from": _applies(edition.effective_from),
            "counted": _counted(len(parts), len(standards)),
            "parts": parts,
            "index": sorted(
                ({"id": one["id"], "text": one["plain"], "key": _letter(one["plain"])} for one in standards),
                key=lambda row: _sorted_as(row["text"], lang),
            ),
            "words": _words(),
        }


def _part(part: Part, place: int, lang: str) -> dict[str, Any]:
    return {
        "id": part.part,
        "number": place,
        "title": _text(part.title, lang),
        "customer": _text(part.customer_does, lang),
        "employee": _text(part.employee_does, lang),
        "enhancers": [_enhancer(one, lang) for one in part.enhancers],
    }


def _enhancer(enhancer: Enhancer, lang: str) -> dict[str, Any]:
    return {
        "title": _text(enhancer.title, lang),
        "evidence": _text(enhancer.evidence, lang),
        "standards": [_standard(one, lang) for one in enhancer.standards],
    }


def _standard(standard: Standard, lang: str) -> dict[str, Any]:
    behaviour = _text(standard.behaviour, lang)
    return {
        "id": standard.standard,
        "plain": behaviour,
        "behaviour": _runs(behaviour),
        "when": _text(standard.when, lang),
        # counts and seconds stand in the behaviour already
        "measured": typeset(telling.measured(standard, lang), lang)
        if isinstance(standard.measure, ScaleMeasure)
        else "",
        "mode": standard.service_mode,
        "mode_word": telling.mode(standard),
        "critical": standard.critical,
        "initiative": standard.rung == "initiative",
        "good": [_runs(typeset(clean(one), lang)) for one in telling.examples(standard, "good", lang)],
        "bad": [_runs(typeset(clean(one), lang)) for one in telling.examples(standard, "bad", lang)],
    }


def _runs(text: str) -> list[dict[str, Any]]:
    return [{"text": run.text, "said": run.said} for run in telling.runs(text)]


def _text(text: LocalText | None, lang: str) -> str:
    return typeset(clean(in_language(text, lang)), lang) if text else ""


def _applies(day: date | None) -> str:
    if day is None:
        return ""
    said = formats.date_format(day, "DATE_FORMAT").replace(" ", NBSP)
    return _("Applies from %(day)s") % {"day": said}


def _counted(parts: int, standards: int) -> str:
    return ", ".join(
        (
            ngettext("%(count)s part", "%(count)s parts", parts) % {"count": parts},
            ngettext("%(count)s standard", "%(count)s standards", standards) % {"count": standards},
        )
    )


def _letter(text: str) -> str:
    return next((sign.upper() for sign in text if sign.isalpha()), "#")


def _sorted_as(text: str, lang: str) -> str:
    """Polish letters come after those that they are made of."""
    folded = "".join(sign for sign in text.lower() if sign.isalnum() or sign.isspace())
    return "".join(_POLISH.get(sign, sign) for sign in folded) if lang == "pl" else folded


def _words() -> dict[str, str]:
    return {
        "how_we_serve": _("How we serve"),
        "for_you": _("A booklet for everybody who serves our customers"),
        "reading": _("How to read this booklet"),
        "reading_text": _(
            "A standard is one thing that can be seen or heard, in one situation. Nobody asks you to be "
            "“nice”: what you find here, you can do, and the customer will notice it."
        ),
        "reading_behaviour": _("what you do or say"),
        "reading_when": _("in which situation"),
        "greeting": _("“Good morning”"),
        "reading_said": _("Words in this letter are spoken; your own words may say the same."),
        "reading_critical": _("If this one fails, the whole contact fails."),
        "reading_initiative": _("A step more than the customer expects. Nobody has to; everybody may."),
        "ladder": _("The ladder"),
        "ladder_text": _(
            "Good service and service that is out of this world differ in one thing: initiative, a step "
            "beyond what the customer expects."
        ),
        "below": _("below"),
        "below_text": _("something that is due to everybody was missing"),
        "standard": _("standard"),
        "standard_text": _("what is due to everybody was there"),
        "above": _("above"),
        "above_text": _("and a step more, one that suited this customer"),
        "exceptional": _("out of this world"),
        "exceptional_text": _("two such steps, or one that the customer speaks of"),
        "dial": _("The dial"),
        "dial_text": _(
            "How close to come is the customer's choice, not yours. Some want a talk, others peace and "
            "somebody within sight. Courtesy is due to both."
        ),
        "you": _("you"),
        "the_customer": _("the customer"),
        "discreet": _("discreet"),
        "discreet_text": _("within sight, and silent until asked"),
        "attentive": _("attentive"),
        "attentive_text": _("concrete and to the point"),
        "personal": _("personal"),
        "personal_text": _("a talk, a name, a memory of last time"),
        "journey": _("The journey"),
        "journey_text": _("What the customer goes through with us, from beginning to end."),
        "does_customer": _("The customer"),
        "does_you": _("You"),
        "because": _("How we know"),
        "good": _("Like this"),
        "bad": _("Not like this"),
        "critical": _("critical"),
        "initiative": _("initiative"),
        "no_standard": _("There is no standard here yet."),
        "index": _("Index of standards"),
        "yours": _("This booklet belongs to"),
        "ask": _(
            "Something is unclear? Ask under the standard in “Our standards”, or whoever leads your place."
        ),
    }
