"""Many clients at one budget, with the server killed again and again under them."""

from __future__ import annotations

import hashlib
import http.client
import json
import random
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from serving import Server

HERE = Path(__file__).parent
LEAST, MOST = 1_00, 50_00  # what a gesture costs
PATIENCE = 7200.0  # seconds for one attempt, server killed and started again included
ANSWER_SECONDS = 300.0  # for one answer: who gives up sooner leaves a busy server work that nobody waits for


@dataclass(frozen=True, slots=True)
class Plan:
    """amount: of the budget; half of what the attempts ask for where it is left out. twins: share of attempts
    that two clients send at the same time; again: share sent once more when answered. whole: share of kills
    that end all of the server, not only one of its workers.
    """

    attempts: int
    clients: int
    kills: int
    seed: int = 1
    twins: float = 0.05
    again: float = 0.05
    whole: float = 0.4

    @property
    def amount(self) -> int:
        return self.attempts * (LEAST + MOST) // 4


@dataclass(slots=True)
class Fired:
    """answers: of each attempt, (uid of the gesture, or empty; code of the refusal, or empty)."""

    costs: dict[str, int]
    answers: dict[str, list[tuple[str, str]]]
    account: dict[str, Any]
    seconds: float = 0.0
    retries: int = 0
    broken: int = 0
    killed: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """All of them 0 where everything held.

    lost: attempts without an answer, or granted ones that the database does not know. doubled: attempts with
    two gestures, or that came to two answers. unasked: gestures that nobody asked for, or was told were
    refused. without_entry: grants without exactly one entry of their own cost. overdrawn: minor units over
    the budget. refused_though_paid: refused although there was money to the end. refused_otherwise: for any
    reason but the budget. discrepancies: of the proof.
    """

    overdrawn: int
    lost: int
    doubled: int
    unasked: int
    without_entry: int
    refused_though_paid: int
    refused_otherwise: int
    discrepancies: int

    @property
    def held(self) -> bool:
        return not any(getattr(self, name) for name in self.__slots__)


def judge(fired: Fired) -> Verdict:
    """Compare what the clients were told with what the database holds."""
    account = fired.account
    told = {key: {uid for uid, _ in given if uid} for key, given in fired.answers.items()}
    kept: dict[str, set[str]] = defaultdict(set)
    costs: dict[str, int] = {}
    for key, uid, cost, _ in account["gestures"]:
        kept[key].add(uid)
        costs[key] = cost
    entries: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for key, kind, amount in account["entries"]:
        entries[key].append((kind, amount))
    sums = sum(costs.values())
    left = account["amount"] - sums
    refused = [key for key, given in fired.answers.items() if given and not told[key]]
    split = (key for key, given in fired.answers.items() if told[key] and any(code for _, code in given))
    return Verdict(
        overdrawn=max(0, sums - account["amount"], account["reserved"] + account["spent"] - account["amount"])
        + abs(sums - account["reserved"] - account["spent"]),
        lost=sum(not fired.answers.get(key) for key in fired.costs)
        + sum(not uids <= kept[key] for key, uids in told.items()),
        doubled=sum(len(uids) > 1 for uids in (*told.values(), *kept.values())) + sum(1 for _ in split),
        unasked=sum(key not in fired.costs or not told[key] for key in costs),
        without_entry=sum(entries[key] != [("reserve", cost)] for key, cost in costs.items())
        + sum(key not in costs for key in entries)
        + sum(costs[key] != fired.costs.get(key) for key in costs),
        refused_though_paid=sum(fired.costs[key] <= left for key in refused),
        refused_otherwise=sum(
            any(code not in ("", "over_budget") for _, code in given) for given in fired.answers.values()
        ),
        discrepancies=len(account["discrepancies"]),
    )


