"""Django's settings, made from Stationer's own (contract/settings.md). DEBUG is off, everywhere.

Importing this writes nothing: folders and keys are made by `site.start.prepare`.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from stationer.portal.site.database import database
from stationer.portal.site.known_hosts import HostsOfPartners
from stationer.portal.site.start import session_key
from stationer.settings import load

STATIONER = load()
PORTAL = STATIONER.portal
PUBLIC_URL = PORTAL.public_url.rstrip("/")
EDGE_STATE = STATIONER.edge.state
EDGE_URL = PORTAL.edge_url.rstrip("/")
LINK_URL = (PORTAL.link_url or PORTAL.edge_url).rstrip("/")
#: where an edge on this machine keeps records (contract/replay.md); not there when it runs elsewhere
EDGE_RECORDS = STATIONER.edge.records
_PUBLIC = urlsplit(PUBLIC_URL)
_SECURE = _PUBLIC.scheme == "https"

DEBUG = False
SECRET_KEY = session_key(PORTAL)
ALLOWED_HOSTS = [_PUBLIC.hostname or "localhost", *PORTAL.hosts, HostsOfPartners("partners")]
CSRF_TRUSTED_ORIGINS = [f"{_PUBLIC.scheme}://{_PUBLIC.netloc}"]
ROOT_URLCONF = "stationer.portal.site.urls"
WSGI_APPLICATION = "stationer.portal.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": database(PORTAL.database, PORTAL.data)}
CACHES = {
    # shared by all processes of this machine: limits hold across them
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": str(PORTAL.data / "cache"),
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

INSTALLED_APPS = [
    "stationer.portal.site",  # first: its templates stand before those of the parts below
    "stationer.portal.people",
    "stationer.portal.access",
    "stationer.portal.content",
    "stationer.portal.publishing",
    "stationer.portal.delivery",
    "stationer.portal.audit",
    "stationer.portal.statistics",
    "stationer.portal.alerts",
    "stationer.portal.hooks",
    "stationer.portal.visits",
    "stationer.portal.partners",
    "stationer.portal.surveys",
    "stationer.portal.directories",
    "stationer.portal.company",
    "stationer.portal.programs",
    "stationer.portal.trial",
    "stationer.portal.providers",
    "stationer.portal.reading",
    "stationer.portal.vault",
    "stationer.portal.notices",
    "stationer.portal.reputation",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "oauth2_provider",
    "django_htmx",
]

MIDDLEWARE = [
    "stationer.portal.site.proxies.ProxyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "stationer.portal.site.guard.GuardMiddleware",
    "stationer.portal.site.policy.PolicyMiddleware",
    "stationer.portal.site.refusals.RefusalMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "stationer.portal.site.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "stationer.portal.site.sizes.SizeMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "stationer.portal.site.nul.NulMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "stationer.portal.partners.labels.LabelMiddleware",
    "stationer.portal.access.bound.BoundMiddleware",
    "stationer.portal.access.presence.PresenceMiddleware",
    "stationer.portal.programs.limits.LimitMiddleware",
    "stationer.portal.partners.resting.RestMiddleware",
    "stationer.portal.programs.once.OnceMiddleware",
    "stationer.portal.site.clock.ClockMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "stationer.portal.site.policy.nonce",
                "stationer.portal.site.letterhead.theme",
                "stationer.portal.site.places.beside",
                "stationer.portal.partners.labels.label",
            ]
        },
    }
]

# ── accounts ──
AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "stationer.portal.access.passwords.Argon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "stationer.portal.access.passwords.NotTheAddress"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "stationer.portal.access.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]  # allauth shapes the sign-in by it; our form asks for none
ACCOUNT_FORMS = {"signup": "stationer.portal.access.signing_up.SignUpForm"}
ACCOUNT_RATE_LIMITS = {"signup": "20/h/ip"}  # each sends a mail to an address that somebody typed
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a mail to a stranger would make the portal somebody's mail cannon
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_SESSION_REMEMBER = None
MFA_SUPPORTED_TYPES = ["webauthn", "totp", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Stationer"
MFA_TOTP_TOLERANCE = 1  # a telephone’s clock may be half a minute off (RFC 6238 §5.2)
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not _SECURE

# ── devices: RFC 8628 (contract/http.md §4) ──
# the toolkit's models are swappable; ours that point at them need the names
OAUTH2_PROVIDER_DEVICE_GRANT_MODEL = "oauth2_provider.DeviceGrant"
OAUTH2_PROVIDER_ACCESS_TOKEN_MODEL = "oauth2_provider.AccessToken"
OAUTH2_PROVIDER_APPLICATION_MODEL = "oauth2_provider.Application"
OAUTH2_PROVIDER = {
    "SCOPES": {"device": "put your company's stationery on the mail you send"},
    "DEFAULT_SCOPES": ["device"],
    "ACCESS_TOKEN_EXPIRE_SECONDS": 600,
    "OAUTH_DEVICE_VERIFICATION_URI": f"{PUBLIC_URL}/o/device/",
    "OAUTH_DEVICE_VERIFICATION_URI_COMPLETE": f"{PUBLIC_URL}/o/device/?user_code={{user_code}}",
    "OAUTH2_VALIDATOR_CLASS": "stationer.portal.access.codes.DeviceCodes",
    "PKCE_REQUIRED": True,
}

# ── what leaves the server ──
EMAIL_BACKEND = "stationer.portal.delivery.backend.EmailBackend"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = PORTAL.relay.sender

# ── cookies, headers ──
SESSION_ENGINE = "stationer.portal.access.sessions"
SESSION_COOKIE_NAME = "__Host-stationer" if _SECURE else "stationer"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _SECURE
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-stationer-csrf" if _SECURE else "stationer-csrf"
CSRF_FAILURE_VIEW = "stationer.portal.site.refusals.csrf"
SECURE_HSTS_SECONDS = 31_536_000 if _SECURE else 0
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 3_000_000  # what every page takes (site.sizes) never comes upon the disk

# ── languages, files ──
LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("de", "Deutsch")]
LOCALE_PATHS = [str(Path(__file__).parent / "locale")]
FORMAT_MODULE_PATH = ["stationer.portal.site.formats"]
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATIC_ROOT = str(PORTAL.data / "static")
WHITENOISE_USE_FINDERS = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["woff2", "png", "gz", "br"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "stationer.portal.site.files.Storage"},
}

LOGGING_CONFIG = None  # logs are set up by `watch`, once for each program
SILENCED_SYSTEM_CHECKS = [
    "security.W008",  # no redirect to https: the proxy in front does that
    "security.W012",
    "security.W016",
    "security.W021",
]
