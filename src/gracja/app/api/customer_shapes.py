"""What is said of customers, and what is taken: the shapes of their operations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from ninja import Field, Schema
from pydantic import AwareDatetime

from gracja.app.api.people import EMAIL
from gracja.app.api.shapes import Given, Moment, Text, Uid
from gracja.app.common.money import MOST_MINOR
from gracja.app.contacts.selectors.customers import consents_of

if TYPE_CHECKING:
    from gracja.app.contacts.models import Customer, CustomerNumber

AT_ONCE = 200
ALTHOUGH_KNOWN = (
    "Also where another customer has this telephone or e-mail, as in a family; else that is refused with "
    "`customer_known`."
)
BACK_BECAUSE = (
    "Why somebody who was erased is written down again: by their own wish, because the telephone, e-mail or "
    "number is another person’s now, or because they were erased by mistake. Without it that is refused with "
    "`customer_erased_before`; it needs the scope `customer.admit`, for a program that was told so."
)
Back = Literal["", "own_wish", "other_person", "mistake"]


class NumberShape(Schema):
    """How another system names a customer."""

    system: str = Field(description="A till, a shop, a card.")
    value: str


class BirthdayShape(Schema):
    """Without a year: nobody's age is asked."""

    month: int
    day: int


class CustomerOut(Schema):
    """What is known of a customer; what they bought is in the export."""

    uid: Uid
    name: str
    phone: str
    phone_wrong: bool = Field(description="Somebody else answered there: not called until it is another.")
    email: str
    language: str
    birthday: BirthdayShape | None
    do_not_contact: bool
    numbers: list[NumberShape]
    consents: list[str] = Field(description="Agreed to now: club, call, card, study.")
    since: Moment
    erased_at: Moment | None

    @staticmethod
    def resolve_birthday(one: Customer) -> dict[str, int] | None:
        if not (one.birthday_month and one.birthday_day):
            return None
        return {"month": one.birthday_month, "day": one.birthday_day}

    @staticmethod
    def resolve_numbers(one: Customer) -> list[CustomerNumber]:
        return list(one.numbers.order_by("pk"))

    @staticmethod
    def resolve_consents(one: Customer) -> list[str]:
        return sorted(consents_of(one))

    @staticmethod
    def resolve_since(one: Customer) -> Any:
        return one.made_at


class CustomerListed(Schema):
    """A customer in a list."""

    uid: Uid
    name: str
    phone: str
    email: str
    do_not_contact: bool


class NumberGiven(Given):
    """How another system names a customer."""

    system: Text = Field(min_length=1, max_length=60, pattern=r"\S")
    value: Text = Field(min_length=1, max_length=200, pattern=r"\S")


class BirthdayGiven(Given):
    """Without a year."""

    month: int = Field(ge=1, le=12)
    day: int = Field(ge=1, le=31)


class CustomerGiven(Given):
    """As little as serving them well needs; everything is optional."""

    name: Text = Field("", max_length=120)
    phone: Text = Field("", max_length=40)
    email: Text = Field("", max_length=254, pattern=EMAIL)
    language: Literal["", "pl", "en"] = ""
    birthday: BirthdayGiven | None = None
    do_not_contact: bool = False


class CustomerAdded(CustomerGiven):
    """Somebody new, with the numbers by which other systems know them."""

    although_known: bool = Field(default=False, description=ALTHOUGH_KNOWN)
    back_because: Back = Field("", description=BACK_BECAUSE)
    numbers: list[NumberGiven] = Field(default_factory=list, max_length=20)


class CustomerChanged(Given):
    """What is left out stays as it is."""

    name: Text | None = Field(None, max_length=120)
    phone: Text | None = Field(None, max_length=40)
    email: Text | None = Field(None, max_length=254, pattern=EMAIL)
    language: Literal["", "pl", "en"] | None = None
    birthday: BirthdayGiven | None = Field(None, description="Null takes it away.")
    do_not_contact: bool | None = None
    numbers: list[NumberGiven] = Field(
        default_factory=list, max_length=20, description="Added to those that are there."
    )
    although_known: bool = Field(default=False, description=ALTHOUGH_KNOWN)
    back_because: Back = Field("", description=BACK_BECAUSE)


class ConsentGiven(Given):
    """What the customer agrees to, or takes back, from now on."""

    purpose: Literal["club", "call", "card", "study"]
    given: bool = True


class PurchaseSent(Given):
    """A receipt or invoice, or a refund with a number of its own."""

    system: Text = Field(min_length=1, max_length=60, description="Whose numbers these are: a till, a shop.")
    number: Text = Field(min_length=1, max_length=100, description="By it the document is known again.")
    at: AwareDatetime
    amount_minor: int = Field(
        ge=-MOST_MINOR, le=MOST_MINOR, description="In the smallest unit; below zero for a refund."
    )
    currency: Text = Field(pattern=r"^[A-Z]{3}$")
    customer: Text = Field("", max_length=22, description="The `uid` of the customer; or")
    customer_number: Text = Field("", max_length=200, description="as the same system names them.")
    place: Text = Field("", max_length=22, description="The `uid` of a place.")
    refund_of: Text = Field(
        "", max_length=100, description="Of a refund: the document; empty: that of its own number."
    )


class PurchasesSent(Given):
    """A batch: all of it is taken, or nothing."""

    purchases: list[PurchaseSent] = Field(min_length=1, max_length=AT_ONCE)


class TakenOut(Schema):
    """How many were new, and how many were here already."""

    purchases: int
    refunds: int
    same: int
    erased: int = Field(description="Of customers who were erased: left out.")
