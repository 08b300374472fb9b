"""Compiled functions where numba may keep its work, and where it may not."""

from __future__ import annotations

import subprocess
import sys

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


def test_compiled_code_starts_without_scipys_linear_algebra_and_still_finds_it_where_asked():
    program = """
import sys
import numba, numpy as np
from gracja.engine.compiled import compiled
assert "scipy.linalg" not in sys.modules
plain = compiled()(eval("lambda x: x + 1"))
assert plain(1) == 2
assert "scipy.linalg" not in sys.modules
assert (numba.njit(lambda x: np.dot(x, x))(2 * np.eye(3)) == 4 * np.eye(3)).all()
assert hasattr(sys.modules["scipy.linalg.cython_blas"], "__pyx_capi__")
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
