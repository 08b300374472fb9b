"""What the file says and holds, read without a browser."""

import base64
import hashlib
import json
import re

import pyarrow as pa
import pytest

from gracja.engine.tables import CONVERSATIONS, OBSERVATIONS, RESULTS
from gracja.report import write_report
from gracja.report.examples import find_examples
from gracja.report.pictures import safe_json

HOSTILE = "</script><script>alert(1)</script>"


def changed(table, change):
    return pa.Table.from_pylist([{**row, **change(row)} for row in table.to_pylist()], schema=table.schema)


def text_of(html):
    return re.sub(
        r"\s+", " ", re.sub(r"<[^>]+>", " ", html.split("<body>")[1].split('<script type="application')[0])
    )


def test_everything_is_in_the_file(html):
    addresses = re.findall(
        r"""(?:src|href)\s*=\s*["']([^"']+)""", html.split("<body>")[1].split("<script>")[0]
    )
    assert addresses
    assert all(address.startswith("#") for address in addresses)
    assert "url(" not in re.sub(r"url\(\"data:font/woff2", "", html.split("</style>")[0])


def test_only_the_scripts_and_the_style_of_this_file_may_run(html):
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)[1].replace("&#39;", "'")
    assert policy.startswith("default-src 'none'")
    blocks = re.findall(r"<(?:script|style)>(.*?)</(?:script|style)>", html, re.DOTALL)
    assert len(blocks) == 3
    for block in blocks:
        digest = base64.b64encode(hashlib.sha256(block.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy


def test_there_is_no_inline_style_and_no_inline_handler(html):
    body = html.split("<body>")[1].split("<script>")[0]
    assert not re.search(r"\sstyle=|\son[a-z]+=", body)


def test_both_languages_are_inside_and_the_asked_one_is_first(whole_shop):
    page = write_report(**whole_shop, language="en")
    assert '<html lang="en">' in page
    assert '<template lang="pl"' in page
    assert page.index("The basics are") < page.index("Podstawa jest")


def test_hostile_names_and_words_stay_text(make_shop):
    shop = make_shop(people=((HOSTILE, 12, 1.5), ("<img src=x onerror=alert(1)>", 9, 1.0)))
    shop["conversations"] = [
        changed(
            table,
            lambda row: {"turns": [{**turn, "text": f"{turn['text']} {HOSTILE}"} for turn in row["turns"]]},
        )
        for table in shop["conversations"]
    ]
    page = write_report(**shop, title=HOSTILE, notes=(("odd", {"x": HOSTILE}),))
    assert "alert(1)" in page
    assert HOSTILE not in page
    assert "<img" not in page
    assert page.count("<script") == 3


def test_json_cannot_close_its_script():
    assert json.loads(safe_json({"a": "</script>\u2028&"})) == {"a": "</script>\u2028&"}
    assert "<" not in safe_json({"a": "</script>"})


def test_nothing_measured_says_so_and_never_nought_percent(whole_shop):
    numbers = [field.name for field in RESULTS if pa.types.is_floating(field.type)]
    bare = changed(whole_shop["results"], lambda _: dict.fromkeys(numbers))
    page = text_of(write_report(**{**whole_shop, "results": bare}, language="en"))
    assert "The basics could not be measured." in page
    assert "Not measured" in page
    assert not re.search(r"(?<![\d.])0%", page)


def test_nan_is_not_measured_either(whole_shop):
    bare = changed(whole_shop["results"], lambda _: {"base": float("nan"), "fit_low": float("nan")})
    assert "nan" not in text_of(write_report(**{**whole_shop, "results": bare})).lower().split()


def test_an_empty_world_has_a_report(salon):
    empty = {"results": RESULTS.empty_table(), "observations": OBSERVATIONS.empty_table(), "edition": salon}
    assert "Nie ma jeszcze ani jednej oceny" in write_report(**empty)
    assert "not a single mark" in write_report(**empty, language="en", conversations=[])


def test_people_with_under_five_contacts_stand_apart_without_an_interval(html):
    table = html.split("<tbody>")[1].split("</table>")[0]
    assert "Kuba Sowa" not in table
    few = html.split('<div class="few">')[1].split("</section>")[0]
    assert "Kuba Sowa" in few
    assert "<svg" not in few
    numbers = json.loads(re.search(r'id="numbers">(.*?)</script>', html)[1])
    assert len(numbers["people"]["rows"]) == 10


def test_a_dot_is_hollow_exactly_where_the_interval_holds_the_level(html):
    rows = json.loads(re.search(r'id="numbers">(.*?)</script>', html)[1])["people"]["rows"]
    for row in rows:
        assert (row["side"] == "unknown") == (row["low"] < 0.85 <= row["high"])


def test_without_conversations_it_says_that_quotes_need_them(whole_shop):
    page = write_report(**{**whole_shop, "conversations": None}, language="en")
    assert "make the report together with the conversations" in page
    assert "<mark>" not in page


def test_evidence_is_marked_by_code_points_with_the_turn_before_it(salon):
    said = "🙂🙂 Dzień dobry, słucham."
    turns = [{"speaker": "customer", "text": "Halo?"}, {"speaker": "agent", "text": said}]
    found = examples(salon, turns, [{"turn": 1, "start": 3, "end": 14}], 1.0)["greet"].best[0]
    assert [line.speaker for line in found.lines] == ["customer", "agent"]
    assert found.lines[1].pieces == (("🙂🙂 ", False), ("Dzień dobry", True), (", słucham.", False))


def test_evidence_outside_the_text_is_not_quoted(salon):
    turns = [{"speaker": "agent", "text": "Tak."}]
    spots = [{"turn": 0, "start": 2, "end": 99}, {"turn": 7, "start": 0, "end": 1}]
    found = examples(salon, turns, spots, 1.0)["greet"].best[0]
    assert found.excerpt == "none"


def test_an_absence_shows_the_opening_or_the_end_where_it_was_due(salon):
    turns = [{"speaker": "agent" if at % 2 else "customer", "text": f"Zdanie {at}"} for at in range(8)]
    found = examples(salon, turns, [], 0.0)
    assert found["greet"].worst[0].excerpt == "opening"
    assert found["greet"].worst[0].lines[0].pieces == (("Zdanie 0", False),)
    assert found["thank"].worst[0].excerpt == "closing"
    assert found["thank"].worst[0].lines[-1].pieces == (("Zdanie 7", False),)


def test_a_long_turn_is_cut_around_its_evidence(salon):
    text = "słowo " * 200 + "Dzień dobry" + " słowo" * 200
    spot = {"turn": 0, "start": 1200, "end": 1211}
    line = examples(salon, [{"speaker": "agent", "text": text}], [spot], 1.0)["greet"].best[0].lines[0]
    assert ("Dzień dobry", True) in line.pieces
    assert sum(len(piece) for piece, _ in line.pieces) < 420


def examples(salon, turns, spots, value):
    import polars as pl

    rows = [
        {
            "contact": "c",
            "segment": 0,
            "standard": standard,
            "edition": "salon@3",
            "source": "automatic",
            "status": "marked",
            "value": value,
            "evidence": spots,
            "revision": 0,
        }
        for standard in ("greet", "thank")
    ]
    talk = {"contact": "c", "channel": "chat", "language": "pl", "complete": True, "turns": turns}
    marks = pl.DataFrame(pl.from_arrow(pa.Table.from_pylist(rows, schema=OBSERVATIONS)))
    return find_examples(marks, salon, iter([pa.Table.from_pylist([talk], schema=CONVERSATIONS)]), "pl")


def test_what_could_not_be_measured_is_listed_with_its_reason(whole_shop):
    page = text_of(
        write_report(
            **whole_shop,
            language="en",
            rejected=3,
            notes=(("one_evaluator", {"evaluator": "Anna"}), ("few_contacts", {"employees": 4, "least": 5})),
            not_measured=(
                ("employee", "Zed", "no_usable_marks", {}),
                ("standard", "by_name", "wanted_unknown", {}),
            ),
        )
    ).replace("\u00a0", " ")
    for said in (
        *(
            "3 conversations that could not be read",
            "Only one person marked",
            "1 person without a single mark",
        ),
        *("1 standard that depends on what the customer wanted", "4 people with too few contacts", "Zed"),
    ):
        assert said in page


def test_an_unknown_code_is_shown_with_its_facts(whole_shop):
    page = text_of(write_report(**whole_shop, language="en", notes=(("brand_new", {"rows": 7}),)))
    assert "Note of the engine: brand_new" in page
    assert "rows: 7" in page


def test_automatic_only_says_that_the_error_is_not_known(whole_shop):
    only = changed(whole_shop["results"], lambda _: {"provisional": "automatic_only,reference_mix_open"})
    page = text_of(write_report(**{**whole_shop, "results": only}, language="en"))
    assert "No person has checked these marks yet, so the error of the measurement is not known." in page


@pytest.mark.parametrize(("people", "most"), [(110, 1_300_000), (1000, 2_600_000)])
def test_a_crowd_stays_of_reasonable_size(whole_shop, people, most):
    rows = whole_shop["results"].to_pylist()
    one = next(row for row in rows if row["subject_kind"] == "employee")
    many = [{**one, "subject": f"Person {number}", "rank_high": people} for number in range(people)]
    rest = [row for row in rows if row["subject_kind"] != "employee"]
    table = pa.Table.from_pylist(rest + many, schema=RESULTS)
    assert len(write_report(**{**whole_shop, "results": table}).encode()) < most


def test_the_same_input_gives_the_same_file(whole_shop, html):
    assert write_report(**whole_shop, rejected=3) == html
