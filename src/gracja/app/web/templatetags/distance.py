"""`{% load distance %}`: how personal, as the distance between you and the customer."""

from __future__ import annotations

from math import sqrt
from typing import Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from gracja.app.web.templatetags.marks import BANDS
from gracja.engine.dial.rules import Bands

register = template.Library()

CUSTOMER: Final = 346  # where the customer stands, in a picture 390 wide
_NEAREST, _SPAN = 46, 256
_LABELS_AT: Final = 59  # how far above the middle the bands are named


def reach(dial: int) -> float:
    """The distance from the customer at which this value stands."""
    return _NEAREST + (100 - dial) / 100 * _SPAN


def picture_words() -> dict[str, str]:
    """The picture in words, by band; `{dial}` stands for the value."""
    return {
        "discreet": _("Discreet service: {dial} of 100. You stand far from the customer, yet within sight."),
        "attentive": _("Attentive service: {dial} of 100. You stand near, with space between you."),
        "personal": _("Personal service: {dial} of 100. You stand close to the customer."),
    }


@register.simple_tag
def distance(dial: int, bands: Bands) -> SafeString:
    """The picture: three zones around the customer, the one you stand in deep in its colour."""
    band = bands.of(dial)
    outer, inner = reach(bands.attentive_from), reach(bands.personal_from)
    you = CUSTOMER - reach(dial)
    ends = {"discreet": CUSTOMER - outer, "attentive": CUSTOMER - inner, "personal": 322.0}
    edge, start = min(ends[band] - 6, 320), you + 20
    zones = {"discreet": 16.0, "attentive": _label(outer), "personal": _label(inner)}
    labels = [
        format_html(
            '<text data-zone="{}" class="{}" x="{}" y="25">{}</text>',
            name,
            "onf" if name == band else "",
            f"{x:.0f}",
            BANDS[name],
        )
        for name, x in zones.items()
    ]
    return format_html(
        '<svg data-picture class="dist dist--{band}" viewBox="0 0 390 168" '
        'preserveAspectRatio="xMidYMin slice" role="img" aria-label="{told}">'
        '<rect class="z1" width="390" height="168"/><circle class="z2" cx="346" cy="84" r="{outer}"/>'
        '<circle class="z3" cx="346" cy="84" r="{inner}"/>'
        '<circle class="edge" cx="346" cy="84" r="{outer}"/>'
        '<circle class="edge" cx="346" cy="84" r="{inner}"/>'
        '<line class="sight sight--on" x1="{start}" y1="84" x2="{near}" y2="84"/>'
        '<line class="sight" x1="{far}" y1="84" x2="320" y2="84"/>'
        '<circle class="cust" cx="346" cy="84" r="20"/><circle class="you" cx="{you}" cy="84" r="13"/>'
        '{labels}<text class="onf is-you" x="{you}" y="120" text-anchor="middle">{is_you}</text>'
        '<text class="is-cust" x="346" y="126" text-anchor="middle">{customer}</text></svg>',
        band=band,
        told=picture_words()[band].format(dial=dial),
        outer=f"{outer:.1f}",
        inner=f"{inner:.1f}",
        start=f"{start:.1f}",
        near=f"{max(start, edge):.1f}",
        far=f"{min(max(start, edge + 12), 320):.1f}",
        you=f"{you:.1f}",
        labels=SafeString("".join(labels)),
        is_you=_("You"),
        customer=_("customer"),
    )


def _label(radius: float) -> float:
    """Where a zone's name begins: just inside its edge, at the height of the names."""
    return CUSTOMER - sqrt(max(radius**2 - _LABELS_AT**2, 0)) + 12
