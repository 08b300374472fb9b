"""`gracja drift`: from cards and observations to what should be checked again."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from gracja.engine.detect.certainty.card import About, make_card
from gracja.engine.detect.learned.detector import Detector
from gracja.engine.detect.learned.store import write_detector
from gracja.engine.detect.learned.vocabulary import Vocabulary
from gracja.engine.tables import OBSERVATIONS

DETECTOR = "learned@1:abc"


def drawn(contacts, seed):
    random = np.random.default_rng(seed)
    met = random.random(contacts) < 0.4
    return 3 * (random.normal(size=contacts) + np.where(met, 1.5, -1.5)), met


@pytest.fixture
def detectors(tmp_path):
    folder = tmp_path / "detectors"
    folder.mkdir()
    about = About(DETECTOR, "shop@1", "greet", "2026-12-01", "held_out", 2, 0, "", "")
    card = make_card(about, *drawn(300, 1), pool=drawn(3000, 2)[0])
    (folder / "greet.parquet").write_bytes(write_detector(detector(card)))
    return folder, card


def detector(card):
    words = Vocabulary(np.zeros(1, np.int8), ("hello",), np.ones(1, np.float32))
    return Detector("greet", "shop@1", 1, "abc", words, np.ones(1, np.float32), 0.0, card)


def observations(path, probability, detector=DETECTOR):
    rows = [
        {
            "contact": f"c{number}",
            "segment": 0,
            "standard": "greet",
            "edition": "shop@1",
            "source": "automatic",
            "status": "abstained",
            "probability": None if np.isnan(chance) else float(chance),
            "detector": detector,
            "evidence": [],
            "revision": 1,
        }
        for number, chance in enumerate(probability)
    ]
    pq.write_table(pa.Table.from_pylist(rows, schema=OBSERVATIONS), path)
    return path


def test_a_steady_month_ends_well(gracja, detectors, tmp_path):
    folder, card = detectors
    month = observations(tmp_path / "month.parquet", card.calibration.probability(drawn(800, 3)[0]))

    done = gracja("drift", "--detectors", folder, "--observations", month, "--lang", "en")

    assert (done.code, done.out) == (0, "")
    assert "greet: as on its card (800 contacts)." in done.err


@pytest.mark.parametrize(("lang", "said"), [("en", "Draw"), ("pl", "Wylosuj")])
def test_a_changed_month_asks_for_marks_and_ends_with_1(gracja, detectors, tmp_path, lang, said):
    folder, card = detectors
    score, met = drawn(800, 3)
    month = observations(tmp_path / "month.parquet", card.calibration.probability(score[met]))

    done = gracja("drift", "--detectors", folder, "--observations", month, "--format", "json", "--lang", lang)

    (found,) = done.json["standards"]
    assert (done.code, found["verdict"]) == (1, "recheck")
    assert found["marks_to_draw"] > 100
    assert f"{said} {found['marks_to_draw']}" in done.err


@pytest.mark.parametrize(("lang", "said"), [("en", "Learn again"), ("pl", "Naucz detektor ponownie")])
def test_a_card_without_unmarked_contacts_is_not_compared_and_says_what_to_do(gracja, tmp_path, lang, said):
    about = About(DETECTOR, "shop@1", "greet", "2026-12-01", "cross_fitted", 2, 0, "", "")
    card = make_card(about, *drawn(300, 1), folds=np.arange(300) % 5)
    (tmp_path / "greet.parquet").write_bytes(write_detector(detector(card)))
    month = observations(tmp_path.parent / "month.parquet", np.full(300, 0.9))

    done = gracja(
        "drift", "--detectors", tmp_path, "--observations", month, "--format", "json", "--lang", lang
    )

    assert (done.code, done.json["standards"][0]["verdict"]) == (0, "too_few_then")
    assert said in done.err


def test_another_detectors_probabilities_are_counted_and_not_compared(gracja, detectors, tmp_path):
    folder, _ = detectors
    month = observations(tmp_path / "month.parquet", np.full(300, 0.9), detector="learned@1:other")

    done = gracja("drift", "--detectors", folder, "--observations", month, "--format", "json")

    assert done.code == 0
    assert done.json["rows_of_other_detectors"] == 300
    assert done.json["standards"][0]["verdict"] == "too_few"


def test_rows_that_no_detector_judged_are_no_steady_month(gracja, detectors, tmp_path):
    folder, _ = detectors
    month = observations(tmp_path / "month.parquet", np.full(300, np.nan), detector="phrases@2")

    done = gracja("drift", "--detectors", folder, "--observations", month, "--lang", "en")

    assert done.code == 2
    assert "Score first with `gracja score --detectors" in done.err


def test_a_detector_cut_short_is_refused(gracja, detectors, tmp_path):
    folder, _ = detectors
    whole = (folder / "greet.parquet").read_bytes()
    month = observations(tmp_path / "month.parquet", [0.5])
    for size in (0, 100, len(whole) // 2, len(whole) - 1):
        (folder / "greet.parquet").write_bytes(whole[:size])

        done = gracja("drift", "--detectors", folder, "--observations", month, "--lang", "en")

        assert done.code == 2
        assert "greet.parquet" in done.err


def test_a_folder_of_detectors_without_a_card_is_refused(gracja, tmp_path):
    (tmp_path / "greet.parquet").write_bytes(write_detector(detector(None)))
    month = observations(tmp_path.parent / "month.parquet", [0.5])

    done = gracja("drift", "--detectors", tmp_path, "--observations", month, "--lang", "en")

    assert done.code == 2
    assert "no detector with an evaluation card" in done.err


def test_two_detectors_of_one_standard_are_refused(gracja, detectors, tmp_path):
    folder, _ = detectors
    (folder / "greet-2.parquet").write_bytes((folder / "greet.parquet").read_bytes())
    month = observations(tmp_path / "month.parquet", [0.5])

    done = gracja("drift", "--detectors", folder, "--observations", month, "--lang", "en")

    assert done.code == 2
    assert "Two detectors" in done.err
