"""What is asked of a draw: by which edition, of which days, how many."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from gracja.app.observations.selectors.planned import editions_to_plan
from gracja.app.observations.services.lot import MOST
from gracja.app.organisation.selectors.company import today_here
from gracja.app.web.forms import Day
from gracja.app.web.templatetags.words import reader
from gracja.wording.refusals import say_refusal

if TYPE_CHECKING:
    from gracja.app.common.refused import Refused
    from gracja.app.organisation.models import User

_USUAL = 30
_DAYS_BACK = timedelta(days=30)


class DrawForm(forms.Form):
    """Edition, days and numbers."""

    edition = forms.ChoiceField(label=_("Marked by the edition"))
    first = forms.DateField(label=_("Conversations from"), widget=Day)
    last = forms.DateField(label=_("until"), widget=Day)
    budget = forms.IntegerField(label=_("How many conversations"), min_value=1, max_value=MOST)
    per_employee = forms.IntegerField(
        label=_("Of each employee at least"),
        min_value=0,
        max_value=MOST,
        required=False,
        help_text=_("0: chance alone decides whose they are."),
    )

    AT: ClassVar[dict[str, str]] = {
        "period_backwards": "last",
        "conversation_review_range": "budget",
        "conversation_review_few": "budget",
        "conversation_review_least": "per_employee",
    }

    def __init__(self, data: Any = None, *, by: User) -> None:
        today = today_here()
        known = {"first": today - _DAYS_BACK, "last": today, "budget": _USUAL, "per_employee": 0}
        super().__init__(data, initial=known)
        self.editions = {one.uid: one for one in editions_to_plan(by=by)}
        rows = [(uid, one.name) for uid, one in self.editions.items()]
        cast("forms.ChoiceField", self.fields["edition"]).choices = rows

    def asked(self) -> dict[str, Any]:
        """What was given, as `draw_reviews` takes it."""
        given = self.cleaned_data
        return {
            "edition": self.editions[given["edition"]],
            "first": given["first"],
            "last": given["last"],
            "budget": given["budget"],
            "per_employee": given["per_employee"] or 0,
        }

    def refuse(self, refused: Refused) -> None:
        """Beside the field that it is about."""
        self.add_error(self.AT.get(refused.code), say_refusal(refused.code, reader(), **refused.facts))
