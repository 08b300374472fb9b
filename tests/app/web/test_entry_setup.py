"""The first run: a company, its administrator, and what to start with."""

from __future__ import annotations

import importlib
import os
import stat

import pytest
from django.test import Client

from gracja.app import wsgi
from gracja.app.common.models import AuditEntry
from gracja.app.common.refused import Refused
from gracja.app.organisation.models import Company, Role, User
from gracja.app.organisation.permissions import ROLES
from gracja.app.organisation.services.setup import set_up_company
from gracja.app.organisation.services.setup_code import is_setup_code, setup_code, setup_code_file
from gracja.app.standards.models import Draft
from gracja.app.web.entry.first_run import FirstRun

GIVEN = {
    "name": "Salony Lipa",
    "language": "pl",
    "zone": "Europe/Warsaw",
    "person_name": "Marta Zielińska",
    "login": "marta",
    "email": "marta@lipa.example",
    "password": "fotel lustro szampon",
}


@pytest.fixture
def visitor(db, monkeypatch):
    client = Client(headers={"accept-language": "en"})
    client.handler.load_middleware()  # its own FirstRun, which has not seen a company yet
    return client


@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/results/", "/me/", "/nothing"])
def test_before_there_is_a_company_every_page_leads_to_set_up(visitor, address):
    assert visitor.get(address).url == "/setup/"


def test_set_up_makes_the_company_its_roles_and_an_administrator_who_is_signed_in(visitor):
    answer = visitor.post("/setup/", GIVEN)

    user = User.objects.get()
    assert (answer.status_code, answer.url) == (302, "/setup/start/")
    assert (Company.objects.get().name, user.login, user.name) == ("Salony Lipa", "marta", "Marta Zielińska")
    assert [one.slug for one in Role.objects.all()] == [one.slug for one in ROLES]
    assert user.held[0].role.slug == "administrator"
    assert visitor.get("/setup/start/").status_code == 200
    assert AuditEntry.objects.filter(action="company.set_up", by_key=user.person.key).exists()


def test_the_company_s_language_is_spoken_afterwards(visitor):
    visitor.post("/setup/", GIVEN)

    assert 'lang="pl"' in visitor.get("/").content.decode()


def test_set_up_happens_once(visitor):
    set_up_company(**GIVEN)

    assert visitor.get("/setup/").url == "/"
    assert visitor.post("/setup/", GIVEN | {"login": "intruz"}).url == "/"
    with pytest.raises(Refused) as refused:
        set_up_company(**GIVEN | {"login": "intruz"})
    assert refused.value.code == "already_set_up"
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"password": "krótkie"}, "too short"),
        ({"password": "marta.zielińska"}, "too much like your name"),
        ({"password": "1234567890"}, "too common"),
        ({"login": "marta zielińska"}, "without spaces"),
        ({"email": "marta"}, 'id="id_email_error"'),
        ({"zone": "Mars/Olympus"}, 'id="id_zone_error"'),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(visitor, wrong, said):
    answer = visitor.post("/setup/", GIVEN | wrong)

    page = answer.content.decode()
    assert (answer.status_code, Company.objects.exists()) == (422, False)
    assert said in page
    assert 'value="Salony Lipa"' in page


def test_a_trade_becomes_a_draft(visitor):
    visitor.post("/setup/", GIVEN | {"language": "en"})

    answer = visitor.post("/setup/start/", {"trade": "salon"})

    assert answer.status_code == 302
    assert Draft.objects.get().document["id"] == "salon"


def test_a_trade_taken_twice_is_refused_in_words(visitor):
    visitor.post("/setup/", GIVEN | {"language": "en"})
    visitor.post("/setup/start/", {"trade": "salon"})

    assert visitor.post("/setup/start/", {"trade": "salon"}).status_code == 409
    assert Draft.objects.count() == 1


def test_who_may_not_draft_does_not_choose_a_trade(cast, signed_in):
    assert signed_in(cast.darek).get("/setup/start/").status_code == 403


