from __future__ import annotations

import pytest
from django.urls import reverse

from gracja.app.standards.models import Draft
from gracja.app.standards.services.drafts_start import start_draft

pytestmark = pytest.mark.django_db
PHASES = ("sequence", "parts", "enhancers")


@pytest.fixture
def salon(cast):
    return start_draft(by=cast.filip, from_bundled="salon")


@pytest.fixture
def blank(cast):
    return start_draft(by=cast.filip, title={"pl": "Serwis rowerów", "en": "Bicycle repairs"})


@pytest.mark.parametrize("language", ["pl", "en"])
def test_every_phase_opens_in_both_languages(signed_in, cast, salon, blank, language):
    client = signed_in(cast.filip, language=language)

    assert client.get(reverse("studio")).status_code == 200
    for draft in (salon, blank):
        for phase in PHASES:
            assert client.get(reverse(f"studio_{phase}", args=[draft.uid])).status_code == 200
