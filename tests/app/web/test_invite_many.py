"""Many people invited at once: pasted or from a file."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gracja.app.organisation.models import Invitation, Person

LIST = """ala.nowa@firma.pl;Alicja Nowa;Pracownik;Rynek
jan.kos@firma.pl
"""


@pytest.fixture
def said(rynek):
    """What the form sends."""
    return {"text": LIST, "role": "employee", "place": rynek.uid, "do": "look"}


def test_a_pasted_list_is_looked_at_first_and_nothing_is_written(cast, signed_in, said):
    page = signed_in(cast.filip).post(reverse("invite_many"), said)

    assert page.status_code == 200
    assert "2 people would be invited." in page.text
    assert "Jan Kos, jan.kos@firma.pl" in page.text
    assert not Invitation.objects.exists()


def test_everybody_gets_a_link_that_works_and_the_role_that_was_said(cast, signed_in, client, said):
    page = signed_in(cast.filip).post(reverse("invite_many"), said | {"do": "invite"})

    links = re.findall(r"ala\.nowa@firma\.pl;Alicja Nowa;http://testserver(\S+)", page.text)
    assert client.get(links[0]).status_code == 200
    held = Person.objects.get(email="jan.kos@firma.pl").memberships.get()
    assert (held.role.slug, held.place.name) == ("employee", "Rynek")
    assert Invitation.objects.count() == 2


def test_inviting_the_same_list_again_leaves_the_first_links_alone(cast, signed_in, said):
    client = signed_in(cast.filip)
    client.post(reverse("invite_many"), said | {"do": "invite"})
    before = set(Invitation.objects.values_list("token_hash", "withdrawn_at"))

    page = client.post(reverse("invite_many"), said | {"do": "invite"})

    assert "Nobody was left to invite." in page.text
    assert set(Invitation.objects.values_list("token_hash", "withdrawn_at")) == before


def test_wrong_lines_are_named_and_left_out_only_when_that_is_said(cast, signed_in, said):
    cast.darek.person.email = "darek@firma.pl"
    cast.darek.person.save()
    wrong = "to-nie-adres@;X\ndarek@firma.pl;Darek Lis\nola@firma.pl;Ola;Szef;Rynek\n"
    text = f"{LIST}{wrong}OLA2@firma.pl;Ola;;Nigdzie\n"
    client = signed_in(cast.filip)

    looked = client.post(reverse("invite_many"), said | {"text": text})
    refused = client.post(reverse("invite_many"), said | {"text": text, "do": "invite"})
    there = Invitation.objects.count()
    client.post(reverse("invite_many"), said | {"text": text, "do": "invite", "leave_wrong": "1"})

    assert [one[0].line for one in looked.context["faults"]] == [3, 4, 5, 6]
    assert "has an account already" in looked.text
    assert (refused.status_code, there, "to-nie-adres@" in refused.text) == (422, 0, True)
    assert Invitation.objects.count() == 2


@pytest.mark.parametrize(
    "text",
    ["a.b@x.pl, c.d@x.pl; e@x.pl", "a.b@x.pl\nc.d@x.pl\ne@x.pl\n", "E-mail\na.b@x.pl\nc.d@x.pl\ne@x.pl"],
)
def test_addresses_alone_are_enough(cast, signed_in, said, text):
    page = signed_in(cast.filip).post(reverse("invite_many"), said | {"text": text})

    assert page.context["counts"] == {"add": 3, "change": 0, "same": 0, "wrong": 0}


def test_what_a_file_holds_comes_into_the_field_to_be_corrected_there(cast, signed_in, said):
    file = SimpleUploadedFile("lista.csv", "E-mail;Osoba\nzaneta@x.pl;Żaneta Źdźbło\n".encode("cp1250"))

    page = signed_in(cast.filip).post(reverse("invite_many"), said | {"text": "", "file": file})

    assert "zaneta@x.pl;Żaneta Źdźbło" in page.text
    assert page.context["counts"]["add"] == 1


@pytest.mark.parametrize(
    ("text", "why"),
    [("", "empty"), ("Kto;Co\nAla;1\n", "E-mail"), ("\n".join(f"p{n}@x.pl" for n in range(101)), "100")],
)
def test_a_list_that_cannot_be_taken_is_refused_beside_the_field(cast, signed_in, said, text, why):
    page = signed_in(cast.filip).post(reverse("invite_many"), said | {"text": text})

    assert page.status_code == 422
    assert why in str(page.context["form"].errors["text"])


def test_a_place_lead_invites_to_her_own_place_only(cast, signed_in, said):
    client = signed_in(cast.anna)

    page = client.post(
        reverse("invite_many"), said | {"text": "x@x.pl;X;Pracownik;Galeria\ny@x.pl;Y;Administrator"}
    )

    assert [one[0].code for one in page.context["faults"]] == ["row_place_not_yours", "permission_not_yours"]


@pytest.mark.parametrize("name", ["darek", "hubert", "borys"])
def test_who_manages_nobody_finds_no_such_page(cast, signed_in, said, name):
    client = signed_in(getattr(cast, name))

    assert client.get(reverse("invite_many")).status_code == 404
    assert client.post(reverse("invite_many"), said | {"do": "invite"}).status_code == 404
