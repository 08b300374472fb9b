"""What is asked of a contact that somebody plans by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Final, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.common.uid import new_uid
from gracja.app.contacts.services.customers.finding import find_customer
from gracja.app.gestures.calls.selectors.calls import makers, places_to_plan
from gracja.app.gestures.calls.services.planning import LONGEST, LONGEST_NOTE, Planned
from gracja.app.organisation.selectors.company import today_here
from gracja.app.service_mode.selectors.where import place_at
from gracja.app.web.calls.words import REASONS, WAYS
from gracja.app.web.forms import Day
from gracja.app.web.templatetags.words import reader
from gracja.wording.refusals import say_refusal

if TYPE_CHECKING:
    from gracja.app.contacts.models import Customer
    from gracja.app.organisation.models import User

MOST_NAMED: Final = 100  # colleagues in one list; with more, the next page chooses among those of the place
ME, LATER = "me", ""


class PlanForm(forms.Form):
    """Whom, why, how, by when, and who."""

    key = forms.RegexField(r"^[A-Za-z0-9_-]{16,22}$", widget=forms.HiddenInput)
    customer = forms.CharField(
        label=_("Customer"),
        max_length=200,
        help_text=_("Telephone, e-mail or number, as the customer gives it."),
    )
    # none is chosen for whoever plans: words of regret are not for whom nothing went wrong
    reason = forms.ChoiceField(label=_("Why?"), choices=(("", _("Choose the reason")), *REASONS.items()))
    way = forms.ChoiceField(label=_("How?"), choices=tuple(WAYS.items()), widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("What to say, or what the card says"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Empty: the words of your rule for this reason."),
    )
    due_on = forms.DateField(label=_("By when"), widget=Day)
    place = forms.ChoiceField(label=_("Where?"), required=False)
    owner = forms.ChoiceField(label=_("Who makes the contact"), required=False)
    note = forms.CharField(
        label=_("Note for whoever makes it"),
        max_length=LONGEST_NOTE,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    AT: ClassVar[dict[str, str]] = {
        "contact_words_missing": "text",
        "reason_unknown": "reason",
        "place_closed": "place",
        "not_permitted": "place",
        **dict.fromkeys(("way_unknown", "contact_not_wanted", "contact_no_name"), "way"),
        **dict.fromkeys(("contact_no_number", "contact_wrong_number"), "way"),
        **dict.fromkeys(("day_out_of_range", "too_close"), "due_on"),
        **dict.fromkeys(("contact_owner_elsewhere", "contact_owner_missing"), "owner"),
    }

    def __init__(
        self, data: Any = None, *, by: User, customer: Customer | None, reason: str, way: str
    ) -> None:
        self.by, self.known = by, customer
        self.places = {one.uid: one for one in places_to_plan(by=by)}
        here = place_at(by, now())
        initial = {
            "key": new_uid(),
            "way": way,
            "reason": reason if reason in REASONS else "",
            "due_on": today_here() + timedelta(days=1),
            "place": here.uid if here and here.uid in self.places else "",
            "owner": ME,
        }
        super().__init__(data, initial=initial)
        if customer is not None:
            del self.fields["customer"]
        named = ((uid, one.name) for uid, one in self.places.items())
        self._choose("place", [("", _("No place of its own")), *named])
        people = list(makers(by=by, place=None).exclude(pk=by.person_id).order_by("name")[: MOST_NAMED + 1])
        self.people = {one.uid: one for one in people} if len(people) <= MOST_NAMED else {}
        others = ((uid, one.name) for uid, one in self.people.items())
        self._choose("owner", [(ME, _("I do")), (LATER, _("Whoever leads the place says who")), *others])

    def clean_customer(self) -> Customer:
        try:
            found = find_customer(by=self.by, given=self.cleaned_data["customer"])
        except Refused as refused:
            raise forms.ValidationError(say_refusal(refused.code, reader(), **refused.facts)) from None
        if found is None:
            raise forms.ValidationError(_("Nobody, or more than one, is found by that. Check it."))
        return found

    def planned(self) -> Planned:
        """What was given."""
        given = self.cleaned_data
        owner = self.by.person if given["owner"] == ME else self.people.get(given["owner"])
        return Planned(
            customer=self.known or given["customer"],
            reason=given["reason"],
            way=given["way"],
            due_on=given["due_on"],
            owner=owner,
            place=self.places.get(given["place"]),
            text=given["text"],
            note=given["note"],
            key=given["key"],
        )

    def _choose(self, name: str, rows: list[Any]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = rows
