"""What the front door says of devices."""

from __future__ import annotations

from typing import Final

from django import template

register = template.Library()
# Found in what a browser says of itself; the first that is there names it (Edge says Chrome and Safari, too).
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


@register.filter
def device(user_agent: str) -> str:
    """`Firefox, Android`; what cannot be told apart is shown as the browser says it, shortened."""
    named = [
        next((name for mark, name in names if mark in user_agent), "") for names in (_BROWSERS, _SYSTEMS)
    ]
    return ", ".join(filter(None, named)) or user_agent[:60] or "–"
