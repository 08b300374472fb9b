"""What is asked of a visit that is ordered."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from gracja.app.observations.selectors.planned import editions_to_plan, evaluators_to_send, places_to_plan
from gracja.app.observations.services.planned import LONGEST, Order
from gracja.app.organisation.selectors.company import today_here
from gracja.app.web.forms import Day
from gracja.app.web.templatetags.words import reader
from gracja.wording.refusals import say_refusal

if TYPE_CHECKING:
    from gracja.app.common.refused import Refused
    from gracja.app.organisation.models import User

BANDS: dict[str, Any] = {
    "discreet": _("discreet: within reach, until they ask"),
    "attentive": _("attentive: in between"),
    "personal": _("personal: advice, conversation"),
}
CHOOSE: tuple[str, Any] = ("", _("Choose"))


class OrderForm(forms.Form):
    """Where, who, by when, and by what scenario."""

    place = forms.ChoiceField(label=_("Place"))
    evaluator = forms.ChoiceField(label=_("Evaluator"))
    due_on = forms.DateField(label=_("By when"), widget=Day)
    edition = forms.ChoiceField(label=_("Marked by the edition"))
    scenario = forms.CharField(
        label=_("Scenario"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Who the customer is, what they came for and how they behave."),
    )
    wanted = forms.ChoiceField(
        label=_("Closeness that the customer of the scenario wants"),
        required=False,
        choices=(("", _("the scenario says nothing")), *BANDS.items()),
        help_text=_("Fixed now, before anybody has seen how it went. It cannot be changed afterwards."),
    )

    AT: ClassVar[dict[str, str]] = {
        "place_closed": "place",
        "not_permitted": "place",
        "no_such_edition": "edition",
        "evaluator_elsewhere": "evaluator",
        "day_out_of_range": "due_on",
        "scenario_missing": "scenario",
    }

    def __init__(self, data: Any = None, *, by: User) -> None:
        super().__init__(data, initial={"due_on": today_here() + timedelta(days=14)})
        self.places = {one.uid: one for one in places_to_plan(by=by)}
        self.people = {one.uid: one for one in evaluators_to_send(by=by)}
        self._choose("place", [CHOOSE, *((uid, one.name) for uid, one in self.places.items())])
        self._choose("evaluator", [CHOOSE, *((uid, one.name) for uid, one in self.people.items())])
        self._choose("edition", [(one.uid, one.name) for one in editions_to_plan(by=by)])

    def order(self) -> Order:
        """What was given."""
        given = self.cleaned_data
        return Order(
            place=self.places[given["place"]],
            edition_uid=given["edition"],
            evaluator=self.people[given["evaluator"]],
            due_on=given["due_on"],
            scenario=given["scenario"],
            wanted=given["wanted"],
        )

    def refuse(self, refused: Refused) -> None:
        """Beside the field that it is about."""
        self.add_error(self.AT.get(refused.code), say_refusal(refused.code, reader(), **refused.facts))

    def _choose(self, name: str, rows: list[Any]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = rows
