"""Files of conversations: given, mapped, put into the archive in the background."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.clock import today
from gracja.app.common.jobs import put_in_queue
from gracja.app.common.refused import Refused
from gracja.app.common.uid import new_uid
from gracja.app.contacts.models import Upload
from gracja.app.contacts.services.importing import carry_out_upload
from gracja.app.contacts.services.mapping import FileWords, guess
from gracja.app.contacts.services.names import name_one
from gracja.app.contacts.services.recoding import beginning_of
from gracja.app.organisation.access import require
from gracja.app.organisation.models import Company, Person, Place, User
from gracja.app.standards.models import Edition
from gracja.engine.errors import EngineInputError, Where
from gracja.files.opening import chunks_of, sources

MOST_BYTES: Final = 2_000_000_000
SYSTEM: Final = "upload"
_SUFFIXES: Final = 2  # .jsonl.gz


def give_upload(*, by: User, file_name: str, chunks: Iterable[bytes]) -> Upload:
    """Keep a file of conversations, find out what it is, and guess the columns of a CSV file.

    Raises Refused: not_permitted, upload_too_large (facts: limit_gb), those of `read_sheet`;
    EngineInputError: file_kind_unknown, file_utf16, gzip_broken, file_unreadable.
    """
    require(by, "conversation.import")
    stored_as = f"uploads/{new_uid()}{_suffix(file_name)}"
    path = Path(settings.HOME) / "files" / stored_as
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with path.open("wb") as file:
            file.writelines(_within_limit(chunks))
        upload = Upload(
            file_name=file_name[:200],
            stored_as=stored_as,
            size_bytes=path.stat().st_size,
            kind=_kind(path, file_name),
            edition=in_force(),
            given_by=by.person,
        )
        if upload.kind == "csv":
            company = Company.objects.first()
            sheet = beginning_of(chunks_of(str(path), None))
            upload.mapping = guess(sheet, company.zone if company else "UTC").as_json()
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    with transaction.atomic():
        upload.save()
        audit.record(
            "upload.give",
            by=by,
            subject=("upload", upload.uid),
            after={"kind": upload.kind, "bytes": upload.size_bytes},
        )
    return upload


@transaction.atomic
def start_upload(*, by: User, uid: str, words: Mapping[str, Any], edition_uid: str) -> Upload:
    """Say what a file's columns and words mean, and put it into the archive in the background.

    words: fields of FileWords to change. edition_uid: what the archive is scored with afterwards; empty: it
    is not scored.

    Raises Refused: not_permitted, upload_gone, upload_begun, upload_columns_missing (facts: names),
    no_such_edition.
    """
    upload = _open(by, uid, states=("given", "failed"))
    upload.edition = Edition.objects.filter(uid=edition_uid).first() if edition_uid else None
    if edition_uid and upload.edition is None:
        raise Refused("no_such_edition")
    upload.mapping = replace(FileWords.from_json(upload.mapping), **words).as_json()
    if upload.kind == "csv" and (missing := FileWords.from_json(upload.mapping).missing()):
        raise Refused("upload_columns_missing", names=missing)
    _queue(upload)
    audit.record("upload.start", by=by, subject=("upload", uid), after={"edition": str(upload.edition or "")})
    return upload


@transaction.atomic
def retry_upload(*, by: User, uid: str) -> Upload:
    """Begin again where it failed; what is in the archive already is known there.

    Raises Refused: not_permitted, upload_gone, upload_begun.
    """
    upload = _open(by, uid, states=("failed",))
    _queue(upload)
    audit.record("upload.retry", by=by, subject=("upload", uid))
    return upload


def drop_upload(*, by: User, uid: str) -> None:
    """Delete a file that was not put in, or could not be. Raises Refused: as `retry_upload`."""
    upload = _open(by, uid, states=("given", "failed"))
    path = Path(settings.HOME) / "files" / upload.stored_as
    path.unlink(missing_ok=True)
    path.with_name(f"{path.name}.rejected.jsonl").unlink(missing_ok=True)
    with transaction.atomic():
        upload.delete()
        audit.record("upload.drop", by=by, subject=("upload", uid))


@transaction.atomic
def name_in_uploads(*, by: User, people: Mapping[str, str], places: Mapping[str, str]) -> int:
    """Say who and which is meant by names in conversations: name -> our uid. How many were said.

    Raises Refused: not_permitted, no_such_person, no_such_place.
    """
    require(by, "conversation.import")
    ours_people = dict(Person.objects.filter(uid__in=people.values()).values_list("uid", "pk"))
    ours_places = dict(Place.objects.filter(uid__in=places.values()).values_list("uid", "pk"))
    for what, names, ours in (("person", people, ours_people), ("place", places, ours_places)):
        for name, uid in names.items():
            if uid not in ours:
                raise Refused(f"no_such_{what}")
            name_one(by=by, system=SYSTEM, value=name, pk=ours[uid], what=what)
    return len(people) + len(places)


def in_force() -> Edition | None:
    """The edition that took effect last; before the first, the newest."""
    editions = Edition.objects.order_by("-effective_from", "-version")
    return editions.filter(effective_from__lte=today()).first() or editions.first()


def _queue(upload: Upload) -> None:
    put_in_queue(upload)
    upload.save()
    transaction.on_commit(lambda: carry_out_upload.enqueue(upload.uid))


def _open(by: User, uid: str, *, states: tuple[str, ...]) -> Upload:
    require(by, "conversation.import")
    upload = Upload.objects.select_for_update(of=("self",)).filter(uid=uid).first()
    if upload is None:
        raise Refused("upload_gone")
    if upload.state not in states:
        raise Refused("upload_begun")
    return upload


def _within_limit(chunks: Iterable[bytes]) -> Iterator[bytes]:
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > MOST_BYTES:
            raise Refused("upload_too_large", limit_gb=MOST_BYTES // 1_000_000_000)
        yield chunk


def _suffix(file_name: str) -> str:
    """The ending that says what the file is, and nothing else of the name."""
    suffixes = [one.lower() for one in Path(file_name).suffixes[-_SUFFIXES:]]
    kept = suffixes if suffixes[-1:] == [".gz"] else suffixes[-1:]
    suffix = "".join(kept)
    return (".csv" if suffix == ".txt" else suffix) if suffix.replace(".", "").isalnum() else ""


def _kind(path: Path, file_name: str) -> str:
    try:
        return sources([path])[0].kind
    except EngineInputError as error:
        if error.code == "file_utf16" and path.suffix in (".csv", ".tsv"):
            return "csv"
        raise EngineInputError(error.code, Where(file_name), **error.facts) from None
