"""Forms of the organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, cast

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gracja.app.common.refused import Refused
from gracja.app.organisation.access import may
from gracja.app.organisation.selectors.people import people_of
from gracja.app.organisation.selectors.places import in_order, places_to, possible_parents, tree
from gracja.app.organisation.selectors.roles import roles_to_give
from gracja.app.organisation.services.notices import SOURCES as MEASURED
from gracja.app.web.forms import Day, zones
from gracja.app.web.organisation import wordbook
from gracja.app.web.templatetags.words import reader
from gracja.wording.refusals import say_refusal

if TYPE_CHECKING:
    from gracja.app.organisation.models import Company, Person, Place, StaffNotice, Team, User

LEVEL = "\u2003"  # an em space for each level: options cannot be indented otherwise


def refuse(form: forms.Form, refused: Refused, fields: dict[str, str] | None = None) -> None:
    """Say a refusal beside the field that it concerns, else above the form."""
    at = (fields or {}).get(refused.code)
    form.add_error(at, say_refusal(refused.code, reader(), **refused.facts))


COMPANY = "company"


if TYPE_CHECKING:  # Django subscripts no field; only its stubs do
    OnePlace = forms.ModelChoiceField[Place]
else:
    OnePlace = forms.ModelChoiceField


class PlaceField(OnePlace):
    """A place of the tree, each one's level shown; with `nowhere`, also a word for none of them."""

    def __init__(self, *, nowhere: Any = "", **options: Any) -> None:
        self.levels: dict[int, int] = {}
        super().__init__(queryset=None, to_field_name="uid", empty_label=nowhere, **options)

    def offer(self, by: User, places: QuerySet[Place], *, nowhere: bool = True) -> None:
        allowed = set(places.values_list("pk", flat=True))
        rows = [(level, place) for level, place in in_order(tree(by=by)) if place.pk in allowed]
        self.queryset = places
        empty = [(COMPANY, self.empty_label)] if self.empty_label and nowhere else []
        self.choices = [*empty, *((place.uid, f"{LEVEL * level}{place.name}") for level, place in rows)]

    def clean(self, value: Any) -> Place | None:
        return None if value == COMPANY and self.empty_label else super().clean(value)


def _places(form: forms.Form, name: str) -> PlaceField:
    return cast("PlaceField", form.fields[name])


def _rows(form: forms.Form, name: str) -> forms.ModelChoiceField[Any]:
    return cast("forms.ModelChoiceField[Any]", form.fields[name])


class CompanyForm(forms.Form):
    name = forms.CharField(label=_("Name of the company"), max_length=120)
    language = forms.ChoiceField(
        label=_("Language of the company"),
        help_text=_("That of conversations that do not say theirs. Everybody chooses the language of pages."),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
    )
    zone = forms.ChoiceField(
        label=_("Time zone"), help_text=_("Pages tell the time by this clock; places keep their own.")
    )

    AT: ClassVar[dict[str, str]] = {"zone_unknown": "zone"}

    def __init__(self, *args: Any, zone: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        cast("forms.ChoiceField", self.fields["zone"]).choices = zones(zone)

    @classmethod
    def of(cls, company: Company, data: Any = None) -> CompanyForm:
        initial = {name: getattr(company, name) for name in cls.base_fields}
        return cls(data, initial=initial, zone=company.zone)


class PlaceForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("of a place, team or person", "Name"), max_length=120)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=(
            ("place", _("Place: customers are served there")),
            ("region", _("Region: holds places")),
        ),
        widget=forms.RadioSelect,
        initial="place",
    )
    parent = PlaceField(label=_("Belongs to"), nowhere=_("No region: at the top"))
    code = forms.CharField(
        label=_("Code"),
        max_length=60,
        required=False,
        help_text=_("As other systems name it, for example KR-1."),
    )
    zone = forms.CharField(label=_("Time zone"), max_length=60, initial="Europe/Warsaw")

    AT: ClassVar[dict[str, str]] = {
        "place_name_taken": "name",
        "place_code_taken": "code",
        "place_not_a_region": "parent",
        "place_circle": "parent",
        "place_too_deep": "parent",
        "place_holds_others": "kind",
        "zone_unknown": "zone",
    }

    def __init__(self, *args: Any, by: User, of: Place | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        _places(self, "parent").offer(by, possible_parents(of=of))


class PersonForm(forms.Form):
    name = forms.CharField(label=_("First name and surname"), max_length=120)
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("An invitation can be sent there.")
    )
    code = forms.CharField(
        label=_("Code"), max_length=60, required=False, help_text=_("As other systems name this person.")
    )
    started_on = forms.DateField(label=_("At the company since"), widget=Day, required=False)
    trainee_until = forms.DateField(
        label=_("In training until"),
        widget=Day,
        required=False,
        help_text=_("Until then results are shown apart and compared with nobody’s."),
    )

    AT: ClassVar[dict[str, str]] = {"person_code_taken": "code", "person_email_taken": "email"}

    @classmethod
    def of(cls, person: Person, data: Any = None) -> PersonForm:
        return cls(data, initial={name: getattr(person, name) for name in cls.base_fields})


