"""Which column of a spreadsheet of purchases is what: guessed from its heading, corrected by people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final, Self

from gracja.app.common.spreadsheet import Column, fold, guess_columns

NUMBER, PHONE, EMAIL = "number", "phone", "email"
MAKE, REFUSE = "make", "refuse"
NEEDED: Final = ("customer", "at", "amount", "number")
# Headings, by our field; the first field that fits takes the column.
_HEADINGS: Final = (
    Column(
        "refund_of",
        (
            "zwrot do", "korekta do", "dokument korygowany", "dokument pierwotny", "zwrot dokumentu",
            "refund of", "corrected document", "original document", "original receipt",
        ),
    ),
    Column(
        "customer",
        (
            "klient", "nr klienta", "numer klienta", "id klienta", "karta", "nr karty", "numer karty",
            "telefon", "e-mail klienta", "customer", "customer id", "customer number", "card",
            "card number", "member", "phone", "e-mail", "email",
        ),
    ),
    Column(
        "number",
        (
            "dokument", "nr dokumentu", "numer dokumentu", "paragon", "nr paragonu", "numer paragonu",
            "faktura", "zamówienie", "nr zamówienia", "numer", "document", "document number", "receipt",
            "receipt number", "invoice", "order", "order number", "order id", "number",
        ),
    ),
    Column(
        "at",
        (
            "data i godzina", "data sprzedaży", "data zakupu", "data", "date and time", "date of purchase",
            "purchase date", "date", "kiedy", "when",
        ),
    ),
    Column("hour", ("godzina", "czas", "time", "hour")),
    Column(
        "amount",
        (
            "kwota", "wartość", "brutto", "kwota brutto", "wartość brutto", "suma", "razem", "do zapłaty",
            "amount", "value", "total", "gross", "sum", "paid",
        ),
    ),
    Column("currency", ("waluta", "currency")),
    Column("place", ("placówka", "sklep", "salon", "oddział", "lokal", "punkt", "place", "store", "shop")),
)  # fmt: skip
FIELDS: Final = ("customer", "number", "at", "hour", "amount", "currency", "place", "refund_of")
_PHONES: Final = ("telefon", "phone")
_EMAILS: Final = ("email", "mail")


@dataclass(frozen=True)
class Columns:
    """fields: our field -> number of the column. customer_by: what the customer's column holds. system: whose
    numbers these are, of documents and of customers. currency: of every row. unknown: what becomes of a
    customer who is not here. place_uid: of all rows, where no column says it; empty: no place.
    """

    fields: dict[str, int] = field(default_factory=dict)
    customer_by: str = NUMBER
    system: str = "till"
    currency: str = "PLN"
    unknown: str = REFUSE
    place_uid: str = ""

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        return cls(**kept)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def missing(self) -> list[str]:
        """What has to be said before anything can be read."""
        return [name for name in NEEDED if name not in self.fields]


def guess(headings: Sequence[str], *, currency: str) -> Columns:
    """The likeliest mapping; customers who are not here are refused until somebody says otherwise."""
    fields = guess_columns(headings, _HEADINGS)
    said = fold(headings[fields["customer"]]) if "customer" in fields else ""
    by = PHONE if said.startswith(_PHONES) else EMAIL if said.startswith(_EMAILS) else NUMBER
    return Columns(fields, customer_by=by, currency=currency)
