"""Pages of tokens."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from gracja.app.common.refused import Refused
from gracja.app.organisation.access import may
from gracja.app.tokens.selectors import token_readable, tokens_of
from gracja.app.tokens.services.tokens import Made, make_token, withdraw_token
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell
from gracja.app.web.templatetags.words import reader
from gracja.app.web.tokens.forms import NewToken
from gracja.wording.refusals import say_refusal

AT_ONCE = 50


@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: SignedIn) -> HttpResponse:
    """The list, and a form for a new one. A new token's secret stands on the answer to the form, once.

    404 for who may make none and has none.
    """
    may_make = may(request.user, "token.manage")
    form = NewToken(request.POST or None, by=request.user)
    made: Made | None = None
    if request.method == "POST" and form.is_valid():
        try:
            made = make_token(by=request.user, **form.cleaned_data)
        except Refused as refused:
            if refused.code == "not_permitted":
                raise
            form.add_error(None, say_refusal(refused.code, reader(), **refused.facts))
    found = tokens_of(by=request.user)
    if not may_make and not found.exists():
        raise Http404
    page = Paginator(found, AT_ONCE).get_page(request.GET.get("page"))
    if made:
        form = NewToken(by=request.user)
    return render(
        request,
        "tokens/tokens.html",
        {"page": page, "form": form, "made": made, "may_make": may_make},
        status=422 if form.is_bound else 200,
    )


@require_http_methods(["GET", "POST"])
def withdraw(request: SignedIn, uid: str) -> HttpResponse:
    """Ask, then let the token in no more."""
    token = token_readable(by=request.user, uid=uid)
    if token is None:
        raise Http404
    if request.method == "POST":
        withdraw_token(by=request.user, token=token)
        tell(request, _("Token “%(title)s” was withdrawn.") % {"title": token.title})
        return redirect("tokens")
    return render(request, "tokens/withdraw.html", {"token": token})
