"""A program comes in past what is there for browsers, and is answered as if it came the whole way."""

from __future__ import annotations

import pytest

ASKED = ("/api/v1/me", "/api/v1/places", "/api/v1/nothing-here", "/api/v1/places/AAAAAAAAAAAAAAAA")


SITUATION = {"occupation": "hairdresser", "cues": ["hurried"]}


def advice(program):
    return program.post("/api/v1/advice", SITUATION, content_type="application/json")


def of(answer):
    return answer.status_code, dict(answer.headers), answer.content


@pytest.mark.parametrize("path", ASKED)
def test_the_answer_is_that_of_the_whole_way(cast, calling, path):
    program = calling(cast.anna)
    straight = of(program.get(path))

    program.cookies["theme"] = "dark"  # who sends a cookie takes the whole way

    assert of(program.get(path)) == straight


def test_a_write_is_done_as_on_the_whole_way(cast, calling):
    program = calling(cast.anna)
    straight = of(advice(program))

    program.cookies["theme"] = "dark"

    assert straight[0] == 200
    assert of(advice(program)) == straight


def test_no_session_is_read_or_made(cast, calling, django_assert_num_queries):
    program = calling(cast.anna)
    advice(program)  # what every worker reads once

    with django_assert_num_queries(1):  # who comes with this token
        answer = advice(program)

    assert answer.status_code == 200
    assert not answer.cookies


def test_a_guessed_token_is_refused_there_too(client, db):
    answer = client.get("/api/v1/me", headers={"authorization": "Bearer guessed", "accept-language": "en"})

    assert answer.status_code == 401
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Content-Language"] == "en"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/", "/customers/", "/tokens/"])
def test_a_token_opens_no_page(cast, calling, client, path):
    answer = calling(cast.grazyna).get(path)

    assert answer.status_code == 302
    assert answer.headers["Location"] == client.get(path).headers["Location"]
