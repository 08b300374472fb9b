"""What is asked of a review: marks, standard by standard; whom to give it to; how many are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gracja.app.observations.selectors.second import marking_in, standards_to_mark
from gracja.app.web.observations.planned_form import CHOOSE
from gracja.app.web.templatetags.words import local, reader
from gracja.wording.refusals import say_refusal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gracja.app.common.refused import Refused
    from gracja.app.observations.models import DrawnReview, SecondReview
    from gracja.app.organisation.models import Person
    from gracja.engine.edition.model import Standard

BLIND: Final = "automatic_mark_seen"  # no standard is called so: their ids are shorter words
_SEEN: Final = {"": None, "no": True, "yes": False}


class MarksForm(forms.Form):
    """One field a standard; what is given is what a cell of a spreadsheet would hold."""

    def __init__(self, data: Any = None, *, review: SecondReview | DrawnReview, asks: bool = True) -> None:
        """asks: whether they had seen the automatic mark; of a conversation that was drawn that is known."""
        super().__init__(data)
        self._parts: list[tuple[Any, list[str]]] = []
        for part, standards in standards_to_mark(review):
            for one in standards:
                self.fields[f"mark_{one.standard}"] = _field(one)
            self._parts.append((part, [f"mark_{one.standard}" for one in standards]))
        if not asks:
            return
        self.fields[BLIND] = forms.ChoiceField(
            label=_("Had you seen the automatic mark of this contact before?"),
            required=False,
            widget=forms.RadioSelect,
            choices=(("", _("not said")), ("no", _("no")), ("yes", _("yes"))),
        )

    @property
    def parts(self) -> list[tuple[Any, list[forms.BoundField]]]:
        return [(part, [self[name] for name in names]) for part, names in self._parts]

    @property
    def last(self) -> forms.BoundField | None:
        return self[BLIND] if BLIND in self.fields else None

    @property
    def marks(self) -> dict[str, str]:
        return {
            name.removeprefix("mark_"): value
            for name, value in self.cleaned_data.items()
            if name.startswith("mark_")
        }

    @property
    def blind(self) -> bool | None:
        return _SEEN[self.cleaned_data[BLIND]]

    def refuse(self, refused: Refused) -> None:
        """Beside the standard that it is about."""
        field = f"mark_{refused.facts.get('standard', '')}"
        at = field if field in self.fields else None
        self.add_error(at, say_refusal(refused.code, reader(), **refused.facts))


def _field(standard: Standard) -> forms.Field:
    marking, steps = marking_in(standard)
    label, when = local(standard.behaviour), local(standard.when)
    not_seen = ("?", _("not seen"))
    not_applicable = [("n/a", _("did not apply"))] if marking.may_not_apply else []
    if marking.kind == "yes_no":
        choices = [("1", _("met")), ("0", _("not met")), *not_applicable, not_seen]
        return forms.ChoiceField(label=label, help_text=when, widget=forms.RadioSelect, choices=choices)
    if marking.kind == "scale":
        anchors = [(str(number), f"{number}: {local(text)}") for number, text in enumerate(steps, start=1)]
        choices = [CHOOSE, *anchors, *not_applicable, not_seen]
        return forms.ChoiceField(label=label, help_text=when, choices=choices)
    hint = {
        "count": _("How many times; empty: not seen"),
        "seconds": _("Seconds, or 1:30; empty: not seen"),
    }[marking.kind]
    if marking.may_not_apply:
        hint = _("%(hint)s; n/a: it did not apply") % {"hint": hint}
    return forms.CharField(
        label=label, help_text=f"{when}. {hint}" if when else hint, required=False, max_length=40
    )


class GiveForm(forms.Form):
    """Who is to make it."""

    evaluator = forms.ChoiceField(label=gettext_lazy("Second evaluator"))

    def __init__(self, data: Any = None, *, people: Iterable[Person]) -> None:
        super().__init__(data)
        self.people = {one.uid: one for one in people}
        rows = [CHOOSE, *((uid, one.name) for uid, one in self.people.items())]
        self.fields["evaluator"].choices = rows  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Person:
        return self.people[self.cleaned_data["evaluator"]]


class ShareForm(forms.Form):
    """How many of a hundred reviews are drawn."""

    percent = forms.DecimalField(
        label=gettext_lazy("Percent of reviews; 0: none"),
        min_value=0,
        max_value=100,
        decimal_places=1,
    )
