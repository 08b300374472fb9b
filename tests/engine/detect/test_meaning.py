"""What the modifiers of a detector mean, and what an absence means (docs/adr/0002)."""

import pytest

GREETS = 'detect: {agent_says: {en: ["hello"], pl: ["witam"]}, where: {first: 2, of: agent}}'


class TestWhatAnAbsenceMeans:
    def test_no_hit_in_a_complete_conversation_is_marked_0(self, row):
        found = row(GREETS, "a: Yes?", "c: Hi", "a: ok")
        assert (found["status"], found["value"], found["evidence"]) == ("marked", 0.0, [])

    def test_no_hit_in_an_incomplete_conversation_is_not_seen(self, value):
        assert value(GREETS, "a: Yes?", complete=False) == "not_seen"

    def test_a_window_that_has_closed_says_no_even_if_the_rest_is_missing(self, value):
        assert value(GREETS, "a: Yes?", "a: Name?", complete=False) == 0.0

    def test_a_hit_counts_even_if_the_rest_is_missing(self, value):
        assert value(GREETS, "a: Hello", complete=False) == 1.0

    def test_another_channel_is_not_applicable(self, value):
        assert value(GREETS, "a: Hello", channel="email") == "not_applicable"

    def test_a_language_without_phrases_is_abstained(self, value):
        assert value(GREETS, "a: Guten Tag", language="de") == "abstained"

    def test_an_unknown_language_is_abstained(self, value):
        assert value(GREETS, "a: Hello", language=None) == "abstained"

    def test_a_regional_language_uses_the_phrases_of_its_language(self, value):
        assert value(GREETS, "a: Hello", language="en-GB") == 1.0

    def test_a_bare_list_serves_every_language(self, value):
        assert value('detect: {agent_says: ["ok"]}', "a: OK", language="de") == 1.0

    def test_a_known_no_decides_although_another_part_abstains(self, value):
        standard = (
            'detect: {within: contact, all: [{agent_says: {de: ["ja"]}}, {agent_says: {en: ["hello"]}}]}'
        )
        assert value(standard, "a: Bye") == 0.0

    def test_a_turn_like_a_sentence_is_met_one_unlike_it_is_not_and_between_nobody_can_tell(self, value):
        promise = 'detect: {like: ["I will look after that"]}'
        assert value(promise, "a: I'll look after that now") == 1.0
        assert value(promise, "a: We do not take cards") == 0.0
        assert value(promise, "a: I need that") == "abstained"
        assert value(promise, "c: I will look after that") == 0.0

    def test_the_whole_turn_shows_that_it_is_like_a_sentence(self, quoted):
        said = "Sure. I will look after that"
        assert quoted('detect: {like: ["I will look after that"]}', f"a: {said}") == [said]

    def test_a_question_to_a_language_model_abstains_until_the_model_is_asked(self, value):
        assert value("detect: {judge: Does the employee apologise?}", "a: Sorry") == "abstained"

    def test_a_standard_that_no_detector_can_see_gets_no_row(self, rows):
        assert rows("detect: none", "a: Hello") == []

    def test_a_conversation_that_broke_off_before_the_first_word_shows_nothing(self, row):
        found = row(GREETS, complete=False)
        assert (found["status"], found["employee"], found["value"]) == ("not_seen", "darek", None)


