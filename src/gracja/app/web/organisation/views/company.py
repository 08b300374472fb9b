"""The company: its name, language and clock."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gracja.app.common.refused import Refused
from gracja.app.organisation.access import may
from gracja.app.organisation.selectors.company import company
from gracja.app.organisation.services.company import change_company
from gracja.app.web.organisation.forms import CompanyForm, refuse
from gracja.app.web.organisation.frame import show
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell


@require_http_methods(["GET", "POST"])
def settings(request: SignedIn) -> HttpResponse:
    """What the company is called, and what holds where nobody chose otherwise."""
    one = company()
    if one is None or not may(request.user, "company.manage"):
        raise Http404
    form = CompanyForm.of(one, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            change_company(by=request.user, **form.cleaned_data)
        except Refused as refused:
            refuse(form, refused, form.AT)
        else:
            tell(request, _("The company’s settings are saved."))
            return redirect("company")
    return show(request, "company", "company", {"company": one}, form=form)
