from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from gracja.app.common.clock import now
from gracja.app.contacts.archive import company_archive
from gracja.app.contacts.models import ExternalId, Scoring, Upload
from gracja.app.contacts.services.importing import carry_out_upload
from gracja.app.contacts.services.receiving import receive_conversations
from gracja.app.contacts.services.scoring import carry_out_scoring
from gracja.app.organisation.models import StaffNotice
from gracja.archive.imports import import_conversations
from gracja.engine.tables import CONVERSATIONS

GREETING = "Dzień dobry, w czym mogę pomóc?"


def turn(speaker, text, employee=None):
    return {"speaker": speaker, "employee": employee, "text": text, "event": None, "at": None}


def row(contact, **fields):
    return {
        "contact": contact,
        "employee": "darek",
        "customer": None,
        "place": "KR-1",
        "channel": "chat",
        "language": "pl",
        "started_at": datetime(2026, 10, 5, 9, tzinfo=UTC),
        "complete": True,
        "turns": [turn("agent", GREETING), turn("customer", "Chcę <b>umówić</b> strzyżenie.")],
        **fields,
    }


@pytest.fixture
def talks(cast, edition, named_in_exports):
    november = datetime(2026, 11, 2, 9, tzinfo=UTC)
    rows = [
        row("rynek 1", started_at=november),
        row("galeria/1?#ż", place="KR-2", employee="edyta", started_at=november),
        row("rynek 2"),
        row("nowhere", place="Wieliczka", employee="ktoś", started_at=None),
    ]
    import_conversations(
        company_archive(), [pa.Table.from_pylist(rows, schema=CONVERSATIONS)], on_changed=lambda _: None
    )
    scoring = Scoring.objects.create(edition=edition)
    carry_out_scoring.call(scoring.uid)


@pytest.fixture
def given(cast, signed_in, edition):
    """`given("a.jsonl", bytes)`: Filip uploads it; the answer, and the upload if there is one."""

    def give(name, content):
        file = SimpleUploadedFile(name, content)
        answer = signed_in(cast.filip).post(reverse("uploads"), {"file": file})
        return answer, Upload.objects.first()

    return give


def lines(*contacts):
    turns = [{"speaker": "agent", "text": "Dzień dobry"}]
    rows = [{"contact": one, "channel": "chat", "employee": "X", "turns": turns} for one in contacts]
    return b"".join(json.dumps(one).encode() + b"\n" for one in rows)


def test_the_newest_month_is_listed_and_others_are_offered(signed_in, cast, talks):
    page = signed_in(cast.filip).get(reverse("conversations"))

    assert "2 conversations, November 2026" in page.content.decode()
    assert page.context["found"].months == ["2026-11", "2026-10", "unknown"]


@pytest.mark.parametrize(
    ("who", "month", "contacts"),
    [
        ("anna", "2026-11", ["rynek 1"]),
        ("celina", "2026-11", ["galeria/1?#ż"]),
        ("darek", "2026-11", ["rynek 1"]),
        ("darek", "unknown", []),
        ("anna", "unknown", []),
        ("hubert", "unknown", ["nowhere"]),
    ],
)
def test_everybody_sees_their_places_or_their_own(signed_in, cast, talks, who, month, contacts):
    page = signed_in(getattr(cast, who)).get(reverse("conversations"), {"month": month})

    assert [one.contact for one in page.context["page"]] == contacts


def test_conditions_narrow_the_list(signed_in, cast, talks, galeria):
    filip = signed_in(cast.filip)
    asked = {"place": galeria.uid, "named": "edyta", "channel": "chat", "month": "2026-11"}

    page = filip.get(reverse("conversations"), asked)
    nothing = filip.get(reverse("conversations"), asked | {"named": "darek"})

    assert [one.contact for one in page.context["page"]] == ["galeria/1?#ż"]
    assert "No conversation fits" in nothing.content.decode()


def test_a_conversation_shows_its_words_escaped_and_the_marks_at_their_evidence(signed_in, cast, talks):
    page = signed_in(cast.anna).get(reverse("conversation", args=["rynek 1"])).content.decode()

    assert "Chcę &lt;b&gt;umówić&lt;/b&gt; strzyżenie." in page
    assert re.search(r"<mark>Dzień dobry", page)
    assert 'href="#mark-1"' in page
    assert 'id="mark-1"' in page


