"""A company in which there is one of everything, at Rynek: for tests that go through all addresses."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from app.calls_world import contacts_at
from app.club_world import club_at
from app.giving_world import gestures_at
from django.core.cache import cache

from gracja.app.common.clock import now
from gracja.app.contacts.services.customers.files import imports as purchases
from gracja.app.contacts.services.customers.records import Details, add_customer
from gracja.app.contacts.services.receiving import receive_conversations
from gracja.app.contacts.services.uploads import give_upload
from gracja.app.gestures.recovery.services.cases import Happened, note_case
from gracja.app.measurement.services.runs import ask_for_run, carry_out
from gracja.app.observations.models import DrawnReview, Visit
from gracja.app.observations.services.imports import give_file
from gracja.app.observations.services.planned import Order, plan_visit
from gracja.app.observations.services.second import ask_second_review, make_second_review
from gracja.app.organisation.models import Person, Role, StaffNotice
from gracja.app.organisation.selectors.company import today_here
from gracja.app.organisation.services.imports.files import take_file
from gracja.app.organisation.services.invitations import invite_person
from gracja.app.organisation.services.people import add_person
from gracja.app.organisation.services.teams import save_team
from gracja.app.service_mode.models import Keeping
from gracja.app.service_mode.selectors.keeping import KEPT_AS
from gracja.app.service_mode.services.panel_keys import make_panel_key
from gracja.app.standards.models import PromisePage
from gracja.app.standards.services.drafts_start import start_draft
from gracja.app.standards.services.questions import ask_question
from gracja.app.tokens.services.tokens import make_token

VISITS = "Data;Godzina;Placówka;Pracownik;Oceniający\n2026-10-03;10:00;Rynek;Darek Lis;Borys Sowa\n"
PURCHASES = "Data;Paragon;Karta;Kwota\n2026-10-03;P-1;K-17;12,50\n"
TURNS = "contact;channel;speaker;text\nc9;chat;customer;Dzień dobry\nc9;chat;agent;W czym mogę pomóc?\n"
TALK = {
    "contact": "talk-1",
    "employee": "darek",
    "place": "KR-1",
    "channel": "chat",
    "language": "pl",
    "started_at": "2026-10-05T10:00:00Z",
    "turns": [
        {"speaker": "customer", "text": "Dzień dobry, farba nie chwyciła"},
        {"speaker": "agent", "text": "Przepraszam Panią. W czym mogę pomóc?"},
    ],
}


@dataclass(frozen=True)
class World:
    """`values`: what stands in an address, by the beginning of its route and the name there."""

    values: dict[tuple[str, str], str]
    bodies: dict[tuple[str, str], dict]
    files: dict[Path, bytes]

    def put_back(self) -> None:
        """What was deleted beside the database, which a transaction does not bring back."""
        for path, content in self.files.items():
            if not path.exists():
                path.write_bytes(content)

    def in_page(self, page) -> dict[str, str]:
        """Something real for every name in the page's route: that of the longest beginning that fits."""
        return {name: self._of(page.route, name) for name in page.names}

    def in_operation(self, path: str) -> dict[str, str]:
        """The same for an operation of the interface; names that it does not have do no harm."""
        return {"uid": self._of(path.removeprefix("/api/v1/"), "uid")} if "{" in path else {}

    def query(self, method: str, path: str) -> str:
        return "?week=2026-11-22" if (method, path) == ("GET", "/api/v1/places/{uid}/shifts") else ""

    def body(self, method: str, path: str) -> str:
        return json.dumps(self.bodies.get((method, path.removeprefix("/api/v1")), {}))

    def _of(self, route: str, name: str) -> str:
        fitting = [(at, what) for at, what in self.values if what == name and route.startswith(at)]
        assert fitting, f"tests/app/world.py does not say what {name} is in {route}"
        return self.values[max(fitting, key=lambda one: len(one[0]))]


