"""What Observable Plot draws: the numbers once, the words in each language."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from markupsafe import Markup

from gracja.report.model import Axis, Estimate, Report
from gracja.report.voice import Voice

CROWD: Final = 60  # more people than this are drawn as one line each, without names
_UNSAFE: Final = {sign: f"\\u{ord(sign):04x}" for sign in "<>&'\u2028\u2029"}


def numbers(report: Report, people_axis: Axis, parts_axis: Axis) -> Markup:
    """The numbers of both pictures, as JSON that may stand inside <script>."""
    people = [
        {"name": person.shown, "tier": tier, **_estimate(person.base)}
        for tier, members in enumerate(report.tiers, start=1)
        for person in members
    ]
    parts = [{"id": view.part.part, **_estimate(view.estimate)} for view in report.parts]
    return safe_json(
        {
            "people": {"rows": people, "axis": _axis(people_axis), "crowd": len(people) > CROWD},
            "parts": {"rows": parts, "axis": _axis(parts_axis)},
        }
    )


def words(report: Report, voice: Voice) -> dict[str, Any]:
    """What the pictures say in this language."""
    base, parts = report.edition.aspire.base, report.parts
    tiers = report.tiers
    return {
        "level": voice.say("level", share=voice.pct(base)),
        "percent": voice.pct(1).removeprefix("100"),
        "unmeasured": voice.say("not_measured"),
        "tiers": [voice.tier_title(tier, people, report.ranked) for tier, people in enumerate(tiers, start=1)]
        if len(tiers) > 1
        else [],
        "parts": {view.part.part: voice.text(view.part.title) for view in parts},
    }


def safe_json(value: Any) -> Markup:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return Markup("".join(_UNSAFE.get(sign, sign) for sign in text))  # noqa: S704 (escaped for <script> above)


def _estimate(estimate: Estimate) -> dict[str, Any]:
    if not estimate.numbers:
        return {"value": None}
    value, low, high = (round(share, 4) for share in estimate.numbers)
    return {
        "value": value,
        "low": low,
        "high": high,
        "side": estimate.side if estimate.settled else "unknown",
    }


def _axis(axis: Axis) -> Sequence[float]:
    return [axis.low, axis.high, axis.level]
