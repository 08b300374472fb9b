"""The club of regular customers, and the gifts on a place's shelf."""
