"""How personal to be in a situation, for tills and helpdesks."""

from __future__ import annotations

import json
from typing import Annotated, Any, Final, Literal

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import get_language
from ninja import Field, Router, Schema
from pydantic import AwareDatetime

from gracja.app.api.callers import Called
from gracja.app.api.operations import reads, writes
from gracja.app.api.shapes import Given, Text, Uid
from gracja.app.common.clock import now
from gracja.app.common.uid import new_uid
from gracja.app.contacts.selectors.named import customer_named
from gracja.app.contacts.services.customers.finding import find_customer
from gracja.app.gestures.services.offering import offer_gestures
from gracja.app.organisation.selectors.places import place_for
from gracja.app.service_mode.selectors import asking
from gracja.app.service_mode.selectors.asking import Asked
from gracja.app.service_mode.selectors.where import place_told
from gracja.app.service_mode.selectors.words import Said, said
from gracja.app.service_mode.services.recording import Done, record_advice
from gracja.engine.dial.read import as_json
from gracja.engine.edition.model import Channel
from gracja.engine.edition.texts import in_language

router = Router()
JSON: Final = "application/json; charset=utf-8"
Name = Annotated[Text, Field(max_length=80)]
Count = Annotated[int, Field(ge=0, le=10_000)]


class SituationGiven(Given):
    """What is known of a contact as it begins."""

    service: Literal["encounter", "relationship"] | None = Field(
        None, description="One-off or recurring; where it is left out, as usual for the occupation."
    )
    occupation: Name | None = Field(None, description="One of those in the situation rules.")
    cues: list[Name] | dict[Name, Count] = Field(
        default_factory=list,
        max_length=50,
        description='What is seen or heard: names of cues, or how many of each: `{"queue": 5}`.',
    )
    edition: Name = Field(
        "", description="Whose standards are advised: `salon`, `salon@3`. Empty: the occupation's."
    )
    channel: Channel | None = Field(None, description="Only standards of this channel.")
    language: Literal["pl", "en"] | None = Field(
        None, description="Of the sentences; else that of `Accept-Language`."
    )
    moves_made: int = Field(0, ge=0, le=100, description="Personal moves that this contact has seen.")
    contact: Text = Field(
        "", max_length=200, description="The contact's name in your system; kept as `customer` is."
    )
    customer: Text = Field(
        "",
        max_length=200,
        description="The customer's `uid`, number or e-mail. Kept only where the company keeps who asked and "
        "the customer agreed to be studied.",
    )
    gestures_at: Uid | None = Field(
        None,
        description="The `uid` of a place: then `gestures` are those open there now to `customer`. Needs the "
        "scopes `customer.find` and `gesture.grant`.",
    )
    place: Uid | None = Field(
        None,
        description="The `uid` of the place where it happens, for the record. Left out: that of your shift "
        "then, else the only one where you work; who works at several has to say it.",
    )
    record: bool = Field(default=False, description="Keep it for learning, as far as the company does.")
    uid: Text | None = Field(
        None,
        pattern=r"^[A-Za-z0-9_-]{16,36}$",
        description="Of the record; the same again is recorded once. Made here where it is left out.",
    )
    at: AwareDatetime | None = Field(None, description="When it happened; now where it is left out.")
    moves: list[Annotated[Text, Field(max_length=120)]] = Field(
        default_factory=list, max_length=20, description="What was done: names of lines."
    )


class ReasonOut(Schema):
    """One step of the dial; the points of all add up to it."""

    what: Literal["start", "occupation", "cue", "ceiling", "limit"]
    name: str
    points: int
    text: str


class LineOut(Schema):
    """Something to do or to hold back."""

    name: str = Field(description="`cue:hurried`, `standard:greet`: what `moves` names.")
    text: str


class MinutesOut(Schema):
    """What personal service would cost now beyond the shortest service, in minutes."""

    customer: float
    others: float = Field(description="Waiting by the others, together; at least so much.")


class CostOut(Schema):
    """Money in the smallest unit of its currency."""

    minor: int
    currency: str


class GestureOut(Schema):
    """Of a known customer, a policy that is open to them here now, and for which there is money; else a kind
    of gesture that fits.
    """

    kind: Literal["gift", "discount", "covered_cost", "personal_contact"]
    text: str
    policy: Uid | None = Field(None, description="What `POST /gestures` names; null for a mere kind.")
    cost: CostOut | None = Field(None, description="As a rule.")
    waits: bool | None = Field(None, description="Whether a second person has to say yes.")


