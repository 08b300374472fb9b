"""What waits for the reader and the first steps of a company, in words and with an address each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from gracja.app.measurement.selectors.overview import FirstSteps, Waiting
from gracja.app.web.templatetags.words import day, local

Text = str | Promise


@dataclass(frozen=True)
class Errand:
    """One thing to do: what, why or where, until when, and the button that leads there."""

    title: Text
    text: Text
    action: Text
    address: str
    due: date | None = None


def errands(waiting: list[Waiting]) -> list[Errand]:
    """What waits, in words."""
    return [_ERRANDS[one.kind](one) for one in waiting]


def _notice(one: Waiting) -> Errand:
    return Errand(
        _("What will be measured"),
        _("A notice to all staff. Measured from %(day)s.") % {"day": day(one.due)},
        _("Read the notice"),
        address("notice", one.of.uid),
    )


def _edition(one: Waiting) -> Errand:
    return Errand(
        _("%(title)s, edition %(version)s")
        % {"title": local(one.of.document["title"]), "version": one.of.version},
        _("In force from %(day)s. Read it and confirm.") % {"day": day(one.due)},
        _("Read the edition"),
        address("our_standards"),
        one.due,
    )


def _question(one: Waiting) -> Errand:
    asked = one.of
    return Errand(
        ngettext("%(n)s question to answer", "%(n)s questions to answer", one.count) % {"n": one.count},
        Truncator(f"{asked.asked_by or ''}: {asked.text}".removeprefix(": ")).words(14),
        _("Answer the question"),
        address("questions"),
    )


def _answer(one: Waiting) -> Errand:
    asked = one.of
    there = f"#{asked.standard}" if asked.standard else ""
    return Errand(
        ngettext("You have an answer", "You have %(n)s answers", one.count) % {"n": one.count},
        Truncator(asked.answer).words(14),
        _("Read the answer"),
        f"{address('our_edition', asked.edition.uid)}{there}",
    )


def _visit(one: Waiting) -> Errand:
    return Errand(
        ngettext("%(n)s visit to make", "%(n)s visits to make", one.count) % {"n": one.count},
        _("The next one: %(place)s, by %(day)s.") % {"place": one.of.place.name, "day": day(one.due)},
        _("See the planned visits"),
        address("planned_visits"),
        one.due,
    )


def _conversation_review(one: Waiting) -> Errand:
    return Errand(
        ngettext("%(n)s conversation to review", "%(n)s conversations to review", one.count)
        % {"n": one.count},
        _("You mark it without seeing its automatic marks."),
        _("See the conversations"),
        address("drawn_reviews"),
    )


def _second_review(one: Waiting) -> Errand:
    return Errand(
        ngettext("%(n)s second review to make", "%(n)s second reviews to make", one.count) % {"n": one.count},
        _("You mark a contact without seeing the first marks."),
        _("See the second reviews"),
        address("second_reviews"),
    )


def _gesture(one: Waiting) -> Errand:
    return Errand(
        ngettext("%(n)s gesture waits for your yes", "%(n)s gestures wait for your yes", one.count)
        % {"n": one.count},
        _("What it costs is above the limit of its policy."),
        _("Decide"),
        address("approvals"),
    )


def _case(one: Waiting) -> Errand:
    return Errand(
        ngettext("%(n)s case is yours to settle", "%(n)s cases are yours to settle", one.count)
        % {"n": one.count},
        _("Failures and complaints; the first is due on %(day)s.") % {"day": day(one.due)},
        _("See the cases"),
        f"{address('recovery')}?mine=1",
        one.due,
    )


def _draft(one: Waiting) -> Errand:
    return Errand(
        _("Draft: %(title)s, version %(version)s")
        % {"title": local(one.of.document["title"]), "version": one.of.document["version"]},
        _("Last changed on %(day)s.") % {"day": day(one.of.changed_at)},
        _("Go on with the draft"),
        address("studio_draft", one.of.uid),
    )


def _upload(one: Waiting) -> Errand:
    return Errand(
        _("The file %(name)s could not be read") % {"name": one.of.file_name},
        _("Nothing of it was taken. The page of the file says why."),
        _("See why"),
        address("upload", one.of.uid),
    )


_ERRANDS: Final[dict[str, Callable[[Waiting], Errand]]] = {
    "notice": _notice,
    "edition": _edition,
    "question": _question,
    "answer": _answer,
    "visit": _visit,
    "conversation_review": _conversation_review,
    "second_review": _second_review,
    "gesture": _gesture,
    "case": _case,
    "draft": _draft,
    "upload": _upload,
}


@dataclass(frozen=True)
class Step:
    """One of the first steps of a company."""

    key: str
    title: Text
    text: Text
    address: str
    done: bool
    next: bool


# step -> title, why, name of the address
_STEPS: Final[dict[str, tuple[Text, Text, str]]] = {
    "company": (
        gettext_lazy("The company"),
        gettext_lazy("Its name, language and administrator."),
        "company",
    ),
    "places": (
        gettext_lazy("Add your places"),
        gettext_lazy("Where customers are served; one is enough to begin."),
        "places",
    ),
    "people": (
        gettext_lazy("Add your people"),
        gettext_lazy("By hand or from a spreadsheet, each with a role."),
        "people",
    ),
    "edition": (
        gettext_lazy("Publish your standards"),
        gettext_lazy("The studio leads you through four phases to the first edition."),
        "studio",
    ),
    "notice": (
        gettext_lazy("Tell your staff what will be measured"),
        gettext_lazy("In writing and before anything is measured."),
        "notices",
    ),
    "contacts": (
        gettext_lazy("Bring in conversations or visits"),
        gettext_lazy("A file from the chat or switchboard, or a spreadsheet of visits."),
        "conversations",
    ),
    "result": (
        gettext_lazy("Measure for the first time"),
        gettext_lazy("It takes a minute and can be repeated whenever you like."),
        "runs",
    ),
}


def steps(first: FirstSteps | None) -> list[Step]:
    """The first steps in their order; empty where there is nothing to show."""
    if first is None:
        return []
    return [
        Step(key, title, text, address(name), first.done[key], key == first.next)
        for key, (title, text, name) in _STEPS.items()
    ]


def address(name: str, *of: Any) -> str:
    """The address of a page, or of the overview where there is no such page."""
    try:
        return reverse(name, args=of)
    except NoReverseMatch:
        return "/"
