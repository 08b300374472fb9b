"""A small endpoint on this machine that speaks the chat-completions protocol, and does what a test says."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyarrow as pa
import pytest

from gracja.engine.detect import detect
from gracja.engine.edition.read import read_edition
from gracja.engine.tables import CONVERSATIONS
from gracja.judge.budget import Budget
from gracja.judge.cache import Cache
from gracja.judge.endpoint import Endpoint
from gracja.judge.fill import Filling, Open
from gracja.judge.session import Session

EDITION = """\
gracja: 1
id: desk
version: 1
title: Desk
service: {kind: encounter}
language_model:
  texts_may_leave_to: "ADDRESS"
  model: m-1
  prices: {currency: PLN, input_per_million: 2.0, output_per_million: 8.0}
signals:
  complains: {customer_says: {en: ["broken"], pl: ["zepsut*"]}}
  wants_other: {customer_says: ["in a hurry"]}
new_segment_at: wants_other
sequence:
  - part: all
    title: All
    enhancers:
      - enhancer: heard
        title: Heard
        standards:
          - standard: greets
            behaviour: Greets
            channels: [chat]
            detect: {agent_says: ["hello"]}
          - standard: explains
            behaviour: Explains the bill
            channels: [chat]
            detect: {judge: {en: Does the agent explain the bill?, pl: Czy pracownik wyjaśnia rachunek?}}
          - standard: soothes
            behaviour: Takes the blame
            channels: [chat]
            detect: {judge: Does the agent take the blame?, applies_if: complains}
"""


def completion(content, *, finish="stop", usage=(100, 20), **message):
    """The body of a chat completion, as the API reference shows it."""
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "m-1",
        "choices": [
            {
                "index": 0,
                "finish_reason": finish,
                "logprobs": message.pop("logprobs", None),
                "message": {"role": "assistant", "content": content, "refusal": None, **message},
            }
        ],
    }
    if usage:
        body["usage"] = dict(zip(("prompt_tokens", "completion_tokens"), usage, strict=True))
    return 200, {}, json.dumps(body).encode()


def answer(met="yes", *quotes, reason="So."):
    """What a model writes: quotes are (turn, words)."""
    return json.dumps(
        {"reason": reason, "quotes": [{"turn": turn, "text": text} for turn, text in quotes], "met": met}
    )


def error(status, message="no", code=None, **headers):
    body = json.dumps({"error": {"message": message, "type": "error", "param": None, "code": code}})
    return status, {name.replace("_", "-"): value for name, value in headers.items()}, body.encode()


class Stub:
    """replies: what the next requests get (the last again and again); functions get the request."""

    def __init__(self):
        self.replies = deque([completion(answer("cannot_tell"))])
        self.requests, self.headers, self.paths = [], [], []
        stub = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                stub.requests.append(body)
                stub.headers.append(dict(self.headers))
                stub.paths.append(self.path)
                reply = stub.replies.popleft() if len(stub.replies) > 1 else stub.replies[0]
                status, headers, content = reply(body) if callable(reply) else reply
                with suppress(ConnectionError):  # who waits too long is gone
                    self.send_response(status)
                    for name, value in headers.items():
                        self.send_header(name, value)
                    self.send_header("content-length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_port}/v1"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def will(self, *replies):
        self.replies = deque(replies)

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    @property
    def asked(self):
        """The JSON that each request put to the model."""
        return [json.loads(request["messages"][-1]["content"]) for request in self.requests]


@pytest.fixture
def stub():
    server = Stub()
    yield server
    server.close()


@pytest.fixture
def edition(stub):
    return read_edition(EDITION.replace("ADDRESS", stub.address)).edition


def talk(*lines, contact="c1", language="en", **fields):
    """A conversation: `a: hello` is the agent's turn, `c: hi` the customer's, `s: paid` an event."""
    speakers = {"a": "agent", "c": "customer", "s": "system", "b": "bot"}
    turns = []
    for line in lines:
        who, _, text = line.partition(": ")
        event = text if who == "s" else None
        turns.append(
            {
                "speaker": speakers[who],
                "employee": None,
                "text": "" if event else text,
                "event": event,
                "at": None,
            }
        )
    row = {
        "contact": contact,
        "employee": "anna",
        "customer": None,
        "place": "Rynek",
        "channel": "chat",
        "language": language,
        "started_at": None,
        "complete": True,
    }
    return row | fields | {"turns": turns}


def table(*rows):
    return pa.Table.from_pylist(list(rows), schema=CONVERSATIONS)


class Run:
    """One run of the judge over conversations; `waits` are the seconds that it would have waited."""

    def __init__(self, edition, cache, **options):
        self.edition, self.cache, self.waits = edition, cache, []
        self.budget = options.pop("budget", Budget())
        self.language = options.pop("language", None)
        self.at_once = options.pop("at_once", 1)
        self.options = options

    def __call__(self, *rows):
        conversations = table(*rows)
        observations = detect(conversations, self.edition, default_language=self.language)
        asked = self.edition.language_model
        with (
            Cache(self.cache) as cache,
            Endpoint(
                asked.texts_may_leave_to, asked.model, sleep=self.waits.append, **self.options
            ) as endpoint,
        ):
            self.session = Session(endpoint, cache, self.budget, at_once=self.at_once)
            filling = Filling(Open(observations, self.edition), language=self.language)
            self.filled = filling.fill([conversations], self.session)
        return {row["standard"]: row for row in self.filled.table().to_pylist() if row["contact"] == "c1"}


@pytest.fixture
def run(edition, tmp_path):
    def make(edition=edition, cache: Path = tmp_path / "answers.sqlite", **options):
        return Run(edition, cache, **options)

    return make


def late(seconds, reply):
    """A reply that comes so many seconds late."""

    def come(_):
        time.sleep(seconds)
        return reply

    return come
