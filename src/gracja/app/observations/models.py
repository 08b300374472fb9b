"""Visits: contacts that were seen, with a mark for each standard; conversations that were drawn to be marked;
who is to mark a contact a second time; and the files they came in.
"""

from __future__ import annotations

import secrets
from typing import ClassVar, Final

from django.db import models

from gracja.app.common.clock import now
from gracja.app.common.jobs import Job
from gracja.app.common.uid import new_uid
from gracja.app.organisation.models import Person, Place
from gracja.app.standards.models import Edition

_SIGNS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is read as another


def new_number() -> str:
    """What somebody writes into a sheet: W-7KQ4MX."""
    return "W-" + "".join(secrets.choice(_SIGNS) for _ in range(6))


class Visit(models.Model):
    """One contact as one evaluator marked it. `contact` is its name in the observations table.

    second_to: the visit that marked the same contact first; null: this one did. Where, when and of whom it
    was is the same in all visits of a contact: the first one says it.
    """

    uid = models.CharField(max_length=22, default=new_uid, unique=True, editable=False)
    contact = models.CharField(max_length=120, db_index=True)
    second_to = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="others"
    )
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="visits")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="visits")
    employee = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="visits"
    )
    evaluator = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    evaluator_name = models.CharField(max_length=120, blank=True)  # an evaluator from outside
    occurred_at = models.DateTimeField()
    channel = models.CharField(max_length=20, default="in_person")
    # whether who marked had not seen the automatic mark of this contact; null: not known
    blind = models.BooleanField(null=True, blank=True)
    # the chance with which this conversation was drawn for review (DrawnReview); null: not drawn by chance
    inclusion = models.FloatField(null=True, blank=True)
    recorded_at = models.DateTimeField(default=now)
    recorded_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("-occurred_at",)
        indexes = (models.Index(fields=("occurred_at",)), models.Index(fields=("place", "occurred_at")))
        constraints = (
            models.UniqueConstraint(
                fields=("contact",), condition=models.Q(second_to=None), name="one_first_visit_of_a_contact"
            ),
            models.UniqueConstraint(
                fields=("second_to", "evaluator"),
                condition=models.Q(second_to__isnull=False, evaluator__isnull=False),
                name="one_second_review_by_a_person",
            ),
            models.CheckConstraint(
                condition=models.Q(second_to=None)
                | models.Q(evaluator__isnull=False)
                | ~models.Q(evaluator_name=""),
                name="who_reviews_a_second_time_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(inclusion=None)
                | models.Q(inclusion__gt=0, inclusion__lte=1, second_to=None),
                name="a_first_visit_may_have_been_drawn",
            ),
        )

    def __str__(self) -> str:
        return self.contact


class PlannedVisit(models.Model):
    """A visit that was ordered: where, by whom, by when and by what scenario. `number` is what the visit is
    called once it was made (Visit.contact): by it, its marks are known to be given against this plan.

    wanted: how close its customer wants to be served, fixed when it was planned (contacts.Wanted holds it
    from that moment on); empty: the scenario says nothing.
    """

    BANDS = ("discreet", "attentive", "personal")

    uid = models.CharField(max_length=22, default=new_uid, unique=True, editable=False)
    number = models.CharField(max_length=20, default=new_number, unique=True, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    evaluator = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField()
    scenario = models.TextField(max_length=1000)
    wanted = models.CharField(max_length=10, blank=True, choices=[(one, one) for one in BANDS])
    planned_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(default=now)
    called_off_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("due_on", "pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(wanted__in=("", "discreet", "attentive", "personal")),
                name="planned_visit_wanted_is_a_band",
            ),
        )

    def __str__(self) -> str:
        return self.number


