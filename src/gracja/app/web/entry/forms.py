"""Forms at the front door."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ReauthenticateForm, ResetPasswordKeyForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from gracja.app.organisation.services.lost_password import renew_password
from gracja.app.organisation.services.setup import judge_password
from gracja.app.organisation.services.setup_code import is_setup_code
from gracja.app.web.forms import zones

_LOGIN = RegexValidator(r"^[\w.@+-]+$", _("Letters, digits and . @ + - _ only, without spaces."))


class SetUp(forms.Form):
    """The company and its first administrator."""

    code = forms.CharField(
        label=_("Set-up code"),
        help_text=_("Printed where Gracja was started; also in the file setup_code in the data folder."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
    )
    name = forms.CharField(label=_("Name of the company"), max_length=120)
    language = forms.ChoiceField(
        label=_("Language of the company"),
        help_text=_("Everybody may choose their own later."),
        widget=forms.RadioSelect,
    )
    zone = forms.ChoiceField(label=_("Time zone"))
    person_name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    login = forms.CharField(
        label=_("Your login"),
        help_text=_("With it you sign in. Short is fine."),
        max_length=120,
        validators=[_LOGIN],
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    password = forms.CharField(
        label=_("Your password"),
        help_text=_(
            "At least 10 characters. Three or four unrelated words are easy to keep and hard to guess."
        ),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "data-strength": "strength"}),
    )

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]
        self.fields["zone"].choices = zones()  # type: ignore[attr-defined]
        if not settings.SETUP_CODE_NEEDED:
            del self.fields["code"]

    @property
    def code_is_wrong(self) -> bool:
        """Whether a code was given that is not the one."""
        return bool(self.data.get("code")) and "code" in self.errors

    def clean_code(self) -> str:
        given: str = self.cleaned_data["code"]
        if not is_setup_code(given):
            raise forms.ValidationError(_("This is not the code. Copy it from where Gracja was started."))
        return given

    def clean(self) -> dict[str, Any]:
        """The password is judged against what else was given: a name is no password."""
        given = super().clean() or {}
        if password := given.get("password"):
            try:
                judge_password(
                    password,
                    person_name=given.get("person_name", ""),
                    login=given.get("login", ""),
                    email=given.get("email", ""),
                )
            except forms.ValidationError as error:
                self.add_error("password", error)
        return given


class Enter(LoginForm):  # type: ignore[misc]  # allauth has no types
    """Sign in by login or by e-mail."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        login, password = self.fields["login"], self.fields["password"]
        login.label, password.label = _("Login or e-mail"), _("Password")
        login.widget.attrs = {
            "autocomplete": "username webauthn",
            "autocapitalize": "none",
            "autofocus": True,
        }
        password.widget.attrs = {"autocomplete": "current-password"}
        password.help_text = ""
        self.fields["remember"].label = _("Stay signed in on this device for two weeks")


def _say(field: forms.Field, label: Any, help_text: Any = "", **attrs: str) -> None:
    """Label and hint in our words, and nothing in the field that vanishes while typing."""
    field.label, field.help_text = label, help_text
    field.widget.attrs = attrs


_RULE = _("At least 10 characters. Three unrelated words are easy to keep and hard to guess.")


class NewPassword(ChangePasswordForm):  # type: ignore[misc]  # allauth has no types
    """Change one's password, knowing the present one."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        _say(self.fields["oldpassword"], _("Present password"), autocomplete="current-password")
        _say(self.fields["password1"], _("New password"), _RULE, autocomplete="new-password")
        _say(self.fields["password2"], _("New password once more"), autocomplete="new-password")


class PasswordByLink(ResetPasswordKeyForm):  # type: ignore[misc]  # allauth has no types
    """Choose a password after following a link."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        _say(self.fields["password1"], _("New password"), _RULE, autocomplete="new-password")
        _say(self.fields["password2"], _("New password once more"), autocomplete="new-password")

    def save(self) -> None:
        """Not only the password, as allauth would: whoever had the old one is shut out everywhere."""
        renew_password(user=self.user, password=self.cleaned_data["password1"])


class ItIsMe(ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The password once more, before the ways of signing in change."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        _say(self.fields["password"], _("Password"), autocomplete="current-password")


class Code(AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """A code from the app, or a recovery code."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        _say(self.fields["code"], _("Code"), autocomplete="one-time-code", autofocus="")


class FirstCode(ActivateTOTPForm):  # type: ignore[misc]  # allauth has no types
    """The code that shows that the app has the key."""

    def __init__(self, *args: Any, **given: Any) -> None:
        super().__init__(*args, **given)
        _say(self.fields["code"], _("Code"), autocomplete="one-time-code", inputmode="numeric")


class OwnName(forms.Form):
    """How colleagues see my name."""

    name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
