"""The icons of the house: 20 x 20, one stroke in the colour of the text around it; always beside words."""
# ruff: noqa: E501  (a drawing is one line)

from __future__ import annotations

from typing import Final

ICONS: Final = {
    "add": '<path d="M10 4v12M4 10h12"/>',
    "archive": '<path d="M3 4h14v4H3zM4.5 8v8h11V8M8 11h4"/>',
    "back": '<path d="M12.5 4l-6 6 6 6"/>',
    "book": '<path d="M10 5c-2-1.4-4.3-1.6-7-1.2v11.7c2.7-.4 5-.2 7 1.2 2-1.4 4.3-1.6 7-1.2V3.8C14.3 3.4 12 3.6 10 5zM10 5v11.7"/>',
    "calendar": '<path d="M3.5 5h13v11.5h-13zM3.5 8.5h13M7 3v3.5M13 3v3.5"/>',
    "check": '<path d="M4 10.5l4 4 8-9"/>',
    "clock": '<circle cx="10" cy="10" r="7"/><path d="M10 5.8V10l3 2"/>',
    "close": '<path d="M5 5l10 10M15 5L5 15"/>',
    "copy": '<path d="M7 7h9.5v9.5H7zM13 7V3.5H3.5V13H7"/>',
    "down": '<path d="M4.5 7.5l5.5 5.5 5.5-5.5"/>',
    "download": '<path d="M10 3v9.5M6 9l4 4 4-4M3.5 16.5h13"/>',
    "edit": '<path d="M4 16l.8-3.5L13.5 3.8l2.7 2.7L7.5 15.2zM11.5 5.8l2.7 2.7"/>',
    "forward": '<path d="M7.5 4l6 6-6 6"/>',
    "info": '<circle cx="10" cy="10" r="7"/><path d="M10 9v4.5M10 6.5v.1"/>',
    "key": '<circle cx="6.5" cy="10" r="3.5"/><path d="M10 10h7M14 10v3M17 10v2.5"/>',
    "link": '<path d="M8.5 11.5l3-3M9 6.5l2-2a3.2 3.2 0 014.5 4.5l-2 2M11 13.5l-2 2A3.2 3.2 0 014.5 11l2-2"/>',
    "lock": '<path d="M4.5 9h11v7.5h-11zM7 9V6.5a3 3 0 016 0V9"/>',
    "menu": '<path d="M3 6h14M3 10h14M3 14h14"/>',
    "minus": '<path d="M4 10h12"/>',
    "move": '<path d="M10 3v14M6.5 6L10 2.8 13.5 6M6.5 14l3.5 3.2 3.5-3.2"/>',
    "people": '<circle cx="7.5" cy="6.5" r="3"/><path d="M2 16.5c.3-3.5 2.5-5 5.5-5s5.2 1.5 5.5 5M13 4a3 3 0 010 5.2M14.5 11.8c2 .6 3.2 2.2 3.5 4.7"/>',
    "place": '<path d="M10 17.5c-3.5-4-5.5-6.7-5.5-9a5.5 5.5 0 0111 0c0 2.3-2 5-5.5 9z"/><circle cx="10" cy="8.5" r="2"/>',
    "print": '<path d="M6 7V3h8v4M6 14H3V7h14v7h-3M6 11.5h8V17H6z"/>',
    "question": '<circle cx="10" cy="10" r="7"/><path d="M8 8c0-2.7 4-2.6 4-.2 0 1.5-2 1.5-2 3.2M10 13.7v.1"/>',
    "search": '<circle cx="8.5" cy="8.5" r="5"/><path d="M12.2 12.2L17 17"/>',
    "talk": '<path d="M3 4h14v9.5H9.5L6 17v-3.5H3z"/>',
    "theme": '<path d="M10 3.5a6.5 6.5 0 100 13z" fill="currentColor"/><circle cx="10" cy="10" r="6.5"/>',
    "trash": '<path d="M4 5.5h12M8 5.5V3.5h4v2M5.5 5.5l.7 11h7.6l.7-11M8.5 8.5v5M11.5 8.5v5"/>',
    "undo": '<path d="M7.5 4L4 7.5 7.5 11M4 7.5h7.5a4.5 4.5 0 010 9H8"/>',
    "up": '<path d="M4.5 12.5L10 7l5.5 5.5"/>',
    "upload": '<path d="M10 13V3.5M6 7l4-4 4 4M3.5 16.5h13"/>',
    "warning": '<path d="M10 3l8 14H2z"/><path d="M10 8.5v4M10 14.8v.1"/>',
}
