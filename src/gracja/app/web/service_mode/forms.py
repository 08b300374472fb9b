"""What is asked and chosen at the counter and beside the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from gracja.app.organisation.access import may_somewhere
from gracja.app.service_mode.selectors.asking import Asked
from gracja.app.service_mode.services.keeping import LONGEST_DAYS
from gracja.app.tokens.services.secrets import LONGEST_DAYS as LONGEST_OF_KEY
from gracja.engine.dial.rules import SituationRules
from gracja.engine.edition.texts import in_language
from gracja.wording import say

if TYPE_CHECKING:
    from gracja.app.organisation.models import User

KEEP: Final = (
    ("nothing", _("Nothing")),
    ("without_person", _("Situations, without who asked and without the customer")),
    (
        "with_person",
        _("Situations with who asked, and the customer if they agreed to it (consent: surveys and studies)"),
    ),
)

DAYS: Final = (
    (30, _("30 days")),
    (90, _("90 days")),
    (LONGEST_OF_KEY, _("A year")),
)


def asked_at_counter(given: QueryDict, policy: dict[str, Any], rules: SituationRules) -> tuple[Asked, int]:
    """What the plain form asks, as it was ticked, and which service was chosen."""
    services = policy["services"]
    chosen = given.get("service", "0")
    number = int(chosen) if chosen.isdecimal() and int(chosen) < len(services) else 0
    service = services[number]
    cues: dict[str, int] = {}
    for cue in rules.cues:
        count = _count(given.get(cue.cue, "")) if cue.counts is not None else cue.cue in given.getlist("cue")
        if count:
            cues[cue.cue] = int(count)
    return Asked(service["kind"], service["occupation"], cues, service["edition"]), number


def contradictions(asked: Asked, rules: SituationRules, language: str) -> list[str]:
    """Why what was ticked cannot be advised: a sentence for each two cues that exclude each other. Without a
    script nothing tells which of them was meant, and none is let go unseen.
    """
    titles = {cue.cue: in_language(cue.title, language) for cue in rules.cues}
    return [
        say("cues_contradict", language, area="errors", first=titles[first], second=titles[second])
        for first, second in rules.exclude
        if asked.cues.get(first) and asked.cues.get(second)
    ]


def _count(text: str) -> int:
    return min(10_000, int(text)) if text.isdecimal() and len(text) < 8 else 0


class Keep(forms.Form):
    """What is kept of advice."""

    keep = forms.ChoiceField(label=_("What is kept of advice?"), choices=KEEP, widget=forms.RadioSelect)
    keep_days = forms.IntegerField(
        label=_("For how many days?"), min_value=1, max_value=LONGEST_DAYS, help_text=_("Then it is deleted.")
    )
    read_words = forms.BooleanField(
        label=_("Let the panel read the customer’s last messages"),
        required=False,
        help_text=_("It looks for signs such as hurry. The messages are not kept."),
    )
    panel_origins = forms.CharField(
        label=_("Where may the panel be embedded?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One address a line, such as https://helpdesk.example.com. Nowhere where it is empty."),
    )


class Publish(forms.Form):
    note = forms.CharField(
        label=_("Why do the rules change?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stands beside this version, for whoever asks."),
    )


class NewPanelKey(forms.Form):
    """A key with which one's panel comes in."""

    title = forms.CharField(
        label=_("Where will you use it?"),
        max_length=80,
        help_text=_("For example: Chatwoot, the computer at reception. It stands in the list of keys."),
    )
    grants = forms.BooleanField(
        label=_("Let me grant gestures there too"),
        required=False,
        help_text=_("Otherwise the panel only advises."),
    )
    days = forms.TypedChoiceField(
        label=_("How long?"), choices=DAYS, coerce=int, initial=90, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_somewhere(by, "gesture.grant"):
            del self.fields["grants"]

    def clean(self) -> dict[str, Any]:
        return {"grants": False} | (super().clean() or {})
