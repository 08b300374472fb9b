"""Many questions: what is paid once, what it may cost, and what a run that breaks off leaves behind."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from gracja.engine.errors import EngineInputError
from gracja.judge.budget import Budget, Tokens
from gracja.judge.cache import Cache

from .conftest import answer, completion, error, late, talk

GOOD = completion(answer("yes", (1, "the fee")), usage=(100, 20))


def talks(count):
    return [talk(f"c: Question {n}?", "a: It is the fee", contact=f"c{n}") for n in range(count)]


def test_what_was_answered_is_never_paid_for_again(stub, run):
    stub.will(GOOD)
    run()(*talks(3))
    again = run()
    rows = again(*talks(3))

    assert len(stub.requests) == 3
    assert (again.session.counts.from_cache, again.session.counts.asked) == (3, 0)
    assert again.budget.spent == Tokens(0, 0)
    assert rows["explains"]["evidence"] == [{"turn": 1, "start": 6, "end": 13}]


def test_a_refused_answer_is_kept_and_a_failure_of_the_endpoint_is_not(stub, run):
    stub.will(completion(answer("cannot_tell")), *[error(500)] * 6, GOOD)
    run()(*talks(2))
    again = run()
    again(*talks(2))
    assert (again.session.counts.from_cache, again.session.counts.asked, again.filled.marked) == (1, 1, 1)


def test_another_model_question_or_word_is_another_answer(stub, run, edition):
    stub.will(GOOD)
    run()(talks(1)[0])
    other = edition.language_model.model_copy(update={"model": "m-2"})
    run(edition.model_copy(update={"language_model": other}))(talks(1)[0])
    run()(talk("c: Question 0!", "a: It is the fee"))
    assert len(stub.requests) == 3


def test_the_cache_holds_no_word_of_the_conversation(stub, run, tmp_path, edition):
    open_ = edition.language_model.model_copy(update={"mask_names": False})
    stub.will(completion(answer("yes", (1, "Anna Nowak pays"), reason="Anna Nowak pays the fee")))
    cache = tmp_path / "kept"
    run(edition.model_copy(update={"language_model": open_}), cache=cache)(
        talk("c: Who?", "a: Anna Nowak pays")
    )

    content = b"".join(path.read_bytes() for path in tmp_path.iterdir() if path.name.startswith("kept"))
    assert b"SQLite" in content
    for word in (b"Anna", b"Nowak", b"pays", b"Who", b"explain"):
        assert word not in content


@pytest.mark.parametrize(
    "content", [b"not a database, but long enough to look at" * 50, b"SQLite format 3\0" + b"x" * 500]
)
def test_a_file_that_is_no_cache_is_refused(tmp_path, content):
    path = tmp_path / "kept"
    path.write_bytes(content)
    with pytest.raises(EngineInputError) as refused, Cache(path):
        pass
    assert (refused.value.code, refused.value.where.file) == ("judge_cache_broken", str(path))


def test_a_cache_of_a_later_shape_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "kept"
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("pragma user_version = 9")
    before = path.read_bytes()
    with pytest.raises(EngineInputError):
        Cache(path)
    assert path.read_bytes() == before


def test_tokens_are_counted_from_what_the_endpoint_says(stub, run):
    stub.will(GOOD)
    job = run()
    job(*talks(3))
    assert job.budget.spent == Tokens(300, 60)
    assert job.budget.on_their_way == Tokens(0, 0)


def test_where_the_endpoint_counts_nothing_the_upper_bound_counts(stub, run):
    stub.will(completion(answer("no"), usage=None))
    job = run()
    job(talks(1)[0])
    assert job.session.counts.uncounted == 1
    assert job.budget.spent.output == 1000


def test_a_spent_budget_stops_the_asking_and_leaves_the_rest_abstained(stub, run):
    stub.will(completion(answer("no"), usage=(1_200, 300)))
    job = run(budget=Budget(most_tokens=6_000))
    job(*talks(20))
    asked = len(stub.requests)

    assert 1 <= asked < 4
    assert job.budget.spent.total <= 6_000
    assert job.filled.left == {"budget_spent": 20 - asked}
    assert job.session.counts.not_asked == 20 - asked


def test_a_budget_in_money_counts_by_the_editions_prices(stub, run, edition):
    stub.will(completion(answer("no"), usage=(1_000_000, 0)))
    prices = edition.language_model.prices
    job = run(budget=Budget(most_cost=5.0, prices=prices))
    job(*talks(5))
    assert (
        len(stub.requests) == 3
    )  # 2.00 each: the third was asked with 1.00 left, and nobody can know before
    assert job.budget.cost(job.budget.spent) == 6.0


def test_questions_on_their_way_count_before_they_are_answered():
    budget = Budget(most_tokens=3_000)
    one = Tokens.at_most(500)
    assert budget.reserve(one)
    assert budget.reserve(one)
    assert not budget.reserve(one)
    assert budget.is_spent
    budget.settle(one, Tokens(1, 1))
    assert not budget.reserve(Tokens(1, 1))  # once over, it stays over: a run does not pick the small ones


def test_a_try_that_timed_out_counts_as_if_it_had_been_charged(stub, run):
    stub.will(late(0.5, GOOD), GOOD)
    job = run(answer_seconds=0.1)
    job(talks(1)[0])
    assert job.budget.spent.output == 1000 + 20


def test_a_run_that_breaks_off_keeps_what_was_answered_and_the_next_one_goes_on(stub, run):
    stub.will(GOOD, GOOD, error(401))
    with pytest.raises(EngineInputError) as stopped:
        run()(*talks(5))
    assert stopped.value.code == "judge_key_missing"

    stub.will(GOOD)
    again = run()
    again(*talks(5))
    assert (again.session.counts.from_cache, again.session.counts.asked) == (2, 3)


def test_an_endpoint_that_is_down_ends_the_run_instead_of_failing_every_question(stub, run):
    stub.will(error(503, "starting"))
    with pytest.raises(EngineInputError) as stopped:
        run()(*talks(50))
    assert (stopped.value.code, stopped.value.facts["problem"]) == ("judge_down", "503 starting")
    assert len(stub.requests) == 5 * 6


def test_several_questions_at_once_get_each_its_own_answer(stub, run):
    def by_number(request):
        number = int(request["messages"][-1]["content"].split("Question ")[1].split("?")[0])
        return late(0.01 * (number % 3), completion(answer("yes" if number % 2 else "no", (1, "the fee"))))(
            request
        )

    stub.will(by_number)
    job = run(at_once=4)
    job(*talks(12))
    values = {
        row["contact"]: row["value"]
        for row in job.filled.table().to_pylist()
        if row["standard"] == "explains"
    }
    assert values == {f"c{n}": float(n % 2) for n in range(12)}
    assert job.budget.on_their_way == Tokens(0, 0)