class TestWindows:
    @pytest.mark.parametrize(("turns", "expected"), [(1, 0.0), (2, 1.0)])
    def test_first_turns_are_counted_by_speaker(self, value, turns, expected):
        standard = f'detect: {{agent_says: ["hello"], where: {{first: {turns}, of: agent}}}}'
        assert value(standard, "c: hello", "a: Yes", "c: hello", "a: Hello") == expected

    def test_the_last_turns_are_unknown_before_the_end(self, value):
        standard = 'detect: {agent_says: ["bye"], where: {last: 1, of: agent}}'
        assert value(standard, "a: bye", complete=False) == "not_seen"
        assert value(standard, "a: bye", "a: one more thing") == 0.0

    def test_after_another_signal_that_never_came_nothing_counts(self, value):
        signals = '  asks: {customer_says: ["price"]}\n'
        standard = 'detect: {agent_says: ["euro"], after: asks}'
        assert value(standard, "a: It is a euro", "c: ok", signals=signals) == 0.0
        assert value(standard, "a: It is a euro", "c: price", "a: a euro", signals=signals) == 1.0

    def test_before_a_signal_that_never_came_everything_counts(self, value):
        signals = '  asks: {customer_says: ["price"]}\n'
        standard = 'detect: {agent_says: ["euro"], before: asks}'
        assert value(standard, "a: a euro", signals=signals) == 1.0
        assert value(standard, "c: price", "a: a euro", signals=signals) == 0.0

    def test_order_counts_inside_one_turn_too(self, value):
        signals = '  says_name: {agent_says: ["name"]}\n'
        standard = 'detect: {agent_says: ["hello"], before: says_name}'
        assert value(standard, "a: hello my name", signals=signals) == 1.0
        assert value(standard, "a: my name, hello", signals=signals) == 0.0

    def test_within_seconds_counts_from_each_occurrence(self, value):
        signals = '  asks: {customer_says: ["price"]}\n'
        standard = 'detect: {agent_says: ["euro"], each: asks, within_seconds: 30}'
        assert value(standard, "c@0: price", "a@20: a euro", signals=signals) == 1.0
        assert value(standard, "c@0: price", "a@40: a euro", signals=signals) == 0.0
        assert value(standard, "c: price", "a: a euro", signals=signals) == "not_seen"

    def test_each_with_before_looks_back_from_every_occurrence(self, value):
        signals = '  acts: {system_event: ["booked"]}\n'
        standard = 'detect: {agent_says: ["shall I"], each: acts, before: acts, within_turns: 1}'
        lines = ("a: shall I?", "s: !booked", "a: done", "a: another", "s: !booked")
        assert value(standard, *lines, signals=signals) == 0.5

    def test_all_within_a_turn_needs_one_turn_that_has_everything(self, value):
        together = 'detect: {all: [{agent_says: ["hello"]}, {agent_says: ["name"]}]}'
        assert value(together, "a: hello", "a: name") == 0.0
        assert value(together, "a: hello, my name") == 1.0

    def test_not_inside_a_turn_speaks_of_that_turn_only(self, value):
        standard = 'detect: {all: [{agent_says: ["sorry"]}, {not: {agent_says: ["but"]}}]}'
        assert value(standard, "a: sorry but no") == 0.0
        assert value(standard, "a: sorry but no", "a: sorry") == 1.0

    def test_within_a_segment_everything_stands_between_two_borders(self, value):
        standard = 'detect: {within: segment, all: [{agent_says: ["hello"]}, {agent_says: ["name"]}]}'
        assert value(standard, "a: hello", "s: !segment", "a: name") == 0.0
        assert value(standard, "a: hello", "a: name", "s: !segment", "a: bye") == 1.0


class TestCountsAndTimes:
    def test_each_turn_counts_once(self, row):
        found = row('measure: {count_at_least: 2}\ndetect: {agent_says: ["ok"]}', "a: ok ok ok")
        assert (found["value"], found["raw"], found["unit"]) == (0.0, 1.0, "count")

    def test_enough_turns_meet_a_count_even_before_the_end(self, value):
        standard = 'measure: {count_at_least: 2}\ndetect: {agent_says: ["ok"]}'
        assert value(standard, "a: ok", "a: ok", complete=False) == 1.0
        assert value(standard, "a: ok", complete=False) == "not_seen"

    FIRST = "measure: {seconds_at_most: 30}\ndetect: {first_reply_seconds: {}}"

    def test_the_first_reply_is_timed_from_the_customers_first_turn(self, row):
        found = row(self.FIRST, "c@0: Hi", "b@1: A colleague will answer", "a@25: Hello")
        assert (found["value"], found["raw"]) == (1.0, 25.0)

    def test_where_the_agent_opens_it_is_timed_from_the_start(self, row, value):
        from datetime import UTC, datetime

        start = datetime(2026, 11, 2, 8, 59, 0, tzinfo=UTC)
        assert row(self.FIRST, "a@0: Hello", "c@5: Hi", started_at=start)["raw"] == 60.0
        assert value(self.FIRST, "a@0: Hello", "c@5: Hi") == "not_applicable"

    def test_a_customer_who_was_never_answered_was_failed(self, row):
        found = row(self.FIRST, "c@0: Hi", "c@60: Anybody?")
        assert (found["status"], found["value"], found["raw"]) == ("marked", 0.0, None)

    def test_events_may_be_named_by_their_beginning(self, value):
        assert value('detect: {system_event: ["booking*"]}', "s: !booking_made") == 1.0


