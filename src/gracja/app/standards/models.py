"""The studio's drafts, and the editions that came of them."""

from __future__ import annotations

from django.db import models

from gracja.app.common.clock import now
from gracja.app.common.uid import new_uid
from gracja.app.organisation.models import Person, Place


class Edition(models.Model):
    """A published edition. Nothing in it changes afterwards (a trigger in the database holds this)."""

    uid = models.CharField(max_length=22, default=new_uid, unique=True, editable=False)
    edition_id = models.SlugField(max_length=80)  # `salon` of `salon@3`
    version = models.PositiveIntegerField()
    document = models.JSONField()  # the edition document, as gracja.engine.edition.write.as_json gives it
    digest = models.CharField(max_length=64)
    effective_from = models.DateField()
    published_at = models.DateTimeField(default=now)
    published_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    changes = models.JSONField(default=list)  # against the edition before: added, changed, dropped
    reasons = models.JSONField(default=list)  # why warnings were let stand: code, path, reason
    must_acknowledge = models.JSONField(default=list)  # slugs of roles

    class Meta:
        ordering = ("edition_id", "-version")
        constraints = (models.UniqueConstraint(fields=("edition_id", "version"), name="edition_once"),)

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return f"{self.edition_id}@{self.version}"


class Draft(models.Model):
    """What the next edition will be. One draft per edition; every change is saved at once.

    `document` is always a document that the engine reads without an error, as
    gracja.engine.edition.write.as_json gives it. `revision` grows by one with each change; a writer says
    which revision they saw.
    """

    uid = models.CharField(max_length=22, default=new_uid, unique=True, editable=False)
    edition_id = models.SlugField(max_length=80, unique=True)
    document = models.JSONField()
    revision = models.PositiveIntegerField(default=0)
    based_on = models.ForeignKey(Edition, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    used_ids = models.JSONField(default=list)  # in this edition ever: an id keeps its meaning for ever
    made_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ("-changed_at",)

    def __str__(self) -> str:
        return f"{self.edition_id} r{self.revision}"


class DraftChange(models.Model):
    """One change of a draft: undo, and who changed what.

    `before` and `after` hold the fields that were set, or where an element stands (see
    services/operations.py); null: there was none.
    """

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="changes")
    revision = models.PositiveIntegerField()  # that the change made
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=now)
    action = models.CharField(max_length=40)  # part.add, standard.set; undo, redo
    path = models.JSONField(default=list)  # of ids: [part id, enhancer id, standard id, field]
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    undone_by = models.PositiveIntegerField(null=True)  # the revision that took it back

    class Meta:
        ordering = ("-revision",)
        constraints = (models.UniqueConstraint(fields=("draft", "revision"), name="draft_revision_once"),)

    def __str__(self) -> str:
        return f"{self.draft_id} r{self.revision} {self.action}"


class Acknowledgement(models.Model):
    """That a person read an edition, and when."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="acknowledgements")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="acknowledgements")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("edition", "person"), name="acknowledged_once"),)

    def __str__(self) -> str:
        return f"{self.edition_id} {self.person_id}"


class Question(models.Model):
    """What an employee asks about a standard, and what the manager answers."""

    uid = models.CharField(max_length=22, default=new_uid, unique=True, editable=False)
    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="questions")
    standard = models.CharField(max_length=80, blank=True)
    place = models.ForeignKey(Place, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="questions")
    asked_at = models.DateTimeField(default=now)
    text = models.TextField(max_length=2000)
    answer = models.TextField(max_length=4000, blank=True)
    answered_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answer_read_at = models.DateTimeField(null=True, blank=True)  # by whoever asked; a new wording is unread

    class Meta:
        ordering = ("-asked_at",)

    def __str__(self) -> str:
        return self.uid


class PromisePage(models.Model):
    """The company's public promise: chosen standards at an unlisted address. Off until turned on."""

    edition_id = models.SlugField(max_length=80, unique=True)
    token = models.CharField(max_length=22, default=new_uid, unique=True)
    on = models.BooleanField(default=False)
    standards = models.JSONField(default=list)  # {standard, pl, en}: the promise in words, in order
    lead = models.JSONField(default=dict)  # {pl, en}

    def __str__(self) -> str:
        return self.edition_id
