"""The archive scored with an edition, in the background."""

from __future__ import annotations

import time
from contextlib import suppress

from django.db import transaction
from django.tasks import task

from gracja.app.common import audit, jobs
from gracja.app.common.refused import Refused
from gracja.app.contacts.archive import archive_if_there
from gracja.app.contacts.models import Scoring
from gracja.app.organisation.access import require
from gracja.app.organisation.models import Company, User
from gracja.app.standards.models import Edition
from gracja.app.standards.selectors.reading import document_of
from gracja.archive import Archive
from gracja.archive.scoring import score_archive
from gracja.archive.tidy import tidy
from gracja.engine.detect.name import DETECTOR
from gracja.engine.errors import EngineInputError


@transaction.atomic
def score_conversations(*, by: User, edition_uid: str) -> Scoring:
    """Mark all archived conversations with this edition, in the background; what it marked already stays.
    While the same waits or runs, that one is returned.

    Raises Refused: not_permitted; no_such_edition; nothing_to_score (no conversation was put in yet).
    """
    require(by, "conversation.import")
    # locked: two people may press at once
    edition = Edition.objects.select_for_update().filter(uid=edition_uid).first()
    if edition is None:
        raise Refused("no_such_edition")
    if archive_if_there() is None:
        raise Refused("nothing_to_score")
    waiting = Scoring.objects.filter(edition=edition, state__in=("queued", "running")).first()
    return waiting or queue_scoring(edition, by=by)


def queue_scoring(edition: Edition, *, by: User) -> Scoring:
    """A new scoring, in the caller's transaction and with the caller's permission."""
    scoring = Scoring.objects.create(edition=edition, asked_by=by.person)
    audit.record(
        "conversations.score", by=by, subject=("scoring", scoring.uid), after={"edition": edition.name}
    )
    transaction.on_commit(lambda: carry_out_scoring.enqueue(scoring.uid))
    return scoring


@task
def carry_out_scoring(uid: str) -> None:
    """Score what is not scored yet."""
    scoring = Scoring.objects.select_related("edition").get(uid=uid)
    jobs.carry_out(scoring, lambda: _score(scoring), carry_out_scoring)


def _score(scoring: Scoring) -> None:
    from gracja.engine.detect.batch import BatchScorer  # noqa: PLC0415  (its compilers load as long as a page)

    archive = archive_if_there()
    if archive is None:
        return
    company = Company.objects.first()
    total = sum(file.rows for file in archive.conversation_files().files())
    looked, said, began = 0, time.monotonic(), time.monotonic()

    def progress(rows: int) -> None:
        nonlocal looked, said
        looked += rows
        if time.monotonic() - said >= jobs.BEAT_SECONDS:
            said = time.monotonic()
            scoring.share_done = looked / max(total, 1)
            jobs.beat(scoring)

    done = score_archive(
        archive,
        BatchScorer(document_of(scoring.edition), company.language if company else None),
        edition_digest=scoring.edition.digest,
        scored_by=DETECTOR,
        progress=progress,
        at_once=5_000,  # a killed worker loses no more
    )
    # what a killed attempt had marked is not marked again, and not counted here
    scoring.counts = {
        "looked": looked,
        "scored": done.conversations,
        "observations": done.observations,
        "seconds": round(time.monotonic() - began, 1),
        "per_second": round(done.conversations / max(time.monotonic() - began, 0.001)),
    }
    put_in_order(archive)


def put_in_order(archive: Archive) -> None:
    """Many small files become few; where others are in the way, the next job does it."""
    with suppress(EngineInputError):
        tidy(archive)
