"""What gestures print: the statement of a month."""