class RoleAtPlaceForm(forms.Form):
    role: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Role"), queryset=None, to_field_name="slug", empty_label=None
    )
    place = PlaceField(label=_("Where"), nowhere=_("The whole company"))

    AT: ClassVar[dict[str, str]] = {
        "role_company_wide": "place",
        "permission_not_yours": "role",
        "not_permitted": "place",
    }

    def __init__(self, *args: Any, by: User, **options: Any) -> None:
        super().__init__(*args, **options)
        places = places_to("person.manage", by=by)
        roles = roles_to_give(by=by)
        _places(self, "place").offer(by, places, nowhere=may(by, "person.manage"))
        _rows(self, "role").queryset = roles
        _rows(self, "role").choices = [(one.slug, one.title(reader())) for one in roles]
        self.fields["role"].initial = "employee"


class NewPersonForm(RoleAtPlaceForm, PersonForm):
    AT: ClassVar[dict[str, str]] = {**PersonForm.AT, **RoleAtPlaceForm.AT}
    field_order = ("name", "role", "place", "email", "code", "started_on", "trainee_until")


class InviteManyForm(RoleAtPlaceForm):
    """Addresses typed, pasted or from a file; what a file holds comes into the field, to be corrected."""

    text = forms.CharField(
        label=_("Whom to invite"),
        required=False,
        max_length=100_000,
        widget=forms.Textarea(attrs={"rows": 8, "class": "input code", "spellcheck": "false"}),
        help_text=_(
            "One person a line: e-mail; name; role; place. Only the e-mail is needed. A table with a heading "
            "may be pasted too."
        ),
    )
    file = forms.FileField(
        label=_("Or a CSV file"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"}),
        help_text=_("Up to 100 people at once."),
    )
    field_order = ("text", "file", "role", "place")

    AT: ClassVar[dict[str, str]] = {"role_company_wide": "place", "not_permitted": "place"}


class RoleForm(forms.Form):
    title_pl = forms.CharField(label=_("Role’s title in Polish"), max_length=60)
    title_en = forms.CharField(label=_("Role’s title in English"), max_length=60)
    permissions = forms.MultipleChoiceField(
        label=_("What the role may do"),
        choices=tuple(wordbook.PERMISSIONS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    AT: ClassVar[dict[str, str]] = {
        "role_title_taken": "title_pl",
        "permission_not_yours": "permissions",
        "role_held_at_places": "permissions",
    }


class TeamForm(forms.Form):
    name = forms.CharField(label=pgettext_lazy("of a place, team or person", "Name"), max_length=120)
    people: forms.ModelMultipleChoiceField[Any] = forms.ModelMultipleChoiceField(
        label=_("People"),
        queryset=None,
        to_field_name="uid",
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    AT: ClassVar[dict[str, str]] = {"team_name_taken": "name", "team_person_elsewhere": "people"}

    def __init__(self, *args: Any, by: User, place: Place, **options: Any) -> None:
        super().__init__(*args, **options)
        _rows(self, "people").queryset = people_of(by=by, place_path=place.path)

    @classmethod
    def of(cls, team: Team, *, by: User, data: Any = None) -> TeamForm:
        people = [one.uid for one in team.people.all()]
        return cls(data, by=by, place=team.place, initial={"name": team.name, "people": people})


class PlaceChoiceForm(forms.Form):
    place = PlaceField(label=_("Place"))

    def __init__(self, *args: Any, by: User, permission: str, **options: Any) -> None:
        super().__init__(*args, **options)
        _places(self, "place").offer(by, places_to(permission, by=by))


class ShiftForm(forms.Form):
    person: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Person"), queryset=None, to_field_name="uid", empty_label=None
    )
    day = forms.DateField(label=_("Day"), widget=Day)
    begins = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(
        label=_("To"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Earlier than the beginning: on the next day."),
    )

    AT: ClassVar[dict[str, str]] = {"shift_no_time": "ends", "shift_overlaps": "begins"}

    def __init__(self, *args: Any, by: User, place: Place, **options: Any) -> None:
        super().__init__(*args, **options)
        _rows(self, "person").queryset = people_of(by=by, place_path=place.path)


class NoticeForm(forms.Form):
    text_pl = forms.CharField(
        label=_("What staff read, in Polish"), widget=forms.Textarea(attrs={"rows": 6}), required=False
    )
    text_en = forms.CharField(
        label=_("What staff read, in English"), widget=forms.Textarea(attrs={"rows": 6}), required=False
    )
    sources = forms.MultipleChoiceField(
        label=_("What will be measured"),
        choices=[(one, wordbook.SOURCES[one]) for one in MEASURED],
        widget=forms.CheckboxSelectMultiple,
    )
    measured_from = forms.DateField(
        label=_("From"), widget=Day, help_text=_("Nothing before this day is measured.")
    )

    @classmethod
    def of(cls, notice: StaffNotice | None, data: Any = None) -> NoticeForm:
        initial = {name: getattr(notice, name) for name in cls.base_fields} if notice else {}
        return cls(data, initial=initial)


class FileForm(forms.Form):
    file = forms.FileField(
        label=_("CSV file"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,text/csv"}),
        help_text=_("Any encoding and separator. Up to 200,000 rows or 50 MB."),
    )


class AccountForm(forms.Form):
    login = forms.CharField(
        label=_("Login"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}, render_value=True),
        help_text=_("At least 10 characters; a sentence that only you would say is best."),
    )

    AT: ClassVar[dict[str, str]] = {"login_taken": "login"}
