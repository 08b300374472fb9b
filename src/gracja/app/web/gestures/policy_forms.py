"""What is typed into a policy: its own fields, a row for each condition and each cap."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gracja.app.web.gestures.amounts import AmountInput, currencies, read_amount, typed
from gracja.app.web.templatetags.marks import BANDS
from gracja.app.web.templatetags.words import reader
from gracja.engine.gesture.facts import CHOICES, COMPARISONS, FORMS
from gracja.wording import say

if TYPE_CHECKING:
    from gracja.app.gestures.selectors.policies import Names

# what a condition can be about, as somebody would ask for it; those of the contact last
FACTS: Final = {
    "earlier_visits": gettext_lazy("Earlier visits"),
    "days_since_last_visit": gettext_lazy("Days since the last visit"),
    "purchases_total_minor": gettext_lazy("All purchases so far"),
    "customer_value_minor": gettext_lazy("Expected purchases of the next twelve months"),
    "club_member": gettext_lazy("Belongs to the club"),
    "birthday": gettext_lazy("Birthday today"),
    "purchase_minor": gettext_lazy("This purchase"),
    "after_failure": gettext_lazy("Something of ours went wrong before"),
    "band": gettext_lazy("How the contact is best served"),
    "cues": gettext_lazy("State of the customer"),
    "channel": gettext_lazy("Way of contact"),
    "weekday": gettext_lazy("Day of the week"),
    "place": gettext_lazy("Place"),
}
# asked for by a document that was not written here
_OTHERS: Final = {
    "last_rating_1_5": gettext_lazy("Last rating"),
    "kind": gettext_lazy("Kind of gesture"),
}
_COMPARED: Final = {
    "at_least": gettext_lazy("at least"),
    "at_most": gettext_lazy("at most"),
    "under": gettext_lazy("less than"),
    "over": gettext_lazy("more than"),
    "one_of": gettext_lazy("one of these"),
    "none_of": gettext_lazy("none of these"),
    "includes": gettext_lazy("any of these"),
    "excludes": gettext_lazy("none of these"),
}
_YES_NO: Final = (("yes", gettext_lazy("yes")), ("no", gettext_lazy("no")))


class PolicyForm(forms.Form):
    """The terms without conditions and caps."""

    title_pl = forms.CharField(
        label=gettext_lazy("Name in Polish"), max_length=80, required=False,
        help_text=gettext_lazy("In one language at least; the counter shows it."),
    )  # fmt: skip
    title_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=80, required=False)
    currency = forms.ChoiceField(label=gettext_lazy("Currency"))
    usual = forms.CharField(label=gettext_lazy("Costs as a rule"), max_length=20, widget=AmountInput())
    most = forms.CharField(
        label=gettext_lazy("Costs at most"),
        max_length=20,
        widget=AmountInput(),
        help_text=gettext_lazy("No single gesture costs more."),
    )
    approve_above = forms.CharField(
        label=gettext_lazy("A second person says yes above"),
        max_length=20,
        required=False,
        widget=AmountInput(),
        help_text=gettext_lazy("Empty: nobody is asked."),
    )
    off_by = forms.ChoiceField(
        label=gettext_lazy("What the code takes off"),
        choices=(("percent", gettext_lazy("a share")), ("amount", gettext_lazy("an amount"))),
        widget=forms.RadioSelect,
    )
    off = forms.CharField(
        label=gettext_lazy("How much, in % or in money"), max_length=20, widget=AmountInput()
    )
    above = forms.CharField(
        label=gettext_lazy("Only on purchases from"), max_length=20, required=False, widget=AmountInput()
    )
    goods_pl = forms.CharField(
        label=gettext_lazy("Only on these goods, in Polish"), max_length=120, required=False
    )
    goods_en = forms.CharField(
        label=gettext_lazy("Only on these goods, in English"), max_length=120, required=False
    )
    given_by = forms.MultipleChoiceField(
        label=gettext_lazy("Who may give it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nobody chosen: whoever may grant gestures."),
    )
    places = forms.MultipleChoiceField(
        label=gettext_lazy("Where"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Nothing chosen: at every place."),
    )
    service = forms.ChoiceField(label=gettext_lazy("For which service"), required=False)
    lasts_days = forms.IntegerField(
        label=gettext_lazy("Good for so many days"), min_value=1, max_value=3650,
        help_text=gettext_lazy("What is not used by then is free in the budget again."),
    )  # fmt: skip
    joined = forms.ChoiceField(
        label=gettext_lazy("Of the conditions"),
        choices=(("all", gettext_lazy("all must be met")), ("any", gettext_lazy("one is enough"))),
        widget=forms.RadioSelect,
    )
    held_out = forms.IntegerField(
        label=gettext_lazy("Held out by lot, in %"), min_value=0, max_value=50,
        help_text=gettext_lazy("20 is a good beginning. 0: nobody will know whether it works."),
    )  # fmt: skip
    return_days = forms.IntegerField(
        label=gettext_lazy("Returned means: bought again within so many days"), min_value=1, max_value=730,
        help_text=gettext_lazy("Choose it before the first look at the effect, and leave it."),
    )  # fmt: skip
    worthwhile = forms.IntegerField(
        label=gettext_lazy("Worth it from so many more of 100 who return"), min_value=1, max_value=50
    )

    def __init__(
        self,
        data: Any = None,
        *,
        kind: str,
        names: Names,
        currency: str,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.kind = kind
        choices: dict[str, list[tuple[str, str]]] = {
            "currency": currencies(currency),
            "given_by": list(names.givers.items()),
            "places": list(names.places.items()),
            "service": [("", _("Every service")), *names.services.items()],
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]
        if kind != "discount":
            for name in ("off_by", "off", "above", "goods_pl", "goods_en"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Amounts as minor units; what does not fit together is said at its field."""
        given = self.cleaned_data
        if not (given.get("title_pl") or given.get("title_en")):
            self.add_error("title_pl", _("Give it a name, in one language at least."))
        currency = given.get("currency")
        if currency is None:
            return given
        for name in ("usual", "most", "approve_above", "above"):
            given[f"{name}_minor"] = read_amount(self, name, currency)
        usual, most = given["usual_minor"], given["most_minor"]
        if usual is not None and most is not None and usual > most:
            self.add_error(
                "most", _("This is less than what it costs as a rule. Raise it, or lower the other.")
            )
        if self.kind == "discount":
            self._clean_discount(given, currency)
        return given

    def _clean_discount(self, given: dict[str, Any], currency: str) -> None:
        if given.get("off_by") == "percent" and given.get("off"):
            text = given["off"].strip().removesuffix("%").strip()
            if text.isdecimal() and 1 <= int(text) <= 100:
                given["off_percent"] = int(text)
            else:
                self.add_error("off", _("Write a whole number from 1 to 100."))
        elif given.get("off_by") == "amount":
            minor = read_amount(self, "off", currency)
            if minor == 0:
                self.add_error("off", _("A discount takes something off. Write an amount above zero."))
            given["off_minor"] = minor
            for name in ("usual", "most"):
                if minor and given[f"{name}_minor"] not in (None, minor):
                    self.add_error(name, _("A discount of an amount costs that amount. Write the same here."))


