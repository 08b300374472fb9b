"""The optional judge: one question about one conversation, put to a language model at an endpoint.

This is the only room that opens the network. It is never entered without the edition's permission
(`language_model`) and a command of its own; what leaves is masked first, what comes back is believed only
where its quotes stand in the text.
"""