class AdviceOut(Schema):
    """How personal to be, and why."""

    dial: int = Field(ge=0, le=100)
    band: Literal["discreet", "attentive", "personal"]
    reasons: list[ReasonOut]
    do: list[LineOut] = Field(description="Most important first.")
    hold: list[LineOut] = Field(description="What to hold back, most important first.")
    within_reach: list[LineOut] = Field(description="How to be there without being close.")
    personal_moves: int = Field(description="How many more this contact bears.")
    minutes_if_personal: MinutesOut
    gestures: list[GestureOut]
    rules: str = Field(description="Such as `company@3`.")
    edition: str = Field(description="Whose standards are among the lines; empty: nobody's.")
    recorded: str | None = Field(description="The `uid` of the record; null where nothing is kept.")


@writes(router, "POST", "/advice", scope="advice.ask", response={200: AdviceOut}, also=(404,))
def ask_advice(request: Called, given: SituationGiven) -> Any:
    """How personal to be in this situation, with a reason for every point."""
    cues = given.cues if isinstance(given.cues, dict) else dict.fromkeys(given.cues, 1)
    asked = Asked(
        kind=given.service,
        occupation=given.occupation,
        cues=cues,
        edition=given.edition,
        channel=given.channel,
        moves_made=given.moves_made,
    )
    told = asking.advice(by=request.auth, asked=asked)
    recorded = _recorded(request, given, asked, told) if given.record else None
    data = _as_data(said(told, given.language)) | {"recorded": recorded}
    if given.gestures_at:
        data["gestures"] = _offers(request, given, told)
    # Tills ask often. That every answer has the documented shape is a test's to show, not to be found again
    # with each of them: it took as long as the advice itself.
    return HttpResponse(json.dumps(data, ensure_ascii=False), content_type=JSON)


@reads(router, "/situation-rules", scope="advice.ask", response=dict[str, Any])
def get_situation_rules(request: Called) -> Any:
    """The situation rules in force, as a document: what each cue adds to the dial, and why."""
    return as_json(asking.rules_readable(by=request.auth))


def _recorded(request: Called, given: SituationGiven, asked: Asked, told: asking.Told) -> str | None:
    done = Done(
        uid=given.uid or new_uid(),
        asked=asked,
        at=given.at,
        moves=given.moves,
        customer=given.customer,
        contact=given.contact,
        source="program",
        place=place_told(request.auth, given.at or now(), given.place or ""),
    )
    return record_advice(by=request.auth, done=done, told=told)


def _offers(request: Called, given: SituationGiven, told: asking.Told) -> list[dict[str, Any]]:
    by = request.auth
    place = place_for("gesture.grant", by=by, uid=given.gestures_at or "")
    customer = customer_named(by=by, uid=given.customer) or find_customer(by=by, given=given.customer)
    if customer is None or (told.edition is not None and not told.edition.allows_gestures):
        return []
    situation = {
        "band": told.advice.reading.band,
        "cues": [cue for cue, count in told.cues.items() if count],
        "channel": given.channel or "in_person",
    }
    found_offers = offer_gestures(by=by, place=place, customer=customer, told=situation)
    language = given.language or (get_language() or settings.LANGUAGE_CODE)[:2]
    return [
        {
            "kind": one.terms.kind,
            "text": in_language(one.terms.title, language),
            "policy": one.policy.uid,
            "cost": {"minor": one.cost.minor, "currency": one.cost.currency},
            "waits": one.waits,
        }
        for one in found_offers.offers
    ]


def _as_data(one: Said) -> dict[str, Any]:
    cost = one.advice.cost_if_personal
    reading = one.advice.reading
    return {
        "dial": reading.dial,
        "band": reading.band,
        "reasons": [
            {"what": reason.what, "name": reason.name, "points": reason.points, "text": text}
            for reason, text in one.reasons
        ],
        **{name: [{"name": line, "text": text} for line, text in getattr(one, name)] for name in _LISTS},
        "personal_moves": one.advice.personal_moves,
        "minutes_if_personal": {"customer": cost.own_minutes, "others": cost.others_minutes},
        "gestures": [{"kind": kind, "text": text, **_MERE_KIND} for kind, text in one.gestures],
        "rules": reading.rules,
        "edition": one.edition,
    }


_LISTS = ("do", "hold", "within_reach")
_MERE_KIND = {"policy": None, "cost": None, "waits": None}
