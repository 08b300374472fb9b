"""Django's own SQLite, which waits where SQLite itself does not."""
