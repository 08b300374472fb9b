"""Settings of the application: one file for all, told by the environment what differs.

GRACJA_HOME    the data folder (database, archive, files); default ~/.local/share/gracja
DATABASE_URL   postgresql://user:password@host:port/name; without it SQLite in the data folder
GRACJA_HOSTS   host names that are answered, separated by commas; default: this machine's
GRACJA_HTTPS   1 where a proxy in front speaks HTTPS: secure cookies, HSTS
GRACJA_EMAIL_URL  smtp://user:password@host:port; without it nothing is sent, and links are shown instead
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from gracja.app.home import home, secret_key

HOME = home()
HERE = Path(__file__).parent
WEB = HERE / "web"

DEBUG = os.environ.get("GRACJA_DEBUG") == "1"
SECRET_KEY = secret_key(HOME)
HTTPS = os.environ.get("GRACJA_HTTPS") == "1"
ALLOWED_HOSTS = [
    *filter(None, os.environ.get("GRACJA_HOSTS", "").split(",")),
    "localhost",
    "127.0.0.1",
    "[::1]",
]
CSRF_FAILURE_VIEW = "gracja.app.web.errors.stale_form"
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if HTTPS else []
# Told by `gracja serve` where others can reach it: whoever comes first must not become the administrator
SETUP_CODE_NEEDED = os.environ.get("GRACJA_SETUP_CODE") == "1"
# Made by `gracja demo`: one-click logins, and a banner that says so; never into a database named from outside
DEMO = (HOME / "demo.json").exists() and not os.environ.get("DATABASE_URL")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "axes",
    "gracja.app.common",
    "gracja.app.organisation",
    "gracja.app.tokens",
    "gracja.app.standards",
    "gracja.app.contacts",
    "gracja.app.service_mode",
    "gracja.app.observations",
    "gracja.app.gestures",
    "gracja.app.gestures.club",
    "gracja.app.gestures.recovery",
    "gracja.app.gestures.calls",
    "gracja.app.measurement",
    "gracja.app.web",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "gracja.app.web.middleware.language",
    "django.middleware.common.CommonMiddleware",
    "gracja.app.api.straight.straight",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "gracja.app.web.service_mode.panel_keys.PanelKeys",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "gracja.app.web.entry.first_run.FirstRun",
    "gracja.app.web.middleware.signed_out",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "gracja.app.web.middleware.Refusals",
    "axes.middleware.AxesMiddleware",
]
ROOT_URLCONF = "gracja.app.urls"
WSGI_APPLICATION = "gracja.app.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True

# Templates lie with their word: web/<word>/templates/<word>/...
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WEB / "templates", *sorted(WEB.glob("*/templates"))],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "gracja.app.web.templatetags.gracja",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.csp",
                "gracja.app.web.context.page",
            ],
        },
    }
]
FORM_RENDERER = "gracja.app.web.forms.Face"


def _database(url: str) -> dict[str, Any]:
    """Django's entry for DATABASE_URL, or for SQLite in the data folder."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": HOME / "gracja.sqlite3",
            "CONN_MAX_AGE": 60,  # to open it took half of the time of a short answer
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # secure_delete: what is erased is overwritten, not only left out
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON"
                ),
            },
        }
    given = urlsplit(url)
    if given.scheme not in ("postgres", "postgresql") or not given.path.strip("/"):
        raise ImproperlyConfigured("DATABASE_URL: postgresql://user:password@host:port/name is expected.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(given.path.strip("/")),
        "USER": unquote(given.username or ""),
        "PASSWORD": unquote(given.password or ""),
        "HOST": unquote(given.hostname or ""),
        "PORT": given.port or "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": _database(os.environ.get("DATABASE_URL", ""))}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# Who comes in
AUTH_USER_MODEL = "organisation.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
# scrypt needs memory as well as time, and with OWASP's parameters a third of PBKDF2's
PASSWORD_HASHERS = [
    f"django.contrib.auth.hashers.{name}" for name in ("ScryptPasswordHasher", "PBKDF2PasswordHasher")
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": name if "." in name else f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("gracja.app.web.entry.passwords.UnlikeItsOwner", {"user_attributes": ("login", "email", "name")}),
        ("MinimumLengthValidator", {"min_length": 10}),
        ("CommonPasswordValidator", {}),
        ("NumericPasswordValidator", {}),
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_FORMS = {
    "login": "gracja.app.web.entry.forms.Enter",
    "change_password": "gracja.app.web.entry.forms.NewPassword",
    "reset_password_from_key": "gracja.app.web.entry.forms.PasswordByLink",
    "reauthenticate": "gracja.app.web.entry.forms.ItIsMe",
}
MFA_FORMS = {
    "authenticate": "gracja.app.web.entry.forms.Code",
    "activate_totp": "gracja.app.web.entry.forms.FirstCode",
}
ACCOUNT_RATE_LIMITS = {"login_failed": "60/m/ip"}  # who guesses one account is locked out by axes
ACCOUNT_ADAPTER = "gracja.app.web.entry.adapter.InvitedOnly"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = None
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Gracja"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not HTTPS  # browsers allow it on localhost alone
USERSESSIONS_TRACK_ACTIVITY = False  # it would write to the database with every page that is read
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25  # hours
AXES_USERNAME_FORM_FIELD = "username"  # what allauth hands on; axes would look for the model's `login`
AXES_USERNAME_CALLABLE = "gracja.app.web.entry.lockout.guessed"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "gracja.app.web.entry.lockout.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}

# Languages: English in the code, Polish from web/*/pl.po, compiled into the data folder at start
LANGUAGE_CODE = "pl"
LANGUAGES = [("pl", "Polski"), ("en", "English")]
LOCALE_PATHS = [HOME / "cache" / "locale"]
FORMAT_MODULE_PATH = "gracja.app.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# Files
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "cache" / "static"
STATICFILES_DIRS = [
    WEB / "static",
    HOME / "cache" / "style",  # face.css, put together at start
    ("gracja/look", HERE.parent / "report" / "static"),  # fonts, tokens
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "gracja.app.web.static_files.Collected"
        if os.environ.get("GRACJA_STATIC") == "collected"
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = os.environ.get("GRACJA_STATIC") != "collected"
WHITENOISE_AUTOREFRESH = False
MEDIA_ROOT = HOME / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = 25 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000


def _mailer(url: str) -> dict[str, Any]:
    """Django's entry for GRACJA_EMAIL_URL; without one, mail goes nowhere and pages show links instead."""
    if not url:
        return {"BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    given = urlsplit(url)
    return {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": given.hostname or "",
            "port": given.port or 587,
            "username": unquote(given.username or ""),
            "password": unquote(given.password or ""),
            "use_tls": given.scheme == "smtp",
            "use_ssl": given.scheme == "smtps",
            "timeout": 10,
        },
    }


EMAIL_CONFIGURED = bool(os.environ.get("GRACJA_EMAIL_URL"))
MAILERS = {"default": _mailer(os.environ.get("GRACJA_EMAIL_URL", ""))}
DEFAULT_FROM_EMAIL = os.environ.get("GRACJA_EMAIL_FROM", "gracja@localhost")

# Logs: one JSON object a line, without names, addresses or texts of people
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "gracja.app.common.logs.JsonLines"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django.server": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
        "gunicorn.http.wsgi": {"level": "ERROR"},
    },
}
