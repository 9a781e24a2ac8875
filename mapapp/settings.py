"""Django settings of the map. Each environment variable read here is described in docs/settings.md."""

import os
import secrets
from pathlib import Path

from csp.constants import NONE, SELF

from mapapp.environment import Environment
from mapapp.request_log import is_failure
from mapapp.server_shape import THREADS_PER_WORKER

BASE_DIR = Path(__file__).resolve().parent.parent
MOST_DEMO_DEVICES = 5_000_000

env = Environment(os.environ)
DEBUG = env.flag("MAP_DEBUG", False)
# Without a key of its own a process makes one: sessions then end with it, and nothing is ever signed by a known key.
SECRET_KEY = env.text("MAP_SECRET_KEY") or secrets.token_urlsafe(48)
# This machine asks itself, as set-up does when it waits for /ready, whatever names the map has outside.
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]", *env.hosts("MAP_ALLOWED_HOSTS")]
PUBLIC_ADDRESS = env.origin("MAP_PUBLIC_ADDRESS")
# Behind a proxy that speaks TLS a form's origin is https, the request here is not.
CSRF_TRUSTED_ORIGINS = [PUBLIC_ADDRESS] if PUBLIC_ADDRESS else []

MAP_PORT = env.integer("MAP_PORT", 8000, least=1, most=65535)
MAP_NODE = env.integer("MAP_NODE", 0, least=0, most=4095)
MAP_DEMO = env.flag("MAP_DEMO", False)
MAP_SCALE = env.integer("MAP_SCALE", 100_000, least=1, most=MOST_DEMO_DEVICES)
MAP_SHARED_DATA = Path(env.text("MAP_SHARED_DATA", str(BASE_DIR.parent / "shared" / "data")))
MAP_BOUNDARIES = env.text("MAP_BOUNDARIES")
MAP_BASEMAP = env.text("MAP_BASEMAP")
STREETS = env.streets("MAP_STREETS")
TILE_CACHE = Path(env.text("MAP_TILE_CACHE", str(BASE_DIR / "var" / "tiles")))
TILE_CACHE_MB = env.integer("MAP_TILE_CACHE_MB", 2048, least=16, most=10_000_000)
TILE_ARCHIVES = Path(env.text("MAP_TILE_ARCHIVES", str(BASE_DIR / "var" / "archives")))
FULL_FILES = Path(env.text("MAP_FULL_FILES", str(BASE_DIR / "var" / "full")))
UPLOADS = Path(env.text("MAP_UPLOADS", str(BASE_DIR / "var" / "uploads")))
UPLOADS_MB = env.integer("MAP_UPLOADS_MB", 10_240, least=1, most=100_000_000)
REPORTS_A_DAY = env.integer("MAP_REPORTS_A_DAY", 50, least=1, most=1_000_000)
LOOKUPS_A_DAY = env.integer("MAP_LOOKUPS_A_DAY", 200, least=1, most=1_000_000)
VOTES_A_DAY = env.integer("MAP_VOTES_A_DAY", 50, least=1, most=1_000_000)
SENT_IN_ALL = env.integer("MAP_SENT_IN_ALL", 100_000, least=1, most=1_000_000_000)
CHECKS_A_DAY = env.integer("MAP_CHECKS_A_DAY", 1000, least=1, most=1_000_000)
REPORT_KEEP_DAYS = env.integer("MAP_REPORT_KEEP_DAYS", 365, least=1, most=3660)
# Signs answers of the check; without the file nothing is signed. Set-up makes one.
SIGNING_KEY = env.file("MAP_SIGNING_KEY", BASE_DIR / "var" / "secrets" / "signing_key.pem")
# At least one thread of each process is left for maps.
DOWNLOADS_AT_ONCE = env.integer("MAP_DOWNLOADS_AT_ONCE", 2, least=1, most=THREADS_PER_WORKER - 1)
DOWNLOAD_SECONDS = env.integer("MAP_DOWNLOAD_SECONDS", 1800, least=1, most=86_400)
PAGE_SECONDS = env.integer("MAP_PAGE_SECONDS", 300, least=1, most=86_400)
DUE_SOON_DAYS = env.integer("MAP_DUE_SOON_DAYS", 30, least=0, most=366)
DUE_DATE_CONVENTION = env.text("MAP_DUE_DATE_CONVENTION", "month_end", allowed=("month_end", "exact_day"))

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.gis",
    "django.contrib.postgres",
    "rest_framework",
    "rest_framework_gis",
    "drf_spectacular",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "accounts",
    "geodata",
    "layers",
    "tiles",
    "services",
    "mapapp",
]

MIDDLEWARE = [
    "mapapp.middleware.LimitMiddleware",
    "mapapp.middleware.RequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "mapapp.middleware.LanguageMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "mapapp.static_edition.StaticFilesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

# GDAL older than 3.9 could follow a coordinate system given as an address. None is ever taken from outside: systems
# are looked up in a fixed list (geodata.crs), and nothing else reaches GDAL from a request.
SILENCED_SYSTEM_CHECKS = ["gis.W001"]

ROOT_URLCONF = "mapapp.urls"
WSGI_APPLICATION = "mapapp.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mapapp.context.page",
            ],
        },
    }
]

# jit=off: compiling costs more than it saves on short spatial queries (mid-zoom tiles are four times faster without).
_SESSION = "-c jit=off -c lock_timeout=5000 -c idle_in_transaction_session_timeout=60000"
# A reader who waits for a lock is told to come back (503) before the limit of his query strikes (422).
_READER = " -c lock_timeout=1000 -c search_path=open,public -c default_transaction_read_only=on"
DATABASES = {
    "default": {
        **env.database("DATABASE_URL"),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": _SESSION},
    },
    # Anonymous reading: a role that owns nothing and finds the views of the schema `open` before anything else.
    "open": {
        **env.database("DATABASE_OPEN_URL"),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": _SESSION + _READER},
    },
}
env.require_sound()
DATABASE_ROUTERS = ["layers.open_schema.OpenRouter"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# One limit in milliseconds per class of query (contracts, section 4): beyond it the answer says so.
QUERY_LIMITS_MS = {
    "tile": 4000,
    "page": 4000,
    "count": 900,  # An answer without its number comes within a second, the first rows included.
    "facets": 4000,
    "search": 1500,
    "reference": 15000,
    "record": 2000,
    "download": 15000,
    "job": 0,
}

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "/admin/login/"

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Files are served as they lie in static/, and under the address of their edition (static_edition.py). Vendor paths
# carry a version of their own: the map's worker is found beside its module, so single names are never hashed.
STATIC_EDITIONS = BASE_DIR / "var" / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "mapapp.static_edition.EditionStorage"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_MAX_AGE = 0
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/(?:vendor/[^/]+/[0-9.]+|[0-9a-f]{12})/"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": [
        "rest_framework.renderers.JSONRenderer",
        "services.api.renderers.GeoJsonRenderer",
    ],
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [],
    "URL_FORMAT_OVERRIDE": None,
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [SELF],
    }
}
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "SAMEORIGIN"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "mapapp.request_log.JsonLines"}},
    "filters": {"failure": {"()": "django.utils.log.CallbackFilter", "callback": is_failure}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.request": {"filters": ["failure"]},
        # Repeated jobs would say every few seconds that they began and ended; a failure is a warning or worse.
        "django_tasks": {"level": "WARNING"},
        # They quote hosts, origins and addresses, also in their traces; such a request has its line like any other.
        "django.security": {"level": "CRITICAL"},
    },
}