@pytest.fixture
def world(cast, roles, rynek, edition, told, visits, named_in_exports, settings) -> World:
    """Visits, conversations, a run, a draft, an invitation, a team, files that wait, a question, a token."""
    by = cast.grazyna
    receive_conversations(by=by, records=[TALK])
    run = carry_out(ask_for_run(by=by, edition_uid=edition.uid))
    new = add_person(by=by, name="Ewa Mak", role=roles["employee"], place=rynek)
    made = SimpleNamespace(
        invitation=invite_person(by=by, person=new)[1],
        team=save_team(by=by, team=None, name="Poranna", place=rynek, people=[cast.darek.person]),
        role=Role.objects.create(slug="reception", title_pl="Recepcja", title_en="Reception"),
        notice=StaffNotice.objects.create(
            text_pl="Od stycznia.", sources=["visit"], measured_from=date(2027, 1, 1)
        ),
        draft=start_draft(by=cast.filip, from_bundled="restaurant"),
        question=ask_question(by=cast.darek, edition_uid=edition.uid, standard="", text="Od kiedy?"),
        promise=PromisePage.objects.create(edition_id="salon", on=True, lead={"pl": "Tak", "en": "Yes"}),
        contacts=contacts_at(rynek, cast),
        planned=plan_visit(by=by, order=_order(cast, rynek, edition)),
        case=note_case(by=cast.darek, happened=Happened(rynek, "failure", "Zimna woda", now()), own=True),
        token=make_token(by=by, title="Kasa", scopes=["own"], days=30).token,
        upload=give_upload(by=by, file_name="rozmowy.csv", chunks=[TURNS.encode()]),
        visits=give_file(by=by, edition_uid=edition.uid, file_name="w.csv", content=VISITS.encode()),
        people=take_file(by=by, kind="people", file_name="o.csv", content=b"Name;Role\nJan Mak;employee\n"),
        given=gestures_at(rynek, cast),
        customer=add_customer(by=by, details=Details(name="Joanna Kruk", phone="601 234 567")),
        purchases=purchases.give_file(by=by, file_name="z.csv", content=PURCHASES.encode()),
        club=club_at(rynek, cast),
    )
    first = edition.document["sequence"][0]["part"]
    seen, other, twice = Visit.objects.filter(employee=cast.darek.person)[:3]
    second, done = (
        ask_second_review(by=by, visit=visit, evaluator=cast.anna.person) for visit in (other, twice)
    )
    make_second_review(by=cast.anna, review=done, marks=dict.fromkeys(_marked_in(edition), "1"))
    drawn = _drawn(cast, rynek, edition)
    values = {
        ("club/gift-values/", "of_year"): 2026,
        ("club/gifts/", "uid"): made.club.gift.uid,
        ("club/join/", "uid"): made.club.newcomer.uid,
        ("club/members/", "uid"): made.club.member.uid,
        ("club/stock/", "gesture"): made.club.promised.uid,
        ("club/stock/", "gift"): made.club.gift.uid,
        ("club/stock/", "uid"): rynek.uid,
        ("counter/panel/keys/", "uid"): _panel_key(cast).uid,
        ("calls/", "uid"): made.contacts.one.uid,
        ("calls/cards/", "sheet"): "a6",
        ("calls/cards/", "uid"): made.contacts.batch.uid,
        ("conversations/one/", "contact"): "talk-1",
        ("customers/files/", "uid"): made.purchases.uid,
        ("customers/", "uid"): made.customer.uid,
        ("conversations/uploads/", "uid"): made.upload.uid,
        ("demo/", "role"): "employee",
        ("editions/", "uid"): edition.uid,
        ("gestures/", "uid"): made.given.asked.uid,
        ("gestures/budgets/", "uid"): made.given.asked.budget.uid,
        ("gestures/policies/", "uid"): made.given.policy.uid,
        ("giving/", "uid"): made.given.asked.uid,
        ("notices/", "uid"): told.uid,
        ("organisation/files/", "kind"): "people",
        ("organisation/files/", "uid"): made.people.uid,
        ("organisation/invitation/", "token"): made.invitation,
        ("organisation/notices/", "uid"): told.uid,
        **{
            (f"organisation/notices/<str:uid>/{act}", "uid"): made.notice.uid
            for act in ("change", "drop", "give")
        },
        ("organisation/people/", "uid"): cast.darek.person.uid,
        ("organisation/places/", "uid"): rynek.uid,
        ("organisation/roles/", "slug"): made.role.slug,
        ("organisation/roster/", "uid"): rynek.uid,
        ("organisation/teams/", "uid"): made.team.uid,
        ("people/", "uid"): cast.darek.person.uid,
        ("places/", "uid"): rynek.uid,
        ("promise/", "token"): made.promise.token,
        ("recovery/", "uid"): made.case.uid,
        ("recovery-cases/", "uid"): made.case.uid,
        ("results/people/", "part"): first,
        ("results/people/", "person_uid"): cast.darek.person.uid,
        ("runs/", "uid"): run.uid,
        ("standards/editions/", "lang"): "en",
        ("standards/editions/", "part"): first,
        ("standards/editions/", "uid"): edition.uid,
        ("standards/ours/", "uid"): edition.uid,
        ("standards/ours/questions/", "uid"): made.question.uid,
        ("standards/promise/", "edition_id"): "salon",
        ("standards/studio/", "uid"): made.draft.uid,
        **_in_draft(made.draft.document),
        ("tokens/", "uid"): made.token.uid,
        ("visits/", "uid"): seen.uid,
        ("planned-visits/", "uid"): made.planned.uid,
        ("visits/planned/", "uid"): made.planned.uid,
        ("conversation-reviews/", "uid"): drawn.uid,
        ("visits/to-review/", "uid"): drawn.uid,
        ("second-reviews/", "uid"): second.uid,
        ("visits/one/<str:uid>/beside", "uid"): twice.uid,
        ("visits/second/", "uid"): second.uid,
        ("visits/files/", "edition_uid"): edition.uid,
        ("visits/files/", "uid"): made.visits.uid,
    }
    kept = [one for one in (settings.HOME / "files").rglob("*") if one.is_file()]
    files = {one: one.read_bytes() for one in kept}
    bodies = _bodies(cast, rynek, edition, made.given) | _bodies_of_customers(made.customer)
    joining = {"customer": made.club.newcomer.uid, "version": 1, "language": "pl"}
    bodies[("POST", "/club/members")] = joining
    bodies |= _bodies_of_second_reviews(cast, edition, seen) | _bodies_of_conversations(cast, edition)
    bodies[("POST", "/club/cards/scan")] = {"card": made.club.member.cards.get().number}
    return World(values, bodies, files)