class ConditionRow(forms.Form):
    """One condition about one fact, with the widgets that its form needs."""

    fact = forms.CharField(widget=forms.HiddenInput)
    comparison = forms.ChoiceField(required=False)
    value: forms.Field

    def __init__(
        self, data: Any = None, *, fact: str, names: Names, prefix: str, initial: dict[str, Any] | None = None
    ) -> None:
        super().__init__(data, prefix=prefix, initial={**(initial or {}), "fact": fact})
        self.fact_name = fact
        self.title = str({**FACTS, **_OTHERS}[fact])
        self.form = FORMS[fact]
        comparisons = [(one, _COMPARED[one]) for one in COMPARISONS[self.form] if one in _COMPARED]
        self.fields["comparison"].choices = comparisons  # type: ignore[attr-defined]
        self.fields["comparison"].label = _("%(fact)s: how it is compared") % {"fact": self.title}
        if self.form == "flag":
            del self.fields["comparison"]
        self.fields["value"] = self._value_field(names)

    def _value_field(self, names: Names) -> forms.Field:
        if self.form == "flag":
            return forms.ChoiceField(label=self.title, choices=_YES_NO, widget=forms.RadioSelect)
        if self.form == "number":
            if self.fact_name.endswith("_minor"):
                return forms.CharField(label=self.title, max_length=20, widget=AmountInput())
            return forms.IntegerField(label=self.title, min_value=0, max_value=100_000)
        known: dict[str, Mapping[str, Any]] = {"place": names.places, "cues": names.cues, "band": BANDS}
        offered: Mapping[str, Any] = known.get(self.fact_name) or {
            one: say(f"{self.fact_name}_{one}", reader(), area="gesture")
            for one in CHOICES.get(self.fact_name, ())
        }
        return forms.MultipleChoiceField(
            label=self.title, choices=list(offered.items()), widget=forms.CheckboxSelectMultiple
        )

    def condition(self, currency: str) -> dict[str, Any] | None:
        """As a policy's document has it; None where something is wrong, which is said at its field."""
        if not self.is_valid():
            return None
        value: Any = self.cleaned_data["value"]
        if self.form == "flag":
            return {"field": self.fact_name, "comparison": "is", "value": value == "yes"}
        if self.fact_name.endswith("_minor"):
            value = read_amount(self, "value", currency)
            if value is None:
                return None
        return {"field": self.fact_name, "comparison": self.cleaned_data["comparison"], "value": value}


