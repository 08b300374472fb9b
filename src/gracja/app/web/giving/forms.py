"""What is asked at the counter and at the till."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from gracja.app.common.money import Money, money
from gracja.app.common.uid import new_uid
from gracja.app.gestures.services.granting import LONGEST_REASON
from gracja.engine.dial.rules import BANDS
from gracja.engine.edition.model import Channel

if TYPE_CHECKING:
    from gracja.app.organisation.models import Place


class WithPlace(forms.Form):
    """Where it happens: asked only of those who work at several places."""

    place = forms.ChoiceField(label=_("Place"))

    def __init__(self, *args: Any, places: list[Place], here: Place | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = {one.uid: one for one in places}
        field = self.fields["place"]
        field.choices = [(one.uid, one.name) for one in places]  # type: ignore[attr-defined]
        field.initial = here.uid if here else None
        if len(places) == 1:
            field.widget = forms.HiddenInput()

    @property
    def place_chosen(self) -> Place:
        return self.places[self.cleaned_data["place"]]


class Find(WithPlace):
    """Whom a gesture is for."""

    number = forms.CharField(
        label=_("Customer number or card"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "enterkeyhint": "search"}),
        help_text=_("What the customer says or shows: a number, a card, a telephone or an e-mail address."),
    )
    field_order = ("number", "place")


class Till(WithPlace):
    """A code, and what is bought with it."""

    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "class": "code",
            }
        ),
        help_text=_("Type or scan it. Spaces and small letters do no harm."),
    )
    purchase = forms.CharField(
        label=_("Purchase before the discount"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "decimal"}),
    )
    key = forms.CharField(max_length=36, widget=forms.HiddenInput, initial=new_uid)
    field_order = ("code", "purchase", "place")

    def amount_in(self, currency: str) -> Money | None:
        """Raises Refused: amount_unreadable (given), amount_too_fine, amount_out_of_range (given)."""
        typed = self.cleaned_data["purchase"].strip()
        return money(typed, currency) if typed else None


class TakeBack(forms.Form):
    """Why what was given comes back."""

    because = forms.CharField(
        label=_("Why it comes back"),
        max_length=LONGEST_REASON,
        help_text=_("For example: the purchase was refunded. No name is needed."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def told_by(given: QueryDict) -> dict[str, Any]:
    """What the counter's page says of the contact itself."""
    channel = given.get("channel")  # a helpdesk's panel says it
    told: dict[str, Any] = {"channel": channel if channel in get_args(Channel) else "in_person"}
    if given.get("band") in BANDS:
        told["band"] = given["band"]
        told["cues"] = [one for one in given.getlist("cue") if len(one) <= 80][:50]
    return told
