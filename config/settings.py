"""Every setting of the portal, in the order a reader asks for them.

Values that differ between installations come from the environment through `core.env`;
docs/administer.md lists them all.
"""

import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy

from core.env import SETTINGS_FILE_NAME, Environment, read_settings_file

BASE_DIR = Path(__file__).resolve().parent.parent

# Where this installation keeps everything it writes: database, files, logs, its own settings file.
DATA_DIR = Path(Environment().text("DATA_DIR", str(BASE_DIR / "data" / "demo"))).resolve()
env = Environment(read_settings_file(DATA_DIR / SETTINGS_FILE_NAME))
# Where lxml is installed (python-docx needs it), openpyxl would read with it what it reads with
# defusedxml otherwise, which refuses more and fails in one known way. It asks when it is imported.
os.environ["OPENPYXL_LXML"] = "False"

# The force ---------------------------------------------------------------------------------------
DEMO = env.boolean("DEMO", default=False)
FORCE_NAME = env.text("FORCE_NAME", "Our police force")
FORCE_SHORT_NAME = env.text("FORCE_SHORT_NAME", FORCE_NAME.removesuffix(" Police"))
# Printed under the signature of letters to HMICFRS; empty leaves the post alone.
CHIEF_CONSTABLE = env.text("CHIEF_CONSTABLE")
FORCE_COLOUR = env.colour("FORCE_COLOUR", "#0b2545")
# The Board that decides closures, and its name in full.
BOARD_NAME = env.text("BOARD_NAME", "GAIN Board")
BOARD_LONG_NAME = env.text("BOARD_LONG_NAME", "Governance of Audit and Inspection (GAIN) Board")
PRODUCT_NAME = env.text("PRODUCT_NAME", "StART")
PRODUCT_LONG_NAME = "Strategic Actions and Recommendations Tracker"
# What `core.dates.today` answers; unset = the calendar's day. The demonstration sets its own.
TODAY = env.date("TODAY")
# An action without a progress update for this many days is stale.
STALE_AFTER_DAYS = env.integer("STALE_AFTER_DAYS", 30, minimum=1)
DEFAULT_MARKING = "OFFICIAL"
# Whose bank holidays are no working days.
BANK_HOLIDAYS = env.choice(
    "BANK_HOLIDAYS", "england-and-wales", ["england-and-wales", "scotland", "northern-ireland"]
)

# Security ----------------------------------------------------------------------------------------
DEBUG = env.boolean("DEBUG", default=False)
# bin/run makes a key of its own for an installation and keeps it here.
KEPT_KEY = DATA_DIR / "secret-key"
SECRET_KEY = env.text("SECRET_KEY") or (
    KEPT_KEY.read_text(encoding="utf-8").strip() if KEPT_KEY.is_file() else ""
)
if not SECRET_KEY:
    raise ImproperlyConfigured(
        "SECRET_KEY is not set. bin/run makes one and keeps it in the data directory; elsewhere "
        "set SECRET_KEY, or SECRET_KEY_FILE to the path of a file that holds it."
    )
ALLOWED_HOSTS = env.listing("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.listing("CSRF_TRUSTED_ORIGINS", [])

# Behind HTTPS (the default) cookies are secure, plain HTTP is redirected and HSTS is sent.
# bin/run turns it off, because it serves plain HTTP on this machine only.
HTTPS = env.boolean("HTTPS", default=True)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
if env.boolean("BEHIND_PROXY", default=False):
    # Sign-in attempts are counted by the address that the proxy adds to X-Forwarded-For.
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 60 * 60
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

# Rooms -------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "csp",
    "django_filters",
    "django_tables2",
    "simple_history",
    "core",
    "people",
    "inspections",
    "evidence",
    "tracker",
    "board",
    "portal",
    "reports",
    "django_tasks",
    # After core, which has a db_worker of its own.
    "django_tasks_db",
]

MIDDLEWARE = [
    "core.middleware.RequestIdMiddleware",
    "core.middleware.SaneRequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "core.access.AccessMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

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
                "core.context.installation",
            ],
            "builtins": ["django.templatetags.static", "core.templatetags.portal"],
        },
    }
]
# Django's own templates first, so that templates/govuk/ is used by our forms alone.
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
DJANGO_TABLES2_TEMPLATE = "components/table.html"

# Database ----------------------------------------------------------------------------------------
DATABASE_URL = env.text("DATABASE_URL")
if DATABASE_URL:
    DATABASES = {"default": env.postgresql("DATABASE_URL")}
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
        "min_size": 1,
        "max_size": env.integer("DATABASE_POOL_SIZE", 8, minimum=1),
        "timeout": 5,
    }
    # A connection that the server has closed meanwhile is replaced, not used.
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
else:
    DATABASES = {
        "default": {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA_DIR / "portal.sqlite3",
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    }
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "portal_cache"}
        if DATABASE_URL
        else {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": DATA_DIR / "cache",
        }
    ),
    # Progress of long work is written while a transaction is open: it cannot live in the database.
    "progress": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "progress",
        "TIMEOUT": 24 * 60 * 60,
    },
}

