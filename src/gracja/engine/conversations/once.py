"""Each contact comes in once, however many files name it."""

from __future__ import annotations

from array import array

from gracja.engine.conversations.outcome import Accepted, Rejected


class Seen:
    """The contacts of a run. About 200 bytes each: the only memory that grows with what is read."""

    def __init__(self) -> None:
        self._place: dict[str, int] = {}
        self._content = array("q")
        self._line = array("q")
        self._file: list[str | None] = []

    def repeated(self, accepted: Accepted) -> Rejected | None:
        """The rejection of a contact that was there before; None for a new one, which is remembered.

        Codes: conversation_repeated (the same word for word), contact_twice (another conversation).
        """
        conversation, where, raw, _ = accepted
        content = hash(conversation)
        first = self._place.setdefault(conversation.contact, len(self._content))
        if first == len(self._content):
            self._content.append(content)
            self._line.append(where.line or 0)
            self._file.append(where.file)
            return None
        code = "conversation_repeated" if self._content[first] == content else "contact_twice"
        before = f"{self._file[first] or '-'}:{self._line[first]}"
        return Rejected(
            where, code, {"contact": conversation.contact, "first": before}, conversation.contact, raw()
        )
