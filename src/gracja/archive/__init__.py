"""The archive: conversations and automatic observations by the million, two Delta Lake tables in a folder."""

from gracja.archive.folder import Archive, open_archive, open_or_create

__all__ = ["Archive", "open_archive", "open_or_create"]