# Long work ---------------------------------------------------------------------------------------
# On: requests only ask for it, and `manage.py db_worker` does it. Off: it is done in the request.
WORKER = env.boolean("WORKER", default=False)
TASKS = {
    "default": {
        "BACKEND": (
            "django_tasks_db.DatabaseBackend"
            if WORKER
            else "django_tasks.backends.immediate.ImmediateBackend"
        )
    }
}

# People ------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name", "email")},
    },
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = reverse_lazy("account_login")
LOGIN_REDIRECT_URL = reverse_lazy("home")
LOGOUT_REDIRECT_URL = reverse_lazy("account_login")
ACCOUNT_ADAPTER = "people.adapters.ClosedAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_FORMS = {
    "login": "people.forms.SignInForm",
    "change_password": "people.forms.PasswordForm",
    "reauthenticate": "people.forms.ConfirmForm",
}
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key"}

# Language and time -------------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

# Files -------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "build" / "static"
STATICFILES_DIRS = [BASE_DIR / "static" / "public", BASE_DIR / "build" / "assets"]
WHITENOISE_ALLOW_ALL_ORIGINS = False
MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
SPREADSHEET_MAX_BYTES = env.integer("SPREADSHEET_MAX_BYTES", 10 * 1024 * 1024, minimum=1024)
SPREADSHEET_MAX_ROWS = env.integer("SPREADSHEET_MAX_ROWS", 60_000, minimum=1)
# Any other document: evidence, signed letters.
UPLOAD_MAX_BYTES = env.integer("UPLOAD_MAX_BYTES", 25 * 1024 * 1024, minimum=1024)
# A ZIP file of evidence with an index.
EVIDENCE_STORE_MAX_BYTES = env.integer("EVIDENCE_STORE_MAX_BYTES", 250 * 1024 * 1024, minimum=1024)
# Evidence is to be looked at again so many days after its date, unless somebody says otherwise.
EVIDENCE_REVIEW_DAYS = env.integer("EVIDENCE_REVIEW_DAYS", 365, minimum=1)
# How many years after its date somebody decides whether evidence is kept any longer.
EVIDENCE_RETENTION_YEARS = env.integer("EVIDENCE_RETENTION_YEARS", 6, minimum=1)
# An inspection pack can be downloaded for so many days.
EVIDENCE_PACK_DAYS = env.integer("EVIDENCE_PACK_DAYS", 14, minimum=1)
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
# A request larger than this is not read at all; up to it, a form can say what is too large.
REQUEST_MAX_BYTES = max(
    4 * max(SPREADSHEET_MAX_BYTES, UPLOAD_MAX_BYTES), 2 * EVIDENCE_STORE_MAX_BYTES
)

# Mail and logs -----------------------------------------------------------------------------------
# Where people reach the portal: mails are read elsewhere, so their links name it. The demonstration
# sends none, and is where bin/run serves it.
PORTAL_URL = env.site(
    "PORTAL_URL", f"http://127.0.0.1:{env.integer('PORT', 8000, minimum=1)}" if DEMO else ""
)
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", "start-portal@localhost")
EMAIL_HOST = env.text("EMAIL_HOST")
# Without a mail server, mails are written into files.
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if EMAIL_HOST else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = DATA_DIR / "mail"
EMAIL_SECURITY = env.choice("EMAIL_SECURITY", "starttls", ["starttls", "tls", "none"])
EMAIL_USE_TLS = EMAIL_SECURITY == "starttls"
EMAIL_USE_SSL = EMAIL_SECURITY == "tls"
EMAIL_PORT = env.integer(
    "EMAIL_PORT", {"starttls": 587, "tls": 465, "none": 25}[EMAIL_SECURITY], minimum=1
)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD")
EMAIL_TIMEOUT = env.integer("EMAIL_TIMEOUT", 20, minimum=1)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request_id": {"()": "core.middleware.RequestIdFilter"}},
    "formatters": {
        "line": {"format": "{asctime} {levelname} {name} [{request_id}] {message}", "style": "{"}
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["request_id"],
        },
        "file": {
            "class": "logging.handlers.WatchedFileHandler",
            "filename": DATA_DIR / "logs" / "portal.log",
            "delay": True,
            "formatter": "line",
            "filters": ["request_id"],
        },
    },
    "root": {"handlers": ["console", "file"], "level": "WARNING"},
    "loggers": {"portal": {"level": "INFO"}},
}

for directory in ("logs", "files", "cache", "progress"):
    (DATA_DIR / directory).mkdir(parents=True, exist_ok=True)
