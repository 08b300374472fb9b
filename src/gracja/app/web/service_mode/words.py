"""What the counter's script says, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from gracja.app.service_mode.services.incoming import UNREADABLE, Reason
from gracja.app.web.templatetags.distance import picture_words
from gracja.app.web.templatetags.words import reader
from gracja.engine.edition.texts import in_language
from gracja.wording.refusals import refusals, say_refusal
from gracja.wording.sentences import catalogue


def adverbs() -> dict[str, str]:
    """The band as one word: how to serve."""
    return {"discreet": _("Discreetly"), "attentive": _("Attentively"), "personal": _("Personally")}


def why() -> dict[str, str]:
    """What the reasons are headed by."""
    return {
        "discreet": _("Why discreetly"),
        "attentive": _("Why attentively"),
        "personal": _("Why personally"),
    }


def in_words(reason: Reason) -> dict[str, str]:
    """Why a record is refused, in every language: the device keeps it for whoever reads there next."""
    # without a sentence of its own it must not break the answer: all that waits would be sent for ever
    code = reason.code if reason.code in refusals() else UNREADABLE
    return {
        lang: say_refusal(code, lang, **{name: _fact(one, lang) for name, one in reason.facts.items()})
        for lang in ("en", "pl")
    }


def _fact(fact: Any, lang: str) -> Any:
    return in_language(dict(fact), lang) if isinstance(fact, Mapping) else fact


def counter_words() -> dict[str, Any]:
    return {
        "adverbs": adverbs(),
        "why": why(),
        "picture": picture_words(),
        "of_100": _("{dial} of 100"),
        "let_go": _("Three are enough: “{cue}” was let go."),
        "kept": _("Recorded. Nobody’s name is in it unless your company says so."),
        "some_wait": _("Some records were not taken yet; they are tried again."),
        "read_from": _("From the customer’s words: {cue} (“{words}”)."),
        "refused": _("Records not taken: {n}"),
        "offline": _("offline: rules of {day}"),
        "dial": {key: sentence[reader()] for key, sentence in catalogue("dial").items()},
    }
