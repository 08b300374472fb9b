from __future__ import annotations

from gracja.app.observations.selectors.imports import imports_of
from gracja.app.observations.services.imports import give_file

VISITS = b"Data;Miejsce;Pracownik\n2026-10-03;Rynek;Darek Lis\n"


def test_an_evaluator_reads_no_marks_of_others_in_files_that_wait(cast, edition, told):
    of_filip, of_borys = (
        give_file(by=by, edition_uid=edition.uid, file_name="w.csv", content=VISITS)
        for by in (cast.filip, cast.borys)
    )

    assert list(imports_of(by=cast.borys)) == [of_borys]
    assert set(imports_of(by=cast.filip)) == {of_filip, of_borys}
    assert not imports_of(by=cast.anna).exists()
    assert not imports_of(by=cast.darek).exists()