def fire(environment: dict[str, str], plan: Plan) -> Fired:
    """Seed a company, let the clients at its budget, kill the server meanwhile, read the account."""
    shop = _company(environment, "seed", str(plan.amount))
    draw = random.Random(plan.seed)  # noqa: S311  (which attempt comes when; no secret)
    keys = [f"attempt-{plan.seed}-{n}" for n in range(plan.attempts)]
    fired = Fired({key: draw.randint(LEAST, MOST) for key in keys}, defaultdict(list), {})
    sent = [key for key in keys for _ in range(1 + (draw.random() < plan.twins))]
    server = Server(environment)
    try:
        began = time.perf_counter()
        clients = _Clients(server, shop, fired, sent, plan)
        _kill_now_and_then(server, clients, plan, draw)
        clients.join()
        fired.seconds = time.perf_counter() - began
    finally:
        server.kill()
    fired.killed = server.killed
    account = _company(environment, "account")
    # kept under a key that is the caller's own
    named = {_kept_as(key, shop["person"]): key for key in keys}
    account["gestures"] = [[named.get(row[0], row[0]), *row[1:]] for row in account["gestures"]]
    account["entries"] = [[named.get(row[0], row[0]), *row[1:]] for row in account["entries"]]
    fired.account = account
    return fired


def _kept_as(key: str, person: str) -> str:
    return hashlib.sha256(f"{person} {key}".encode()).hexdigest()


class _Clients:
    """Threads that send attempts until none is left; each stays with an attempt until it is answered."""

    def __init__(
        self, server: Server, shop: dict[str, Any], fired: Fired, sent: list[str], plan: Plan
    ) -> None:
        self._server, self._shop, self._fired, self._plan = server, shop, fired, plan
        self._left: Iterator[str] = iter(sent)
        self._all, self._done, self._turn = len(sent), 0, threading.Lock()
        self._threads = [
            threading.Thread(target=self._run, args=(n,), daemon=True) for n in range(plan.clients)
        ]
        for one in self._threads:
            one.start()

    @property
    def share_done(self) -> float:
        return self._done / self._all if any(one.is_alive() for one in self._threads) else 1.0

    def join(self) -> None:
        for one in self._threads:
            one.join()

    def _run(self, number: int) -> None:
        draw = random.Random(f"{self._plan.seed} {number}")  # noqa: S311  (as above)
        line = self._line()
        while True:
            with self._turn:
                key = next(self._left, None)
            if key is None:
                line.close()
                return
            for _ in range(1 + (draw.random() < self._plan.again)):
                line = self._attempt(line, key, draw)
            with self._turn:
                self._done += 1
                if self._done % 500 == 0:
                    print(f"{self._done} of {self._all} sent", file=sys.stderr, flush=True)

    def _attempt(
        self, line: http.client.HTTPConnection, key: str, draw: random.Random
    ) -> http.client.HTTPConnection:
        customers = self._shop["customers"]
        asked = {
            "policy": self._shop["policy"],
            "place": self._shop["place"],
            "customer": customers[sum(key.encode()) % len(customers)],
            "cost": {"minor": self._fired.costs[key], "currency": "PLN"},
            "reason": "Waited for an hour",
        }
        headers = {"Idempotency-Key": key, "Authorization": f"Bearer {self._shop['token']}"}
        headers["Content-Type"] = "application/json"
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            try:
                line.request("POST", "/api/v1/gestures", json.dumps(asked), headers)
                answer = line.getresponse()
                body = answer.read()
            except (OSError, http.client.HTTPException):
                line.close()
                line = self._line()
            else:
                if answer.status < 500:
                    told = json.loads(body)
                    granted = answer.status == 201
                    with self._turn:
                        self._fired.answers[key].append((told["uid"], "") if granted else ("", told["code"]))
                    return line
                with self._turn:
                    self._fired.broken += 1
            with self._turn:
                self._fired.retries += 1
            time.sleep(draw.uniform(0.1, 1.0))  # all of them at once would keep it from starting
        return line

    def _line(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self._server.port, timeout=ANSWER_SECONDS)


def _kill_now_and_then(server: Server, clients: _Clients, plan: Plan, draw: random.Random) -> None:
    """At random moments, told by the work that is done: so a slow machine sees as many."""
    for share in sorted(draw.uniform(0.02, 0.95) for _ in range(plan.kills)):
        while clients.share_done < share:
            time.sleep(0.05)
        time.sleep(draw.uniform(0, 0.05))
        if draw.random() >= plan.whole:
            server.kill_worker(draw)
        else:
            server.kill_and_start()


def _company(environment: dict[str, str], *arguments: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, str(HERE / "company.py"), *arguments],
        env=environment, check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
