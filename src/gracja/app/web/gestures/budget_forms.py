"""Opening and changing a budget."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gracja.app.common.money import Money
from gracja.app.web.forms import Day
from gracja.app.web.gestures.amounts import AmountInput, currencies, read_amount

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gracja.app.organisation.models import Place


class OpenBudget(forms.Form):
    """What a place may spend on gestures, from which day to which."""

    place = forms.ChoiceField(label=_("Place"))
    first_day = forms.DateField(label=_("First day"), widget=Day())
    last_day = forms.DateField(label=_("Last day"), widget=Day())
    amount = forms.CharField(label=_("Amount"), max_length=20, widget=AmountInput())
    currency = forms.ChoiceField(label=_("Currency"))

    def __init__(
        self, data: Any = None, *, places: Iterable[Place], month: date, currency: str, place: str = ""
    ) -> None:
        last = month.replace(day=monthrange(month.year, month.month)[1])
        start = {"first_day": month.replace(day=1), "last_day": last, "place": place}
        super().__init__(data, initial=start)
        self.fields["place"].choices = [(one.uid, one.name) for one in places]  # type: ignore[attr-defined]
        self.fields["currency"].choices = currencies(currency)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if "currency" in cleaned and (minor := read_amount(self, "amount", cleaned["currency"])) is not None:
            cleaned["amount"] = Money(minor, cleaned["currency"])
        return cleaned


class ChangeBudget(forms.Form):
    """Raise or lower it."""

    amount = forms.CharField(label=_("Amount"), max_length=20, widget=AmountInput())

    def __init__(self, data: Any = None, *, currency: str, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        self.currency = currency

    def clean(self) -> dict[str, Any]:
        minor = read_amount(self, "amount", self.currency)
        if minor is not None:
            self.cleaned_data["amount"] = Money(minor, self.currency)
        return self.cleaned_data
