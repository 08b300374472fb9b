"""Compiled functions where numba may keep its work, and where it may not."""

from __future__ import annotations

from gracja.engine.compiled import compiled

DOUBLE = "def double(number):\n    return 2 * number\n"


def test_a_function_is_compiled_and_kept_beside_the_code_or_in_the_users_cache():
    @compiled()
    def triple(number):
        return 3 * number

    assert triple(7) == 21
    assert triple.stats.cache_path


def test_a_function_for_which_numba_finds_no_place_is_compiled_all_the_same():
    nowhere: dict = {}
    exec(compile(DOUBLE, "/nowhere/at/all.py", "exec"), nowhere)  # noqa: S102  (code without a file)

    assert compiled()(nowhere["double"])(21) == 42