def test_first_steps_stand_on_the_overview_until_hidden(cast, signed_in):
    client = signed_in(cast.grazyna)
    before = client.get("/").content.decode()

    hidden = client.post("/setup/hide/")
    again = client.post("/setup/hide/")

    assert "First steps" in before
    assert (hidden.status_code, again.status_code) == (302, 302)
    assert "First steps" not in client.get("/").content.decode()
    assert AuditEntry.objects.filter(action="company.hide_checklist").count() == 1


def test_the_first_steps_are_not_an_employee_s(cast, signed_in):
    client = signed_in(cast.darek)

    assert "First steps" not in client.get("/").content.decode()
    assert client.post("/setup/hide/").status_code == 403


def test_a_company_is_looked_for_until_there_is_one(company, rf, django_assert_num_queries):
    middleware = FirstRun(lambda _request: "answered")

    with django_assert_num_queries(1):
        assert [middleware(rf.get("/")) for _ in range(3)] == ["answered"] * 3


@pytest.fixture
def code(visitor, settings):
    """The code that was printed when Gracja was started for others to reach."""
    settings.SETUP_CODE_NEEDED = True
    return setup_code()


def test_where_others_can_reach_it_set_up_asks_for_the_code_that_was_printed(visitor, code):
    page = visitor.get("/setup/").content.decode()
    without = visitor.post("/setup/", GIVEN)
    wrong = visitor.post("/setup/", GIVEN | {"code": "AAAA-BBBB-CCCC"})

    assert 'name="code"' in page
    assert code not in page
    assert (without.status_code, wrong.status_code, Company.objects.exists()) == (422, 422, False)
    assert "This is not the code" in wrong.content.decode()
    assert 'value="Salony Lipa"' in wrong.content.decode()
    typed = f" {code.lower().replace('-', ' ')} "
    assert visitor.post("/setup/", GIVEN | {"code": typed}).url == "/setup/start/"
    assert not setup_code_file().exists()


def test_on_one_s_own_machine_set_up_asks_for_no_code(visitor):
    assert 'name="code"' not in visitor.get("/setup/").content.decode()


def test_the_code_is_its_owner_s_alone_and_new_at_each_start(code):
    assert stat.S_IMODE(setup_code_file().stat().st_mode) == 0o600
    assert setup_code() != code
    assert not is_setup_code(code)


def test_without_a_code_nobody_sets_up(visitor, code):
    setup_code_file().unlink()

    assert visitor.post("/setup/", GIVEN | {"code": ""}).status_code == 422
    assert visitor.post("/setup/", GIVEN | {"code": code}).status_code == 422
    assert not Company.objects.exists()


def test_who_guesses_the_code_waits_even_with_the_right_one(visitor, code, settings):
    tries = [
        visitor.post("/setup/", GIVEN | {"code": f"AAAA-BBBB-CCC{n}"}).status_code
        for n in range(settings.AXES_FAILURE_LIMIT)
    ]
    then = visitor.post("/setup/", GIVEN | {"code": code})

    assert tries == [422] * (settings.AXES_FAILURE_LIMIT - 1) + [429]
    assert then.status_code == 429
    assert "Too many wrong codes" in then.content.decode()
    assert not Company.objects.exists()


def test_where_there_is_a_company_no_code_is_made(company, settings):
    assert setup_code() == ""
    assert not setup_code_file().exists()


def test_under_another_server_the_page_leaves_a_code_in_the_data_folder(visitor, settings):
    settings.SETUP_CODE_NEEDED = True

    visitor.get("/setup/")
    left = setup_code_file().read_text()
    visitor.get("/setup/")

    assert setup_code_file().read_text() == left
    assert visitor.post("/setup/", GIVEN).status_code == 422
    assert visitor.post("/setup/", GIVEN | {"code": left}).url == "/setup/start/"


def test_under_another_server_it_is_taken_that_everybody_can_reach_it(monkeypatch):
    monkeypatch.delenv("GRACJA_SETUP_CODE", raising=False)

    importlib.reload(wsgi)

    assert os.environ["GRACJA_SETUP_CODE"] == "1"


def test_where_the_demo_cannot_stand_next_door_its_folder_is_named(visitor, settings):
    settings.SETUP_CODE_NEEDED = True

    page = visitor.get("/setup/").content.decode()

    assert '<code class="code">demo</code>' in page
    assert "beside this company" not in page
