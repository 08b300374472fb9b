"""A member's card before the camera: Chromium films a made-up card, and the page finds the member.

Chromium on Linux reads no codes itself, so what runs here is our own reader, as on an iPhone or in Firefox.
Where a browser has a reader (`BarcodeDetector`), one is played to the letter of its interface.
"""

from __future__ import annotations

import base64
from random import Random

import pytest
import segno
from app.club_world import club_at
from app.giving_world import gestures_at
from app.web.camera import film, seen

from gracja.app.gestures.club.selectors.members import card_of

pytestmark = pytest.mark.browser
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
MENDED = {"L": 2, "M": 4, "Q": 6, "H": 8}  # wrong codewords, ISO/IEC 18004 table 9
START = "Użyj aparatu"
READ_ALL = """async (symbols) => {
    const { textOf } = await import("/static/gracja/qr_symbol.js");
    return symbols.map((rows) => textOf((row, column) => rows[row][column] === "1"));
}"""
FIND = """async ([grey, width, height]) => {
    const { read } = await import("/static/gracja/qr_finding.js");
    const seen = Uint8Array.from(atob(grey), (one) => one.charCodeAt(0));
    const data = new Uint8ClampedArray(4 * seen.length);
    seen.forEach((one, k) => data.set([one, one, one, 255], 4 * k));
    return read({ data, width, height });
}"""


@pytest.fixture
def there(company, cast, rynek):
    gestures_at(rynek, cast)
    return club_at(rynek, cast)


@pytest.fixture
def number(there):
    return card_of(there.member).number


@pytest.fixture
def filming(chromium_with, tmp_path):
    """Opens a Chromium before whose camera these pictures pass."""

    def started(pictures):
        path = film(tmp_path / "card.y4m", pictures)
        return chromium_with(
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={path}",
        )

    return started


@pytest.fixture
def blank(window):
    page = window()
    page.go("/accounts/login/")
    return page


def rows_of(text, **options):
    symbol = segno.make(text, micro=False, version=1, boost_error=False, **options).matrix
    return ["".join(map(str, map(int, row))) for row in symbol]


def some_number(rng, length=12):
    return "".join(rng.choice(LETTERS) for _ in range(length))


@pytest.mark.parametrize("level", MENDED)
def test_a_symbol_is_read_at_every_level_and_mask_as_another_program_wrote_it(blank, level):
    rng = Random(11)  # noqa: S311
    texts = [some_number(rng, 10) for _ in range(8)] + ["2345678923", "A", "98765 AB-C"]
    symbols = [rows_of(text, error=level, mask=at % 8) for at, text in enumerate(texts)]

    assert blank.evaluate(READ_ALL, symbols) == texts


@pytest.mark.parametrize("level", MENDED)
def test_a_scratched_symbol_is_put_right_and_a_spoilt_one_is_never_read_as_another(blank, level):
    rng = Random(12)  # noqa: S311
    texts = [some_number(rng, 10) for _ in range(40)]
    scratched, spoilt = [], []
    for text in texts:
        rows = [list(row) for row in rows_of(text, error=level)]
        places = [(row, column) for row in range(9, 21) for column in range(9, 21)]
        for turned, kept in ((MENDED[level], scratched), (100, spoilt)):
            copy = [row.copy() for row in rows]
            for row, column in rng.sample(places, turned):
                copy[row][column] = "01"[copy[row][column] == "0"]
            kept.append(["".join(row) for row in copy])

    assert blank.evaluate(READ_ALL, scratched) == texts
    assert blank.evaluate(READ_ALL, spoilt) == [None] * len(texts)


@pytest.mark.parametrize("turned", [0, 45, 100, 190, 300])
def test_a_card_is_found_however_it_is_turned_near_or_far_and_tilted(blank, turned):
    rng = Random(turned)  # noqa: S311
    missed = []
    for module in (4.0, 7.0, 13.0):
        for tilted in (0.0, 0.1, 0.2, 0.3):
            text = some_number(rng)
            look = {"module": module, "turned": turned + 3.0, "tilted": tilted, "seed": rng.randrange(999)}
            picture = seen(text, width=480, height=480, **look)
            found = blank.evaluate(FIND, [base64.b64encode(picture.tobytes()).decode(), 480, 480])
            assert found in (text, None)
            missed += [] if found else [look]

    assert len(missed) <= 1, missed  # the camera looks six times a second


def test_a_picture_without_a_code_is_no_number(blank):
    table = seen("ABCDEFGH2345", width=480, height=480, module=0.5)

    assert blank.evaluate(FIND, [base64.b64encode(table.tobytes()).decode(), 480, 480]) is None


def test_a_card_before_the_camera_finds_its_member(window, cast, number, filming, violations):
    empty, card = seen(number, module=0.4), [seen(number, turned=turn, seed=turn) for turn in (9, 11, 14)]
    with filming([empty] * 10 + card * 10) as browser:
        page = window(cast.darek, width=390, browser=browser)
        page.go("/club/scan/")
        assert not page.evaluate("'BarcodeDetector' in window")  # if it is, this browser reads by itself
        page.get_by_role("button", name=START).click()
        page.get_by_text("Przytrzymaj kod karty przed aparatem.").wait_for()
        assert violations(page) == []
        page.get_by_role("heading", name="Przysługuje dzisiaj").wait_for()
        page.context.close()


def test_where_the_browser_reads_codes_itself_its_reader_is_asked(window, cast, number, filming):
    played = """
        window.BarcodeDetector = class {
          static async getSupportedFormats() { return ["ean_13", "qr_code"]; }
          constructor({ formats }) { if (formats.join() !== "qr_code") throw new TypeError("formats"); }
          async detect(view) {
            if (!(view instanceof HTMLVideoElement)) throw new TypeError("no picture");
            if (view.readyState < 2) throw new DOMException("no frame");
            window.asked = (window.asked ?? 0) + 1;
            return window.asked < 3 ? [] : [{ rawValue: "NUMBER", format: "qr_code" }];
          }
        };
    """.replace("NUMBER", number)
    with filming([seen("22222222", module=0.4)]) as browser:
        page = window(cast.darek, width=390, browser=browser)
        page.add_init_script(played)
        page.go("/club/scan/")
        page.get_by_role("button", name=START).click()
        page.get_by_role("heading", name="Przysługuje dzisiaj").wait_for()
        page.context.close()


def test_without_a_camera_the_page_says_so_and_a_number_can_be_typed(window, cast, number, violations):
    page = window(cast.darek, width=390)  # this Chromium has none
    page.go("/club/scan/")
    page.get_by_role("button", name=START).click()
    page.get_by_text("nie ma tu aparatu").wait_for()
    assert violations(page) == []
    page.get_by_label("Numer karty").fill(number)
    page.get_by_role("button", name="Pokaż").click()
    page.get_by_role("heading", name="Przysługuje dzisiaj").wait_for()


def test_where_the_browser_gives_pages_no_camera_no_button_promises_one(window, cast, there, violations):
    page = window(cast.darek, width=390)
    page.add_init_script(
        "Object.defineProperty(navigator, 'mediaDevices', { value: undefined });"
    )  # as over HTTP
    page.go("/club/scan/")
    page.get_by_text("nie ma tu aparatu").wait_for()
    assert not page.get_by_role("button", name=START).is_visible()
    assert violations(page) == []
