"""Partners of Polish verbs: who looks for *zgłosić* finds *zgłaszam*, and never another verb."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gracja.engine.words import aspect_endings, aspects
from gracja.engine.words.aspects import aspect_partners
from gracja.engine.words.forms import forms_of, lemmas_meant

TABLE = aspects.listed_pairs()
# pairs by ending that a service needs: each way of making one stands here
BY_ENDING = """
zgłosić zgłaszać
umówić umawiać
oddzwonić oddzwaniać
sprawdzić sprawdzać
pomóc pomagać
przeprosić przepraszać
kupić kupować
zwrócić zwracać
opuścić opuszczać
wyrazić wyrażać
uspokoić uspokajać
przedłużyć przedłużać
usunąć usuwać
minąć mijać
nacisnąć naciskać
zamknąć zamykać
zapisać zapisywać
uzyskać uzyskiwać
przygotować przygotowywać
obsłużyć obsługiwać
rozpatrzyć rozpatrywać
przyjąć przyjmować
zdjąć zdejmować
zacząć zaczynać
odebrać odbierać
zejść schodzić
złożyć składać
odłożyć odkładać
zetrzeć ścierać
przynieść przynosić
dowieźć dowozić
odpowiedzieć odpowiadać
sprzedać sprzedawać
wystąpić występować
zgadnąć zgadywać
"""
PAIRS = [line.split() for line in BY_ENDING.strip().split("\n")]
VERBS = sorted(
    {verb for line in TABLE for verb in line} | {verb for pair in PAIRS for verb in (*pair, "za" + pair[0])}
)


@pytest.mark.parametrize(("perfective", "imperfective"), PAIRS)
def test_a_verb_is_paired_by_its_ending_in_both_directions(perfective, imperfective):
    assert imperfective in aspect_partners(perfective)
    assert perfective in aspect_partners(imperfective)


@pytest.mark.parametrize(
    ("verb", "partners"),
    [
        ("dzwonić", {"zadzwonić"}),
        ("powiedzieć", {"mówić"}),
        ("brać", {"wziąć"}),
        ("czekać", {"poczekać", "zaczekać"}),
        ("zaczekać", {"czekać"}),
    ],
)
def test_what_no_ending_shows_stands_in_the_table(verb, partners):
    assert aspect_partners(verb) == partners


@pytest.mark.parametrize(
    ("verb", "other"),
    [
        ("czytać", "zaczytać"),
        ("mierzyć", "zmierzać"),
        ("zmierzyć", "zmierzać"),
        ("wyczekać", "czekać"),
        ("poczytać", "poczytywać"),  # consider
        ("odrodzić", "odradzać"),  # advise against
        ("okupić", "okupować"),  # occupy
        ("przysłużyć", "przysługiwać"),  # be entitled
        ("zdążyć", "zdążać"),  # head for
        ("umarznąć", "umarzać"),  # write off
        ("wziąć", "zabierać"),
        ("życzyć", "pożyczyć"),  # lend
    ],
)
def test_a_verb_that_only_looks_alike_is_no_partner(verb, other):
    assert other not in aspect_partners(verb)
    assert verb not in aspect_partners(other)


@pytest.mark.parametrize("word", ["reklamacja", "zgłaszam", "xyzzować", "", "c", "umówić się"])
def test_only_an_infinitive_has_partners(word):
    assert aspect_partners(word) == frozenset()


@given(st.sampled_from(VERBS))
def test_a_partner_s_partner_is_the_verb_itself(verb):
    assert all(verb in aspect_partners(partner) for partner in aspect_partners(verb))


@given(
    st.sampled_from(
        ["", "do", "na", "o", "od", "ode", "pod", "prze", "przy", "roz", "w", "wy", "z", "ze", "za"]
    ),
    st.sampled_from([verb for line in aspect_endings.STEMS.strip().split("\n") for verb in line.split()]),
)
def test_partners_under_any_prefix_are_mutual_and_of_opposite_aspects(prefix, stem):
    verb = prefix + stem
    for partner in aspect_partners(verb):
        assert verb in aspect_partners(partner)
        assert aspects._aspects(verb) | aspects._aspects(partner) == {"perf", "imperf"}


@pytest.mark.parametrize("line", TABLE, ids=lambda line: line[0])
def test_every_line_of_the_table_is_an_imperfective_verb_and_its_perfective_ones(line):
    imperfective, *perfectives = line

    assert perfectives
    assert "imperf" in aspects._aspects(imperfective)
    assert all("perf" in aspects._aspects(verb) for verb in perfectives)


@pytest.mark.parametrize("line", aspect_endings.REFUSED.strip().split("\n"))
def test_every_refusal_keeps_out_what_an_ending_would_bring(line):
    perfective, imperfective = line.split()

    assert imperfective in set(aspects._imperfectives_to_try(perfective))
    assert "imperf" in aspects._aspects(imperfective)
    assert imperfective not in aspect_partners(perfective)


@pytest.mark.parametrize(
    ("lemma", "form"),
    [
        ("oddzwonić", "oddzwaniam"),
        ("zadzwonić", "dzwonię"),
        ("przepraszać", "przeprosiłabym"),
        ("mówić", "powiem"),
    ],
)
def test_forms_of_a_verb_are_those_of_both_aspects(lemma, form):
    assert form in forms_of(lemma, "pl")


def test_negated_forms_of_the_partner_are_left_out_too():
    assert not [form for form in forms_of("zadzwonić", "pl") if form.startswith("nie")]


@pytest.mark.parametrize(("verb", "word"), [("polubić", "lub"), ("wyleczyć", "lecz"), ("zjeść", "je")])
def test_a_form_of_the_partner_that_is_a_function_word_says_nothing(verb, word):
    assert word not in forms_of(verb, "pl")


def test_an_english_lemma_and_a_polish_noun_mean_only_themselves():
    assert lemmas_meant("call", "en") == {"call"}
    assert lemmas_meant("wizyta", "pl") == {"wizyta"}


def test_without_the_analyser_the_table_alone_gives_partners(monkeypatch):
    monkeypatch.setattr(aspects, "morfeusz", lambda: None)
    for remembered in (aspects.aspect_partners, aspects._aspects, aspects._imperfectives):
        remembered.cache_clear()
    try:
        assert aspect_partners("dzwonić") == {"zadzwonić"}
        assert aspect_partners("zgłosić") == frozenset()
    finally:
        for remembered in (aspects.aspect_partners, aspects._aspects, aspects._imperfectives):
            remembered.cache_clear()
