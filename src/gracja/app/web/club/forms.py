"""Forms of the club and of gifts."""

from __future__ import annotations

from calendar import monthrange
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gracja.app.common.money import Money, money
from gracja.app.common.refused import Refused
from gracja.app.web.templatetags.words import local, reader
from gracja.wording.refusals import say_refusal

if TYPE_CHECKING:
    from gracja.app.gestures.club.models import Gift

_LEAP = 2028


def refuse(form: forms.Form, refused: Refused, fields: dict[str, str] | None = None) -> None:
    """Say a refusal beside the field that it concerns, else above the form."""
    at = (fields or {}).get(refused.code)
    form.add_error(at, say_refusal(refused.code, reader(), **refused.facts))


class Amount(forms.CharField):
    """An amount of money, with a comma or a point; its currency stands beside it."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("max_length", 20)
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**options)


def read_amount(form: forms.Form, name: str, currency: str) -> Money | None:
    """What was typed; where it is no amount, that is said beside the field."""
    try:
        return money(form.cleaned_data.get(name, ""), currency)
    except Refused as refused:
        form.add_error(
            "currency" if refused.code == "currency_unknown" and "currency" in form.fields else name,
            say_refusal(refused.code, reader(), **refused.facts),
        )
        return None


class CardForm(forms.Form):
    """Where a scanner or a hand types the card's number."""

    card = forms.CharField(
        label=_("Number of the card"),
        max_length=60,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "autofocus": True,
            }
        ),
        help_text=_("Point a hand scanner at it, or type the twelve letters and digits."),
    )


class LostForm(forms.Form):
    """Which card is replaced: sent twice, one is made."""

    lost = forms.CharField(max_length=12, widget=forms.HiddenInput)


class FindForm(forms.Form):
    """What somebody at the counter says of themselves."""

    given = forms.CharField(
        label=_("Telephone, e-mail or customer number"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
        help_text=_("Exactly as the customer gives it. Lists of customers are not shown here."),
    )


class BirthdayForm(forms.Form):
    """A member's birthday, given later than they joined."""

    day = forms.IntegerField(label=_("Day of birth"), min_value=1, max_value=31)
    month = forms.TypedChoiceField(label=_("Month"), choices=[("", "–"), *MONTHS.items()], coerce=int)
    birthday_agrees = forms.BooleanField(
        label=_("The customer agrees that we remember this day for a birthday perk"),
        help_text=_("Day and month only. Nobody’s age is asked."),
        error_messages={"required": _("Without the customer’s consent the day may not be kept.")},
    )


class JoinForm(forms.Form):
    """Consent and, if they like, the birthday. The language is that of the text on the page."""

    agrees = forms.BooleanField(
        label=_("The customer has read or heard this text and agrees"),
        required=False,
    )
    day = forms.IntegerField(label=_("Day of birth"), min_value=1, max_value=31, required=False)
    month = forms.TypedChoiceField(
        label=_("Month"), choices=[("", "–"), *MONTHS.items()], coerce=int, empty_value=None, required=False
    )
    birthday_agrees = forms.BooleanField(
        label=_("The customer agrees that we remember this day for a birthday perk"),
        required=False,
        help_text=_("Day and month only. Nobody’s age is asked."),
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not given.get("agrees") and "agrees" not in self.errors:
            self.add_error("agrees", say_refusal("club_consent_missing", reader()))
        day, month = given.get("day"), given.get("month")
        if bool(day) != bool(month):
            self.add_error("day" if month else "month", gettext("Give both day and month, or neither."))
        elif day and month and day > monthrange(_LEAP, month)[1]:
            self.add_error("day", say_refusal("birthday_impossible", reader(), month=month, day=day))
        elif day and not given.get("birthday_agrees"):
            self.add_error(
                "birthday_agrees", gettext("Without this, leave the day empty: it may not be kept.")
            )
        return given

    @property
    def birthday(self) -> tuple[int, int] | None:
        day, month = self.cleaned_data.get("day"), self.cleaned_data.get("month")
        return (month, day) if day and month else None


class JoinNewForm(JoinForm):
    """A customer who is not there yet: as little as they want to give."""

    name = forms.CharField(label=_("Name of the customer"), max_length=120, required=False)
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=40,
        required=False,
        help_text=_(
            "By it a lost card is replaced. Without it and without a name, the card is all there is."
        ),
    )
    # asked for only where it is so
    although_known = forms.BooleanField(
        label=_("This is somebody else with the same telephone or e-mail"),
        required=False,
        widget=forms.HiddenInput,
    )
    field_order = ("name", "phone", "although_known", "agrees", "day", "month", "birthday_agrees")


class MoveForm(forms.Form):
    """What came onto a shelf or left it."""

    KINDS = (("received", _("Came")), ("damaged", _("Damaged or gone")), ("counted", _("I counted")))
    kind = forms.ChoiceField(
        label=_("What happened?"), choices=KINDS, widget=forms.RadioSelect, initial="received"
    )
    count = forms.IntegerField(
        label=_("How many"),
        min_value=0,
        max_value=1_000_000,
        help_text=_("Where you counted: how many lie there now."),
    )
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    AT: ClassVar[dict[str, str]] = {"gift_none_left": "count", "stock_count_wrong": "count"}


class GiveForm(forms.Form):
    """A gift to whom, and why. Where the card was scanned before, whom is known."""

    card = forms.CharField(
        label=_("Card, telephone or customer number"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        help_text=_("It stands in the statement. No names: what happened is enough."),
    )
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    AT: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("card_unknown", "card_stopped", "card_left", "customer_gone"), "card"),
        "reason_missing": "reason",
    }

    def __init__(self, *args: Any, known: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if known:
            del self.fields["card"]


class GiftForm(forms.Form):
    title_pl = forms.CharField(label=_("Name in Polish"), max_length=120, required=False)
    title_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)
    policy = forms.ChoiceField(
        label=_("Given by the policy"),
        help_text=_("It says who may give it, to whom and how often. The value is in its currency."),
    )
    value = Amount(label=_("What one costs"))
    low_at = forms.IntegerField(
        label=_("Say that few are left from"),
        min_value=0,
        max_value=100_000,
        initial=3,
        help_text=_("So many on a shelf, or fewer."),
    )
    AT: ClassVar[dict[str, str]] = {
        "gift_untitled": "title_pl",
        "gift_policy_unknown": "policy",
        "over_the_most": "value",
        "currency_of_another_place": "value",
    }

    def __init__(self, *args: Any, policies: list[tuple[str, Any, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.currencies = {uid: currency for uid, _title, currency in policies}
        self.fields["policy"].choices = [  # type: ignore[attr-defined]
            (uid, f"{local(title)} ({currency})") for uid, title, currency in policies
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "value" in given and "policy" in given:
            given["value"] = read_amount(self, "value", self.currencies[given["policy"]])
        return given

    @staticmethod
    def told(gift: Gift) -> dict[str, Any]:
        return {
            "title_pl": gift.title_pl,
            "title_en": gift.title_en,
            "policy": gift.policy.uid,
            "value": str(gift.value.decimal),
            "low_at": gift.low_at,
        }


class LimitForm(forms.Form):
    """The value from which a customer's gifts of a year are no longer small, for this company."""

    amount = Amount(label=_("Limit for one customer and year"))
    currency = forms.CharField(
        label=_("Currency"), max_length=3, initial="PLN", widget=forms.TextInput(attrs={"size": 4})
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if "amount" in given and "currency" in given:
            given["amount"] = read_amount(self, "amount", given["currency"].upper())
        return given
