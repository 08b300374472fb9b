from __future__ import annotations

import os
import time

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from gracja.app.home import heartbeat
from gracja.app.operations import checks
from gracja.app.operations.checks import Finding, look
from gracja.cli.commands.doctor import _tell as tell
from gracja.wording import say
from gracja.wording.sentences import catalogue

pytestmark = pytest.mark.django_db


def found(code):
    return next((one for one in look() if one.code == code), None)


@pytest.mark.parametrize(
    ("states", "said"),
    [
        (["well"], "All is well."),
        (["well", "warning"], "It works; 1 warning is marked with !."),
        (["warning", "wrong"], "1 thing needs mending."),
    ],
)
def test_the_last_line_does_not_call_a_warning_well(monkeypatch, capsys, states, said):
    monkeypatch.setattr(checks, "look", lambda: [Finding("worker", one) for one in states])

    tell("en", as_json=False)

    assert capsys.readouterr().out.splitlines()[-1] == said


def test_a_sound_installation_has_nothing_wrong(archived, settings):
    settings.ALLOWED_HOSTS = ["localhost"]
    settings.HOME.chmod(0o700)
    heartbeat(settings.HOME).touch()

    assert [one.code for one in look() if one.state != "well"] == []
    assert found("archive").facts["conversations"] == 200


def test_a_database_from_before_migrations_were_squashed_is_not_taken_for_a_newer_one(company):
    executor = MigrationExecutor(connection)
    replaced = {old for one in executor.loader.replacements.values() for old in one.replaces}
    gone = replaced - set(executor.loader.disk_migrations)
    for app, name in gone:
        executor.recorder.record_applied(app, name)

    assert gone
    assert found("database_newer") is None
    assert found("database").state == "well"


def test_a_database_that_newer_code_changed_is_found(company):
    MigrationExecutor(connection).recorder.record_applied("organisation", "0099_later")

    assert found("database_newer").facts == {"names": "organisation.0099_later"}


def test_a_worker_that_has_stopped_is_found(company, settings):
    beat = heartbeat(settings.HOME)
    beat.touch()
    os.utime(beat, (time.time() - 3600,) * 2)

    assert found("worker_none").state == "warning"


def test_a_file_from_the_future_means_that_a_clock_is_wrong(company, settings):
    beat = heartbeat(settings.HOME)
    beat.touch()
    os.utime(beat, (time.time() + 3600,) * 2)

    assert found("clock_off").state == "wrong"


def test_a_folder_that_others_may_look_into_is_found(company, settings):
    settings.HOME.chmod(0o755)

    assert found("folder_open").facts == {"path": str(settings.HOME)}


def test_passwords_that_travel_openly_are_found(company, settings):
    settings.ALLOWED_HOSTS = ["gracja.example", "localhost"]
    settings.HTTPS = False

    assert found("no_https").facts == {"hosts": "gracja.example"}


def test_a_mail_server_that_does_not_answer_is_found(company, settings):
    settings.EMAIL_CONFIGURED = True
    settings.MAILERS = {
        "default": {
            "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "OPTIONS": {"host": "127.0.0.1", "port": 9, "timeout": 2},
        }
    }

    assert found("mail_wrong").state == "wrong"


def test_a_broken_archive_is_found(archived, settings):
    (settings.HOME / "archive" / "archive.json").write_text("{")

    assert found("archive_wrong").state == "wrong"


@pytest.mark.parametrize("lang", ["pl", "en"])
def test_every_finding_has_a_sentence_with_a_remedy_in_both_languages(company, lang):
    for one in look():
        assert say(one.code, lang, area="doctor", **one.facts)
    assert {set(sentences) == {"pl", "en"} for sentences in catalogue("doctor").values()} == {True}
