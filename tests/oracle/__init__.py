"""The readable matcher: slow, word by word and turn by turn, as docs/adr/0002 says it.

The fast one must agree with it row by row.
"""
