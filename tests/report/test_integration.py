"""From conversations through the real detectors and the real measurement to the page."""

from gracja.engine.detect import detect
from gracja.engine.measure import measure, measured
from gracja.report import write_report
from gracja.report.gaps import SAID_ALREADY
from gracja.wording.sentences import catalogue


def test_the_real_engine_fills_the_report(make_shop):
    shop = make_shop(people=(("Darek", 12, 3.5), ("Celina", 12, 1.5), ("Borys", 2, 1.5)))
    observations = detect(shop["conversations"][0], shop["edition"])
    measured = measure(observations, shop["edition"])
    page = write_report(
        results=measured.results,
        observations=observations,
        edition=shop["edition"],
        conversations=shop["conversations"],
        language="en",
        notes=measured.notes,
        not_measured=measured.not_measured,
    )
    assert "No person has checked these marks yet" in page
    assert "<mark>Good morning</mark>" in page or "<mark>Dzień dobry</mark>" in page
    assert "Note of the engine" not in page
    assert "Not computed" not in page


def test_every_code_of_the_engine_has_a_sentence():
    said = catalogue("report")
    for code in set(measured.NOTE_CODES) - SAID_ALREADY:
        assert f"gap_note_{code}_why" in said, code
    for code in set(measured.NOT_MEASURED_CODES) - SAID_ALREADY:
        assert f"gap_measure_{code}_why" in said, code
    for code in measured.PROVISIONAL_CODES:
        assert f"provisional_{code}_why" in said, code
