"""The manager's rules, and what is asked about a contact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from gracja.app.common.money import MOST_MINOR, Money, money
from gracja.app.common.refused import Refused
from gracja.app.gestures.calls.services.rules import MOST_DAYS, Rule
from gracja.app.web.calls.words import WAYS
from gracja.app.web.forms import Day
from gracja.app.web.templatetags.words import reader
from gracja.wording.refusals import say_refusal

if TYPE_CHECKING:
    from gracja.app.gestures.calls.models import Reason

_AMOUNTS = ("currency_unknown", "amount_unreadable", "amount_too_fine", "amount_out_of_range")


def refuse(form: forms.Form, refused: Refused, fields: dict[str, str]) -> None:
    """Say a refusal beside the field that it concerns, else above the form."""
    form.add_error(fields.get(refused.code), say_refusal(refused.code, reader(), **refused.facts))


def _typed(amount: Money) -> str:
    """As somebody would type it: `12,50` in Polish, `12.50` in English."""
    shown = str(amount.decimal)
    return shown.replace(".", ",") if reader() == "pl" else shown


class RuleForm(forms.Form):
    """One reason: whether, how, when, and with which words."""

    on = forms.BooleanField(label=_("Propose it"), required=False)
    way = forms.ChoiceField(label=_("How?"), choices=tuple(WAYS.items()), widget=forms.RadioSelect)
    days = forms.IntegerField(label=_("Days after it"), min_value=0, max_value=MOST_DAYS)
    least = forms.CharField(label=_("From an amount of"), max_length=30)
    currency = forms.CharField(label=_("Currency"), max_length=3)
    visits = forms.IntegerField(label=_("From how many visits?"), min_value=2, max_value=1000)
    text_pl = forms.CharField(
        label=_("What is said, in Polish"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "pl"}),
    )
    text_en = forms.CharField(
        label=_("What is said, in English"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "lang": "en"}),
    )

    AT: ClassVar[dict[str, str]] = {"reason_text_missing": "text_pl", **dict.fromkeys(_AMOUNTS, "least")}

    def __init__(self, data: Any = None, *, of: Reason) -> None:
        fields = ("on", "way", "days", "currency", "text_pl", "text_en")
        initial = {name: getattr(of, name) for name in fields}
        initial["visits"] = min(max(of.least, 2), 1000)
        initial["least"] = _typed(Money(of.least, of.currency))
        super().__init__(data, initial=initial, prefix=of.name)
        self.reason = of
        if of.name != "thanks_purchase":
            del self.fields["least"], self.fields["currency"]
        if of.name != "thanks_visits":
            del self.fields["visits"]

    def rule(self) -> Rule:
        """What was given. Raises Refused as `money`."""
        given = self.cleaned_data
        least = Money(min(given.get("visits", 0), MOST_MINOR), self.reason.currency)
        if "least" in given:
            least = money(given["least"], given["currency"].strip().upper())
        return Rule(given["on"], given["way"], given["days"], least, given["text_pl"], given["text_en"])


class PostponeForm(forms.Form):
    """Another day."""

    until = forms.DateField(label=_("Until"), widget=Day)

    AT: ClassVar[dict[str, str]] = dict.fromkeys(("day_out_of_range", "too_close"), "until")
