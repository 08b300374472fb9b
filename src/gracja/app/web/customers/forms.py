"""What somebody writes of a customer, and says of a spreadsheet of purchases."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Self

from django import forms
from django.utils.dates import MONTHS
from django.utils.translation import gettext_lazy as _

from gracja.app.common.refused import Refused
from gracja.app.common.spreadsheet import Sheet
from gracja.app.contacts.selectors.purchase_files import places_of_company
from gracja.app.contacts.services.customers.files.mapping import (
    EMAIL,
    FIELDS,
    MAKE,
    NEEDED,
    NUMBER,
    PHONE,
    REFUSE,
    Columns,
)
from gracja.app.contacts.services.customers.records import Details
from gracja.app.contacts.services.customers.suppressing import BACK
from gracja.app.web.templatetags.words import reader
from gracja.wording.refusals import say_refusal

if TYPE_CHECKING:
    from gracja.app.contacts.models import Customer, PurchaseImport

NONE: Final = ("", "–")
SHOWN_SAMPLE: Final = 40
REASONS: Final[dict[str, Any]] = {
    "own_wish": _("They came back and want it themselves"),
    "other_person": _("It is another person’s now"),
    "mistake": _("They were erased by mistake"),
}
LABELS: Final[dict[str, Any]] = {
    "customer": _("Customer"),
    "number": _("Number of the document"),
    "at": _("Date, or date and time"),
    "hour": _("Time, if it stands apart"),
    "amount": _("Amount"),
    "currency": _("Currency, if it has a column"),
    "place": _("Place"),
    "refund_of": _("Of a refund: number of the purchase"),
}


class BackForm(forms.Form):
    """Asks why, where what is written leads to somebody who was erased."""

    back_because = forms.ChoiceField(
        label=_("Why it is written down again"),
        choices=(NONE, *((one, REASONS[one]) for one in BACK)),
        required=False,
        widget=forms.HiddenInput,
    )

    def ask_why(self) -> None:
        field = self.fields["back_because"]
        field.widget = forms.Select(choices=field.choices)  # type: ignore[attr-defined]
        # no longer optional; but whoever mends a wrong telephone instead need not say it
        field.required, self.use_required_attribute = True, False


class CustomerForm(BackForm):
    """As little as serving them well needs."""

    name = forms.CharField(label=_("Name"), max_length=120, required=False)
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=_("Speaks"), choices=(("", "–"), ("pl", "polski"), ("en", "English")), required=False
    )
    birthday_day = forms.IntegerField(label=_("Birthday: day"), min_value=1, max_value=31, required=False)
    birthday_month = forms.TypedChoiceField(
        label=_("Birthday: month"),
        choices=[("", "–"), *MONTHS.items()],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=_("Without a year: nobody’s age is asked."),
    )
    do_not_contact = forms.BooleanField(
        label=_("Asked not to be contacted"),
        required=False,
        help_text=_("No calls and no cards, whatever was agreed to."),
    )

    # as the page showed it: somebody else may have ticked it meanwhile, and no other change takes it back
    was_not_to_be_contacted = forms.BooleanField(required=False, widget=forms.HiddenInput)
    # asked for only where it is so
    although_known = forms.BooleanField(
        label=_("This is somebody else with the same telephone or e-mail"),
        required=False,
        widget=forms.HiddenInput,
    )

    @classmethod
    def of(cls, one: Customer, data: Any) -> Self:
        names = ("name", "phone", "email", "language", "birthday_day", "birthday_month", "do_not_contact")
        seen = {name: getattr(one, name) for name in names}
        return cls(data, initial=seen | {"was_not_to_be_contacted": one.do_not_contact})

    def refuse(self, refused: Refused) -> None:
        """Say why it was not saved, and let them go on where they may."""
        if refused.code == "customer_known":
            self.fields["although_known"].widget = forms.CheckboxInput()
        if refused.code == "customer_erased_before":
            self.ask_why()
        self.add_error(None, say_refusal(refused.code, reader(), **refused.facts))

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not self.errors and bool(said["birthday_day"]) != bool(said["birthday_month"]):
            missing = "birthday_month" if said["birthday_day"] else "birthday_day"
            self.add_error(missing, _("Give both day and month, or neither."))
        return said

    @property
    def details(self) -> Details:
        said = self.cleaned_data
        birthday = (said["birthday_month"], said["birthday_day"]) if said["birthday_day"] else None
        asked = said["do_not_contact"]
        return Details(
            said["name"],
            said["phone"],
            said["email"],
            said["language"],
            birthday,
            do_not_contact=None if asked == said["was_not_to_be_contacted"] else asked,
        )


class NewCustomerForm(CustomerForm):
    """Somebody new; a record without anything to find it by would be lost at once."""

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if not self.errors and not (said["name"] or said["phone"] or said["email"]):
            self.add_error("name", _("Write at least a name, a telephone or an e-mail."))
        return said


class NumberForm(BackForm):
    """How another system names a customer."""

    system = forms.CharField(label=_("Where"), max_length=60, initial="till")
    value = forms.CharField(label=_("Number"), max_length=200)

    def refuse(self, refused: Refused) -> None:
        """Say why beside the number, and ask what has to be said."""
        if refused.code == "customer_erased_before":
            self.ask_why()
        self.add_error("value", say_refusal(refused.code, reader(), **refused.facts))


class GivePurchases(forms.Form):
    """A file."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, saved from a spreadsheet or exported by the till; up to 50 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt"}),
    )


