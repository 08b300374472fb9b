"""Rules of a company's own, unlike the bundled ones in every way that matters to the dial; and taps."""

from __future__ import annotations

from gracja.engine.dial.read import as_json, bundled_rules, check_rules


def own_rules():
    document = as_json(bundled_rules())
    both = {"pl": "tak", "en": "yes"}
    document["id"] = "company"
    document["start"] = {"encounter": 45, "relationship": 80}
    document["bands"] = {"attentive_from": 30, "personal_from": 71}
    document["cues"] += [
        {"cue": "with_child", "title": both, "why": both, "points": 12, "do": [both], "do_from": "personal"},
        {"cue": "crying", "title": both, "why": both, "ceiling": 40, "points": -5, "do": [both, both]},
        {"cue": "pets", "title": both, "why": both, "points": 9, "counts": both, "over": 1, "hold": [both]},
    ]
    document["exclude"] += [["with_child", "left_alone"]]
    return check_rules(document)


def tap(page, text):
    """Tap it; where the board is folded, open it first, as a hand does."""
    chip = page.locator("label.tap", has_text=text)
    if not chip.is_visible():
        page.locator("[data-more]").click()
    chip.click()
