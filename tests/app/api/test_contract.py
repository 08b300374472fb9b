"""What the interface answers is what its document says: asked with what fits and what does not.

Schemathesis makes the requests from the document; half of them name something that is there. Nothing stays
of what a request did.
"""

from __future__ import annotations

import pytest
import schemathesis
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from gracja.app.api.document import document
from gracja.app.wsgi import application

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
)
REQUESTS = 6  # for each operation, person and kind of input: the whole takes less than a minute


def operations():
    schema = schemathesis.openapi.from_dict(document())
    schema.app = application
    return [found.ok() for found in schema.get_all_operations()]


@pytest.fixture
def there(cast, krakow, rynek, galeria, edition, told):
    """Identifiers of what is there."""
    return [krakow.uid, rynek.uid, cast.darek.person.uid, cast.anna.person.uid, edition.uid, told.uid]


@pytest.mark.usefixtures("one_connection")
@pytest.mark.parametrize(
    ("name", "fits"),
    [("grazyna", True), ("grazyna", False), ("darek", True)],
    ids=["administrator", "administrator, what does not fit", "employee"],
)
@pytest.mark.parametrize("operation", operations(), ids=lambda one: one.label)
def test_every_answer_is_one_that_the_document_names(operation, name, fits, cast, calling, there):
    token = calling(getattr(cast, name)).defaults["HTTP_AUTHORIZATION"]
    mode = GenerationMode.POSITIVE if fits else GenerationMode.NEGATIVE

    @settings(
        max_examples=REQUESTS,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), known=st.none() | st.sampled_from(there))
    def ask(case, known):
        if known and "uid" in (case.path_parameters or {}):
            case.path_parameters["uid"] = known
        with transaction.atomic():
            answer = case.call(headers={"Authorization": token})
            transaction.set_rollback(True)
        case.validate_response(answer, checks=CHECKS)

    ask()
