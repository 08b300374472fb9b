"""Every component on one page, for whoever changes the style sheets and for the tests that look at them.

Only with GRACJA_DEBUG=1. Its texts are samples, in both languages here, and no part of the catalogs.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gracja.app.web.forms import Day
from gracja.app.web.templatetags.words import reader

# name of the sample: English, Polish
WORDS: Final = {
    "title": ("Components", "Elementy"),
    "sentence": (
        "Lines instead of boxes, a serif for what is said, a hollow dot for what is not known yet.",
        "Linie zamiast pudełek, szeryfy tylko dla głosu, pusta kropka znaczy: jeszcze nie wiadomo.",
    ),
    "type": ("Type", "Pismo"),
    "said": ("“Good morning, your chair is ready.”", "„Dzień dobry, fotel już czeka”."),
    "buttons": ("Buttons", "Przyciski"),
    "publish": ("Publish edition 4", "Opublikuj wydanie 4"),
    "save": ("Save the draft", "Zapisz szkic"),
    "delete": ("Delete the standard", "Usuń standard"),
    "ask": ("Delete the standard “Greets”?", "Usunąć standard „Wita”?"),
    "ask_why": ("The draft loses it. Editions keep theirs.", "Zniknie ze szkicu. Wydania zachowają swoje."),
    "cancel": ("Cancel", "Anuluj"),
    "not_allowed": ("Not allowed", "Brak uprawnienia"),
    "fields": ("Fields", "Pola"),
    "band": ("Closeness", "Bliskość"),
    "grade": ("Grade", "Stopień"),
    "interval": ("Interval", "Przedział"),
    "base": ("Basics", "Podstawa"),
    "finding": ("Finding", "Uwaga"),
    "two_at_once": ("Two behaviours at once", "Dwa zachowania naraz"),
    "two_at_once_why": (
        "It can be half met. Split it.",
        "Da się spełnić w połowie. Rozdziel na dwa standardy.",
    ),
    "code": ("two_behaviours", "two_behaviours"),
    "split": ("Split", "Rozdziel"),
    "no_evidence": ("No evidence", "Brak źródła"),
    "quote": ("Quote", "Cytat"),
    "customer": ("Customer", "Klient"),
    "you": ("You", "Ty"),
    "looking": ("Just looking, thanks.", "Tylko patrzę, dziękuję."),
    "nearby": ("I am right here if you need anything", "Jestem obok, gdyby coś"),
    "table": ("Table", "Tabela"),
    "place": ("Place", "Miejsce"),
    "contacts": ("Contacts", "Kontakty"),
    "to_do": ("To do", "Do zrobienia"),
    "dispute": ("A mark is disputed", "Spór o jedną ocenę"),
    "due": ("By tomorrow, 15.00", "Do jutra, 15.00"),
    "settle": ("Settle", "Rozstrzygnij"),
    "empty": ("Empty", "Pusto"),
    "nothing": ("There is no conversation yet", "Nie ma jeszcze żadnej rozmowy"),
    "nothing_why": (
        "Upload a file from your chat or call centre. Nothing leaves your server.",
        "Wgraj plik z czatu lub centrali. Nic nie opuszcza Twojego serwera.",
    ),
    "upload": ("Upload conversations", "Wgraj rozmowy"),
    "loading": ("Loading", "Wczytywanie"),
    "icons": ("Icons", "Ikony"),
    "message": ("Message", "Komunikat"),
    "moved": ("Moved to the part Welcome.", "Przeniesiono do części Powitanie."),
    "undo": ("Undo", "Cofnij"),
}


def _in(language: str) -> dict[str, str]:
    return {name: both[language == "pl"] for name, both in WORDS.items()}


class Sample(forms.Form):
    """One field of every kind, some of them wrong."""

    starts = forms.DateField(widget=Day)
    budget = forms.IntegerField(min_value=0)
    service = forms.ChoiceField(choices=(("one", "1"), ("many", "2–4")), widget=forms.RadioSelect)
    channels = forms.MultipleChoiceField(
        choices=(("a", "A"), ("b", "B"), ("c", "C")), widget=forms.CheckboxSelectMultiple, required=False
    )
    trade = forms.ChoiceField(choices=tuple((str(n), str(n)) for n in range(6)))
    why = forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), required=False)
    file = forms.FileField(required=False)
    agreed = forms.BooleanField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        polish = reader() == "pl"
        labels = (
            (
                "Data wejścia w życie",
                "Budżet na gesty",
                "Usługa",
                "Kanały",
                "Branża",
                "Powód",
                "Plik",
                "Zgoda",
            )
            if polish
            else ("In force from", "Budget", "Service", "Channels", "Trade", "Reason", "File", "Agreed")
        )
        for field, label in zip(self.fields.values(), labels, strict=True):
            field.label = label
        self.fields["starts"].help_text = "Wydanie 3." if polish else "Edition 3."


@login_not_required
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """All components. There is no such page where the application serves people."""
    if not settings.DEBUG:
        raise Http404
    return render(
        request,
        "sheet.html",
        {
            "w": _in(reader()),
            "form": Sample({"budget": "-200", "service": "one", "trade": "1"}),
            "scale": SimpleNamespace(low=0.6, high=1.0),
            "page": Paginator(range(120), 50).page(2),
            "names": (
                "add",
                "check",
                "close",
                "edit",
                "book",
                "people",
                "place",
                "talk",
                "calendar",
                "warning",
            ),
        },
    )
