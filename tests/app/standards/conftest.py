"""A draft to work on."""

from __future__ import annotations

import pytest

from gracja.app.standards.services.drafts_start import start_draft


@pytest.fixture
def blank(cast):
    return start_draft(
        by=cast.filip, title={"pl": "Serwis rowerów", "en": "Bicycle repairs"}, kind="encounter"
    )


@pytest.fixture
def salon(cast):
    return start_draft(by=cast.filip, from_bundled="salon")