class TestWhoseMarkItIs:
    def test_a_met_mark_belongs_to_the_employee_who_spoke_the_words(self, row):
        assert row('detect: {agent_says: ["hello"]}', "a/ola: Yes", "a/jan: Hello")["employee"] == "jan"

    def test_an_absence_belongs_to_the_one_employee_who_spoke(self, row):
        assert row('detect: {agent_says: ["hello"]}', "a/ola: Yes", "c: Hi")["employee"] == "ola"

    def test_an_absence_where_several_spoke_belongs_to_nobody(self, row):
        assert row('detect: {agent_says: ["hello"]}', "a/ola: Yes", "a/jan: No")["employee"] is None

    def test_an_absence_in_the_first_turns_belongs_to_the_one_who_opened(self, row):
        assert row(GREETS, "a/ola: Yes", "a/ola: So?", "a/jan: No")["employee"] == "ola"

    def test_a_turn_without_an_employee_is_that_of_the_contact(self, row):
        assert row('detect: {agent_says: ["hello"]}', "a: Hello")["employee"] == "darek"

    def test_words_in_a_later_segment_are_marked_there(self, row):
        signals = '  asks_other: {customer_says: ["leave me alone"]}\n'
        found = row(
            'detect: {agent_says: ["of course"]}',
            "a: Hello",
            "c: leave me alone please",
            "a: of course",
            signals=signals,
            extra="new_segment_at: asks_other\n",
        )
        assert found["segment"] == 1


def test_a_bot_is_nobodys_employee(value):
    assert value('detect: {agent_says: ["hello"]}', "b: hello", "a: yes") == 0.0


class TestNever:
    def test_what_must_never_follow_must_follow_no_occurrence(self, value, quoted):
        signals = '  complains: {customer_says: ["broken"]}\n'
        standard = 'detect: {not: {agent_says: ["no idea"]}, after: complains, within_turns: 1}'
        lines = ("c: broken", "a: no idea", "c: broken", "a: sorry")
        assert value(standard, *lines, signals=signals) == 0.0
        assert quoted(standard, *lines, signals=signals) == ["no idea"]

    def test_never_within_a_segment_holds_for_every_segment(self, value):
        standard = 'detect: {not: {agent_says: ["no idea"]}, within: segment}'
        assert value(standard, "a: no idea", "s: !segment", "a: fine") == 0.0
        assert value(standard, "a: well", "s: !segment", "a: fine") == 1.0