def initial_of(condition: dict[str, Any], currency: str) -> dict[str, Any]:
    """What a row shows of a condition that is kept."""
    value = condition["value"]
    if isinstance(value, bool):
        value = "yes" if value else "no"
    elif condition["field"].endswith("_minor"):
        value = typed(value, currency)
    return {"comparison": condition["comparison"], "value": value}


class CapRow(forms.Form):
    """How often one customer, or one employee."""

    of = forms.ChoiceField(
        label=gettext_lazy("Whose"),
        choices=(("customer", gettext_lazy("One customer")), ("employee", gettext_lazy("One employee"))),
    )
    most = forms.CharField(label=gettext_lazy("at most"), max_length=20, widget=AmountInput())
    counts = forms.ChoiceField(
        label=gettext_lazy("Of what"),
        choices=(("gestures", gettext_lazy("gestures")), ("cost_minor", gettext_lazy("in money"))),
    )
    days = forms.IntegerField(label=gettext_lazy("in any so many days"), min_value=1, max_value=3660)
    kinds = forms.ChoiceField(
        label=gettext_lazy("Which count"),
        choices=(("this", gettext_lazy("only of this kind")), ("all", gettext_lazy("of all kinds"))),
    )

    def cap(self, currency: str, kind: str) -> dict[str, Any] | None:
        """As a policy's document has it; None where something is wrong, which is said at its field."""
        if not self.is_valid():
            return None
        given = self.cleaned_data
        if given["counts"] == "cost_minor":
            most = read_amount(self, "most", currency)
        else:
            most = (
                int(given["most"]) if given["most"].strip().isdecimal() and len(given["most"]) < 7 else None
            )
            if most is None:
                self.add_error("most", _("Write a whole number, such as 1."))
        if most is None:
            return None
        kinds = [kind] if given["kinds"] == "this" else []
        return {
            "of": given["of"],
            "counts": given["counts"],
            "most": most,
            "days": given["days"],
            "kinds": kinds,
        }
