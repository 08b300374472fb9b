"""What a password must not be, said in whole sentences of our own."""

from __future__ import annotations

from django.contrib.auth.password_validation import UserAttributeSimilarityValidator
from django.utils.translation import gettext as _


class UnlikeItsOwner(UserAttributeSimilarityValidator):
    """Django's rule; its sentence puts a field's name where Polish needs it declined."""

    def get_error_message(self) -> str:
        """One sentence for every field."""
        return _("The password is too much like your name, login or e-mail. Choose another one.")
