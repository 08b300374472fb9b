"""An endpoint over real HTTP on this machine: what it says instead of an answer, and what then."""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from gracja.engine.errors import EngineInputError, Where
from gracja.judge.endpoint import Endpoint
from gracja.judge.refusing import QuestionFailed
from gracja.wording import LANGUAGES, say_error

from .conftest import answer, completion, error, late

MESSAGES = ({"role": "system", "content": "s"}, {"role": "user", "content": '{"question": "?", "turns": []}'})
GOOD = completion(answer("no"))
KEY = "sk-very-secret-123"


@pytest.fixture
def waits():
    return []


@pytest.fixture
def ask(stub, waits):
    def asking(*replies, **options):
        stub.will(*replies)
        with Endpoint(stub.address, "m-1", sleep=waits.append, **options) as endpoint:
            return endpoint.ask(MESSAGES)

    return asking


def test_the_key_goes_into_one_header_and_nowhere_else(ask, stub):
    ask(GOOD, key=KEY)
    (headers,) = stub.headers
    assert headers.pop("authorization") == f"Bearer {KEY}"
    assert KEY not in json.dumps([headers, stub.requests, stub.paths])


def test_a_local_server_needs_no_key(ask, stub):
    ask(GOOD)
    assert "authorization" not in stub.headers[0]


def test_the_answer_is_asked_for_in_a_strict_schema(ask, stub):
    ask(GOOD)
    (request,) = stub.requests
    assert (request["model"], request["temperature"], request["max_tokens"]) == ("m-1", 0, 1000)
    schema = request["response_format"]["json_schema"]
    assert schema["strict"]
    assert schema["schema"]["properties"]["met"]["enum"] == ["yes", "no", "cannot_tell"]


def test_a_server_that_refuses_the_schema_is_asked_for_a_json_object_and_remembered(stub):
    def picky(request):
        return GOOD if request["response_format"]["type"] == "json_object" else error(400, "json_schema?")

    stub.will(picky)
    with Endpoint(stub.address, "m-1") as endpoint:
        endpoint.ask(MESSAGES)
        asked_first = len(stub.requests)
        endpoint.ask(MESSAGES)
    assert (asked_first, len(stub.requests)) == (4, 5)


def test_a_model_that_takes_no_temperature_keeps_its_schema(ask, stub):
    def picky(request):
        return error(422, "temperature") if "temperature" in request else GOOD

    ask(picky)
    assert stub.requests[-1]["response_format"]["type"] == "json_schema"
    assert stub.requests[-1]["max_completion_tokens"] == 1000


def test_a_question_that_is_refused_in_every_form_fails_alone(stub):
    stub.will(*[error(400, "too long")] * 4, GOOD)
    with Endpoint(stub.address, "m-1") as endpoint:
        with pytest.raises(QuestionFailed) as failed:
            endpoint.ask(MESSAGES)
        assert (failed.value.code, failed.value.problem) == ("request_refused", "400 too long")
        assert endpoint.ask(MESSAGES).reply.content
    assert stub.requests[-1]["response_format"]["type"] == "json_schema"


def test_waits_grow_until_the_endpoint_answers(ask, waits):
    asked = ask(error(500), error(503), error(429), error(502), GOOD)
    assert asked.reply.content
    assert asked.lost == 0
    assert waits == sorted(waits)
    assert len(waits) == 4
    assert waits[0] >= 1


def test_retry_after_is_honoured_in_seconds_and_as_a_date(ask, waits):
    later = datetime.now(UTC) + timedelta(seconds=90)
    ask(error(429, retry_after="7"), error(503, retry_after=format_datetime(later, usegmt=True)), GOOD)
    assert waits[0] == 7
    assert 60 < waits[1] <= 90


def test_an_unreadable_retry_after_leaves_the_growing_waits(ask, waits):
    ask(error(429, retry_after="soon"), GOOD)
    assert len(waits) == 1


def test_after_six_tries_the_question_fails_with_what_the_endpoint_said(ask, stub):
    with pytest.raises(QuestionFailed) as failed:
        ask(error(500, "engine on fire"))
    assert (failed.value.code, failed.value.problem) == ("endpoint_failed", "500 engine on fire")
    assert len(stub.requests) == 6


def test_a_timeout_is_tried_again_and_counted_since_it_may_be_charged(ask):
    asked = ask(late(0.5, GOOD), GOOD, answer_seconds=0.1)
    assert asked.lost == 1


def test_a_door_that_was_never_open_ends_the_run_after_a_second_try(stub, waits):
    stub.close()
    with (
        Endpoint(stub.address, "m-1", sleep=waits.append) as endpoint,
        pytest.raises(EngineInputError) as stopped,
    ):
        endpoint.ask(MESSAGES)
    assert (stopped.value.code, stopped.value.where) == ("judge_unreachable", Where(stub.address))
    assert len(waits) == 1


