"""The five standards that simpler tools cannot express."""

COMPLAINS = """\
  complains:
    customer_says: {en: ["complain*", "not happy", "broken"], pl: ["~reklamacja", "nie działa"]}
"""


class TestApologisesWithinTwoAgentTurnsOfEachComplaint:
    STANDARD = """
      detect:
        agent_says: {en: ["sorry", "apolog*"], pl: ["~przepraszać", "~przeprosić", "przykro"]}
        each: complains
        within_turns: 2
    """

    def test_every_complaint_answered_with_an_apology_meets_it(self, value):
        assert (
            value(
                self.STANDARD,
                "c: The dryer is broken",
                "a: I am sorry to hear that",
                "c: And I am not happy with the shop",
                "a: Which shop was it?",
                "a: My apologies for that",
                signals=COMPLAINS,
            )
            == 1.0
        )

    def test_an_apology_in_the_third_turn_is_too_late(self, value):
        lines = ("c: It is broken", "a: One moment", "a: Your number?", "a: Sorry about that")
        assert value(self.STANDARD, *lines, signals=COMPLAINS) == 0.0

    def test_the_value_is_the_share_of_complaints_that_were_met(self, row):
        found = row(
            self.STANDARD,
            "c: It is broken",
            "a: I'm sorry",
            "c: I want to complain",
            "a: Your number?",
            "c: 5",
            "a: Thank you",
            signals=COMPLAINS,
        )
        assert (found["status"], found["value"]) == ("marked", 0.5)

    def test_without_a_complaint_it_does_not_apply(self, value):
        assert value(self.STANDARD, "c: Hello", "a: Sorry?", signals=COMPLAINS) == "not_applicable"

    def test_a_conversation_cut_off_after_the_complaint_is_not_seen(self, value):
        lines = ("c: It is broken", "a: One moment")
        assert value(self.STANDARD, *lines, signals=COMPLAINS, complete=False) == "not_seen"

    def test_in_polish_the_lemma_and_missing_diacritics_are_understood(self, value):
        lines = ("c: Składam reklamację, pralka nie dziala", "a: Bardzo przepraszamy za klopot")
        assert value(self.STANDARD, *lines, signals=COMPLAINS, language="pl") == 1.0

    def test_after_a_transfer_each_employee_answers_for_their_own_complaint(self, rows):
        found = rows(
            self.STANDARD,
            "c: It is broken",
            "a/ola: I am sorry",
            "c: I am not happy at all",
            "a/jan: Your number?",
            "a/jan: Thank you",
            signals=COMPLAINS,
        )
        assert {(mark["employee"], mark["value"]) for mark in found} == {("ola", 1.0), ("jan", 0.0)}


class TestReadsTheDetailsBackAndGetsAYesBeforeTheSystemActs:
    SIGNALS = """\
  acts: {system_event: ["booked*"]}
  reads_back: {agent_says: {en: ["so that is", "let me repeat", "to confirm"]}}
"""
    STANDARD = """
      detect:
        customer_says: {en: ["yes", "correct", "that's right"]}
        after: reads_back
        before: acts
        applies_if: acts
    """

    def test_read_back_then_yes_then_booking_meets_it(self, value, quoted):
        lines = ("a: So that is Friday at 5 for two?", "c: Yes please", "s: !booked_table", "a: Done")
        assert value(self.STANDARD, *lines, signals=self.SIGNALS) == 1.0
        assert quoted(self.STANDARD, *lines, signals=self.SIGNALS) == ["Yes"]

    def test_a_yes_before_the_details_were_read_back_does_not_count(self, value):
        lines = ("c: Yes, a table", "a: So that is Friday?", "s: !booked_table")
        assert value(self.STANDARD, *lines, signals=self.SIGNALS) == 0.0

    def test_a_yes_after_the_system_acted_is_too_late(self, value):
        lines = ("a: So that is Friday?", "s: !booked_table", "c: Yes")
        assert value(self.STANDARD, *lines, signals=self.SIGNALS) == 0.0

    def test_where_the_system_never_acts_it_does_not_apply(self, value):
        lines = ("a: So that is Friday?", "c: Yes")
        assert value(self.STANDARD, *lines, signals=self.SIGNALS) == "not_applicable"

    def test_the_mark_belongs_to_the_employee_who_held_the_contact(self, row):
        lines = ("a/ola: So that is Friday?", "c: Yes", "s: !booked_table", "a/jan: Goodbye")
        assert row(self.STANDARD, *lines, signals=self.SIGNALS)["employee"] == "ola"