class ColumnsForm(forms.Form):
    """Which column is what, and what becomes of customers who are not here."""

    customer_by = forms.ChoiceField(
        label=_("The customer’s column holds"),
        choices=((NUMBER, _("a number")), (PHONE, _("a telephone")), (EMAIL, _("an e-mail"))),
        widget=forms.RadioSelect,
    )
    unknown = forms.ChoiceField(
        label=_("Customers who are not here"),
        choices=((REFUSE, _("leave their rows out")), (MAKE, _("add them"))),
        widget=forms.RadioSelect,
    )
    system = forms.CharField(
        label=_("Whose numbers these are"),
        max_length=60,
        help_text=_(
            "The same for every file of this till or shop: by it and the number a document is known again."
        ),
    )
    currency = forms.RegexField(
        label=_("Currency of all rows"),
        regex=r"^[A-Za-z]{3}$",
        help_text=_("Rows in another one are refused."),
        error_messages={"invalid": _("Write three letters, such as PLN.")},
    )
    place_uid = forms.ChoiceField(label=_("Place, if no column says it"), required=False)

    def __init__(self, given: PurchaseImport, sheet: Sheet, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        kept = Columns.from_json(given.mapping)
        for name in ("customer_by", "unknown", "system", "currency", "place_uid"):
            self.fields[name].initial = getattr(kept, name)
        self.fields["place_uid"].choices = [NONE, *places_of_company()]  # type: ignore[attr-defined]
        choices = [NONE, *((str(number), _sampled(sheet, number)) for number in range(len(sheet.heading)))]
        for name in FIELDS:
            self.fields[f"field_{name}"] = forms.ChoiceField(
                label=LABELS[name],
                choices=choices,
                initial=str(kept.fields.get(name, "")),
                required=name in NEEDED,
            )

    @property
    def columns_shown(self) -> list[forms.BoundField]:
        return [self[f"field_{name}"] for name in FIELDS]

    @property
    def rest(self) -> list[forms.BoundField]:
        return [self[name] for name in ("customer_by", "unknown", "system", "currency", "place_uid")]

    @property
    def columns(self) -> Columns:
        """As `map_columns` takes them."""
        said = self.cleaned_data
        fields = {name: int(said[f"field_{name}"]) for name in FIELDS if said[f"field_{name}"]}
        return Columns(
            fields,
            customer_by=said["customer_by"],
            system=said["system"].strip(),
            currency=said["currency"].upper(),
            unknown=said["unknown"],
            place_uid=said["place_uid"],
        )


def _sampled(sheet: Sheet, number: int) -> str:
    """A heading with the first value below it."""
    heading = sheet.heading[number] or f"({number + 1})"
    sample = next((row.values[number].strip() for row in sheet.rows if row.values[number].strip()), "")
    heading = heading[:SHOWN_SAMPLE] + ("…" if len(heading) > SHOWN_SAMPLE else "")
    return f"{heading}: {sample[:SHOWN_SAMPLE]}" if sample else heading
