"""The cast of the application's tests.

Anna leads Rynek; Borys evaluates; Celina leads Galeria and must see nothing of Rynek; Darek serves customers
at Rynek, Edyta at Galeria; Filip is the service manager of the whole company; Grażyna administers; Hubert
analyses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from app.at_once import at_once, together_after  # noqa: F401  (fixtures)
from app.calling import calling  # noqa: F401  (a fixture)
from app.measuring import archive_made, archived, demo, salon, told, visits  # noqa: F401  (fixtures)
from app.world import world  # noqa: F401  (a fixture)
from django.core.cache import cache
from django.core.management.color import no_style
from django.core.management.sql import sql_flush
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test import Client

from gracja.app.contacts.models import ExternalId
from gracja.app.organisation.models import Company, Membership, Person, Place, Role, User
from gracja.app.organisation.services.setup import make_built_in_roles
from gracja.app.standards.models import Edition
from gracja.engine.edition.write import as_json, edition_digest

PASSWORD = "tylko-do-prób-2026"


@pytest.fixture(autouse=True)
def _own_data_folder(settings, tmp_path):
    """Every test has an archive and files of its own, and need not wait for slow hashes."""
    settings.HOME = tmp_path / "home"
    settings.HOME.mkdir()
    cache.clear()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _append_only_tables_are_emptied_too(request):
    """After a test with real transactions (marked `django_db(transaction=True)`) all rows are deleted, which
    SQLite's triggers forbid; PostgreSQL's are not asked when a table is truncated.
    """
    marker = request.node.get_closest_marker("django_db")
    if not (marker and marker.kwargs.get("transaction")) or connection.vendor != "sqlite":
        yield
        return
    request.getfixturevalue("db")  # so that this one ends first
    yield
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _ in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        connection.ops.execute_sql_flush(sql_flush(no_style(), connection, allow_cascade=False))
        for _, made in triggers:
            cursor.execute(made)


@dataclass(frozen=True)
class Cast:
    anna: User
    borys: User
    celina: User
    darek: User
    edyta: User
    filip: User
    grazyna: User
    hubert: User


@pytest.fixture
def company(db):
    return Company.objects.create(name="Salony Gracja", language="pl")


@pytest.fixture
def roles(db):
    return make_built_in_roles()


@pytest.fixture
def krakow(company):
    return Place.objects.create(kind=Place.REGION, name="Kraków")


@pytest.fixture
def rynek(krakow):
    return Place.objects.create(name="Rynek", code="KR-1", parent=krakow)


@pytest.fixture
def galeria(krakow):
    return Place.objects.create(name="Galeria", code="KR-2", parent=krakow)


def make_user(name: str, role: Role, place: Place | None = None) -> User:
    """Somebody with an account and one role; their login is their first name in small letters."""
    login = name.split(maxsplit=1)[0].lower()
    person = Person.objects.create(name=name, email=f"{login}@salony.example", code=login)
    Membership.objects.create(person=person, role=role, place=place)
    user = User(person=person, login=login, email=person.email)
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def cast(roles, rynek, galeria) -> Cast:
    return Cast(
        anna=make_user("Anna Wilk", roles["place_lead"], rynek),
        borys=make_user("Borys Sowa", roles["evaluator"]),
        celina=make_user("Celina Ryś", roles["place_lead"], galeria),
        darek=make_user("Darek Lis", roles["employee"], rynek),
        edyta=make_user("Edyta Kos", roles["employee"], galeria),
        filip=make_user("Filip Żuk", roles["service_manager"]),
        grazyna=make_user("Grażyna Bąk", roles["administrator"]),
        hubert=make_user("Hubert Jeż", roles["analyst"]),
    )


@pytest.fixture
def named_in_exports(cast) -> None:
    """Exports call everybody by their login."""
    for user in vars(cast).values():
        ExternalId.objects.create(system="upload", value=user.login, person=user.person)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The PostgreSQL of a run is thrown away whole: no database in it need be dropped first."""
    return connection.vendor == "postgresql"


@pytest.fixture
def one_connection():
    """A request ends with its connection closed; where tests run in a transaction, that is theirs."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def signed_in():
    """`signed_in(cast.anna)`: a client in whose browser she is signed in."""

    def as_(user: User, *, language: str = "en") -> Client:
        client = Client(headers={"accept-language": language})
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    return as_


@pytest.fixture
def edition(company, request) -> Edition:
    """The bundled salon, published as salon@1 and in force since September; in the world that has one of
    everything, employees must acknowledge it.
    """
    document = salon()
    return Edition.objects.create(
        edition_id=document.id,
        version=document.version,
        document=as_json(document),
        digest=edition_digest(document),
        effective_from=date(2026, 9, 1),
        must_acknowledge=["employee"] if "world" in request.fixturenames else [],
    )
