"""The counter inside a helpdesk's frame, and the keys with which it comes in there."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.csp import CSP, build_policy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from gracja.app.common.refused import Refused
from gracja.app.organisation.access import may, may_somewhere
from gracja.app.service_mode.selectors.keeping import kept
from gracja.app.service_mode.selectors.panel_keys import panel_key_readable, panel_keys_of
from gracja.app.service_mode.services.panel_keys import Made, make_panel_key, panel_reader, withdraw_panel_key
from gracja.app.web.request import SignedIn
from gracja.app.web.service_mode.forms import NewPanelKey
from gracja.app.web.service_mode.panel_keys import speak
from gracja.app.web.service_mode.views.counter import screen_of
from gracja.app.web.telling import tell
from gracja.app.web.templatetags.words import reader
from gracja.wording.refusals import say_refusal

AT_ONCE = 50


@csrf_exempt  # a key is no cookie: nobody else's page could send it
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def panel(request: SignedIn) -> HttpResponse:
    """The same screen inside a helpdesk: only in a frame of an address that the company named. By the
    session, where the browser lends it to the frame; by a key, which comes as a form so that no log keeps it.
    """
    if request.method == "POST":
        return _framed(_by_key(request, request.POST.get("key", "")))
    if not request.user.is_authenticated:
        return _framed(_signed_out(request))
    screen = screen_of(request, "panel", request.GET)
    return _framed(render(request, "service_mode/counter.html", screen, status=_status(screen)))


@never_cache
@require_http_methods(["GET", "POST"])
def panel_keys(request: SignedIn) -> HttpResponse:
    """One's own keys (everybody's, for who manages the panel), and a form for a new one. A new key stands on
    the answer to the form, once.
    """
    by = request.user
    if not may_somewhere(by, "advice.ask"):
        raise Refused("not_permitted", permission="advice.ask")
    form = NewPanelKey(request.POST or None, by=by)
    made: Made | None = None
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            made = make_panel_key(by=by, **form.cleaned_data)
        except Refused as refused:
            if refused.code == "not_permitted":
                raise
            form.add_error(None, say_refusal(refused.code, reader(), **refused.facts))
            status = 409
    elif form.is_bound:
        status = 422
    address = request.build_absolute_uri(reverse("counter_panel"))
    context = {
        "page": Paginator(panel_keys_of(by=by), AT_ONCE).get_page(request.GET.get("page")),
        "form": NewPanelKey(by=by) if made else form,
        "made": made,
        "address": address,
        "link": f"{address}#key={made.secret}" if made else "",
        "origins": kept().panel_origins,
        "manages": may(by, "rules.manage"),
    }
    return render(request, "service_mode/panel_keys.html", context, status=status)


@require_http_methods(["GET", "POST"])
def withdraw(request: SignedIn, uid: str) -> HttpResponse:
    """Ask, then let the key in no more."""
    key = panel_key_readable(by=request.user, uid=uid)
    if key is None:
        raise Http404
    if request.method == "POST":
        withdraw_panel_key(by=request.user, key=key)
        tell(request, _("The key “%(title)s” was withdrawn.") % {"title": key.title})
        return redirect("panel_keys")
    return render(request, "service_mode/panel_key_withdraw.html", {"key": key})


def _by_key(request: SignedIn, given: str) -> HttpResponse:
    secret = given.rpartition("#key=")[2].strip()  # the whole link may be pasted too
    user = panel_reader(secret)
    if user is None:
        return _signed_out(request, refused=say_refusal("panel_key_ended", reader()))
    request.user = user
    speak(request)
    screen = screen_of(request, "panel", request.POST, key=secret)
    response = render(request, "service_mode/counter.html", screen, status=_status(screen))
    response.headers["Content-Language"] = reader()
    return response


def _signed_out(request: HttpRequest, *, refused: str = "") -> HttpResponse:
    return render(request, "service_mode/panel_signed_out.html", {"refused": refused}, status=401)


def _status(screen: dict[str, Any]) -> int:
    return 422 if screen["refused"] else 200


def _framed(response: HttpResponse) -> HttpResponse:
    origins = kept().panel_origins
    allowed: dict[str, Any] = settings.SECURE_CSP | {"frame-ancestors": origins or [CSP.NONE]}
    response.headers[str(CSP.HEADER_ENFORCE)] = build_policy(allowed)
    if origins:
        response.xframe_options_exempt = True
    return response
