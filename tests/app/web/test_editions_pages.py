"""Pages of published editions: reading, acknowledging, asking, publishing, promising."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from gracja.app.common.clock import today
from gracja.app.standards.models import Acknowledgement, Draft, Edition, PromisePage, Question
from gracja.app.standards.selectors.editions import to_acknowledge
from gracja.app.standards.services.drafts import change_draft
from gracja.app.standards.services.drafts_start import start_draft
from gracja.app.standards.services.promise import save_promise
from gracja.app.standards.services.publishing import publish_draft

QUERIES = 15


@pytest.fixture
def draft(cast):
    return start_draft(by=cast.filip, from_bundled="salon")


@pytest.fixture
def edition(cast, draft):
    return publish_draft(
        by=cast.filip,
        draft_uid=draft.uid,
        seen=draft.revision,
        effective_from=today(),
        reasons={},
        must_acknowledge=["employee"],
    )


def words(answer):
    return answer.content.decode()


class TestOurStandards:
    def test_an_employee_reads_the_edition_in_force(self, cast, signed_in, edition):
        said = words(signed_in(cast.darek, language="pl").get(reverse("our_standards")))

        assert "„Co zmieniamy, a\N{NO-BREAK SPACE}co zostaje?”" in said
        assert "To co zwykle?" in said  # and what it is like when it is not met
        assert reverse("acknowledge_edition", args=[edition.uid]) in said

    def test_without_an_edition_the_page_says_who_makes_one(self, cast, signed_in):
        assert "No standards are in force today" in words(signed_in(cast.darek).get(reverse("our_standards")))

    def test_acknowledging_twice_is_acknowledging_once(self, cast, signed_in, edition):
        client = signed_in(cast.darek)
        assert to_acknowledge(by=cast.darek) == [edition]

        for _time in range(2):
            answer = client.post(reverse("acknowledge_edition", args=[edition.uid]))
            assert (answer.status_code, answer.url) == (302, reverse("our_edition", args=[edition.uid]))

        assert Acknowledgement.objects.filter(edition=edition).count() == 1
        assert to_acknowledge(by=cast.darek) == []
        assert "You said on" in words(client.get(reverse("our_standards")))

    def test_acknowledging_is_posted(self, cast, signed_in, edition):
        assert (
            signed_in(cast.darek).get(reverse("acknowledge_edition", args=[edition.uid])).status_code == 405
        )

    def test_a_question_is_asked_and_answered_where_it_was_asked(self, cast, signed_in, edition):
        there = f"{reverse('ask_question', args=[edition.uid])}?standard=greet"
        signed_in(cast.darek).post(there, {"standard": "greet", "text": "A co, gdy mam mokre ręce?"})
        question = Question.objects.get()

        lead = signed_in(cast.anna)
        assert "mokre ręce" in words(lead.get(reverse("questions")))
        lead.post(
            reverse("answer_question", args=[question.uid]),
            {f"{question.uid}-text": "Wystarczy „Dzień dobry”."},
        )

        assert "Wystarczy „Dzień dobry”." in words(signed_in(cast.darek).get(reverse("our_standards")))

    def test_an_empty_question_comes_back_with_a_remedy(self, cast, signed_in, edition):
        answer = signed_in(cast.darek).post(reverse("ask_question", args=[edition.uid]), {"text": " "})

        assert answer.status_code == 422
        assert not Question.objects.exists()

    def test_nobody_answers_questions_of_another_place(self, cast, signed_in, edition):
        signed_in(cast.darek).post(reverse("ask_question", args=[edition.uid]), {"text": "Dlaczego?"})
        question = Question.objects.get()

        celina = signed_in(cast.celina)
        assert "Dlaczego" not in words(celina.get(reverse("questions")))
        answer = celina.post(
            reverse("answer_question", args=[question.uid]), {f"{question.uid}-text": "Bo tak"}
        )
        assert answer.status_code == 404
        # neither does an employee, and an empty answer tells them no more
        darek = signed_in(cast.darek)
        assert darek.post(reverse("answer_question", args=[question.uid])).status_code == 404

    def test_whoever_answers_nothing_has_no_page_of_questions(self, cast, signed_in):
        assert signed_in(cast.darek).get(reverse("questions")).status_code == 404


class TestEditions:
    def test_the_list_and_the_edition_are_there_to_read(self, cast, signed_in, edition):
        client = signed_in(cast.filip)

        assert "Hair salon" in words(client.get(reverse("editions")))
        said = words(client.get(reverse("edition", args=[edition.uid])))
        assert "Says <span" in said
        assert "0 / 2" in said  # Darek and Edyta must acknowledge it

    def test_a_place_lead_sees_the_readers_of_their_place_only(self, cast, signed_in, edition):
        said = words(signed_in(cast.anna).get(reverse("edition_readers", args=[edition.uid])))

        assert "Darek Lis" in said
        assert "Edyta Kos" not in said

    def test_an_employee_sees_nobody_s_acknowledgement(self, cast, signed_in, edition):
        client = signed_in(cast.darek)

        assert "Who has read it" not in words(client.get(reverse("edition", args=[edition.uid])))
        assert client.get(reverse("edition_readers", args=[edition.uid])).status_code == 404

    def test_an_edition_that_is_not_there_is_not_found(self, cast, signed_in):
        assert signed_in(cast.filip).get(reverse("edition", args=["not-there"])).status_code == 404

    @pytest.mark.usefixtures("company")
    def test_strangers_are_asked_to_sign_in(self):
        for name in ("editions", "our_standards", "questions"):
            assert Client().get(reverse(name)).status_code == 302

    @pytest.mark.parametrize("name", ["edition", "our_edition", "edition_readers"])
    def test_pages_ask_the_database_little(
        self, cast, signed_in, edition, name, django_assert_max_num_queries
    ):
        client = signed_in(cast.filip)
        with django_assert_max_num_queries(QUERIES):
            assert client.get(reverse(name, args=[edition.uid])).status_code == 200


class TestPublishing:
    def sent(self, draft, **given):
        fresh = Draft.objects.get(pk=draft.pk)
        return {
            "seen": fresh.revision,
            "effective_from": today().isoformat(),
            "must_acknowledge": ["employee"],
        } | given

    def test_a_service_manager_reviews_and_publishes(self, cast, signed_in, draft):
        client = signed_in(cast.filip)
        address = reverse("studio_publish", args=[draft.uid])

        assert "Publish edition 1" in words(client.get(address))
        answer = client.post(address, self.sent(draft))

        edition = Edition.objects.get()
        assert (answer.status_code, answer.url) == (302, reverse("edition", args=[edition.uid]))
        assert "Nothing has changed since edition 1" in words(client.get(address))

    def test_a_day_that_has_passed_is_refused_and_nothing_typed_is_lost(self, cast, signed_in, draft):
        answer = signed_in(cast.filip).post(
            reverse("studio_publish", args=[draft.uid]), self.sent(draft, effective_from="2020-01-01")
        )

        assert answer.status_code == 422
        assert 'value="2020-01-01"' in words(answer)
        assert "cannot apply to days that have passed" in words(answer)

    def test_what_may_stand_is_told_in_words_and_not_as_yaml(self, cast, signed_in, draft):
        standard = {"behaviour": {"pl": "Pyta, na kiedy", "en": "Asks for when"}, "channels": ["chat"]}
        part = draft.document["sequence"][0]
        change_draft(
            by=cast.filip,
            draft_uid=draft.uid,
            seen=draft.revision,
            action="standard.add",
            path=[part["part"], part["enhancers"][0]["enhancer"]],
            value=standard,
        )

        page = words(signed_in(cast.filip).get(reverse("studio_publish", args=[draft.uid])))

        assert "GR305" in page
        assert "detect: none" not in page

    def test_the_first_edition_speaks_of_no_edition_before(self, cast, signed_in, draft):
        page = words(signed_in(cast.filip).get(reverse("studio_publish", args=[draft.uid])))

        assert "Contacts of earlier days are not measured." in page
        assert "stay with the edition before" not in page

    def test_a_page_that_is_old_publishes_nothing(self, cast, signed_in, draft):
        answer = signed_in(cast.filip).post(
            reverse("studio_publish", args=[draft.uid]), self.sent(draft, seen=99)
        )

        assert answer.status_code == 422
        assert not Edition.objects.exists()

    @pytest.mark.parametrize("who", ["anna", "darek", "hubert"])
    def test_who_may_not_publish_does_not_see_the_page(self, cast, signed_in, draft, who):
        assert (
            signed_in(getattr(cast, who)).get(reverse("studio_publish", args=[draft.uid])).status_code == 403
        )


class TestFiles:
    def test_a_draft_goes_out_and_comes_back(self, cast, signed_in, draft):
        client = signed_in(cast.filip)
        text = client.get(reverse("draft_yaml", args=[draft.uid])).content

        changed = text.replace("„Co zmieniamy, a co zostaje?”".encode(), "„Co dziś zmieniamy?”".encode())
        answer = client.post(
            reverse("studio_document", args=[draft.uid]),
            {"seen": draft.revision, "document": SimpleUploadedFile("salon.yaml", changed)},
        )

        assert answer.status_code == 302
        draft.refresh_from_db()
        assert "Co dziś zmieniamy?" in str(draft.document)

    def test_what_is_wrong_is_said_with_line_and_field(self, cast, signed_in, draft):
        client = signed_in(cast.filip)
        text = client.get(reverse("draft_yaml", args=[draft.uid])).content.replace(
            b"weight: 2", b"weight: 200", 1
        )

        answer = client.post(
            reverse("studio_document", args=[draft.uid]),
            {"seen": draft.revision, "document": SimpleUploadedFile("salon.yaml", text)},
        )

        assert answer.status_code == 422
        assert re.search(r"salon\.yaml, line \d+, column \d+, field .*weight", words(answer))
        assert "weight" in words(answer)
        draft.refresh_from_db()
        assert draft.revision == 0

    def test_of_very_many_faults_all_are_counted_and_the_first_forty_shown(self, cast, signed_in, draft):
        client = signed_in(cast.filip)
        text = client.get(reverse("draft_yaml", args=[draft.uid])).content
        text, weights = re.subn(rb"(\n +weight: )\d+", rb"\g<1>200", text)
        text, standards = re.subn(rb"(\n +)- standard: ", rb"\1- colour: red\1  standard: ", text)

        answer = client.post(reverse("upload_edition"), {"document": SimpleUploadedFile("salon.yaml", text)})

        page, faults = words(answer), weights + standards
        assert faults > 40
        assert f"{faults} things in the file" in page.replace("\u00a0", " ")
        assert page.count("<li>salon.yaml, line") == 40
        assert f"And {faults - 40} more." in page

    def test_no_file_is_no_draft(self, cast, signed_in):
        assert signed_in(cast.filip).post(reverse("upload_edition"), {}).status_code == 422

    def test_who_may_not_draft_uploads_nothing(self, cast, signed_in):
        assert signed_in(cast.darek).get(reverse("upload_edition")).status_code == 403

    @pytest.mark.parametrize("lang", ["pl", "en"])
    def test_an_employee_takes_the_booklet_along(self, cast, signed_in, edition, lang):
        answer = signed_in(cast.darek).get(reverse("edition_handbook", args=[edition.uid, lang]))

        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")

    def test_a_poster_of_each_part_in_both_sizes(self, cast, signed_in, edition):
        address = reverse("edition_poster", args=[edition.uid, "booking", "pl"])
        client = signed_in(cast.darek)

        assert client.get(address).content != client.get(f"{address}?paper=a3").content
        assert client.get(reverse("edition_poster", args=[edition.uid, "nowhere", "pl"])).status_code == 404
        assert client.get(reverse("edition_handbook", args=[edition.uid, "de"])).status_code == 404


@pytest.mark.usefixtures("edition")
class TestPromise:
    def test_off_it_is_not_found_and_on_it_is_there_for_everybody(self, cast):
        page = save_promise(
            by=cast.filip,
            edition_id="salon",
            standards=[{"standard": "greet", "pl": "Witamy od progu.", "en": ""}],
            lead={},
            on=False,
        )
        address = reverse("public_promise", args=[page.token])
        assert Client().get(address).status_code == 404

        PromisePage.objects.update(on=True)
        answer = Client(headers={"accept-language": "pl"}).get(address)

        assert answer.status_code == 200
        assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
        assert "Witamy od progu." in words(answer)
        assert "Salony Gracja" in words(answer)

    def test_a_new_address_closes_the_old_one(self, cast, signed_in):
        client = signed_in(cast.filip)
        sent = {"promise_greet": "on", "greet_pl": "Witamy.", "on": "on"}
        client.post(reverse("choose_promise", args=["salon"]), sent)
        old = reverse("public_promise", args=[PromisePage.objects.get().token])
        assert Client().get(old).status_code == 200

        client.post(reverse("move_promise", args=["salon"]))

        assert Client().get(old).status_code == 404

    def test_a_promise_without_words_is_not_saved(self, cast, signed_in):
        answer = signed_in(cast.filip).post(
            reverse("choose_promise", args=["salon"]),
            {"promise_greet": "on", "lead_pl": "Obiecujemy", "on": "on"},
        )

        assert answer.status_code == 422
        assert "has no words yet" in words(answer)
        assert 'value="Obiecujemy"' in words(answer)

    def test_who_may_not_promise_does_not(self, cast, signed_in):
        assert signed_in(cast.anna).get(reverse("choose_promise", args=["salon"])).status_code == 403

    def test_an_address_that_nobody_made_is_not_found(self):
        assert Client().get(reverse("public_promise", args=["made-up"])).status_code == 404
