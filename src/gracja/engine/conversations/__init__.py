"""Conversations, contacts and observations as people export them: checked row by row, nothing dropped unsaid.

Byte chunks come in, `Accepted`, `Rejected` and `Noticed` come out; `gracja.cli.files` opens the paths.
"""
