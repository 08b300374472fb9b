"""People: the list, one person, and what is done to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gracja.app.common.refused import Refused
from gracja.app.operations.erasure import pseudonymise_person
from gracja.app.organisation.access import may, may_somewhere
from gracja.app.organisation.selectors import people as selectors
from gracja.app.organisation.selectors.people import STATES, Sought
from gracja.app.organisation.selectors.places import in_order, tree
from gracja.app.organisation.selectors.roles import titles_of_roles
from gracja.app.organisation.services import people as services
from gracja.app.organisation.services.roles import add_membership, remove_membership
from gracja.app.web.organisation import wordbook
from gracja.app.web.organisation.forms import NewPersonForm, PersonForm, RoleAtPlaceForm, refuse
from gracja.app.web.organisation.frame import ask, show
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell, warn
from gracja.app.web.templatetags.words import reader
from gracja.wording.refusals import say_refusal

if TYPE_CHECKING:
    from gracja.app.organisation.models import Person

AT_ONCE = 50


@require_GET
def listed(request: SignedIn) -> HttpResponse:
    """Everybody whom the reader may see, narrowed by what they ask for."""
    if not may_somewhere(request.user, "person.read"):
        raise Http404
    asked = {name: request.GET.get(name, "")[:120] for name in ("text", "place", "role", "state")}
    asked["state"] = asked["state"] if asked["state"] in STATES else "active"
    page = Paginator(selectors.people(by=request.user, sought=Sought(**asked)), AT_ONCE).get_page(
        request.GET.get("page")
    )
    rows = [
        (
            one,
            [(held.role.title(reader()), held.place) for held in one.memberships.all()],
            selectors.is_trainee(one),
        )
        for one in page
    ]
    context = {
        "page": page,
        "rows": rows,
        "asked": asked,
        "narrowed": any((asked["text"], asked["place"], asked["role"], asked["state"] != "active")),
        "places": in_order(tree(by=request.user)),
        "roles": titles_of_roles(reader()),
        "invited": selectors.invited(page.object_list),
        "states": wordbook.STATES.items(),
        "may_add": may_somewhere(request.user, "person.manage"),
    }
    return show(request, "people", "people", context)


@require_GET
def person(request: SignedIn, uid: str) -> HttpResponse:
    """One person: roles, teams, tenure, names elsewhere, invitations. Everybody sees their own."""
    one = selectors.person_page(by=request.user, uid=uid)
    hold = selectors.has_hold_over(request.user, one)
    context = {
        "person": one,
        "account": getattr(one, "user", None),
        "roles": [(held.role.title(reader()), held) for held in one.memberships.all()],
        "earlier": [(held.role.title(reader()), held) for held in selectors.earlier_roles(one)],
        "tenure": selectors.tenure(one),
        "trainee": selectors.is_trainee(one),
        "hold": hold,
        "may_erase": hold and may(request.user, "person.pseudonymise") and not one.pseudonymised_at,
        "give": RoleAtPlaceForm(by=request.user, initial=_there(one)) if hold and one.active else None,
    }
    return show(request, "person", "people", context)


@require_http_methods(["GET", "POST"])
def add(request: SignedIn) -> HttpResponse:
    """Somebody new, with their first role."""
    if not may_somewhere(request.user, "person.manage"):
        raise Http404
    form = NewPersonForm(request.POST if request.method == "POST" else None, by=request.user)
    if form.is_valid():
        try:
            new = services.add_person(by=request.user, **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused, form.AT)
        else:
            tell(request, _("%(name)s is added. Invite them so that they can sign in.") % {"name": new.name})
            return redirect("person", new.uid)
    return show(request, "person_form", "people", {"back": reverse("people")}, form=form)


@require_http_methods(["GET", "POST"])
def change(request: SignedIn, uid: str) -> HttpResponse:
    """Other particulars."""
    one = selectors.person_held(by=request.user, uid=uid)
    form = PersonForm.of(one, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.change_person(by=request.user, person=one, **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused, form.AT)
        else:
            tell(request, _("Saved."))
            return redirect("person", uid)
    return show(
        request, "person_form", "people", {"person": one, "back": reverse("person", args=(uid,))}, form=form
    )


@require_POST
def give_role(request: SignedIn, uid: str) -> HttpResponse:
    """A role at a place, to whom the reader may change."""
    one = selectors.person_held(by=request.user, uid=uid)
    form = RoleAtPlaceForm(request.POST, by=request.user)
    if form.is_valid():
        try:
            add_membership(by=request.user, person=one, **form.cleaned_data)
        except Refused as refused:
            warn(request, say_refusal(refused.code, reader(), **refused.facts))
        else:
            tell(request, _("Role given."))
    else:
        warn(request, _("Choose a role and a place from the lists."))
    return redirect("person", uid)


@require_POST
def take_role(request: SignedIn, uid: str) -> HttpResponse:
    """A role away. Repeating it changes nothing."""
    one = selectors.person_page(by=request.user, uid=uid)
    if not may_somewhere(request.user, "person.manage"):
        raise Refused("not_permitted", permission="person.manage")
    held = selectors.membership_of(
        one, role=request.POST.get("role", ""), place=request.POST.get("place", "")
    )
    if held is not None:
        try:
            remove_membership(by=request.user, membership=held)
        except Refused as refused:
            warn(request, say_refusal(refused.code, reader(), **refused.facts))
        else:
            tell(request, _("Role taken away."))
    return redirect("person", uid)


@require_http_methods(["GET", "POST"])
def deactivate(request: SignedIn, uid: str) -> HttpResponse:
    """Close the account; signed out everywhere."""
    one = selectors.person_held(by=request.user, uid=uid)
    if request.method == "POST":
        services.deactivate_person(by=request.user, person=one)
        tell(request, _("%(name)s is deactivated and signed out everywhere.") % {"name": one.name})
        return redirect("person", uid)
    return ask(
        request,
        question=_("Deactivate %(name)s?") % {"name": one.name},
        consequence=_(
            "They are signed out everywhere and cannot come in. Results stay. You can take it back."
        ),
        action=_("Deactivate"),
        back=reverse("person", args=(uid,)),
        danger=True,
    )


@require_POST
def reactivate(request: SignedIn, uid: str) -> HttpResponse:
    """Open the account again."""
    one = selectors.person_held(by=request.user, uid=uid)
    services.reactivate_person(by=request.user, person=one)
    tell(request, _("%(name)s can sign in again.") % {"name": one.name})
    return redirect("person", uid)


@require_http_methods(["GET", "POST"])
def pseudonymise(request: SignedIn, uid: str) -> HttpResponse:
    """Erase who it is. Irreversible: the page names the person."""
    one = selectors.person_held(by=request.user, uid=uid)
    if not may(request.user, "person.pseudonymise"):
        raise Refused("not_permitted", permission="person.pseudonymise")
    if request.method == "POST":
        pseudonymise_person(by=request.user, person=one)
        tell(request, _("Name, address, code and account are erased. Results stand under a pseudonym."))
        return redirect("person", uid)
    return ask(
        request,
        question=_("Erase the personal data of %(name)s?") % {"name": one.name},
        consequence=_(
            "Name, e-mail, login, code and names in other systems are erased for ever, in files of visits "
            "and conversations too, and the account is closed. Files that wait and name the person are "
            "deleted. Results stay, under a pseudonym. This cannot be taken back."
        ),
        action=_("Erase for ever"),
        back=reverse("person", args=(uid,)),
        danger=True,
    )


def _there(person: Person) -> dict[str, str]:
    """Where a further role is probably given: where they have one already."""
    return next(({"place": one.place.uid} for one in person.memberships.all() if one.place), {})