def test_a_contact_with_any_signs_in_its_name_has_an_address(signed_in, cast, talks):
    address = reverse("conversation", args=["galeria/1?#ż"])

    assert re.fullmatch(r"/conversations/one/[\w-]+/", address)
    assert signed_in(cast.celina).get(address).status_code == 200
    assert signed_in(cast.edyta).get(address).status_code == 200


@pytest.mark.parametrize("who", ["anna", "darek"])
def test_a_conversation_of_another_place_is_not_there(signed_in, cast, talks, who):
    assert (
        signed_in(getattr(cast, who)).get(reverse("conversation", args=["galeria/1?#ż"])).status_code == 404
    )


@pytest.mark.parametrize("address", ["!!!", "A", "__________"])
def test_an_address_that_is_no_contact_is_not_there(signed_in, cast, talks, address):
    assert signed_in(cast.filip).get(f"/conversations/one/{address}/").status_code == 404


def test_an_employee_sees_no_marks_of_a_colleague_in_a_conversation_they_took_over(
    signed_in, cast, edition, named_in_exports
):
    turns = [turn("agent", GREETING), turn("agent", "Przejmuję rozmowę.", "darek")]
    shared = row("shared", place="KR-2", employee="edyta", turns=turns)
    import_conversations(
        company_archive(), [pa.Table.from_pylist([shared], schema=CONVERSATIONS)], on_changed=lambda _: None
    )
    carry_out_scoring.call(Scoring.objects.create(edition=edition).uid)

    def marks(user):
        talk = signed_in(user).get(reverse("conversation", args=["shared"])).context["talk"]
        return [seen for _, rows in talk.parts for seen in rows]

    assert len(marks(cast.celina)) > len(marks(cast.darek))


def test_lists_and_pages_need_few_queries(signed_in, cast, talks, django_assert_max_num_queries):
    filip = signed_in(cast.filip)
    with django_assert_max_num_queries(15):
        filip.get(reverse("conversations"))
    with django_assert_max_num_queries(15):
        filip.get(reverse("conversation", args=["rynek 1"]))


def test_before_the_first_upload_the_page_says_what_to_do(signed_in, cast):
    assert reverse("uploads") in signed_in(cast.filip).get(reverse("conversations")).content.decode()
    assert "uploads conversations" in signed_in(cast.anna).get(reverse("conversations")).content.decode()


def test_a_file_is_given_explained_and_followed_to_its_end(signed_in, cast, given):
    filip = signed_in(cast.filip)
    answer, upload = given(
        "rozmowy.csv", "Rozmowa;Kto;Treść\nR1;Doradca;Dzień dobry\nR1;Gość;Halo\n".encode()
    )
    assert answer.url == reverse("upload", args=[upload.uid])

    page = filip.get(answer.url)
    assert "Check what the columns of the file mean." in page.content.decode()
    form = {name: field.initial or "" for name, field in page.context["form"].fields.items()}
    speakers = page.context["form"].speakers
    guest = next(one.html_name for one in speakers if "Gość" in str(one.label))
    started = filip.post(answer.url, form | {guest: "customer"})
    assert started.status_code == 302

    waiting = filip.get(answer.url)
    assert 'hx-trigger="every 2s"' in waiting.content.decode()
    carry_out_upload.call(upload.uid)
    upload.refresh_from_db()
    carry_out_scoring.call(upload.scoring.uid)
    done = filip.get(answer.url).content.decode()
    assert "1 new conversation is here." in done
    assert "every 2s" not in done
    assert filip.get(answer.url, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def test_what_is_missing_is_said_and_nothing_chosen_is_lost(signed_in, cast, given):
    filip = signed_in(cast.filip)
    _, upload = given("a.csv", b"x,y,z\nR1,agent,Halo\n")

    answer = filip.post(
        reverse("upload", args=[upload.uid]),
        {"column_contact": "0", "column_speaker": "1", "zone": "Europe/Paris"},
    )

    assert answer.status_code == 422
    assert answer.context["form"]["column_speaker"].value() == "1"
    assert answer.context["form"]["zone"].value() == "Europe/Paris"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("a.xlsx", b"PK\x03\x04", "a.xlsx"), ("a.csv", b"PK\x03\x04", "a.csv"), ("a.pdf", b"%PDF-1.7", "a.pdf")],
)
def test_a_file_of_another_kind_is_refused_beside_the_field(given, name, content, said):
    answer, upload = given(name, content)

    assert (answer.status_code, upload) == (422, None)
    assert said in answer.content.decode()


