"""All settings, read from the environment. `make run` needs none of them; the README lists every one."""

from pathlib import Path

import dj_database_url

from portal import environment

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(environment.read("VAR_DIR", str(BASE_DIR / "var")))

# Mode: see portal/environment.py ------------------------------------------------------------------------------------

_debug = environment.read_switch("DEBUG")
DEBUG = _debug is True
PRODUCTION = _debug is False or (
    _debug is None and bool(environment.read("ALLOWED_HOSTS") or environment.read("BASE_URL"))
)
if PRODUCTION and (_faults := environment.missing_in_production()):
    raise environment.CannotStart(_faults)

SECRET_KEY = environment.read("SECRET_KEY") or environment.kept_secret(VAR_DIR)
SECRET_KEY_FALLBACKS = environment.read_list("SECRET_KEY_FALLBACKS")  # older ones, which still open second factors
CASE_KEYS = environment.read("CASE_KEYS") or ("" if PRODUCTION else environment.kept_case_keys(VAR_DIR))
CNDP_AUTHORISATION = environment.read("CNDP_AUTHORISATION")
ZONES = frozenset(environment.read_list("ZONES", "public,cms,cases"))  # what this process serves (portal/zones.py)
ALLOWED_HOSTS = [*environment.read_list("ALLOWED_HOSTS"), "localhost", "127.0.0.1", "[::1]"]
BASE_URL = environment.read("BASE_URL", "http://localhost:8000").rstrip("/")

# Applications -------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "modeltranslation",  # before the admin, as its documentation asks
    "portal",
    "referral",
    "services",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.users",
    "wagtail.sites",
    "wagtail.snippets",
    "wagtail.images",  # not used by guides; Wagtail's own code imports it
    "wagtail.documents",  # the same
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",  # its templates, for forms that are drawn with ours (referral/screens/forms.py)
]

MIDDLEWARE = [
    "portal.middleware.SafeHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.middleware.PublicPages",
    "portal.sessions.StaffSessions",
    "portal.middleware.Language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "portal.accounts.gate.StaffGate",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "portal.frame.surround",
            ],
        },
    },
]

# Data ---------------------------------------------------------------------------------------------------------------

DATABASES = {
    "default": dj_database_url.parse(
        environment.read("DATABASE_URL", f"sqlite:///{VAR_DIR / 'dalil.sqlite3'}"),
        conn_max_age=600,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Nothing acknowledged is ever lost: synchronous=FULL, and writers queue instead of failing.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }

CACHE_URL = environment.read("CACHE_URL")
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": CACHE_URL}
    if CACHE_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
PAGE_CACHE = environment.read_switch("PAGE_CACHE") is not False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Who may sign in ----------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "portal.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "portal.accounts.passwords.OurWords"},
]
PASSWORD_RESET_TIMEOUT = 3600  # seconds that the link of a mail works
ACCOUNT_ADAPTER = "portal.accounts.adapter.Adapter"
MFA_ADAPTER = "portal.accounts.adapter.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_TOLERANCE = 1  # steps of 30 seconds, for clocks that differ
MFA_RECOVERY_CODE_DIGITS = 10
STAFF_IDLE_MINUTES, STAFF_LONGEST_HOURS = (
    15,
    8,
)  # a session ends by itself after either (portal/accounts/open_sessions.py)
# One cookie, for staff alone (portal/sessions.py): public pages neither set nor receive one. Forms carry a token of the session.
SESSION_COOKIE_NAME = "__Secure-staff" if PRODUCTION else "staff"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_SECURE = PRODUCTION
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_ENGINE = "portal.accounts.visits"
CSRF_USE_SESSIONS = True
CSRF_FAILURE_VIEW = "portal.errors.no_token"
SESSION_COOKIE_AGE = STAFF_LONGEST_HOURS * 3600
LOGIN_URL = "sign-in"
LANGUAGE_COOKIE_PATH = "/cms/"
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_HSTS_SECONDS = 63_072_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if environment.read_switch("BEHIND_PROXY") else None
X_FRAME_OPTIONS = "DENY"  # portal/middleware.py lets the CMS show its own previews
SECURE_REFERRER_POLICY = "same-origin"  # in the CMS; public pages send none (portal/middleware.py)

