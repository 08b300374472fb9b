"""What a policy says: a document of one version, checked before it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from gracja.app.common.money import MOST_MINOR
from gracja.app.common.refused import Refused
from gracja.engine.documents.frozen import FROZEN
from gracja.engine.edition.texts import LocalText
from gracja.engine.gesture.caps import Cap
from gracja.engine.gesture.policy import Node, names_in

if TYPE_CHECKING:
    from gracja.app.organisation.models import Place, User

# asked of nobody yet: a condition on it would be met by nobody
NOT_KNOWN_YET: Final = frozenset({"last_rating_1_5"})
Minor = Annotated[int, Field(ge=0, le=MOST_MINOR)]


class Discount(BaseModel):
    """What a code gives: a share of the purchase or an amount, on purchases above a limit."""

    model_config = FROZEN
    percent: Annotated[int, Field(ge=1, le=100)] | None = None
    amount_minor: Annotated[int, Field(ge=1, le=MOST_MINOR)] | None = None
    above_minor: Minor = 0
    goods: LocalText | None = None  # named goods; null: anything

    @model_validator(mode="after")
    def _of_one_kind(self) -> Self:
        if (self.percent is None) == (self.amount_minor is None):
            raise PydanticCustomError("discount_of_one_kind", "either percent or amount")
        return self

    def off(self, purchase_minor: int) -> int:
        """What it takes off a purchase; a share is rounded down to the smallest unit."""
        if purchase_minor < self.above_minor:
            return 0
        if self.percent is not None:
            return purchase_minor * self.percent // 100
        return min(self.amount_minor or 0, purchase_minor)


class TermsDocument(BaseModel):
    """usual_minor: what it costs as a rule. most_minor: one gesture never costs more. approve_above_minor: a
    second person says yes first. held_out_share: of eligible customers, who do not get it so that one can
    see what it changes. lasts_days: not used by then, its money goes back. given_by: roles (slugs); none:
    whoever may grant. places: uids; none: all. conditions: to whom; none: to anybody. caps: how often.
    service: id of the standards (salon) that it is for; empty: of all. return_days: within so many days
    after they were first eligible customers count as returned; worthwhile_share: the smallest rise of the
    share who return that pays for the gesture.
    """

    model_config = FROZEN
    kind: Literal["gift", "discount", "covered_cost", "personal_contact"]
    title: LocalText
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    usual_minor: Minor
    most_minor: Minor
    approve_above_minor: Minor | None = None
    given_by: list[str] = []
    places: list[str] = []
    held_out_share: Annotated[float, Field(ge=0, le=0.5)] = 0.0
    service: str = ""
    lasts_days: Annotated[int, Field(ge=1, le=3650)] = 30
    discount: Discount | None = None
    conditions: Node | None = None
    caps: list[Cap] = []
    return_days: Annotated[int, Field(ge=1, le=730)] = 60
    worthwhile_share: Annotated[float, Field(ge=0.01, le=0.5)] = 0.05

    @model_validator(mode="after")
    def _amounts_fit(self) -> Self:
        if self.usual_minor > self.most_minor:
            raise PydanticCustomError("cost_over_most", "usual cost over the most")
        if (self.kind == "discount") != (self.discount is not None):
            raise PydanticCustomError("discount_missing", "a discount says what it takes off")
        amount = self.discount.amount_minor if self.discount else None
        if amount is not None and (self.usual_minor, self.most_minor) != (amount, amount):
            raise PydanticCustomError("discount_not_set_aside", "an amount is set aside whole")
        if self.discount and not self.usual_minor:
            raise PydanticCustomError("discount_of_nothing", "nothing is set aside")
        if self.conditions and (unknown := names_in(self.conditions) & NOT_KNOWN_YET):
            raise PydanticCustomError("fact_not_known_yet", "no fact", {"known": ", ".join(sorted(unknown))})
        return self


def may_give(terms: TermsDocument, by: User, place: Place) -> bool:
    """Whether one of the roles that may give is held at this place, or above it."""
    if not terms.given_by:
        return True
    return any(
        held.role.slug in terms.given_by and (held.place is None or place.path.startswith(held.place.path))
        for held in by.held
    )


def check_terms(document: dict[str, Any]) -> TermsDocument:
    """Raises Refused: terms_wrong (facts: field, problem)."""
    try:
        return TermsDocument.model_validate(document)
    except ValidationError as invalid:
        first = invalid.errors()[0]
        field = ".".join(str(step) for step in first["loc"])
        raise Refused("terms_wrong", field=field, problem=_said(first)) from None


def _said(error: Any) -> str:
    """What is wrong, as our codes say it, with the names that would be right."""
    known = error.get("ctx", {}).get("nearest") or error.get("ctx", {}).get("known")
    return f"{error['type']}: {known}" if known else str(error["type"])
