"""What is asked about a failure or complaint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from gracja.app.common.clock import now
from gracja.app.common.money import Money, money
from gracja.app.common.refused import Refused
from gracja.app.common.uid import new_uid
from gracja.app.contacts.services.customers.finding import find_customer
from gracja.app.gestures.recovery.selectors import parts_in_force, usual_currency
from gracja.app.gestures.recovery.services.deadlines import MOST_DAYS
from gracja.app.organisation.selectors.company import today_here
from gracja.app.organisation.selectors.places import places_to
from gracja.app.service_mode.selectors.where import place_at
from gracja.app.web.recovery import wordbook
from gracja.app.web.templatetags.words import local, reader
from gracja.wording.refusals import say_refusal

if TYPE_CHECKING:
    from gracja.app.contacts.models import Customer
    from gracja.app.gestures.recovery.models import Case, Deadlines
    from gracja.app.organisation.models import Place, User

_LOCAL = "%Y-%m-%dT%H:%M"


def refuse(form: forms.Form, refused: Refused, fields: dict[str, str]) -> None:
    """Say a refusal beside the field that it concerns, else above the form."""
    form.add_error(fields.get(refused.code), say_refusal(refused.code, reader(), **refused.facts))


def _choices(form: forms.Form, name: str, rows: Any) -> None:
    cast("forms.ChoiceField", form.fields[name]).choices = list(rows)


class NoteForm(forms.Form):
    """What went wrong, as little as whoever sees to it needs."""

    key = forms.RegexField(r"^[A-Za-z0-9_-]{16,22}$", widget=forms.HiddenInput, required=False)
    kind = forms.ChoiceField(label=_("Who noticed?"), choices=wordbook.KINDS_CHOSEN, widget=forms.RadioSelect)
    what = forms.CharField(
        label=_("What happened?"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    at = forms.DateTimeField(
        label=_("When?"),
        input_formats=[_LOCAL, f"{_LOCAL}:%S"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_LOCAL),
    )
    received_on = forms.DateField(
        label=_("When did the complaint come?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("The days to the answer are counted from it. Of a failure it is not asked."),
    )
    place = forms.ChoiceField(label=_("Where?"))
    part = forms.ChoiceField(label=_("In which part of the service?"), required=False)
    customer = forms.CharField(
        label=_("Customer"),
        max_length=200,
        required=False,
        help_text=_("Telephone, e-mail or number, as the customer gives it. Empty where nobody is known."),
    )
    own = forms.BooleanField(label=_("I will see to it myself"), required=False)

    AT: ClassVar[dict[str, str]] = {
        "case_empty": "what",
        "case_ahead": "at",
        "case_long_ago": "at",
        "case_received_ahead": "received_on",
        "case_received_before": "received_on",
        "case_at_region": "place",
        "case_part_unknown": "part",
        "customer_gone": "customer",
    }

    def __init__(self, data: Any = None, *, by: User, customer: str = "") -> None:
        self.by = by
        self.places = {one.uid: one for one in places_to("advice.ask", by=by).filter(kind="place")}
        here = place_at(by, now())
        initial = {"key": new_uid(), "kind": "complaint", "at": now(), "own": True, "customer": customer}
        initial["received_on"] = today_here()
        super().__init__(data, initial=initial | {"place": here.uid if here else ""})
        named = sorted(self.places.values(), key=lambda one: one.name)
        _choices(self, "place", ((one.uid, one.name) for one in named))
        parts = parts_in_force()
        several = len({str(one.service) for one in parts}) > 1
        named_parts = (
            (one.value, f"{local(one.service)}: {local(one.title)}" if several else local(one.title))
            for one in parts
        )
        _choices(self, "part", [("", _("None, or not known")), *named_parts])

    def clean_place(self) -> Place:
        return self.places[self.cleaned_data["place"]]

    def clean_customer(self) -> Customer | None:
        given = self.cleaned_data["customer"].strip()
        if not given:
            return None
        try:
            found = find_customer(by=self.by, given=given)
        except Refused as refused:
            raise forms.ValidationError(say_refusal(refused.code, reader(), **refused.facts)) from None
        if found is None:
            raise forms.ValidationError(
                _("Nobody, or more than one, is found by that. Check it, or leave it empty.")
            )
        return found


class PromiseForm(forms.Form):
    """What is done for the customer."""

    what = forms.CharField(
        label=_("What do we do for the customer?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    cost = forms.CharField(label=_("What does it cost?"), max_length=30, required=False)
    currency = forms.CharField(label=_("Currency"), max_length=3)
    paid_from = forms.CharField(
        label=_("Paid from"),
        max_length=120,
        required=False,
        help_text=_("Your own budget, such as “repairs”. Budgets of gestures do not pay for what is owed."),
    )

    AT: ClassVar[dict[str, str]] = {
        "remedy_missing": "what",
        "currency_unknown": "currency",
        **dict.fromkeys(("amount_unreadable", "amount_too_fine", "amount_out_of_range"), "cost"),
    }

    @classmethod
    def of(cls, case: Case, data: Any = None) -> PromiseForm:
        cost = case.cost
        initial = {
            "what": case.remedy,
            "cost": str(cost.decimal) if cost else "",
            "currency": cost.currency if cost else usual_currency(case.place),
            "paid_from": case.paid_from,
        }
        return cls(data, initial=initial, prefix="promise")

    def cost_given(self) -> Money | None:
        """Null where the field was left empty. Raises Refused as `money`."""
        typed, currency = self.cleaned_data["cost"].strip(), self.cleaned_data["currency"].strip().upper()
        return money(typed, currency) if typed else None


class CloseForm(forms.Form):
    """How it ended, and whether the customer knows."""

    outcome = forms.ChoiceField(
        label=_("How does it end?"),
        choices=(("done", _("Put right")), ("refused", _("Refused"))),
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Answer to the customer"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("As it was, or will be, said or written. A refusal says why."),
    )
    told = forms.ChoiceField(
        label=_("Was the customer told?"), choices=tuple(wordbook.TOLD.items()), widget=forms.RadioSelect
    )

    AT: ClassVar[dict[str, str]] = {"answer_missing": "answer", "case_not_promised": "outcome"}


class DeadlinesForm(forms.Form):
    """Within how many days a case is to be settled."""

    complaint_days = forms.IntegerField(
        label=_("Complaints: days to the answer"),
        min_value=1,
        max_value=MOST_DAYS,
        help_text=_(
            "In Poland a consumer’s complaint has to be answered within 14 days (art. 7a of the Act on "
            "consumer rights) of being received; without an answer it counts as accepted. They are counted "
            "from the day on which it came. Other laws may set other days."
        ),
    )
    failure_days = forms.IntegerField(
        label=_("Failures that we noticed: days until they are put right"), min_value=1, max_value=MOST_DAYS
    )

    @classmethod
    def of(cls, row: Deadlines, data: Any = None) -> DeadlinesForm:
        return cls(data, initial={name: getattr(row, name) for name in cls.base_fields})
