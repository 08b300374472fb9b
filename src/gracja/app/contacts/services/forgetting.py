"""A person who was erased leaves files of conversations at once, and the archive in the background."""

from __future__ import annotations

import codecs
import json
import time
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal

from django.conf import settings
from django.db import transaction
from django.tasks import task

from gracja.app.common import audit, jobs
from gracja.app.common.clock import now
from gracja.app.common.names import Names
from gracja.app.contacts.archive import archive_if_there
from gracja.app.contacts.models import ExternalId, Forgetting, Upload
from gracja.app.contacts.selectors.names import VISITS
from gracja.app.contacts.services.importing import rejected_path, stored_path
from gracja.app.contacts.services.mapping import FileWords
from gracja.app.home import replace_whole
from gracja.app.organisation.models import Person
from gracja.archive.erase import erase
from gracja.archive.people import Person as InArchive
from gracja.engine.errors import EngineInputError
from gracja.files.opening import chunks_of

_LOOKED_THROUGH: Final = 100_000_000  # bytes: looking through more takes longer than others can wait
_TAIL: Final = 400  # letters: a name may stand across two pieces of a file
_ORPHAN_AFTER_SECONDS: Final = 3600
_ONCE_MORE_AFTER: Final = timedelta(hours=1)


def uploads_under_way() -> bool:
    return Upload.objects.filter(state__in=("queued", "running")).exists()


def forget_person(person: Person, names: Names, *, at_once: bool) -> None:
    """Files that wait and name them are dropped, what is kept of others is masked; the archive is rewritten
    `at_once`, or in the background. In the caller's transaction, while their names elsewhere are known.
    """
    theirs = person.external_ids.exclude(system=VISITS).values_list("value", flat=True)
    for upload in Upload.objects.all():
        _forget_in(upload, names)
    _sweep()
    leave_archive("employee", person.key, _in_archive(person, [*names.called, *theirs]), at_once=at_once)


def leave_archive(kind: str, key: str, names: list[str], *, at_once: bool = False) -> None:
    """Put the key where these names stand in the archive: `at_once`, or in the background after commit."""
    if not names or archive_if_there() is None:
        return
    leaving = Forgetting.objects.create(kind=kind, key=key, names=names)
    if at_once:
        _leave_archive(leaving)
        leaving.state, leaving.share_done, leaving.finished_at = "done", 1.0, now()
        leaving.save()
    else:
        transaction.on_commit(partial(carry_out_forgetting.enqueue, leaving.uid))


@task
def carry_out_forgetting(uid: str) -> None:
    """Take somebody out of the archive. It is never given up: what failed three times begins anew later."""
    leaving = Forgetting.objects.get(uid=uid)
    jobs.carry_out(leaving, partial(_leave_archive, leaving), carry_out_forgetting)
    if leaving.state == "failed":
        jobs.put_in_queue(leaving)
        leaving.not_before = now() + _ONCE_MORE_AFTER
        leaving.save()
        carry_out_forgetting.using(run_after=leaving.not_before).enqueue(uid)


def _in_archive(person: Person, names: list[str]) -> list[str]:
    """The names that mean nobody else: not another person's, nor mapped to another."""
    others = set(Person.objects.exclude(pk=person.pk).filter(name__in=names).values_list("name", flat=True))
    mapped = ExternalId.objects.filter(value__in=names).exclude(system=VISITS).exclude(person=person)
    others |= set(mapped.exclude(person=None).values_list("value", flat=True))
    return [name for name in dict.fromkeys(names) if name not in others]


def _leave_archive(leaving: Forgetting) -> None:
    """Their key stands where the names stood: the marks still count, and lead to nobody."""
    archive = archive_if_there()
    kind: Literal["customer", "employee"] = "customer" if leaving.kind == "customer" else "employee"
    for name in list(leaving.names) if archive else ():
        assert archive is not None
        seen, _ = erase(archive, InArchive(kind, name, leaving.key))
        for what in ("conversations", "observations", "texts"):
            leaving.counts[what] = leaving.counts.get(what, 0) + getattr(seen, what)
        leaving.names = [other for other in leaving.names if other != name]
        leaving.save(update_fields=("names", "counts"))
    person = Person.objects.filter(key=leaving.key).first() if leaving.kind == "employee" else None
    if person and (leaving.counts.get("conversations") or leaving.counts.get("observations")):
        ExternalId.objects.get_or_create(system="upload", value=leaving.key, person=person)


def _forget_in(upload: Upload, names: Names) -> None:
    path = stored_path(upload)
    if upload.state == "done":
        path.unlink(missing_ok=True)
    elif path.exists() and _named_in(upload, names):
        _drop(upload)
        return
    _mask_lines(rejected_path(upload), names)
    people = upload.counts.get("people", {})
    upload.counts = upload.counts | {"people": {k: n for k, n in people.items() if not names.are(k)}}
    upload.file_name = names.masked(upload.file_name)[:200]
    upload.trouble = upload.trouble | {"facts": names.masked(upload.trouble.get("facts", {}))}
    words = {name: names.masked(upload.mapping.get(name)) for name in ("headings", "speakers")}
    upload.mapping = upload.mapping | (words if upload.mapping else {})
    upload.save(update_fields=("counts", "file_name", "trouble", "mapping"))


def _drop(upload: Upload) -> None:
    stored_path(upload).unlink(missing_ok=True)
    rejected_path(upload).unlink(missing_ok=True)
    audit.record("upload.drop", by=None, subject=("upload", upload.uid))
    upload.delete()


def _named_in(upload: Upload, names: Names) -> bool:
    """Whether the file names them; also where it cannot be told."""
    if upload.kind == "parquet" or upload.size_bytes > _LOOKED_THROUGH:
        return True
    encoding = FileWords.from_json(upload.mapping).encoding if upload.mapping else "utf-8"
    tail = ""
    try:
        for text in _texts(stored_path(upload), encoding):
            if names.stand_in(tail + text):
                return True
            tail = text[-_TAIL:]
    except (EngineInputError, LookupError, OSError):
        return True
    return False


def _texts(path: Path, encoding: str) -> Iterator[str]:
    """The file's text in pieces, with the letters that JSON writes as numbers."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    for chunk in chunks_of(str(path), None):
        text = decoder.decode(chunk)
        yield text
        if "\\u" in text:
            yield text.encode("ascii", "backslashreplace").decode("unicode_escape", "replace")


def _mask_lines(path: Path, names: Names) -> None:
    """A file of JSON lines, written anew where it names them."""
    if not path.exists():
        return
    lines: list[Any] = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    if names.stand_in(lines):
        masked = (json.dumps(names.masked(line), ensure_ascii=False) + "\n" for line in lines)
        replace_whole(path, "".join(masked).encode())


def _sweep() -> None:
    """Files that no upload knows, left by whatever was killed."""
    known = {Path(name).name for name in Upload.objects.values_list("stored_as", flat=True)}
    folder = Path(settings.HOME) / "files" / "uploads"
    for path in folder.iterdir() if folder.is_dir() else ():
        old = time.time() - path.stat().st_mtime > _ORPHAN_AFTER_SECONDS
        if old and path.name.removesuffix(".rejected.jsonl") not in known:
            path.unlink(missing_ok=True)
