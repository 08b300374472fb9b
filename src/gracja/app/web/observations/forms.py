"""What somebody says of a spreadsheet of visits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from gracja.app.common.spreadsheet import Sheet
from gracja.app.observations.selectors.imports import places_of_company, standards_of
from gracja.app.observations.services.mapping import FIELDS, LONG, OF_VISIT, WIDE
from gracja.app.observations.services.mapping import Columns as Chosen
from gracja.app.web.channels import CHANNELS
from gracja.app.web.templatetags.words import local

if TYPE_CHECKING:
    from gracja.app.observations.models import VisitImport
    from gracja.app.standards.models import Edition

NONE: Final = ("", "–")
SHOWN_SAMPLE: Final = 40
LABELS: Final[dict[str, Any]] = {
    "at": _("Date, or date and time"),
    "hour": _("Time, if it stands apart"),
    "place": _("Place"),
    "employee": _("Employee"),
    "evaluator": _("Evaluator"),
    "channel": _("Channel"),
    "wanted": _("Closeness that the scenario wanted"),
    "blind": _("Marked blind"),
    "contact": _("The visit’s own number, if it has one"),
    "standard": _("Standard, if a row is one mark"),
    "value": _("Mark, if a row is one mark"),
}

HELP: Final[dict[str, Any]] = {
    "wanted": _("discreet, attentive or personal; set before the visit, and not by who served"),
    "blind": _("yes: the automatic mark had not been seen; empty: not known"),
}


class GiveVisits(forms.Form):
    """A file, and the edition by which the visits were marked."""

    edition = forms.ChoiceField(label=_("Marked by the edition"))
    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV, saved from a spreadsheet; up to 50 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.tsv,.txt"}),
    )

    def __init__(self, editions: list[Edition], *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["edition"].choices = [(one.uid, one.name) for one in editions]  # type: ignore[attr-defined]


class Columns(forms.Form):
    """Which column is what."""

    shape = forms.ChoiceField(
        label=_("One row is"),
        choices=((WIDE, _("a visit")), (LONG, _("one mark"))),
        widget=forms.RadioSelect,
    )

    def __init__(self, given: VisitImport, sheet: Sheet, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        kept = Chosen.from_json(given.mapping)
        self.fields["shape"].initial = kept.shape
        choices = [NONE, *((str(number), _sampled(sheet, number)) for number in range(len(sheet.heading)))]
        for name in FIELDS:
            self.fields[f"field_{name}"] = forms.ChoiceField(
                label=LABELS[name],
                choices=choices,
                initial=str(kept.fields.get(name, "")),
                required=name == "at",
                help_text=HELP.get(name, ""),
            )
        self.fields["place_uid"] = forms.ChoiceField(
            label=_("Place of all visits, if no column says it"),
            choices=[NONE, *places_of_company()],
            initial=kept.place_uid,
            required=False,
        )
        self.fields["default_channel"] = forms.ChoiceField(
            label=_("Channel, if no column says it"), choices=list(CHANNELS.items()), initial=kept.channel
        )
        by_standard = {standard: column for column, standard in kept.standards.items()}
        for standard, example in standards_of(given.edition):
            self.fields[f"standard_{standard.standard}"] = forms.ChoiceField(
                label=local(standard.behaviour),
                help_text=example,
                choices=choices,
                initial=str(by_standard.get(standard.standard, "")),
                required=False,
            )

    @property
    def head(self) -> list[forms.BoundField]:
        return [self[f"field_{name}"] for name in ("at", "hour", "place", "employee", "evaluator")]

    @property
    def other(self) -> list[forms.BoundField]:
        return [
            self["field_channel"],
            self["field_wanted"],
            self["field_contact"],
            self["place_uid"],
            self["default_channel"],
        ]

    @property
    def long(self) -> list[forms.BoundField]:
        return [self["field_standard"], self["field_value"]]

    @property
    def standards(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("standard_")]

    @property
    def mapped(self) -> int:
        """How many standards have a column."""
        return sum(bool(field.value()) for field in self.standards)

    @property
    def columns(self) -> Chosen:
        """As `map_columns` takes them. What belongs to the other shape is left out."""
        said = self.cleaned_data
        fields = FIELDS if said["shape"] == LONG else OF_VISIT
        standards = {
            int(column): name.removeprefix("standard_")
            for name, column in said.items()
            if name.startswith("standard_") and column and said["shape"] == WIDE
        }
        return Chosen(
            said["shape"],
            {name: int(said[f"field_{name}"]) for name in fields if said[f"field_{name}"]},
            standards,
            place_uid=said["place_uid"],
            channel=said["default_channel"],
        )


def _sampled(sheet: Sheet, number: int) -> str:
    """A heading with the first value below it."""
    heading = sheet.heading[number] or f"({number + 1})"
    sample = next((row.values[number].strip() for row in sheet.rows if row.values[number].strip()), "")
    heading = heading[:SHOWN_SAMPLE] + ("…" if len(heading) > SHOWN_SAMPLE else "")
    return f"{heading}: {sample[:SHOWN_SAMPLE]}" if sample else heading