def _drawn(cast, rynek, edition):
    """The conversation that is there, drawn for Borys to review."""
    return DrawnReview.objects.create(
        contact="talk-1",
        edition=edition,
        place=rynek,
        employee=cast.darek.person,
        occurred_at=datetime(2026, 10, 5, 10, tzinfo=UTC),
        channel="chat",
        evaluator=cast.borys.person,
        stratum="random",
        inclusion=0.2,
        drawn_by=cast.filip.person,
    )


def _marked_in(edition, channel="in_person"):
    """Its first standard of yes or no on the spot, or in this channel."""
    parts = edition.document["sequence"]
    standards = [one for part in parts for each in part["enhancers"] for one in each["standards"]]
    seen = (one for one in standards if channel in one["channels"])
    return [next(one["standard"] for one in seen if one.get("measure", "yes_no") == "yes_no")]


def _bodies_of_second_reviews(cast, edition, visit):
    return {
        ("POST", "/second-reviews"): {"visit": visit.uid, "evaluator": cast.anna.person.uid},
        ("POST", "/second-reviews/{uid}/giving"): {"evaluator": cast.anna.person.uid},
        ("POST", "/second-reviews/{uid}/marks"): {"marks": dict.fromkeys(_marked_in(edition), "1")},
        ("PUT", "/second-review-share"): {"share": 0.05},
        ("PUT", "/nights"): {"hour": 4},
    }


def _bodies_of_conversations(cast, edition):
    days = {"period_start": "2026-09-01", "period_end": "2026-12-31"}
    return {
        ("POST", "/conversation-reviews"): {"edition": edition.uid, "contacts": 5} | days,
        ("POST", "/conversation-reviews/{uid}/giving"): {"evaluator": cast.grazyna.person.uid},
        ("POST", "/conversation-reviews/{uid}/marks"): {
            "marks": dict.fromkeys(_marked_in(edition, "chat"), "1")
        },
    }


