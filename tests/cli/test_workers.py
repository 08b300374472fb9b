"""Several processes give what one gives, in the same order; they end when the first one ends."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pyarrow as pa
import pytest

from gracja.cli.workers import in_order
from gracja.engine.detect.batch import BatchScorer
from gracja.engine.edition.read import read_edition
from gracja.engine.errors import EngineInputError, Where
from gracja.engine.tables import CONVERSATIONS
from gracja.wording.sentences import LANGUAGES, say_error

# Functions of a module that another process can import are what pickles.
SCORERS = """
import os, signal, time
import pyarrow as pa
from gracja.engine.errors import EngineInputError, Where

def doubled(batch):
    number = batch["n"][0].as_py()
    time.sleep(0.02 * (number % 3))  # so that later batches are ready before earlier ones
    return pa.record_batch({"n": [2 * n for n in batch["n"].to_pylist()], "by": [os.getpid()] * len(batch)})

def refusing(batch):
    raise EngineInputError("results_broken", Where("a.parquet", 3), missing=["x"])

def failing(batch):
    raise ZeroDivisionError("seven")

def dying(batch):
    if batch["n"][0].as_py() == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return batch

def sleeping(batch):
    time.sleep(600)
"""


@pytest.fixture
def scorers(tmp_path, monkeypatch):
    """The functions above, in a module that the worker processes find too."""
    import importlib

    (tmp_path / "scorers_of_a_test.py").write_text(SCORERS)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return importlib.import_module("scorers_of_a_test")


def batches(count, asked=None):
    for number in range(count):
        if asked is not None:
            asked.append(number)
        yield pa.record_batch({"n": [number, number]})


def test_the_order_is_that_of_the_input_and_several_processes_share_the_work(scorers):
    found = list(in_order(batches(10), scorers.doubled, workers=3))

    assert [one["n"][0].as_py() for one in found] == [2 * number for number in range(10)]
    assert len({one["by"][0].as_py() for one in found}) == 3
    assert os.getpid() not in {one["by"][0].as_py() for one in found}


def test_one_worker_is_this_process(scorers):
    (found,) = in_order(batches(1), scorers.doubled, workers=1)

    assert found["by"][0].as_py() == os.getpid()


def test_no_more_batches_are_asked_for_than_there_are_processes(scorers):
    asked = []
    found = in_order(batches(50, asked), scorers.doubled, workers=2)
    next(found)

    assert len(asked) <= 3  # two at work, and the one that the first of them was given for its answer
    found.close()


def test_what_the_scorer_refuses_is_raised_with_its_code_and_place(scorers):
    with pytest.raises(EngineInputError) as refused:
        list(in_order(batches(3), scorers.refusing, workers=2))

    assert (refused.value.code, refused.value.where) == ("results_broken", Where("a.parquet", 3))
    assert refused.value.facts == {"missing": ["x"]}


def test_a_fault_in_the_scorer_is_told_with_its_own_trace(scorers):
    with pytest.raises(RuntimeError, match="ZeroDivisionError: seven"):
        list(in_order(batches(3), scorers.failing, workers=2))


def test_a_process_that_is_killed_is_a_clear_error(scorers):
    with pytest.raises(EngineInputError) as ended:
        list(in_order(batches(9), scorers.dying, workers=2))

    assert (ended.value.code, ended.value.facts) == ("worker_ended", {"exit": -9})
    assert all("--workers" in say_error(ended.value, lang) for lang in LANGUAGES)


def test_a_scorer_of_an_edition_pickles_and_scores_the_same_afterwards(edition, good):
    document = read_edition(edition.read_text("utf-8")).edition
    scorer = BatchScorer(document, "en")
    talks = pa.Table.from_pylist(
        [{**good(number), "complete": True} for number in range(5)], CONVERSATIONS
    ).to_batches()

    again = pickle.loads(pickle.dumps(scorer))  # noqa: S301  (our own)

    assert again == scorer
    assert again(talks[0]).equals(scorer(talks[0]))
    assert next(in_order(talks, scorer, workers=2)).equals(scorer(talks[0]))


PROGRAM = """
    import signal, sys
    import pyarrow as pa
    from gracja.cli.workers import in_order
    import scorers_of_a_test

    def batches():
        yield pa.record_batch({"n": [1]})
        yield pa.record_batch({"n": [2]})
        import multiprocessing
        print(*(child.pid for child in multiprocessing.active_children()), flush=True)
        while True:
            yield pa.record_batch({"n": [3]})

    if __name__ == "__main__":
        # a shell that starts us in the background has Ctrl-C ignored
        signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            list(in_order(batches(), scorers_of_a_test.sleeping, workers=2))
        except KeyboardInterrupt:
            sys.exit(130)
"""


def alive(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")")[1].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="Linux shows processes as files")
@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_no_process_outlives_the_first_one_and_ctrl_c_makes_no_noise(scorers, tmp_path, how, code):
    program = tmp_path / "program.py"
    program.write_text(textwrap.dedent(PROGRAM))
    first = subprocess.Popen(
        [sys.executable, program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    others = [int(each) for each in first.stdout.readline().split()]
    assert len(others) == 2
    assert all(map(alive, others))

    if how == signal.SIGINT:
        os.killpg(first.pid, how)  # as a terminal does, to all of them
    else:
        first.kill()
    _, said = first.communicate(timeout=300)

    assert (first.returncode, said) == (code, b"")
    for _ in range(3_000):
        if not any(map(alive, others)):
            break
        time.sleep(0.1)
    assert not any(map(alive, others))
