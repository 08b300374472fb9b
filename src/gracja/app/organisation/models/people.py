"""The people of the company."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.functions import Lower

from gracja.app.common.spreadsheet import fold
from gracja.app.common.uid import new_uid

if TYPE_CHECKING:  # Django subscripts no field; only its stubs do
    Text = models.CharField[str, str]
else:
    Text = models.CharField


class Folded(Text):
    """Another field's text in small letters without diacritics, kept beside it: what a search looks in."""

    def __init__(self, of: str, **options: Any) -> None:
        self.of = of
        super().__init__(**{"max_length": 200, "editable": False, "db_index": True, "default": "", **options})

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, options = super().deconstruct()
        return name, path, [self.of, *args], options

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: ARG002, FBT001
        folded = fold(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, folded)
        return folded


class Person(models.Model):
    """Somebody of the company. `key` stands in results and logs; the name can be erased, the key stays."""

    uid = models.CharField(max_length=22, default=new_uid, unique=True, editable=False)
    key = models.CharField(max_length=22, default=new_uid, unique=True, editable=False)
    name = models.CharField(max_length=120)
    found_by = Folded("name")
    email = models.EmailField(blank=True)
    code = models.CharField(max_length=60, blank=True)  # as other systems name them
    started_on = models.DateField(null=True, blank=True)  # tenure is counted from here
    trainee_until = models.DateField(null=True, blank=True)  # until then shown apart
    deactivated_at = models.DateTimeField(null=True, blank=True)
    pseudonymised_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(Lower("code"), condition=~models.Q(code=""), name="person_code_once"),
            models.UniqueConstraint(Lower("email"), condition=~models.Q(email=""), name="person_email_once"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def active(self) -> bool:
        return self.deactivated_at is None
