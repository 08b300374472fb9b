"""The dial: a situation -> how personal to be, what to do and what to hold back, with reasons."""
