"""The companies that the pages are measured with: the cast of the tests, and a crowd around it."""

from __future__ import annotations

import secrets
from datetime import UTC, date, datetime, timedelta

from gracja.app.common import audit
from gracja.app.common.models import AuditEntry
from gracja.app.measurement.models import Result, ResultSeen, Run
from gracja.app.observations.models import Mark, Visit
from gracja.app.organisation.models import Company, Membership, Person, Place, User
from gracja.app.organisation.services.setup import make_built_in_roles
from gracja.app.standards.models import Draft, Edition
from gracja.engine.edition.bundled import bundled_text
from gracja.engine.edition.read import edition_from_json, read_edition
from gracja.engine.edition.write import as_json, edition_digest

MEASURES = ("base", "fit", "initiative")


def make(*, people: int, places: int, standards: int) -> tuple[User, Person, Edition, Draft]:
    """A company of this size with an edition in force, the same as a draft, a run, a visit to everybody and a
    log. The administrator, somebody measured, the edition, the draft.
    """
    Company.objects.create(name="Salony Gracja")
    roles = make_built_in_roles()
    region = Place.objects.create(kind=Place.REGION, name="Polska")
    shops = [Place.objects.create(name=f"Salon {n}", code=f"S-{n}", parent=region) for n in range(places)]
    staff = Person.objects.bulk_create(
        [
            Person(name=f"Osoba {n}", found_by=f"osoba {n}", code=f"O-{n}", email=f"o{n}@salony.example")
            for n in range(people)
        ],
        batch_size=1000,
    )
    Membership.objects.bulk_create(
        [
            Membership(person=one, role=roles["employee"], place=shops[n % places])
            for n, one in enumerate(staff)
        ],
        batch_size=1000,
    )
    admin = Person.objects.create(name="Grażyna Bąk")
    Membership.objects.create(person=admin, role=roles["administrator"])
    user = User(person=admin, login="grazyna")
    user.set_password(secrets.token_urlsafe(12))
    user.save()
    edition = _edition(standards)
    draft = Draft.objects.create(edition_id="salon", document=edition.document, based_on=edition)
    _run(edition, staff, shops)
    _visits(edition, staff, shops, admin)
    AuditEntry.objects.bulk_create(
        [audit.entry("person.change", by=user, subject=("person", one.key)) for one in staff], batch_size=1000
    )
    return user, staff[0], edition, draft


def _edition(standards: int) -> Edition:
    """The bundled salon; its last enhancer gets copies of its standards until there are so many."""
    document = as_json(read_edition(bundled_text("salon")).edition)
    enhancer = document["sequence"][-1]["enhancers"][-1]
    model = enhancer["standards"][0]
    there = sum(1 for _ in edition_from_json(document).standards())
    enhancer["standards"] += [model | {"standard": f"copy_{n}"} for n in range(standards - there)]
    edition = edition_from_json(document)
    return Edition.objects.create(
        edition_id=edition.id,
        version=edition.version,
        document=document,
        digest=edition_digest(edition),
        effective_from=date(2026, 9, 1),
        must_acknowledge=["employee"],
    )


def _run(edition: Edition, staff: list[Person], shops: list[Place]) -> None:
    """Results for everybody: what they are does not matter here, how many there are does."""
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    run = Run.objects.create(
        edition=edition,
        period_start=date(2026, 9, 1),
        period_end=date(2026, 10, 31),
        state="done",
        basis={"on": "human", "rows": {"visit": 40 * len(staff)}},
        finished_at=moment,
    )
    names = [one.standard for _, _, one in edition_from_json(edition.document).standards()]
    seen = [
        {"standard": name, "met": 15.0, "marks": 20, "share": 0.75, "low": 0.53, "high": 0.89}
        | {"good": None, "bad": None}
        for name in names
    ]
    subjects = [
        *(("employee", one.key, one.pk, None) for one in staff),
        *(("place", one.uid, None, one.pk) for one in shops),
        *(("standard", name, None, None) for name in names),
    ]
    made = Result.objects.bulk_create(
        [
            Result(
                run=run,
                subject_kind=kind,
                subject=subject,
                person_id=person,
                place_id=place,
                contacts=20,
                base=0.8,
                row=_row(kind, subject),
            )
            for kind, subject, person, place in subjects
        ],
        batch_size=500,
    )
    ResultSeen.objects.bulk_create(
        (ResultSeen(result=one, standards=seen) for one in made if one.subject_kind == "employee"),
        batch_size=500,
    )


def _visits(edition: Edition, staff: list[Person], shops: list[Place], evaluator: Person) -> None:
    """A visit to everybody, with a dozen marks."""
    names = [one.standard for _, _, one in edition_from_json(edition.document).standards()][:12]
    visits = Visit.objects.bulk_create(
        [
            Visit(
                contact=f"V-{n}",
                edition=edition,
                place=shops[n % len(shops)],
                employee=one,
                evaluator=evaluator,
                occurred_at=datetime(2026, 9, 1, 9, tzinfo=UTC) + timedelta(minutes=n),
                recorded_by=evaluator,
            )
            for n, one in enumerate(staff)
        ],
        batch_size=1000,
    )
    Mark.objects.bulk_create(
        (
            Mark(visit=one, standard=name, status="marked", value=float((n + at) % 4 > 0))
            for n, one in enumerate(visits)
            for at, name in enumerate(names)
        ),
        batch_size=5000,
    )


def _row(kind: str, subject: str) -> dict[str, object]:
    shares = {
        f"{name}{end}": value
        for name in MEASURES
        for end, value in (("", 0.8), ("_low", 0.7), ("_high", 0.88))
    }
    return {
        "subject_kind": kind,
        "subject": subject,
        "contacts": 20,
        "observations": 400,
        "evaluators": 3,
        "classic": 80.0,
        "measure": 1.2,
        "se": 0.3,
        "grade": None,
        "grade_probability": None,
        "needed": 40,
        "rank_low": 1,
        "rank_high": 20,
        "tier": 1,
        "provisional": None,
        **shares,
    }
