from __future__ import annotations

from contextlib import contextmanager

import pytest

from gracja.app.common.refused import Refused
from gracja.wording.refusals import say_refusal


@pytest.fixture
def refused():
    """What stands below it is refused with this code, and has a sentence in both languages."""

    @contextmanager
    def as_(code, **facts):
        with pytest.raises(Refused) as caught:
            yield
        assert caught.value.code == code
        assert {name: caught.value.facts[name] for name in facts} == facts
        assert all(say_refusal(code, language, **caught.value.facts) for language in ("pl", "en"))

    return as_