# Languages: add one here, and docs/decisions/0006 tells the rest ------------------------------------------------------

LANGUAGES = [("ar", "العربية"), ("fr", "Français"), ("en", "English")]
LANGUAGE_CODE = "fr"  # guides are written in French first; Accept-Language decides what a reader meets
# Where a text is missing in a language, the first of these that has it is shown, and said so.
FALLBACK_LANGUAGES = ("fr", "en", "ar")
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Africa/Casablanca"
LOCALE_PATHS = [BASE_DIR / "locale"]
MODELTRANSLATION_DEFAULT_LANGUAGE = LANGUAGE_CODE
MODELTRANSLATION_FALLBACK_LANGUAGES = FALLBACK_LANGUAGES

# Search: the embedded engine always, Elasticsearch before it where there is one ----------------------------------------

ELASTICSEARCH_URL = environment.read("ELASTICSEARCH_URL")
ELASTICSEARCH_SHARDS = int(environment.read("ELASTICSEARCH_SHARDS", "1"))
ELASTICSEARCH_REPLICAS = int(environment.read("ELASTICSEARCH_REPLICAS", "0"))
ELASTICSEARCH_NODE_CLASS = environment.read("ELASTICSEARCH_NODE_CLASS")  # a class of tests only
SEARCH_DIR = VAR_DIR / "search"  # the embedded index
SEARCH_SOURCES = ["portal.searchable", "services.searchable"]
SEARCH_IN_BACKGROUND = True  # carry changes to the index in a thread after the commit; tests do it themselves

# Static files -------------------------------------------------------------------------------------------------------

STATIC_URL = "/static/"
STATIC_ROOT = Path(environment.read("STATIC_ROOT", str(VAR_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_HANDLERS = [
    "referral.attachments.uploads.CaseworkUploads",  # in casework no upload touches the disk
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
MEDIA_ROOT = VAR_DIR / "media"
MEDIA_URL = "/media/"

# Mail ---------------------------------------------------------------------------------------------------------------

vars().update(environment.mail_settings(environment.read("EMAIL_URL", "console:")))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.read("EMAIL_FROM", "dalil@localhost")
MAIL_IN_BACKGROUND = True  # where waiting for a mail server would tell something; tests do it themselves

# Wagtail ------------------------------------------------------------------------------------------------------------

WAGTAIL_SITE_NAME = "Dalil"
# Accounts belong to portal/accounts: the CMS neither sets nor resets a password, nor changes an address.
WAGTAIL_PASSWORD_RESET_ENABLED = WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False
WAGTAILUSERS_PASSWORD_ENABLED = False
WAGTAILADMIN_BASE_URL = BASE_URL
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAILADMIN_PERMITTED_LANGUAGES = LANGUAGES
# Without this wagtail-localize publishes the French text under /ar/ the moment a translation is asked for.
WAGTAILLOCALIZE_SYNC_LIVE_STATUS_ON_TRANSLATE = False
# The CMS calls nobody: neither for pictures of editors nor for news of releases.
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# Leaving quickly ----------------------------------------------------------------------------------------------------

EXIT_URL = environment.read("EXIT_URL", "https://{language}.wikipedia.org/")

# Logs: no address, no client, no search words (trust S9) --------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "filters": {"no_addresses": {"()": "portal.zones.NoAddresses"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "portal": {"level": "INFO"},
        "django.request": {"level": "ERROR", "filters": ["no_addresses"]},  # at 500 it prints the address
        "django.security.csrf": {"level": "ERROR"},  # below, it prints the address
        "django.template": {"level": "INFO"},  # below, it prints whatever a page was about to show
    },
}