class TestNoSilenceOver120SecondsWithoutAHoldMessage:
    SIGNALS = '  holds: {agent_says: {en: ["one moment", "please hold"]}}\n'
    STANDARD = """
      measure: {seconds_at_most: 120}
      detect: {longest_silence_seconds: {unless: holds}}
    """

    def test_short_waits_meet_it_and_the_longest_is_kept(self, row):
        found = row(
            self.STANDARD, "c@0: Hi", "a@30: Hello.", "c@60: My bill", "a@150: Here", signals=self.SIGNALS
        )
        assert (found["value"], found["raw"], found["unit"]) == (1.0, 90.0, "seconds")

    def test_a_longer_wait_fails_and_points_at_the_turn_that_ended_it(self, row):
        found = row(self.STANDARD, "c@0: Hi", "a@200: Hello", signals=self.SIGNALS)
        assert (found["value"], found["raw"], found["evidence"][0]["turn"]) == (0.0, 200.0, 1)

    def test_a_hold_message_excuses_the_wait_behind_it(self, value):
        lines = ("c@0: My bill", "a@10: One moment please", "a@400: Here it is")
        assert value(self.STANDARD, *lines, signals=self.SIGNALS) == 1.0

    def test_the_customers_own_silence_is_nobodys_fault(self, value):
        lines = ("c@0: Hi", "a@5: Which day?", "a@500: Are you still there?", "c@900: Friday", "a@910: Fine.")
        assert value(self.STANDARD, *lines, signals=self.SIGNALS) == 1.0

    def test_without_times_it_is_not_seen_rather_than_met(self, value):
        assert value(self.STANDARD, "c: Hi", "a: Hello", signals=self.SIGNALS) == "not_seen"

    def test_where_nobody_waited_it_does_not_apply(self, value):
        assert value(self.STANDARD, "a@0: Hello", "c@1: Hi", signals=self.SIGNALS) == "not_applicable"


class TestGivesADateAndEitherACallbackOrARefundAndNeverSaysIDoNotKnow:
    STANDARD = """
      detect:
        within: contact
        all:
          - agent_says: {pl: ["{date}"], en: ["{date}"]}
          - any:
              - agent_says: {pl: ["~oddzwonić", "~zadzwonić"], en: ["~call {0..1} back", "ring you"]}
              - agent_says: {pl: ["~zwrot", "~zwrócić"], en: ["~refund"]}
          - not: {agent_says: {pl: ["nie wiem"], en: ["I don't know"]}}
    """

    def test_date_and_callback_meet_it(self, value):
        assert value(self.STANDARD, "a: We will call you back on Friday", "c: ok") == 1.0

    def test_in_polish_an_inflected_refund_and_a_day_meet_it(self, value):
        assert value(self.STANDARD, "a: Zwrocimy Panu pieniądze do 12 grudnia", language="pl") == 1.0

    def test_one_i_do_not_know_anywhere_fails_it_and_is_the_evidence(self, value, quoted):
        lines = ("a: Nie wiem, sprawdzę", "a: Oddzwonię jutro")
        assert value(self.STANDARD, *lines, language="pl") == 0.0
        assert quoted(self.STANDARD, *lines, language="pl") == ["Nie wiem"]

    def test_a_date_alone_fails_it(self, value):
        assert value(self.STANDARD, "a: It will be ready on 5 December") == 0.0

    def test_a_callback_without_a_date_fails_it(self, value):
        assert value(self.STANDARD, "a: We'll refund you") == 0.0

    def test_cut_off_before_the_promise_it_is_not_seen(self, value):
        assert value(self.STANDARD, "a: It will be ready on 5 December", complete=False) == "not_seen"

    def test_cut_off_after_i_do_not_know_it_has_already_failed(self, value):
        assert value(self.STANDARD, "a: I don't know", complete=False) == 0.0


class TestStaysSilentUntilTheCustomerSpeaks:
    SIGNALS = '  customer_speaks: {customer_says: ["*"]}\n'
    STANDARD = """
      detect:
        not: {agent_says: ["*"], before: customer_speaks}
    """

    def test_speaking_second_meets_it(self, value):
        assert value(self.STANDARD, "c: Hi, I am just looking", "a: Of course", signals=self.SIGNALS) == 1.0

    def test_speaking_first_fails_it_with_the_words_as_evidence(self, value, quoted):
        lines = ("a: Hello! Special offer!", "c: Hi")
        assert value(self.STANDARD, *lines, signals=self.SIGNALS) == 0.0
        assert "Hello" in quoted(self.STANDARD, *lines, signals=self.SIGNALS)

    def test_speaking_to_a_customer_who_never_spoke_fails_it(self, value):
        assert value(self.STANDARD, "a: Hello?", "a: Anybody?", signals=self.SIGNALS) == 0.0
