"""The club's settings as a form, and what was typed as a document again."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any, Final

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from gracja.app.common.money import Money
from gracja.app.web.club.forms import Amount, read_amount
from gracja.app.web.templatetags.words import local

LEVELS: Final = (1, 2, 3, 4)
_LINES: Final = {"rows": 3}
_CONSENT: Final = {
    "pl": (
        "Chcę należeć do klubu. Zgadzam się, żeby firma liczyła moje wizyty i zakupy, by przyznawać "
        "poziomy i przywileje klubu. Zgodę mogę w każdej chwili wycofać; karta przestaje wtedy działać."
    ),
    "en": (
        "I want to belong to the club. I agree that the company counts my visits and purchases to grant the "
        "club's levels and perks. I may take this back at any time; the card then stops working."
    ),
}


class ClubForm(forms.Form):
    title_pl = forms.CharField(label=_("Name in Polish"), max_length=120)
    title_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)
    counts = forms.ChoiceField(
        label=_("Levels are reached by"),
        choices=(("visits", _("Visits")), ("purchases", _("Purchases"))),
        widget=forms.RadioSelect,
        initial="visits",
        help_text=_(
            "A visit is a day with a purchase, or one noted at the counter. Purchases are what was paid, "
            "refunds taken off."
        ),
    )
    currency = forms.CharField(label=_("Currency"), max_length=3, initial="PLN")
    window_months = forms.IntegerField(
        label=_("How many of the last months count"), min_value=1, max_value=60, initial=12
    )
    keep_months = forms.IntegerField(
        label=_("For how many months a level holds"),
        min_value=1,
        max_value=24,
        initial=3,
        help_text=_(
            "From the last day on which it was deserved, to the end of that month. Only then it falls."
        ),
    )
    birthday_pl = forms.CharField(label=_("Birthday perk in Polish"), max_length=200, required=False)
    birthday_en = forms.CharField(label=_("Birthday perk in English"), max_length=200, required=False)
    days_before = forms.IntegerField(label=_("Days before"), min_value=0, max_value=30, initial=3)
    days_after = forms.IntegerField(label=_("Days after"), min_value=0, max_value=30, initial=3)
    consent_pl = forms.CharField(
        label=_("What the customer agrees to, in Polish"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        initial=_CONSENT["pl"],
    )
    consent_en = forms.CharField(
        label=_("What the customer agrees to, in English"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        initial=_CONSENT["en"],
    )
    version = forms.IntegerField(widget=forms.HiddenInput, initial=0)

    def __init__(self, *args: Any, policies: list[tuple[str, Any]], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", gettext("No gesture")), *((uid, local(title)) for uid, title in policies)]
        for n in LEVELS:
            first = n == 1
            self.fields |= {
                f"title_pl_{n}": forms.CharField(label=_("Name in Polish"), max_length=60, required=first),
                f"title_en_{n}": forms.CharField(label=_("Name in English"), max_length=60, required=False),
                f"start_{n}": Amount(label=_("From"), required=first),
                f"policy_{n}": forms.ChoiceField(
                    label=_("Gesture for this level"), choices=choices, required=False
                ),
                f"perks_pl_{n}": forms.CharField(
                    label=_("Perks in Polish, a line each"),
                    max_length=2000,
                    required=False,
                    widget=forms.Textarea(attrs=_LINES),
                ),
                f"perks_en_{n}": forms.CharField(
                    label=_("Perks in English, a line each"),
                    max_length=2000,
                    required=False,
                    widget=forms.Textarea(attrs=_LINES),
                ),
            }

    def levels(self) -> Iterator[tuple[int, list[BoundField], bool]]:
        """The levels' fields; whether anything is in them, or wrong with them."""
        for n in LEVELS:
            names = ("title_pl", "title_en", "start", "policy", "perks_pl", "perks_en")
            fields = [self[f"{name}_{n}"] for name in names]
            yield n, fields, n == 1 or any(one.value() or one.errors for one in fields)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        self.starts: dict[int, int] = {}
        for n in LEVELS:
            if not (given.get(f"title_pl_{n}") or given.get(f"title_en_{n}")):
                if given.get(f"start_{n}"):
                    self.add_error(f"title_pl_{n}", gettext("Name this level, or empty its fields."))
                continue
            self._read_start(n, given)
        return given

    def document(self) -> dict[str, Any]:
        """What was typed, as the club's document."""
        given = self.cleaned_data
        birthday = _both(given["birthday_pl"], given["birthday_en"])
        return {
            "title": _both(given["title_pl"], given["title_en"]),
            "counts": given["counts"],
            "currency": given["currency"].upper(),
            "window_months": given["window_months"],
            "keep_months": given["keep_months"],
            "levels": [
                {
                    "title": _both(given[f"title_pl_{n}"], given[f"title_en_{n}"]),
                    "start_at": start,
                    "perks": [
                        _both(*lines)
                        for lines in zip_longest(
                            _lines(given[f"perks_pl_{n}"]), _lines(given[f"perks_en_{n}"]), fillvalue=""
                        )
                    ],
                    "policy": given[f"policy_{n}"],
                }
                for n, start in self.starts.items()
            ],
            "birthday": {
                "perk": birthday,
                "days_before": given["days_before"],
                "days_after": given["days_after"],
            }
            if birthday
            else None,
            "consent": _both(given["consent_pl"], given["consent_en"]),
        }

    def _read_start(self, n: int, given: dict[str, Any]) -> None:
        name, typed = f"start_{n}", given.get(f"start_{n}", "").strip()
        if given.get("counts") == "purchases":
            amount = read_amount(self, name, given.get("currency", "").upper())
            start = amount.minor if amount else None
        elif typed.isdecimal() and len(typed) < 6:
            start = int(typed)
        else:
            start = None
            self.add_error(name, gettext("Write how many visits, as a whole number."))
        if start == 0:
            self.add_error(name, gettext("A level starts above zero."))
        elif start is not None:
            self.starts[n] = start


def typed_of(document: dict[str, Any], version: int) -> dict[str, Any]:
    """A document as what stands in the form."""
    birthday = document.get("birthday") or {}
    typed = {
        **_split("title", document["title"]),
        "counts": document["counts"],
        "currency": document["currency"],
        "window_months": document["window_months"],
        "keep_months": document["keep_months"],
        **_split("birthday", birthday.get("perk", "")),
        "days_before": birthday.get("days_before", 3),
        "days_after": birthday.get("days_after", 3),
        **_split("consent", document["consent"]),
        "version": version,
    }
    for n, level in enumerate(document["levels"], 1):
        perks = [_split("", one) for one in level.get("perks", ())]
        start = level["start_at"]
        if document["counts"] == "purchases":
            start = Money(start, document["currency"]).decimal
        typed |= {
            **{f"{name}_{n}": text for name, text in _split("title", level["title"]).items()},
            f"start_{n}": str(start),
            f"policy_{n}": level.get("policy", ""),
            f"perks_pl_{n}": "\n".join(one["_pl"] for one in perks),
            f"perks_en_{n}": "\n".join(one["_en"] for one in perks),
        }
    return typed


def _split(name: str, text: str | dict[str, str]) -> dict[str, str]:
    both = text if isinstance(text, dict) else {"pl": text, "en": text}
    return {f"{name}_{language}": both.get(language, "") for language in ("pl", "en")}


def _both(polish: str, english: str) -> dict[str, str]:
    return {code: text.strip() for code, text in (("pl", polish), ("en", english)) if text.strip()}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