class TestEvents:
    ACTS = '  acts: {system_event: ["book"]}\n'

    def test_an_event_behind_the_window_is_outside_it(self, value):
        standard = "detect: {system_event: book, where: {first: 1, of: agent}}"
        assert value(standard, "a: hi", "s: !book") == 0.0

    def test_two_events_in_a_row_are_not_one_turn(self, value):
        standard = "detect: {all: [{system_event: book}, {system_event: pay}]}"
        assert value(standard, "s: !book", "s: !pay") == 0.0

    def test_an_event_stands_neither_before_nor_after_itself(self, value):
        assert value("detect: {system_event: book, after: acts}", "s: !book", signals=self.ACTS) == 0.0
        assert (
            value("detect: {not: {system_event: book}, before: acts}", "s: !book", signals=self.ACTS) == 1.0
        )
        assert value("detect: {not: {system_event: book}, each: acts}", "s: !book", signals=self.ACTS) == 1.0
        assert (
            value("detect: {system_event: book, after: acts}", "s: !book", "s: !book", signals=self.ACTS)
            == 1.0
        )

    def test_the_evidence_of_an_event_lies_inside_its_empty_text(self, row):
        assert row("detect: {system_event: book}", "s: !book")["evidence"] == [
            {"turn": 0, "start": 0, "end": 0}
        ]

    @pytest.mark.parametrize("event", ["b[1]", "b?", "b.x"])
    def test_only_the_star_is_special_in_an_events_name(self, value, event):
        assert value(f'detect: {{system_event: "{event}"}}', f"s: !{event}") == 1.0
        assert value(f'detect: {{system_event: "{event}"}}', "s: !b1x") == 0.0


class TestWhatCannotBeKnown:
    POLISH_ONLY = '  holds: {agent_says: {pl: ["chwileczkę"]}}\n'

    @pytest.mark.parametrize("order", ["after", "before"])
    def test_waiting_for_a_signal_that_abstains_abstains(self, value, order):
        standard = f'detect: {{agent_says: ["here"], {order}: holds}}'
        assert value(standard, "a: here", signals=self.POLISH_ONLY) == "abstained"

    def test_a_silence_that_an_unknown_hold_message_might_excuse_abstains(self, value):
        standard = "measure: {seconds_at_most: 60}\ndetect: {longest_silence_seconds: {unless: holds}}"
        assert value(standard, "c@0: hi", "a@90: here", signals=self.POLISH_ONLY) == "abstained"
        assert value(standard, "c@0: hi", "a@9: here", signals=self.POLISH_ONLY) == 1.0

    def test_before_a_signal_with_a_limit_is_not_seen_while_it_may_still_come(self, value):
        signals = '  acts: {system_event: ["book"]}\n'
        standard = 'detect: {agent_says: ["shall I"], before: acts, within_turns: 2}'
        assert value(standard, "a: hm", signals=signals, complete=False) == "not_seen"
        assert value(standard, "a: hm", signals=signals) == 0.0

    SECONDS = 'detect: {agent_says: ["euro"], each: asks, within_seconds: 30}'
    ASKS = '  asks: {customer_says: ["price"]}\n'

    def test_a_reply_without_a_time_may_be_too_late(self, value):
        assert value(self.SECONDS, "c@0: price", "a: a euro", signals=self.ASKS) == "not_seen"

    def test_a_reply_behind_a_turn_that_is_too_late_is_too_late(self, value):
        assert value(self.SECONDS, "c@0: price", "c@500: hello?", "a: a euro", signals=self.ASKS) == 0.0

    def test_looking_back_a_turn_without_a_time_may_be_too_early(self, value):
        standard = 'detect: {agent_says: ["euro"], each: asks, before: asks, within_seconds: 30}'
        assert value(standard, "a: a euro", "c@0: price", signals=self.ASKS) == "not_seen"
        assert value(standard, "a@-20: a euro", "c@0: price", signals=self.ASKS) == 1.0


def test_a_customer_who_calls_again_into_silence_was_kept_waiting(row):
    standard = "measure: {seconds_at_most: 120}\ndetect: {longest_silence_seconds: {}}"
    found = row(standard, "a@0: Yes?", "c@5: My bill", "c@3605: Hello??")
    assert (found["value"], found["raw"], found["employee"]) == (0.0, 3600.0, "darek")


def test_a_long_conversation_takes_time_in_proportion(row):
    lines = [line for _ in range(3_000) for line in ("c: price", "a: a euro")]
    found = row(
        TestWhatCannotBeKnown.SECONDS.replace("seconds: 30", "turns: 1"),
        *lines,
        signals=TestWhatCannotBeKnown.ASKS,
    )
    assert (found["value"], len(found["evidence"])) == (1.0, 3_000)
