"""What is taken out of a text before it leaves, and the way back to the original words."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gracja.judge.masking import Mask
from gracja.judge.question import transcript_of
from gracja.judge.whose import Speakers

from .conftest import answer, completion, talk


def masked(text, language="en", **fields):
    return Mask(talk(f"a: {text}", **fields), language).text(text).text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Write to jan.kowalski+x@mail.example.com.", "Write to [EMAIL_1]."),
        ("Call 600 100 200 or +48 600-100-200", "Call [NUMBER_1] or [NUMBER_2]"),
        ("(555) 123-4567", "[NUMBER_1]"),
        ("account 312987", "account [NUMBER_1]"),
        ("PL61 1090 1014 0000 0712 1981 2874", "[NUMBER_1]"),
        ("order FV/2026/0045, AB-12345", "order [NUMBER_1], [NUMBER_2]"),
        ("it is five five five one two", "it is [NUMBER_1]"),
        ("see https://shop.example.com/o/99?u=1.", "see [LINK_1]."),
    ],
)
def test_addresses_and_long_numbers_do_not_leave(text, left):
    assert masked(text) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("numer 61109010140000071219812874 zł", "numer [NUMBER_1] zł"),
        ("numer 61 1090 1014 0000 0712 1981 2874 PLN", "numer [NUMBER_1] PLN"),
        ("pesel 90010112345 %", "pesel [NUMBER_1] %"),
        ("pesel 90010112345,00 zł", "pesel [NUMBER_1],00 zł"),
        ("dzwon 600 100 200 zł", "dzwon [NUMBER_1] zł"),
        ("konto 12345678 zł", "konto [NUMBER_1] zł"),
        ("konto 12345 europejskie", "konto [NUMBER_1] europejskie"),
    ],
)
def test_a_currency_behind_it_makes_no_price_of_a_long_number(text, left):
    assert masked(text, "pl") == left


@pytest.mark.parametrize(
    "text", ["jan (at) ex.pl", "jan [at] ex [dot] pl", "jan małpa ex kropka pl", "JAN @ ex.pl", "jan@ex.pl"]
)
def test_an_address_does_not_leave_however_its_sign_is_spelt(text):
    assert masked(f"{text}, czyli jan@ex.pl", "pl") == "[EMAIL_1], czyli [EMAIL_1]"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("tel\n600\n100\n200\nrano", "tel\n[NUMBER_1]\nrano"),
        ("600 100\r\n200", "[NUMBER_1]"),
        ("+48\n600-100\n200, czyli +48 600 100 200", "[NUMBER_1], czyli [NUMBER_1]"),
    ],
)
def test_a_phone_split_over_lines_does_not_leave(text, left):
    assert masked(text, "pl") == left


@pytest.mark.parametrize(
    "text",
    [
        *(
            "123 456,00 zł",
            "12345 zł",
            "123456,50 PLN",
            "1.240.00 zł",
            "12345 złotych",
            "(12 345.00 zł)",
            "99,5 %",
        ),
        *("2026-12-01\n14:30", "od 14:30\n15:30", "at 10\n20"),
        "it costs 1 240,00 zł",
        "in 2026",
        "on 2026-12-01",
        "at 14:30",
        "12.50 for two",
        "within 24 hours",
    ],
)
def test_prices_dates_and_times_stay_readable(text):
    assert masked(text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Hello, this is Katie. How can I help?", "Hello, this is [PERSON_1]. How can I help?"),
        ("my name is john smith", "my name is [PERSON_1] [PERSON_2]"),
        ("Thanks, Bill! The bill is here.", "Thanks, [PERSON_1]! The bill is here."),
        ("I'm sorry, that's on Monday.", "I'm sorry, that's on Monday."),
        ("May I help? I can't, it isn't mine.", "May I help? I can't, it isn't mine."),
    ],
)
def test_english_names_do_not_leave_and_english_words_do(text, left):
    assert masked(text) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Dzień dobry, z tej strony Anna Zając", "Dzień dobry, z tej strony [PERSON_1] [PERSON_2]"),
        ("nazywam sie jan kowalski", "nazywam sie [PERSON_1] [PERSON_2]"),
        ("Pani Anno, dziękuję Państwu", "Pani [PERSON_1], dziękuję Państwu"),
        ("Sam sprawdzę. Ale to potrwa.", "Sam sprawdzę. Ale to potrwa."),
        ("oddzwonię do pani kowalskiej jutro", "oddzwonię do pani [PERSON_1] jutro"),
    ],
)
def test_polish_names_do_not_leave_and_polish_words_do(text, left):
    assert masked(text, "pl") == left


WITHOUT_DIACRITICS = (
    "Dzien dobry, w czym moge pomoc?",
    "Dziekuje bardzo, milego dnia",
    "Prosze poczekac chwile, sprawdze to",
    "Oczywiscie, juz sprawdzam",
    "Chcialbym zlozyc reklamacje",
    "Chcialam zapytac o moje zamowienie",
    "Bardzo przepraszam za opoznienie",
    "Rozumiem, ze jest Pan niezadowolony",
    "Wysylka nastapi w ciagu trzech dni",
    "Pieniadze wroca na konto w ciagu tygodnia",
    "Zgloszenie zostalo przyjete",
    "Wlasnie sprawdzam Pani zgloszenie",
    "Mozna zaplacic karta albo przelewem",
    "Swietnie, dziekuje",
    "Zaden problem",
    "Ktos do Panstwa zadzwoni",
    "Zycze milego wieczoru",
    "Wrzesien i pazdziernik sa zajete",
    "Zamowienie zlozylem w poniedzialek",
    "Jestesmy czynni od osmej",
    "Slucham Pana",
    "Nastepnym razem prosze dzwonic wczesniej",
    "Usluga jest bezplatna",
    "Blad systemu, prosze sprobowac pozniej",
    "Beda dwie osoby, nie wiecej osob",
    "Kazdy moze sie pomylic",
    "Jesli Pan chce, moge oddzwonic",
    "Najblizszy wolny termin to piatek",
    "Bedzie gotowe za pol godziny",
    "Nie lubie, gdy inni moga dac wiecej, a moj termin przepada",
    "Czekaja w kolejce do konca",
)


@pytest.mark.parametrize("spelled", [str, str.lower, str.upper], ids=["as typed", "small", "shouted"])
@pytest.mark.parametrize("text", WITHOUT_DIACRITICS)
def test_ordinary_words_typed_without_diacritics_stay_readable(text, spelled):
    assert masked(spelled(text), "pl") == spelled(text)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Dzien dobry, mowi Lukasz Wisniewski", "Dzien dobry, mowi [PERSON_1] [PERSON_2]"),
        ("nazywam sie bozena zielinska", "nazywam sie [PERSON_1] [PERSON_2]"),
        ("Pani Malgosiu, dziekuje", "Pani [PERSON_1], dziekuje"),
        ("blazej do pani zajac", "[PERSON_1] do pani [PERSON_2]"),
        ("Rozmawialem z Zajacem i z pania gorska", "Rozmawialem z [PERSON_1] i z pania [PERSON_2]"),
        ("dzwonila anna moj w sprawie", "dzwonila [PERSON_1] [PERSON_2] w sprawie"),
        ("to Anna Moj, nie Stala", "to [PERSON_1] [PERSON_2], nie [PERSON_3]"),
    ],
)
def test_names_typed_without_diacritics_do_not_leave(text, left):
    assert masked(text, "pl") == left


def test_who_the_conversation_itself_names_does_not_leave_in_any_form():
    fields = {"employee": "Rzepakowska", "customer": "K-77123", "contact": "rozmowa-9"}
    assert masked("rzepakowską prosi K-77123, rozmowa-9", "pl", **fields) in (
        "[PERSON_1] prosi [ID_1], [ID_2]",
        "rzepakowską prosi [ID_1], [ID_2]",  # a form that no dictionary here knows
    )
    assert masked("Rzepakowska słucha", "pl", **fields) == "[PERSON_1] słucha"


def test_one_person_is_one_placeholder_all_through_the_conversation(stub, run):
    stub.will(completion(answer("no")))
    run()(talk("a: This is Anna.", "c: Hi Anna, I am Tom.", "a: Hello Tom", contact="c1"))
    assert [turn["text"] for turn in stub.asked[0]["turns"]] == [
        "This is [PERSON_1].",
        "Hi [PERSON_1], I am [PERSON_2].",
        "Hello [PERSON_2]",
    ]


def test_who_is_named_once_is_masked_everywhere_in_the_conversation(stub, run):
    run()(talk("c: Mark is away", "a: Thanks, Mark! Dr. Craig will see mark and ben.", "c: Ben? Mark. BEN"))
    assert [turn["text"] for turn in stub.asked[0]["turns"]] == [
        "[PERSON_1] is away",
        "Thanks, [PERSON_1]! Dr. [PERSON_2] will see mark and [PERSON_3].",
        "[PERSON_3]? [PERSON_1]. [PERSON_3]",
    ]


def test_events_and_ids_of_the_row_leave_masked_or_not_at_all(stub, run):
    run()(talk("a: Hi", "s: paid_by_c-4455", contact="c1", customer="c-4455", place="Rynek"))
    sent = json.dumps(stub.requests)
    assert "4455" not in sent
    assert "Rynek" not in sent
    assert "anna" not in sent


def test_an_edition_may_let_texts_leave_as_they_are(stub, run, edition):
    open_ = edition.language_model.model_copy(update={"mask_names": False})
    stub.will(completion(answer("yes", (0, "Anna Nowak, 600 100 200"))))
    row = run(edition.model_copy(update={"language_model": open_}))(talk("a: Anna Nowak, 600 100 200"))[
        "explains"
    ]
    assert row["value"] == 1.0
    assert stub.asked[0]["turns"][0]["text"] == "Anna Nowak, 600 100 200"


WORDS = st.sampled_from(
    [
        "Anna",
        "jan@x.pl",
        "600 100 200",
        "the",
        "fee,",
        "Nowak",
        "12,50",
        "AB-12345",
        "ż",
        "🙂",
        "[PERSON_1]",
        "\n",
    ]
)


@given(
    st.lists(WORDS | st.text(max_size=6), min_size=1, max_size=12).map(" ".join),
    st.sampled_from(["pl", "en"]),
)
def test_every_place_of_a_masked_text_leads_back_to_the_original(text, language):
    row = talk("a: x")
    row["turns"][0]["text"] = text
    left = transcript_of(row, language, Speakers.of(row, (0,)), mask_names=True).texts[0]
    behind = behind_original = 0
    for start, end, original_start, original_end in left.pieces:
        assert left.text[behind:start] == text[behind_original:original_start]
        assert re.fullmatch(r"\[[A-Z]+_\d+\]", left.text[start:end])
        assert left.original(start, end) == (original_start, original_end)
        assert left.original(start + 1, end - 1) == (original_start, original_end)
        behind, behind_original = end, original_end
    assert left.text[behind:] == text[behind_original:]
    assert left.original(0, len(left.text)) == (0, len(text))
    for place in range(len(left.text)):
        start, end = left.original(place, place + 1)
        assert 0 <= start < end <= len(text)
