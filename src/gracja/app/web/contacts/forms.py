"""What somebody says of a file of conversations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from gracja.app.common.spreadsheet import Sheet
from gracja.app.contacts.services.mapping import NAMES, FileWords, words_of
from gracja.app.web.channels import CHANNELS
from gracja.app.web.contacts.wordbook import COLUMNS, LANGUAGES, SPEAKERS
from gracja.engine.conversations.turns_csv import REQUIRED

if TYPE_CHECKING:
    from gracja.app.contacts.models import Upload
    from gracja.app.standards.models import Edition

NONE: Final = ("", "–")
SHOWN_SAMPLE: Final = 40


class GiveUpload(forms.Form):
    """A file."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("JSON lines, Parquet or CSV with a row a turn; packed with gzip or not; up to 2 GB."),
        widget=forms.ClearableFileInput(
            attrs={"accept": ".jsonl,.ndjson,.json,.csv,.tsv,.txt,.parquet,.pq,.gz"}
        ),
    )


class StartUpload(forms.Form):
    """What a file's columns and words mean, and what happens after it was put in."""

    def __init__(
        self, upload: Upload, sheet: Sheet | None, editions: list[Edition], *args: Any, **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        words = FileWords.from_json(upload.mapping)
        if sheet is not None:
            self._ask_columns(sheet, words)
            self._ask_speakers(sheet, words)
            self._ask_times_and_channel(words)
        self.fields["language"] = forms.ChoiceField(
            label=_("Language, where the file names none"),
            choices=[NONE, *LANGUAGES.items()],
            initial=words.language,
            required=False,
        )
        self.fields["edition"] = forms.ChoiceField(
            label=_("Then score with"),
            choices=[*((one.uid, one.name) for one in editions), ("", _("nothing for now"))],
            initial=upload.edition.uid if upload.edition else "",
            required=False,
        )

    def _ask_columns(self, sheet: Sheet, words: FileWords) -> None:
        first = sheet.rows[0].values if sheet.rows else ()
        choices = [NONE]
        for number, heading in enumerate(sheet.heading):
            sample = first[number].strip().replace("\n", " ") if number < len(first) else ""
            cut = sample[:SHOWN_SAMPLE] + ("…" if len(sample) > SHOWN_SAMPLE else "")
            choices.append((str(number), f"{heading}: {cut}" if cut else heading))
        for name in NAMES:
            self.fields[f"column_{name}"] = forms.ChoiceField(
                label=COLUMNS[name],
                choices=choices,
                initial=str(words.columns.get(name, "")),
                required=name in REQUIRED,
            )

    def _ask_speakers(self, sheet: Sheet, words: FileWords) -> None:
        self._speakers = list(dict.fromkeys([*words_of(sheet, words, "speaker"), *words.speakers]))
        for number, word in enumerate(self._speakers):
            self.fields[f"speaker_{number}"] = forms.ChoiceField(
                label=_("“%(word)s” is") % {"word": word[:SHOWN_SAMPLE]},
                choices=[NONE, *SPEAKERS.items()],
                initial=words.speakers.get(word, ""),
                help_text="" if words.speakers.get(word) else _("Not known: without it these are rejected."),
                required=False,
            )

    def _ask_times_and_channel(self, words: FileWords) -> None:
        self.fields["zone"] = forms.ChoiceField(
            label=_("Time zone, where the file names none"),
            choices=[
                (zone, zone)
                for zone in sorted(available_timezones())
                if "/" in zone or zone in ("UTC", words.zone)  # the company's may be an alias, such as Poland
            ],
            initial=words.zone,
        )
        self.fields["channel"] = forms.ChoiceField(
            label=_("Channel, where the file names none"),
            choices=[NONE, *CHANNELS.items()],
            initial=words.channel,
            required=False,
        )

    @property
    def required_columns(self) -> list[forms.BoundField]:
        return [
            self[f"column_{name}"] for name in NAMES if name in REQUIRED and f"column_{name}" in self.fields
        ]

    @property
    def other_columns(self) -> list[forms.BoundField]:
        return [
            self[f"column_{name}"]
            for name in NAMES
            if name not in REQUIRED and f"column_{name}" in self.fields
        ]

    @property
    def speakers(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("speaker_")]

    @property
    def words(self) -> dict[str, Any]:
        """As `start_upload` takes them."""
        said = self.cleaned_data
        words: dict[str, Any] = {"language": said["language"]}
        if "zone" in said:
            columns = {name: said[f"column_{name}"] for name in NAMES}
            words |= {
                "columns": {name: int(number) for name, number in columns.items() if number},
                "speakers": {word: said[f"speaker_{number}"] for number, word in enumerate(self._speakers)},
                "zone": said["zone"],
                "channel": said["channel"],
            }
        return words
