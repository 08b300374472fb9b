"""What a new token is for, may do, and how long."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from gracja.app.tokens.scopes import scopes_of
from gracja.app.tokens.services.secrets import LONGEST_DAYS

if TYPE_CHECKING:
    from gracja.app.organisation.models import User

TITLES: Final = {
    "own": _("Know who one is; read one's own result and notices; acknowledge editions"),
    "company.manage": _("Change the company and its settings"),
    "place.manage": _("Add and change places"),
    "person.read": _("Read people, places and the roster"),
    "person.manage": _("Add, invite and deactivate people"),
    "person.pseudonymise": _("Remove names for good"),
    "role.manage": _("Change roles"),
    "roster.manage": _("Change the roster"),
    "notice.give": _("Give notices to staff"),
    "audit.read": _("Read the log of changes"),
    "edition.read": _("Read published editions"),
    "edition.draft": _("Work on drafts"),
    "edition.publish": _("Publish editions"),
    "question.answer": _("Answer questions about standards"),
    "promise.manage": _("Change the public promise"),
    "advice.ask": _("Ask how personal to be, and record what was done"),
    "rules.manage": _("Change the situation rules"),
    "conversation.read": _("Read conversations"),
    "conversation.import": _("Bring conversations in"),
    "visit.import": _("Bring visits in"),
    "visit.plan": _("Order visits"),
    "visit.read": _("Read visits"),
    "result.read": _("Read results"),
    "measurement.run": _("Start measurements"),
    "customer.find": _("Find a customer by number"),
    "customer.admit": _("Write down again customers who were erased, by their own wish"),
    "customer.read": _("Read customers"),
    "customer.manage": _("Bring purchases in, and change customers"),
    "customer.erase": _("Erase customers"),
    "gesture.grant": _("Grant gestures and redeem codes"),
    "gesture.approve": _("Approve gestures"),
    "gesture.read": _("Read gestures and budgets"),
    "gesture.manage": _("Change policies of gestures and budgets"),
    "token.manage": _("Make and withdraw tokens"),
}
DAYS: Final = (
    (7, _("7 days")),
    (30, _("30 days")),
    (90, _("90 days")),
    (LONGEST_DAYS, _("A year")),
)


class NewToken(forms.Form):
    title = forms.CharField(
        label=_("What is it for?"),
        max_length=80,
        help_text=_("For example: the till's export. It stands in the list of tokens."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What may it do?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Never more than you may do yourself, also later."),
    )
    days = forms.TypedChoiceField(
        label=_("How long?"), choices=DAYS, coerce=int, initial=90, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scopes = self.fields["scopes"]
        assert isinstance(scopes, forms.MultipleChoiceField)
        scopes.choices = [(scope, TITLES.get(scope, scope)) for scope in scopes_of(by)]