class DrawnReview(models.Model):
    """A conversation of the archive that chance chose to be marked by people. place, employee: as the
    archive's names meant them when it was drawn; employee: null where nobody is meant.

    evaluator: null where nobody could be found to whom to give it. stratum, inclusion: why it was drawn and
    the chance that it was, as tables.LEDGER. made: the visit with its marks.
    """

    uid = models.CharField(max_length=22, default=new_uid, unique=True, editable=False)
    contact = models.CharField(max_length=120)
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="+")
    employee = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    occurred_at = models.DateTimeField()
    channel = models.CharField(max_length=20)
    evaluator = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    stratum = models.CharField(max_length=20)
    inclusion = models.FloatField()
    drawn_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(default=now)
    made = models.OneToOneField(Visit, null=True, on_delete=models.CASCADE, related_name="drawn_as")
    called_off_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("drawn_at", "pk")
        constraints = (
            # of whatever edition: a contact has one first visit
            models.UniqueConstraint(
                fields=("contact",),
                condition=models.Q(called_off_at=None),
                name="one_drawn_review_of_a_contact",
            ),
            models.CheckConstraint(
                condition=models.Q(inclusion__gt=0, inclusion__lte=1),
                name="a_drawn_review_has_a_chance",
            ),
            models.CheckConstraint(
                condition=models.Q(made=None) | models.Q(called_off_at=None),
                name="a_drawn_review_that_was_made_stays",
            ),
        )

    def __str__(self) -> str:
        return self.uid


class SecondReview(models.Model):
    """A contact that was marked is to be marked once more, by somebody who does not see the first marks.

    visit: the first. evaluator: null where it was drawn and nobody could be found to whom to give it. chance:
    with which it was drawn; null: `asked_by` chose it. made: the visit with the second marks.
    """

    uid = models.CharField(max_length=22, default=new_uid, unique=True, editable=False)
    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="second_reviews")
    evaluator = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(default=now)
    chance = models.FloatField(null=True)
    made = models.OneToOneField(Visit, null=True, on_delete=models.CASCADE, related_name="asked_as")
    called_off_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("asked_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("visit",), condition=models.Q(called_off_at=None), name="one_second_review_at_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(chance=None, asked_by__isnull=False)
                | models.Q(chance__gt=0, chance__lte=1, asked_by=None),
                name="a_second_review_is_drawn_or_asked_for",
            ),
            models.CheckConstraint(
                condition=models.Q(made=None) | models.Q(called_off_at=None),
                name="a_second_review_that_was_made_stays",
            ),
        )

    def __str__(self) -> str:
        return self.uid


class SecondReviewShare(models.Model):
    """What share of reviews is drawn for a second one, from a moment on; the newest row holds. Whether a
    visit is drawn follows from its uid and the seed alone: observations/services/drawing.py.
    """

    share = models.FloatField()  # 0-1
    seed = models.CharField(max_length=32)
    since = models.DateTimeField(default=now)
    set_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-since", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(share__gte=0, share__lte=1), name="second_review_share_is_a_share"
            ),
        )

    def __str__(self) -> str:
        return f"{self.share} since {self.since}"


class Mark(models.Model):
    """One mark of one standard in one visit. Not applicable and not seen have no value: never 0."""

    STATUSES = ("marked", "not_applicable", "not_seen")

    visit = models.ForeignKey(Visit, on_delete=models.CASCADE, related_name="marks")
    standard = models.CharField(max_length=80)
    status = models.CharField(max_length=14, choices=[(s, s) for s in STATUSES])
    value = models.FloatField(null=True, blank=True)  # 0-1
    raw = models.FloatField(null=True, blank=True)
    unit = models.CharField(max_length=10, blank=True)  # seconds, count, step

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("visit", "standard"), name="mark_once"),
            models.CheckConstraint(
                condition=models.Q(status="marked", value__gte=0, value__lte=1)
                | (~models.Q(status="marked") & models.Q(value__isnull=True)),
                name="only_a_mark_has_a_value",
            ),
        )

    def __str__(self) -> str:
        return f"{self.visit_id} {self.standard}"


class VisitImport(Job):
    """A spreadsheet of visits: given, its columns mapped, tried, and put in; then the file itself is gone."""

    STATES = ("given", *Job.STATES)
    GONE: ClassVar[str] = "visit_import_gone"

    state = models.CharField(max_length=10, default="given", choices=[(s, s) for s in STATES])
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    stored_as = models.CharField(max_length=200)  # below GRACJA_HOME/files/visits
    mapping = models.JSONField(default=dict)  # which column is what: observations/services/mapping.py
    outcome = models.JSONField(default=dict)  # what the dry run found, counted
    applied = models.PositiveIntegerField(default=0)  # visits looked at so far
    given_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    given_at = models.DateTimeField(default=now)
    added_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("-given_at",)

    def __str__(self) -> str:
        return self.uid
