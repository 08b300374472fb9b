"""Gifts named, changed and closed by whoever manages gestures."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from gracja.app.common.refused import Refused
from gracja.app.gestures.club.selectors import stock as selectors
from gracja.app.gestures.club.services import stock as services
from gracja.app.organisation.access import require
from gracja.app.web.club.forms import GiftForm, refuse
from gracja.app.web.request import SignedIn
from gracja.app.web.telling import tell
from gracja.app.web.templatetags.words import reader


@require_safe
def listed(request: SignedIn) -> HttpResponse:
    """Every gift, those that are given first."""
    page = Paginator(selectors.gifts(by=request.user), 50).get_page(request.GET.get("page"))
    titles = {uid: title for uid, title, _currency in selectors.gift_policies(by=request.user)}
    rows = [(one, titles.get(one.policy.uid)) for one in page]
    context = {"page": page, "rows": rows, "policies": titles}
    return render(request, "club/gifts.html", context)


@require_http_methods(["GET", "POST"])
def add(request: SignedIn) -> HttpResponse:
    """A new gift."""
    return _save(request, None)


@require_http_methods(["GET", "POST"])
def change(request: SignedIn, uid: str) -> HttpResponse:
    """Another name, value or policy."""
    return _save(request, selectors.gift_managed(by=request.user, uid=uid))


@require_http_methods(["GET", "POST"])
def close(request: SignedIn, uid: str) -> HttpResponse:
    """Given no more."""
    gift = selectors.gift_managed(by=request.user, uid=uid)
    if request.method == "POST":
        services.close_gift(by=request.user, gift=gift)
        tell(request, _("It is given no more. What lies on shelves stays in their books."))
        return redirect("gifts")
    context = {
        "question": _("Give “%(gift)s” no more?") % {"gift": gift.title[reader()]},
        "consequence": _("Nobody can give it from now on. What was given stays as it was."),
        "action": _("Give it no more"),
        "back": reverse("gift_change", args=(uid,)),
        "danger": True,
    }
    return render(request, "common/confirm.html", context)


def _save(request: SignedIn, gift: Any) -> HttpResponse:
    require(request.user, "gesture.manage")
    form = GiftForm(
        request.POST if request.method == "POST" else None,
        initial=GiftForm.told(gift) if gift else None,
        policies=selectors.gift_policies(by=request.user),
    )
    if form.is_valid():
        try:
            services.save_gift(by=request.user, gift=gift, named=services.Named(**form.cleaned_data))
        except Refused as refused:
            refuse(form, refused, form.AT)
        else:
            tell(request, _("The gift is saved."))
            return redirect("gifts")
    context = {"form": form, "gift": gift}
    return render(request, "club/gift.html", context, status=422 if form.is_bound else 200)
