from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.test import Client
from django_tasks_db.models import DBTaskResult

from gracja.app.common.clock import now
from gracja.app.operations.cleaning import clear_what_is_over
from gracja.cli.serving import worker


@pytest.fixture
def device(cast):
    """A browser in which Darek is signed in, and that stands in his list."""
    client = Client()
    client.force_login(cast.darek, backend="allauth.account.auth_backends.AuthenticationBackend")
    key = client.session.session_key
    UserSession.objects.create(user=cast.darek, session_key=key, ip="192.0.2.7", user_agent="Firefox")
    return client


def test_a_session_that_is_over_goes_with_its_device(device):
    Session.objects.update(expire_date=now() - timedelta(seconds=1))

    for _ in range(2):
        clear_what_is_over()

    assert not Session.objects.exists()
    assert not UserSession.objects.exists()


def test_a_device_whose_session_was_ended_elsewhere_leaves_no_trace(device):
    device.logout()

    clear_what_is_over()

    assert not UserSession.objects.exists()


def test_who_is_signed_in_stays_so(device):
    clear_what_is_over()

    assert UserSession.objects.count() == 1
    assert device.get("/").status_code == 200


def test_tasks_finished_long_ago_are_forgotten(db):
    for days, status in ((31, "SUCCESSFUL"), (29, "FAILED"), (31, "READY")):
        ended = None if status == "READY" else now() - timedelta(days=days)
        DBTaskResult.objects.create(
            status=status, task_path="x", args_kwargs={}, backend_name="default", finished_at=ended
        )

    clear_what_is_over()

    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {"FAILED", "READY"}


@pytest.mark.parametrize("log", [AccessAttempt, AccessFailureLog, AccessLog])
def test_from_which_address_somebody_signed_in_is_forgotten_after_90_days(db, log):
    tries = {"failures_since_start": 1} if log is AccessAttempt else {}
    for days in (91, 89):
        one = log.objects.create(username=f"{days}", ip_address="192.0.2.7", **tries)
        log.objects.filter(pk=one.pk).update(attempt_time=now() - timedelta(days=days))

    for _ in range(2):
        clear_what_is_over()

    assert list(log.objects.values_list("username", flat=True)) == ["89"]


def test_a_chore_that_fails_keeps_no_other_and_no_other_day_from_coming(db, monkeypatch, caplog):
    def full() -> None:
        raise OSError(28, "No space left on device")

    done = []
    monkeypatch.setattr(worker, "clear_what_is_over", full)
    monkeypatch.setattr(worker, "propose_contacts", lambda: done.append("proposed"))
    monkeypatch.setattr(worker.connections, "close_all", lambda: None)  # the test's own transaction
    monkeypatch.setattr(worker.log, "propagate", True)
    ended = threading.Event()
    monkeypatch.setattr(ended, "wait", lambda _seconds: ended.set() if len(done) == 2 else None)

    worker.keep_clear(ended)

    assert done == ["proposed", "proposed"]
    assert [one.facts["chore"] for one in caplog.records if one.name == "gracja.worker"] == ["full"] * 2
