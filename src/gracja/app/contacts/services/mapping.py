"""What the columns and words of a file of turns mean: guessed from its beginning, corrected by people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

from gracja.app.common.spreadsheet import (
    Column,
    Sheet,
    fold,
    guess_columns,
    read_day,
    read_time,
)
from gracja.engine.conversations.turns_csv import REQUIRED, Adapt
from gracja.engine.tables import CHANNELS

COLUMNS: Final = (
    Column(
        "contact",
        (
            "conversation", "conversation id", "contact id", "id rozmowy", "rozmowa", "nr rozmowy", "ticket",
            "ticket id", "zgłoszenie", "call id", "chat id", "session", "sesja", "thread", "id",
        ),
        required=True,
    ),
    Column(
        "speaker",
        ("kto", "mówi", "rola", "role", "from", "od", "nadawca", "sender", "author", "strona"),
        required=True,
    ),
    Column(
        "text",
        ("treść", "tekst", "wiadomość", "wypowiedź", "message", "body", "content", "utterance", "transcript"),
        required=True,
    ),
    Column("turn_employee", ("turn employee", "pracownik wypowiedzi")),
    Column("employee", ("pracownik", "konsultant", "doradca", "agent", "agent name", "operator", "staff")),
    Column("customer", ("klient", "id klienta", "customer id", "client", "kontrahent")),
    Column("place", ("placówka", "miejsce", "salon", "oddział", "location", "store", "branch", "site")),
    Column("channel", ("kanał", "medium", "typ")),
    Column("language", ("język", "lang", "locale")),
    Column("started_at", ("początek", "data rozmowy", "started", "start", "conversation date", "created at")),
    Column("at", ("czas", "data i godzina", "data", "godzina", "time", "timestamp", "date", "sent at")),
    Column("event", ("zdarzenie", "event")),
    Column("complete", ("kompletna", "complete", "cała")),
)  # fmt: skip
MOST_WORDS: Final = 12
NAMES: Final = tuple(column.key for column in COLUMNS)
_SPEAKERS: Final = {
    "agent": (
        "agent", "konsultant", "konsultantka", "pracownik", "doradca", "operator", "sprzedawca", "obsluga",
        "employee", "staff", "advisor", "adviser", "rep", "support", "outgoing", "wychodzaca", "a",
    ),
    "customer": (
        "customer", "klient", "klientka", "client", "user", "visitor", "caller", "enduser", "incoming",
        "przychodzaca", "uzytkownik", "dzwoniacy", "k", "c",
    ),
    "bot": ("bot", "chatbot", "voicebot", "assistant", "ivr", "wirtualnyasystent", "automat"),
    "system": ("system", "zdarzenie", "event", "info", "note", "notatka"),
}  # fmt: skip
_CHANNELS: Final = {
    "osobiscie": "in_person", "telefon": "phone", "call": "phone", "voice": "phone", "glos": "phone",
    "wideo": "video", "czat": "chat", "livechat": "chat", "messenger": "message", "whatsapp": "message",
    "sms": "message", "wiadomosc": "message", "mail": "email", "poczta": "email", "list": "letter",
}  # fmt: skip


@dataclass(frozen=True)
class FileWords:
    """What a file of turns means by its words. columns: our column -> number in the file. speakers: the
    file's word for who speaks -> ours. zone: of times that name none. language, channel: of conversations
    that name none.
    """

    encoding: str = "utf-8"
    separator: str = ","
    headings: tuple[str, ...] = ()
    columns: dict[str, int] = field(default_factory=dict)
    speakers: dict[str, str] = field(default_factory=dict)
    zone: str = "Europe/Warsaw"
    language: str = ""
    channel: str = ""

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        return cls(**{**kept, "headings": tuple(kept.get("headings", ()))})

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def missing(self) -> list[str]:
        """What has to be said before the file can be read."""
        return [name for name in REQUIRED if name not in self.columns]

    def names(self) -> list[str]:
        """The heading as our reader wants it: our names, and the file's own for what we do not take."""
        ours = {number: name for name, number in self.columns.items()}
        return [ours.get(number, f"({heading})") for number, heading in enumerate(self.headings)]


def guess(sheet: Sheet, zone: str) -> FileWords:
    """The likeliest meaning of a file, from its beginning. What cannot be guessed is left out."""
    columns = guess_columns(sheet.heading, COLUMNS)
    found = FileWords(
        encoding=sheet.encoding,
        separator=sheet.separator,
        headings=sheet.heading,
        columns=columns,
        zone=zone,
    )
    return replace(found, speakers={word: speaker_of(word) for word in words_of(sheet, found, "speaker")})


def words_of(sheet: Sheet, words: FileWords, name: str) -> list[str]:
    """The different values of one of our columns in the beginning of a file, the most frequent first."""
    number = words.columns.get(name, len(sheet.heading))
    if number >= len(sheet.heading):
        return []
    counted = Counter(row.values[number].strip() for row in sheet.rows)
    return [word for word, _ in counted.most_common(MOST_WORDS) if word]


def speaker_of(word: str) -> str:
    """Ours for a file's word for a speaker; empty where it is not known."""
    plain = fold(word)
    return next((ours for ours, words in _SPEAKERS.items() if plain in words), "")


def adapting(words: FileWords) -> Adapt:
    """Cells of a row in our words. What is not known stays as it is, for the reader to refuse by its line."""
    zone = ZoneInfo(words.zone)
    speaker = {word: ours for word, ours in words.speakers.items() if ours}

    @cache
    def channel(cell: str) -> str:
        plain = fold(cell)
        ours = _CHANNELS.get(plain, cell.strip().lower().replace(" ", "_").replace("-", "_"))
        return ours if ours in CHANNELS else cell

    def adapt(cells: dict[str, str]) -> dict[str, str]:
        given = cells["speaker"].strip()
        cells["speaker"] = speaker.get(given) or speaker_of(given) or given
        for name in ("at", "started_at"):
            if cell := cells.get(name):
                cells[name] = moment(cell.strip(), zone)
        if cell := cells.get("channel"):
            cells["channel"] = channel(cell)
        elif words.channel:
            cells["channel"] = words.channel
        if words.language and not cells.get("language"):
            cells["language"] = words.language
        return cells

    return adapt


def moment(cell: str, zone: ZoneInfo) -> str:
    """A time with its zone, as ISO 8601; as it stands where it cannot be read."""
    try:
        read = datetime.fromisoformat(cell)
    except ValueError:
        if (local := _local(cell)) is None:
            return cell
        read = local
    return (read if read.tzinfo else read.replace(tzinfo=zone)).isoformat()


def _local(cell: str) -> datetime | None:
    """`22.11.2026 17:30:05`."""
    day_text, _, rest = cell.replace(",", " ").partition(" ")
    day, hour = read_day(day_text), read_time(rest)
    return datetime.combine(day, hour) if day and hour else None
