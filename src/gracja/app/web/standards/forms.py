"""The form that starts a draft."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from gracja.app.standards.selectors.trades import trades
from gracja.app.web.templatetags.words import reader
from gracja.engine.edition.texts import in_language

if TYPE_CHECKING:
    from gracja.app.standards.models import Edition

BLANK: Final = "blank"


class StartForm(forms.Form):
    """From a trade, from an edition, or blank."""

    origin = forms.ChoiceField(widget=forms.RadioSelect, label=_("Start from"))
    title_pl = forms.CharField(max_length=120, required=False, label=_("Title in Polish"))
    title_en = forms.CharField(max_length=120, required=False, label=_("Title in English"))
    kind = forms.ChoiceField(
        choices=(("encounter", _("an encounter")), ("relationship", _("a relationship"))),
        initial="encounter",
        required=False,
        widget=forms.RadioSelect,
        label=_("The customer and you are"),
    )

    def __init__(self, *args: Any, editions: Sequence[Edition], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._editions = {f"edition:{one.uid}": one for one in editions}
        self.trades = trades()
        origin: Any = self.fields["origin"]
        origin.choices = [
            *((one.name, in_language(one.title, reader())) for one in self.trades),
            (BLANK, _("a blank page")),
            *((name, one.name) for name, one in self._editions.items()),
        ]

    def arguments(self) -> dict[str, Any]:
        """Of `start_draft`."""
        given = self.cleaned_data
        if given["origin"] in self._editions:
            return {"from_edition": self._editions[given["origin"]]}
        title = {"pl": given["title_pl"], "en": given["title_en"]}
        if given["origin"] == BLANK:
            return {"title": title, "kind": given["kind"] or "encounter"}
        return {"title": title, "from_bundled": given["origin"]}
