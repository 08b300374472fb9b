"""Start with demo data: another installation, next door, while nobody has set up this one."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from gracja.app.operations.neighbour import may_have_neighbour, neighbour, start_neighbour
from gracja.app.organisation.selectors.company import company
from gracja.app.web.templatetags.words import reader


@login_not_required
@require_http_methods(["GET", "POST"])
def next_door(request: HttpRequest) -> HttpResponse:
    """POST starts it. GET says how far it is, and leads there."""
    if company() is not None:
        return redirect("home")
    if not may_have_neighbour():
        return redirect("setup")
    if request.method == "POST":
        start_neighbour(language=reader())
        return redirect("setup_demo")
    found = neighbour()
    # under another name of this machine, so that its sign-ins and ours keep their own cookies
    host = "localhost" if request.get_host().startswith("127.") else "127.0.0.1"
    context = {"state": found.state, "address": f"http://{host}:{found.port}/demo/"}
    page = "entry/next_door_state.html" if request.headers.get("HX-Request") else "entry/next_door.html"
    return render(request, page, context)
