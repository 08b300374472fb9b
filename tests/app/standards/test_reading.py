"""Who reads an edition, acknowledges it, asks about it; who is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.http import Http404

from gracja.app.common.clock import today
from gracja.app.common.models import AuditEntry
from gracja.app.common.refused import Refused
from gracja.app.organisation.models import Membership, Person, User
from gracja.app.standards.models import Acknowledgement, Draft, PromisePage, Question
from gracja.app.standards.selectors import editions as selected
from gracja.app.standards.selectors.promises import public_promise
from gracja.app.standards.selectors.questions import open_questions, own_questions, unread_answers
from gracja.app.standards.services.acknowledging import acknowledge_edition
from gracja.app.standards.services.drafts import change_draft
from gracja.app.standards.services.promise import MOST_PROMISES, move_promise, save_promise
from gracja.app.standards.services.publishing import publish_draft
from gracja.app.standards.services.questions import answer_question, ask_question, note_answer

GREET = ["welcome", "expected", "greet"]


def publish(cast, draft, *, days=0, weight=None):
    fresh = Draft.objects.get(pk=draft.pk)
    if weight:
        path = next(
            [part["part"], enhancer["enhancer"], "greet", "weight"]
            for part in fresh.document["sequence"]
            for enhancer in part["enhancers"]
            if any(one["standard"] == "greet" for one in enhancer["standards"])
        )
        fresh = change_draft(
            by=cast.filip,
            draft_uid=draft.uid,
            seen=fresh.revision,
            action="standard.set",
            path=path,
            value=weight,
        )
    return publish_draft(
        by=cast.filip,
        draft_uid=draft.uid,
        seen=fresh.revision,
        effective_from=today() + timedelta(days=days),
        reasons={},
        must_acknowledge=["employee"],
    )


@pytest.fixture
def edition(cast, salon):
    return publish(cast, salon)


@pytest.fixture
def stranger(db):
    """Somebody with an account and no role."""
    return User.objects.create(person=Person.objects.create(name="Obcy"), login="obcy")


class TestWhatIsInForce:
    def test_the_latest_edition_whose_day_has_come(self, cast, salon, edition):
        later = publish(cast, salon, days=30, weight=9)

        assert selected.in_force(by=cast.darek) == [edition]
        assert selected.in_force(by=cast.darek, on=today() + timedelta(days=30)) == [later]
        assert selected.to_come(by=cast.darek) == [later]

    def test_whoever_may_not_read_reads_nothing(self, edition, stranger):
        assert selected.in_force(by=stranger) == []
        with pytest.raises(Http404):
            selected.edition(by=stranger, uid=edition.uid)


class TestAcknowledging:
    def test_once_for_each_person_whatever_they_press(self, cast, edition):
        first = acknowledge_edition(by=cast.darek, edition_uid=edition.uid)
        again = acknowledge_edition(by=cast.darek, edition_uid=edition.uid)

        assert first == again
        assert Acknowledgement.objects.count() == 1
        assert AuditEntry.objects.filter(action="edition.acknowledge").count() == 1

    def test_without_a_role_nobody_acknowledges(self, edition, stranger):
        with pytest.raises(Refused, match="not_permitted"):
            acknowledge_edition(by=stranger, edition_uid=edition.uid)

    def test_only_those_are_asked_whose_role_must(self, cast, edition):
        assert selected.to_acknowledge(by=cast.darek) == [edition]
        assert selected.to_acknowledge(by=cast.anna) == []

    def test_a_new_edition_is_acknowledged_anew_and_says_what_is_new(self, cast, salon, edition):
        acknowledge_edition(by=cast.darek, edition_uid=edition.uid)
        second = publish(cast, salon, weight=9)
        third = publish(cast, salon, weight=10)

        assert selected.to_acknowledge(by=cast.darek) == [third]
        known, changes = selected.news(by=cast.darek, edition_=third)
        assert known == edition
        assert [(one["field"], one["after"]) for one in changes] == [("weight", 10)]
        assert selected.news(by=cast.edyta, edition_=second) == (None, [])

    def test_readers_are_counted_where_one_may_see_people(self, cast, edition):
        acknowledge_edition(by=cast.darek, edition_uid=edition.uid)

        of_company = selected.readers(by=cast.filip, edition_=edition)
        of_galeria = selected.readers(by=cast.celina, edition_=edition)

        assert (of_company.done_count, of_company.missing_count) == (1, 1)
        assert (of_galeria.done_count, [one.name for one in of_galeria.missing]) == (0, ["Edyta Kos"])
        assert selected.readers(by=cast.darek, edition_=edition) is None

    def test_who_left_is_not_missing(self, cast, edition):
        Membership.objects.filter(person=cast.edyta.person).update(until=today() - timedelta(days=1))

        assert selected.readers(by=cast.filip, edition_=edition).missing_count == 1


class TestQuestions:
    def ask(self, by, edition, text="Co, gdy mam mokre ręce?", standard="greet"):
        return ask_question(by=by, edition_uid=edition.uid, standard=standard, text=text)

    def test_a_question_goes_to_whoever_leads_the_place(self, cast, edition):
        asked = self.ask(cast.darek, edition)

        assert list(open_questions(by=cast.anna)) == [asked]
        assert list(open_questions(by=cast.filip)) == [asked]
        assert list(open_questions(by=cast.celina)) == []
        assert list(open_questions(by=cast.darek)) == []

    def test_asking_twice_is_asking_once(self, cast, edition):
        assert self.ask(cast.darek, edition) == self.ask(cast.darek, edition)
        assert Question.objects.count() == 1

    def test_one_that_was_asked_twice_at_once_by_an_older_version_can_be_asked_again(self, cast, edition):
        first = self.ask(cast.darek, edition)
        Question.objects.create(
            edition=edition, standard="greet", asked_by=cast.darek.person, text=first.text, place=first.place
        )

        assert self.ask(cast.darek, edition).text == first.text
        assert Question.objects.count() == 2

    def test_an_answer_closes_it_and_may_be_reworded(self, cast, edition):
        asked = self.ask(cast.darek, edition)

        for text in ("Tak.", "Tak.", "Tak, z daleka."):
            answer_question(by=cast.anna, question_uid=asked.uid, text=text)

        (own,) = own_questions(by=cast.darek)
        assert (own.answer, own.answered_by) == ("Tak, z daleka.", cast.anna.person)
        assert not open_questions(by=cast.anna).exists()
        assert AuditEntry.objects.filter(action="question.answer").count() == 2

    def test_a_place_lead_answers_no_question_of_another_place(self, cast, edition):
        asked = self.ask(cast.darek, edition)

        with pytest.raises(Http404):
            answer_question(by=cast.celina, question_uid=asked.uid, text="Nie.")

    def test_an_employee_answers_nothing(self, cast, edition):
        asked = self.ask(cast.darek, edition)

        with pytest.raises(Refused, match="not_permitted"):
            answer_question(by=cast.edyta, question_uid=asked.uid, text="Nie.")

    @pytest.mark.parametrize(
        ("text", "standard", "code"),
        [
            (" \n", "greet", "question_empty"),
            ("x" * 2001, "", "question_too_long"),
            ("Jak?", "gone", "standard_unknown"),
        ],
    )
    def test_a_question_nobody_could_answer_is_refused(self, cast, edition, text, standard, code):
        with pytest.raises(Refused, match=code):
            self.ask(cast.darek, edition, text, standard)


@pytest.mark.usefixtures("company", "edition")
class TestPromise:
    def save(self, cast, **given):
        return save_promise(
            **{
                "by": cast.filip,
                "edition_id": "salon",
                "standards": [{"standard": "greet", "pl": "Witamy od progu.", "en": ""}],
                "lead": {},
                "on": True,
            }
            | given
        )

    def test_strangers_read_what_is_promised_while_it_is_on(self, cast):
        page = self.save(cast)
        assert public_promise(token=page.token).promises == [{"pl": "Witamy od progu."}]

        self.save(cast, on=False)
        with pytest.raises(Http404):
            public_promise(token=page.token)

    def test_what_the_edition_in_force_dropped_is_promised_no_more(self, cast):
        page = self.save(cast, standards=[{"standard": "long_gone", "pl": "Kawa gratis."}])

        assert public_promise(token=page.token).promises == []

    def test_a_new_address_is_another(self, cast):
        old = self.save(cast).token

        assert move_promise(by=cast.filip, edition_id="salon").token != old
        with pytest.raises(Http404):
            public_promise(token=old)

    def test_saving_the_same_twice_is_saving_once(self, cast):
        self.save(cast)
        self.save(cast)

        assert PromisePage.objects.count() == 1
        assert AuditEntry.objects.filter(action="promise.save").count() == 1

    @pytest.mark.parametrize(
        ("given", "code"),
        [
            ({"standards": []}, "promise_empty"),
            ({"standards": [{"standard": "greet", "pl": " "}]}, "promise_without_words"),
            ({"lead": {"pl": "x" * 301}}, "promise_too_long"),
            (
                {"standards": [{"standard": f"s{at}", "pl": "Tak."} for at in range(MOST_PROMISES + 1)]},
                "too_many_promises",
            ),
        ],
    )
    def test_a_promise_nobody_could_read_is_refused(self, cast, given, code):
        with pytest.raises(Refused, match=code):
            self.save(cast, **given)

    def test_who_may_not_promise_promises_nothing(self, cast):
        for service in (self.save, lambda _cast, by: move_promise(by=by, edition_id="salon")):
            with pytest.raises(Refused, match="not_permitted"):
                service(cast, by=cast.anna)


def test_whoever_asked_is_told_of_the_answer_until_it_is_read(cast, edition):
    asked = ask_question(by=cast.darek, edition_uid=edition.uid, standard="", text="Od kiedy?")
    assert not unread_answers(by=cast.darek)
    answer_question(by=cast.anna, question_uid=asked.uid, text="Od poniedziałku.")
    assert list(unread_answers(by=cast.darek)) == [asked]
    assert not unread_answers(by=cast.anna)

    note_answer(by=cast.darek, question_uid=asked.uid)
    note_answer(by=cast.darek, question_uid=asked.uid)
    assert not unread_answers(by=cast.darek)
    answer_question(by=cast.anna, question_uid=asked.uid, text="Od wtorku.")
    assert list(unread_answers(by=cast.darek)) == [asked]


def test_nobody_notes_the_answer_to_somebody_elses_question(cast, edition):
    asked = ask_question(by=cast.darek, edition_uid=edition.uid, standard="", text="Od kiedy?")

    for stranger in (cast.anna, cast.edyta, cast.filip):
        with pytest.raises(Http404):
            note_answer(by=stranger, question_uid=asked.uid)
