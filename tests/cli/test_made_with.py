"""Results and observations of another edition: refused under another name, warned of under the same."""

from __future__ import annotations

import pytest


@pytest.fixture
def earlier(gracja, chats, good, edition, tmp_path):
    out = tmp_path / "out"
    assert gracja("run", chats(*(good(n) for n in range(9))), "-e", edition, "-o", out).code == 0
    return out


@pytest.fixture
def report(gracja, edition, earlier, tmp_path):
    def run(*more):
        return gracja(
            "report", earlier / "results.parquet", "--observations", earlier / "observations.parquet",
            "-e", edition, "-o", tmp_path / "p.html", *more,
        )  # fmt: skip

    return run


@pytest.mark.parametrize(
    ("old", "new", "name"), [("id: shop", "id: rival", "rival@1"), ("version: 1", "version: 2", "shop@2")]
)
@pytest.mark.parametrize(
    ("lang", "said"), [("en", "measured by edition shop@1, not by"), ("pl", "według wydania shop@1, a nie")]
)
def test_a_report_on_another_companys_or_versions_results_is_refused(
    edition, report, tmp_path, old, new, name, lang, said
):
    edition.write_text(edition.read_text("utf-8").replace(old, new, 1), "utf-8")
    done = report("--lang", lang)

    assert done.code == 2
    assert f"{said} {name}" in done.err
    assert not (tmp_path / "p.html").exists()


@pytest.mark.parametrize(
    ("lang", "said"), [("en", "another content of edition shop@1"), ("pl", "inną treścią wydania shop@1")]
)
def test_a_changed_edition_of_the_same_version_is_warned_of(
    gracja, edition, report, earlier, tmp_path, lang, said
):
    assert said not in report("--lang", lang).err
    edition.write_text(edition.read_text("utf-8").replace('"thank*"', '"thanks*"'), "utf-8")

    done = report("--lang", lang)
    assert (done.code, done.err.count(said)) == (0, 2)
    assert (tmp_path / "p.html").exists()

    marks = earlier / "observations.parquet"
    done = gracja("measure", marks, "-e", edition, "-o", tmp_path / "r.parquet", "--lang", lang)
    assert (done.code, done.err.count(said)) == (0, 1)
    assert f"{marks}: " in done.err


def test_another_layout_or_comment_of_the_edition_is_no_change(edition, report):
    edition.write_text("# ours\n" + edition.read_text("utf-8"), "utf-8")

    assert "another content" not in report().err
