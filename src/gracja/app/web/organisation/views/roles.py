"""Roles as data."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from gracja.app.common.refused import Refused
from gracja.app.organisation.access import may
from gracja.app.organisation.selectors.roles import role_to_change
from gracja.app.organisation.selectors.roles import roles as all_roles
from gracja.app.organisation.services import roles as services
from gracja.app.web.organisation import wordbook
from gracja.app.web.organisation.forms import RoleForm, refuse
from gracja.app.web.organisation.frame import ask, show
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell
from gracja.app.web.templatetags.words import reader


@require_GET
def listed(request: SignedIn) -> HttpResponse:
    """Every role, what it may in words, and how many hold it."""
    if not may(request.user, "role.manage"):
        raise Http404
    rows = [
        (role, role.title(reader()), [wordbook.PERMISSIONS.get(one, one) for one in role.permissions])
        for role in all_roles(by=request.user)
    ]
    return show(request, "roles", "roles", {"rows": rows})


@require_http_methods(["GET", "POST"])
def add(request: SignedIn) -> HttpResponse:
    """A role of the company's own."""
    if not may(request.user, "role.manage"):
        raise Http404
    form = RoleForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.add_role(by=request.user, **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused, form.AT)
        else:
            tell(request, _("The role is made. Give it at a person’s page."))
            return redirect("roles")
    return show(request, "role_form", "roles", {"groups": _groups(form)}, form=form)


@require_http_methods(["GET", "POST"])
def change(request: SignedIn, slug: str) -> HttpResponse:
    """Another title, other permissions; built-in roles are only shown."""
    role = role_to_change(by=request.user, slug=slug)
    initial = {name: getattr(role, name) for name in ("title_pl", "title_en", "permissions")}
    form = RoleForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            services.change_role(by=request.user, role=role, **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused, form.AT)
        else:
            tell(request, _("Saved."))
            return redirect("roles")
    context = {"role": role, "title": role.title(reader()), "groups": _groups(form)}
    return show(request, "role_form", "roles", context, form=form)


@require_http_methods(["GET", "POST"])
def delete(request: SignedIn, slug: str) -> HttpResponse:
    """Only a role that nobody holds."""
    role = role_to_change(by=request.user, slug=slug)
    if request.method == "POST":
        services.delete_role(by=request.user, role=role)
        tell(request, _("The role is deleted."))
        return redirect("roles")
    return ask(
        request,
        question=_("Delete the role “%(title)s”?") % {"title": role.title(reader())},
        consequence=_("Only a role that nobody holds can be deleted."),
        action=_("Delete the role"),
        back=reverse("role", args=(slug,)),
        danger=True,
    )


def _groups(form: RoleForm) -> list[tuple[object, list[object]]]:
    """The boxes of the permissions, by what they are about."""
    boxes = {str(box.data["value"]): box for box in form["permissions"].subwidgets}
    return [(title, [boxes[one] for one in names]) for title, names in wordbook.GROUPS]