def _bodies_of_customers(customer):
    purchase = {"system": "till", "number": "P-9", "at": "2026-10-01T09:00:00Z", "customer": customer.uid}
    return {
        ("POST", "/customers"): {"name": "Ewa Mak"},
        ("PATCH", "/customers/{uid}"): {"name": "Ewa Mak"},
        ("POST", "/customers/{uid}/consents"): {"purpose": "card"},
        ("POST", "/purchases"): {"purchases": [purchase | {"amount_minor": 5_00, "currency": "PLN"}]},
    }


def _order(cast, rynek, edition):
    return Order(rynek, edition.uid, cast.borys.person, today_here(), "Szuka prezentu.", "personal")


def _panel_key(cast):
    """Darek's; afterwards the panel may stand nowhere, as before."""
    Keeping.objects.create(panel_origins=["https://chat.example.com"])
    cache.delete(KEPT_AS)
    made = make_panel_key(by=cast.darek, title="Chatwoot", grants=False, days=30)
    Keeping.objects.all().delete()
    cache.delete(KEPT_AS)
    return made.key


def _in_draft(document):
    """Ids of the first enhancer, standard and signal of a draft."""
    enhancers = [one for part in document["sequence"] for one in part.get("enhancers", ())]
    standards = [one for each in enhancers for one in each.get("standards", ())]
    return {
        ("standards/studio/", "enhancer_id"): enhancers[0]["enhancer"],
        ("standards/studio/", "standard_id"): standards[0]["standard"],
        ("standards/studio/", "signal_id"): next(iter(document["signals"])),
    }


def _bodies(cast, rynek, edition, given):
    """What is sent with each write of the interface: something that could be done."""
    person = Person.objects.get(pk=cast.edyta.person.pk)
    standard = next(
        one["standard"]
        for part in edition.document["sequence"]
        for enhancer in part.get("enhancers", ())
        for one in enhancer.get("standards", ())
        if one.get("measure", "yes_no") == "yes_no" and "in_person" in one["channels"]
    )
    return {
        ("POST", "/advice"): {"service": "encounter", "cues": ["hurried"], "record": True},
        ("POST", "/conversations"): {"conversations": [TALK | {"contact": "talk-2"}]},
        ("POST", "/gestures"): {
            "policy": given.policy.uid,
            "place": rynek.uid,
            "customer": given.customer.uid,
            "reason": "Czekała",
        },
        ("POST", "/codes/check"): {"code": given.code, "place": rynek.uid},
        ("POST", "/codes/redeem"): {
            "code": given.code,
            "place": rynek.uid,
            "purchase": {"minor": 60_00, "currency": "PLN"},
        },
        ("POST", "/people"): {"name": "Iga Mak", "role": "employee", "place": rynek.uid},
        ("POST", "/places"): {"name": "Stradom"},
        ("POST", "/planned-visits"): {
            "place": rynek.uid,
            "evaluator": cast.borys.person.uid,
            "due_on": today_here().isoformat(),
            "edition": edition.uid,
            "scenario": "Szuka prezentu.",
        },
        ("PATCH", "/places/{uid}"): {"name": "Mały Rynek"},
        ("POST", "/places/{uid}/shifts"): {
            "person": cast.darek.person.uid,
            "day": "2026-11-20",
            "begins": "08:00",
            "ends": "16:00",
        },
        ("POST", "/recovery-cases"): {
            "kind": "failure",
            "place": rynek.uid,
            "what": "Zimna woda",
            "happened_at": "2026-10-01T09:00:00Z",
        },
        ("POST", "/runs"): {"edition": edition.uid, "period_start": "2026-09-02"},
        ("POST", "/scorings"): {"edition": edition.uid},
        ("POST", "/visits"): {
            "contact": f"visit-of-{person.uid}",
            "edition": edition.uid,
            "place": rynek.uid,
            "occurred_at": "2026-10-01T09:00:00Z",
            "marks": {standard: "yes"},
        },
    }