def test_rejected_rows_come_with_reasons_in_the_readers_language(signed_in, cast, given):
    _, upload = given("a.jsonl", lines("c1") + b'{"contact": "=1+1", "channel": "pigeon", "turns": []}\n')
    filip = signed_in(cast.filip, language="pl")
    filip.post(reverse("upload", args=[upload.uid]), {"language": "", "edition": ""})
    carry_out_upload.call(upload.uid)

    answer = filip.get(reverse("upload_rejected", args=[upload.uid]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig").replace("\u00a0", " ")

    assert text.splitlines()[0] == "Wiersz;Rozmowa;Dlaczego i co zrobić;Treść wiersza"
    assert text.splitlines()[1].startswith("2;'=1+1;")
    assert len(text.splitlines()) == 2


def test_names_nobody_knows_can_be_mapped(signed_in, cast, given):
    _, upload = given("a.jsonl", lines("c1"))
    filip = signed_in(cast.filip)
    filip.post(reverse("upload", args=[upload.uid]), {"language": "", "edition": ""})
    carry_out_upload.call(upload.uid)
    page = filip.get(reverse("upload", args=[upload.uid]))
    assert [one.name for one in page.context["unknown"]] == ["X"]

    filip.post(reverse("upload_names", args=[upload.uid]), {"name_0": "X", "ours_0": cast.darek.person.uid})

    assert ExternalId.objects.get().person == cast.darek.person


@pytest.mark.parametrize("who", ["anna", "borys", "darek", "hubert"])
def test_uploads_are_for_those_who_may_import(signed_in, cast, given, who):
    _, upload = given("a.jsonl", lines("c1"))
    client = signed_in(getattr(cast, who))

    assert client.get(reverse("uploads")).status_code == 404
    for name in ("upload", "upload_rejected"):
        assert client.get(reverse(name, args=[upload.uid])).status_code == 404
    for name in ("retry_upload", "drop_upload", "upload_names"):
        assert client.post(reverse(name, args=[upload.uid])).status_code == 404
    assert client.post(reverse("score_conversations")).status_code == 404


def test_a_failed_file_can_be_tried_again_or_deleted(signed_in, cast, given):
    _, upload = given("a.jsonl", lines("c1"))
    Upload.objects.update(state="failed", trouble={"code": "gzip_broken", "facts": {"problem": "x"}})
    filip = signed_in(cast.filip)

    assert "a.jsonl" in filip.get(reverse("upload", args=[upload.uid])).content.decode()
    filip.post(reverse("retry_upload", args=[upload.uid]))
    upload.refresh_from_db()
    assert upload.state == "queued"
    assert filip.post(reverse("drop_upload", args=[upload.uid])).status_code == 409
    Upload.objects.update(state="failed")
    filip.post(reverse("drop_upload", args=[upload.uid]))
    assert not Upload.objects.exists()


def test_a_file_that_broke_off_says_how_much_was_read_before_that(signed_in, cast, given):
    _, upload = given("a.jsonl", lines("c1"))
    broke = {"code": "json_not_object", "facts": {"given": "7"}, "line": 12_345}
    Upload.objects.update(state="failed", trouble=broke, counts={"read": 12_000})

    page = signed_in(cast.filip).get(reverse("upload", args=[upload.uid])).content.decode()

    assert "a.jsonl, line 12345: " in page
    assert "12,000 conversations were read before that." in page
    assert "Try again" in page


def test_a_file_that_somebody_took_away_while_it_waited_is_chosen_anew(signed_in, cast, given, settings):
    _, upload = given("a.jsonl", lines("c1"))
    filip = signed_in(cast.filip)
    filip.post(reverse("upload", args=[upload.uid]), {"language": "", "edition": ""})
    (settings.HOME / "files" / upload.stored_as).unlink()
    carry_out_upload.call(upload.uid)

    page = filip.get(reverse("upload", args=[upload.uid])).content.decode()

    assert "This file is no longer here. Upload it again." in page
    assert "Try again" not in page


def test_the_headline_follows_from_reading_to_scoring(signed_in, cast, given, edition):
    _, upload = given("a.jsonl", lines("c1"))
    filip, htmx = signed_in(cast.filip), {"HX-Request": "true"}
    page = reverse("upload", args=[upload.uid])
    filip.post(page, {"language": "", "edition": edition.uid})
    assert "reading=1" in filip.get(page).content.decode()
    carry_out_upload.call(upload.uid)

    followed = filip.get(page, {"reading": "1"}, headers=htmx)
    assert followed.headers["HX-Refresh"] == "true"
    assert "being scored" in followed.content.decode()
    assert "HX-Refresh" not in filip.get(page, {"reading": "0"}, headers=htmx).headers


def test_all_conversations_can_be_scored_with_another_edition(signed_in, cast, talks, edition):
    signed_in(cast.filip).post(reverse("score_conversations"), {"edition": edition.uid})

    assert Scoring.objects.filter(state="queued").count() == 1


@pytest.mark.parametrize("name", ["retry_upload", "drop_upload", "upload_names"])
def test_what_changes_something_is_asked_by_post(signed_in, cast, given, name):
    _, upload = given("a.jsonl", lines("c1"))

    assert signed_in(cast.filip).get(reverse(name, args=[upload.uid])).status_code == 405


@pytest.mark.parametrize(("day", "said"), [("2026-11-21", "1 of 2 conversations"), ("2026-11-23", "All 2")])
def test_conversations_of_days_that_are_not_measured_are_said(signed_in, cast, given, day, said):
    StaffNotice.objects.create(sources=["automatic"], given_at=now(), measured_from=date.fromisoformat(day))
    turns = [{"speaker": "agent", "text": "Dzień dobry"}]
    at = ("2026-11-20T09:00:00Z", "2026-11-22T09:00:00Z")
    rows = [
        {"contact": f"c{n}", "channel": "chat", "started_at": one, "turns": turns} for n, one in enumerate(at)
    ]
    _, upload = given("a.jsonl", b"".join(json.dumps(one).encode() + b"\n" for one in rows))
    filip = signed_in(cast.filip)
    filip.post(reverse("upload", args=[upload.uid]), {"language": "", "edition": ""})
    carry_out_upload.call(upload.uid)

    pages = [
        filip.get(reverse("upload", args=[upload.uid])).text.replace("\u00a0", " "),
        filip.get(reverse("runs")).text.replace("\u00a0", " "),
    ]

    assert all(said in page and "the first day that is measured" in page for page in pages)


@pytest.mark.usefixtures("edition")
def test_conversations_that_a_program_sent_are_said_too(signed_in, cast):
    told = date(2026, 11, 21)
    StaffNotice.objects.create(sources=["automatic"], given_at=now(), measured_from=told)
    days = ("2026-10-05", "2026-11-20", "2026-11-22")
    receive_conversations(
        by=cast.filip,
        records=[
            {
                "contact": f"c{n}",
                "channel": "chat",
                "started_at": f"{day}T09:00:00Z",
                "turns": [{"speaker": "agent", "text": "Dzień dobry"}],
            }
            for n, day in enumerate(days)
        ],
    )

    page = signed_in(cast.filip).get(reverse("runs")).text.replace("\u00a0", " ")

    assert "2 of 3 conversations" in page


def test_nothing_is_said_where_every_conversation_counts(signed_in, cast, given, told):
    _, upload = given("a.jsonl", lines("c1"))
    filip = signed_in(cast.filip)
    filip.post(reverse("upload", args=[upload.uid]), {"language": "", "edition": ""})
    carry_out_upload.call(upload.uid)

    assert "the first day that is measured" not in filip.get(reverse("upload", args=[upload.uid])).text
