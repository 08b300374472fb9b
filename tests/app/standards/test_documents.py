"""The edition document as a file, out and in: ours come back as they were, strangers' change nothing."""

from __future__ import annotations

import pytest
from django.http import Http404

from gracja.app.common.refused import Refused
from gracja.app.standards.models import Draft
from gracja.app.standards.selectors.documents import draft_as_yaml, edition_as_yaml
from gracja.app.standards.services import drafts
from gracja.app.standards.services.documents import MOST_BYTES, replace_draft_from_file, start_draft_from_file
from gracja.engine.errors import EngineInputError, ManyInputErrors
from gracja.wording import say_error

LAUGHS = (
    b"gracja: 1\nid: salon\nversion: 1\ntitle: &a0 ha\n"
    + b"\n".join(
        b"a%d: &a%d [%s]" % (level, level, b", ".join([b"*a%d" % (level - 1)] * 10)) for level in range(1, 12)
    )
    + b"\n"
)


@pytest.fixture
def replace(cast, salon):
    def with_(content, *, by=cast.filip, seen=None, name="salon.yaml"):
        revision = Draft.objects.get(pk=salon.pk).revision if seen is None else seen
        return replace_draft_from_file(by=by, draft_uid=salon.uid, seen=revision, content=content, name=name)

    return with_


@pytest.fixture
def ours(cast, salon):
    return draft_as_yaml(by=cast.filip, draft_uid=salon.uid)[1]


def test_a_draft_that_goes_out_and_comes_back_has_not_changed(replace, ours, salon):
    assert replace(ours.encode()).revision == salon.revision


def test_what_was_changed_in_the_file_is_changed_in_the_draft_and_undone_in_one_go(
    cast, replace, ours, salon
):
    before = salon.document
    changed = ours.replace("weight: 4", "weight: 9").replace("Powitanie", "Na progu")

    draft = replace(changed.encode())
    assert draft.revision == salon.revision + 1
    assert "Na progu" in str(draft.document)

    draft = drafts.undo(by=cast.filip, draft_uid=salon.uid, seen=draft.revision)
    assert draft.document == before


def test_a_windows_editor_s_marks_are_no_obstacle(replace, ours, salon):
    for encoding in ("utf-8-sig", "utf-16"):
        assert replace(ours.encode(encoding)).revision == salon.revision


def test_the_version_of_the_file_does_not_matter(replace, ours, salon):
    assert replace(ours.replace("version: 1", "version: 99", 1).encode()).document["version"] == 1


def test_a_new_draft_from_a_file(cast, ours):
    draft = start_draft_from_file(
        by=cast.filip, content=ours.replace("id: salon", "id: barber", 1).encode(), name="barber.yaml"
    )

    assert draft.edition_id == "barber"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"x" * (MOST_BYTES + 1), "document_too_large"),
        (b"x" * 20_000_000, "document_too_large"),
        ("title: żółć".encode("cp1250"), "document_not_text"),
        (b"PK\x03\x04\x00\x00", "document_not_text"),
    ],
)
def test_what_is_no_text_of_ours_is_refused_and_nothing_is_lost(replace, salon, content, code):
    with pytest.raises(Refused, match=code):
        replace(content)

    assert Draft.objects.get(pk=salon.pk).document == salon.document


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (LAUGHS, "edition_too_branched"),
        (b"a: &a [*a]\n", "field_unknown"),
        (b"a: " + b"[" * 5000 + b"]" * 5000, "edition_too_branched"),
        (b"\n".join(b"k%d: v" % at for at in range(80_000)), "edition_too_branched"),
        (b"a: " + b"{a: " * 150 + b"1" + b"}" * 150, "edition_too_branched"),
        (b"", "edition_empty"),
        (b"- a\n- b\n", "edition_empty"),
        (b"title: [unclosed\n", "yaml"),
        (b"title: a\ntitle: b\n", "yaml_key_twice"),
        (b"title: !!python/object/apply:os.system ['true']\n", "field"),
    ],
)
@pytest.mark.parametrize("lang", ["pl", "en"])
def test_a_stranger_s_yaml_is_refused_in_words_and_nothing_is_lost(replace, salon, content, code, lang):
    with pytest.raises(ManyInputErrors) as wrong:
        replace(content, name="obcy.yaml")

    assert any(one.code.startswith(code) for one in wrong.value.errors)
    assert all("obcy.yaml" in say_error(one, lang) for one in wrong.value.errors)
    assert Draft.objects.get(pk=salon.pk).document == salon.document


def test_another_format_s_version_is_told_with_its_line(replace, ours):
    with pytest.raises(EngineInputError) as wrong:
        replace(ours.replace("gracja: 1", "gracja: 2", 1).encode())

    assert "salon.yaml:1" in say_error(wrong.value, "pl")


def test_a_document_of_another_service_takes_no_draft_s_place(replace, ours):
    with pytest.raises(Refused, match="document_of_another"):
        replace(ours.replace("id: salon", "id: barber", 1).encode())


def test_what_somebody_else_changed_meanwhile_is_not_written_over(cast, replace, ours, salon):
    drafts.change_draft(
        by=cast.grazyna,
        draft_uid=salon.uid,
        seen=salon.revision,
        action="edition.set",
        path=["title", "pl"],
        value="Fryzjer",
    )

    with pytest.raises(Refused, match="draft_moved_on"):
        replace(ours.replace("weight: 4", "weight: 9").encode(), seen=salon.revision)


@pytest.mark.parametrize("who", ["anna", "darek", "hubert"])
def test_who_may_not_draft_neither_takes_out_nor_puts_in(cast, replace, ours, salon, who):
    by = getattr(cast, who)
    with pytest.raises(Refused, match="not_permitted"):
        replace(ours.encode(), by=by)
    with pytest.raises(Refused, match="not_permitted"):
        start_draft_from_file(by=by, content=ours.encode(), name="a.yaml")
    with pytest.raises(Refused, match="not_permitted"):
        draft_as_yaml(by=by, draft_uid=salon.uid)


def test_an_edition_that_is_not_there_is_no_file(cast):
    with pytest.raises(Http404):
        edition_as_yaml(by=cast.filip, uid="not-there")
