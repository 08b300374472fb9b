"""Forms around editions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from gracja.app.common.clock import today
from gracja.app.standards.services.questions import LONGEST_ANSWER, LONGEST_QUESTION
from gracja.app.web.standards.spoken import ShownFinding


class PublishForm(forms.Form):
    """From when, who must acknowledge it, and why warnings may stand."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    effective_from = forms.DateField(
        label=_("In force from"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Results of earlier days stay with the edition before."),
    )
    must_acknowledge = forms.MultipleChoiceField(
        label=_("Who must acknowledge it"), widget=forms.CheckboxSelectMultiple, required=False
    )

    def __init__(
        self,
        *args: Any,
        roles: list[tuple[str, str]],
        warnings: list[ShownFinding],
        first: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        if first:  # there is no edition before
            self.fields["effective_from"].help_text = _("Contacts of earlier days are not measured.")
        choices = self.fields["must_acknowledge"]
        assert isinstance(choices, forms.MultipleChoiceField)
        choices.choices = roles
        self.fields["effective_from"].widget.attrs["min"] = today().isoformat()
        self._warnings = warnings
        for at, one in enumerate(warnings):
            self.fields[f"reason_{at}"] = forms.CharField(
                label=_("Why it may stand"), required=True, max_length=500, help_text=""
            )
            self.fields[f"reason_{at}"].widget.attrs["data-code"] = one.finding.code

    @property
    def reasons(self) -> dict[str, str]:
        """By the finding's key."""
        return {one.key: self.cleaned_data[f"reason_{at}"] for at, one in enumerate(self._warnings)}

    @property
    def warned(self) -> list[tuple[ShownFinding, forms.BoundField]]:
        return [(one, self[f"reason_{at}"]) for at, one in enumerate(self._warnings)]


class QuestionForm(forms.Form):
    standard = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Your question"), max_length=LONGEST_QUESTION, widget=forms.Textarea(attrs={"rows": 3})
    )


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("Your answer"), max_length=LONGEST_ANSWER, widget=forms.Textarea(attrs={"rows": 3})
    )


class UploadForm(forms.Form):
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    document = forms.FileField(
        label=_("YAML file"),
        help_text=_(
            "A draft or an edition, as Gracja writes it. Nothing is changed if something is wrong with it."
        ),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml,text/yaml"}),
    )