def test_a_door_that_closes_later_is_knocked_at_with_patience(stub, waits):
    status, _, body = GOOD
    stub.will((status, {"connection": "close"}, body))
    with Endpoint(stub.address, "m-1", sleep=waits.append) as endpoint:
        endpoint.ask(MESSAGES)
        stub.close()
        with pytest.raises(QuestionFailed) as failed:
            endpoint.ask(MESSAGES)
    assert failed.value.code == "endpoint_failed"
    assert len(waits) == 5


def test_each_wait_is_told_with_its_reason_and_its_seconds(ask, waits):
    told = []
    ask(error(503, "starting"), error(429, retry_after="7"), GOOD, on_wait=lambda *said: told.append(said))
    assert told == [("503 starting", waits[0]), ("429 no", 7)]


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (error(401, f"Incorrect key {KEY}"), "judge_key_refused"),
        (error(403, "no"), "judge_key_refused"),
        (error(404, "no such model"), "judge_not_found"),
        (error(429, "quota", code="insufficient_quota"), "judge_quota"),
        (error(402, "pay"), "judge_quota"),
        (error(307, location="https://elsewhere.example.com/"), "judge_redirected"),
        (error(429, retry_after="86400"), "judge_busy"),
    ],
)
def test_what_no_patience_helps_ends_the_run_in_words_without_the_key(ask, stub, reply, code):
    with pytest.raises(EngineInputError) as stopped:
        ask(reply, key=KEY)
    said = [say_error(stopped.value, lang) for lang in LANGUAGES]
    assert stopped.value.code == code
    assert len(stub.requests) == 1
    assert all(said)
    assert not any(KEY in text for text in [*said, str(stopped.value)])


def test_without_a_key_a_401_says_that_the_key_is_missing(ask):
    with pytest.raises(EngineInputError) as stopped:
        ask(error(401))
    assert stopped.value.code == "judge_key_missing"
    assert "GRACJA_JUDGE_KEY" in say_error(stopped.value, "en")


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b"{}", b'{"choices": []}', b'{"choices": [{}]}', b"[" * 100_000, b"\xff\xfe"],
)
def test_what_is_no_chat_completion_fails_the_question(ask, body):
    with pytest.raises(QuestionFailed) as failed:
        ask((200, {}, body))
    assert (failed.value.code, failed.value.lost) == ("endpoint_failed", 1)


def test_an_endless_answer_is_not_read_to_its_end(ask):
    with pytest.raises(QuestionFailed) as failed:
        ask((200, {}, b"x" * 3_000_000))
    assert failed.value.problem == "answer too long"


@pytest.mark.parametrize("key", ["sk with space", "sk-\n", "klucz-ż"])
def test_a_key_that_no_header_can_carry_is_refused_without_being_shown(stub, key):
    with pytest.raises(EngineInputError) as refused:
        Endpoint(stub.address, "m-1", key=key)
    assert refused.value.code == "judge_key_unreadable"
    assert key not in say_error(refused.value, "en")


@pytest.mark.parametrize("address", ["http://llm.example.com/v1", "http://localhost.example.com/v1"])
def test_unencrypted_http_is_for_this_machine_only_unless_allowed(address):
    with pytest.raises(EngineInputError) as refused:
        Endpoint(address, "m-1")
    assert (refused.value.code, refused.value.where) == ("judge_plain_http", Where(address))
    Endpoint(address, "m-1", plain_http=True)
    Endpoint("http://localhost:8080/v1", "m-1")
    Endpoint("https://llm.example.com/v1", "m-1")


def tokens_of(content, tops):
    """Log-probabilities as the protocol gives them; tops: alternatives of the value's first token."""
    parts = re.findall(r"\w+|\W", content)
    begins = content.index('"met": "') + len('"met": "')
    at, listed = 0, []
    for part in parts:
        alternatives = tops if at == begins else {part: 1.0}
        top = [{"token": one, "logprob": math.log(p), "bytes": None} for one, p in alternatives.items()]
        listed.append({"token": part, "logprob": top[0]["logprob"], "bytes": None, "top_logprobs": top})
        at += len(part)
    return {"content": listed}


def test_the_probability_is_that_of_yes_among_yes_and_no(ask):
    content = answer("yes", (0, "a"))
    tops = {"yes": 0.6, "no": 0.2, "cannot": 0.2}
    asked = ask(completion(content, logprobs=tokens_of(content, tops)))
    assert asked.reply.probability == pytest.approx(0.75)


def test_without_log_probabilities_there_is_none(ask):
    assert ask(GOOD).reply.probability is None
    assert ask(completion(answer("no"), logprobs={"content": []})).reply.probability is None
