"""Settings: the only reader of the environment. Every variable is listed in the README's table."""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()

# --- What this installation is -------------------------------------------------------------------------------------
DEBUG = env.bool("DEBUG", default=False)
VERSION = "0.1.0"  # as pyproject.toml says
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / ".data")))
INSTANCE_TOKEN = env.str("INSTANCE_TOKEN", default="")


def _require(name: str, why: str) -> str:
    """Return a variable that production may not do without, or say what to set and why."""
    value = env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {why}")
    return value


SITE_URL = env.str("SITE_URL", default="").rstrip("/")
if not SITE_URL:
    if not DEBUG:
        _require(
            "SITE_URL", "With DEBUG=0 it must name the address readers use, for example https://dossiers.example.org"
        )
    SITE_URL = f"http://127.0.0.1:{env.int('PORT', default=8137)}"

SECRET_KEY = env.str("SECRET_KEY", default="")
if not SECRET_KEY or (not DEBUG and (SECRET_KEY.startswith("insecure-") or len(SECRET_KEY) < 32)):
    if not DEBUG:
        raise ImproperlyConfigured("SECRET_KEY is missing, a default or shorter than 32 characters. Set a random one.")
    SECRET_KEY = "insecure-development-only-key"  # noqa: S105

_site = environ.urlparse(SITE_URL)
if _site.scheme not in {"http", "https"} or not _site.hostname:
    raise ImproperlyConfigured(f"SITE_URL must look like https://host[:port], not {SITE_URL!r}.")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[]) or [_site.hostname]
if DEBUG:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, "localhost", "127.0.0.1", "[::1]", "testserver"]
CSRF_TRUSTED_ORIGINS = [SITE_URL]

# --- Databases: three roles, so that the promise holds below Python too ----------------------------------------------
# `default` is the application's role, `reader` may only see editions, `owner` exists where migrations and tests run.
_POOL = env.bool("DATABASE_POOL", default=False)


def _database(name: str) -> dict[str, object]:
    config = dict(env.db_url_config(_require(name, "./run sets it; see the README's table of settings.")))
    config["CONN_HEALTH_CHECKS"] = True
    config.setdefault("OPTIONS", {})
    return config


DATABASES: dict[str, dict] = {"default": _database("DATABASE_URL")}
if env.str("DATABASE_READER_URL", default=""):
    DATABASES["reader"] = {**_database("DATABASE_READER_URL"), "TEST": {"MIRROR": "default"}}
else:
    DATABASES["reader"] = {**DATABASES["default"], "TEST": {"MIRROR": "default"}}
if env.str("DATABASE_OWNER_URL", default=""):
    DATABASES["owner"] = _database("DATABASE_OWNER_URL")
if _POOL:
    for _alias in ("default", "reader"):
        DATABASES[_alias]["OPTIONS"] = {**DATABASES[_alias]["OPTIONS"], "pool": {"min_size": 1, "max_size": 4}}
else:
    for _alias in ("default", "reader"):
        DATABASES[_alias]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=0)
APP_ROLE = env.str("APP_ROLE", default="dossiers_app")
READER_ROLE = env.str("READER_ROLE", default="dossiers_reader")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Valkey or Redis -------------------------------------------------------------------------------------------------
REDIS_URL = _require("REDIS_URL", "./run sets it; see the README's table of settings.")


def _redis(database: int, *, celery: bool = False) -> str:
    """Return REDIS_URL for one numbered database, in the spelling that Django's cache or Celery wants."""
    base = REDIS_URL.split("?")[0]
    if base.startswith(("unix://", "redis+socket://")):
        path = base.split("://", 1)[1]
        return f"redis+socket://{path}?virtual_host={database}" if celery else f"unix://{path}?db={database}"
    scheme, rest = base.split("://", 1)
    return f"{scheme}://{rest.split('/')[0]}/{database}"


CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": _redis(1)}}
CELERY_BROKER_URL = _redis(0, celery=True)
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": CELERY_TASK_TIME_LIMIT + 60,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_connect_timeout": 5,
    "queue_order_strategy": "priority",  # a worker takes from its first queue while there is anything in it
}
# What a person waits for goes before what is due; see CELERY_TASK_ROUTES and the worker's `-Q`.
# A worker takes from both, and holds no more than its processes work on, so that a request waits for one task at most.
INTERACTIVE, SCHEDULED = "interactive", "scheduled"
CELERY_TASK_DEFAULT_QUEUE = INTERACTIVE
CELERY_TASK_ROUTES = {"dossiers.publish.tasks.*": {"queue": SCHEDULED}}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a queue that is down for an hour is no reason to give up
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "audit-evidence": {"task": "dossiers.publish.tasks.audit_records", "schedule": 24 * 3600.0},
    "refresh-public-status": {"task": "dossiers.publish.tasks.refresh_public_statuses", "schedule": 600.0},
}
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")

# --- Application -----------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "dossiers.apps.DossiersConfig",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "dossiers.access.keep_own_not_found",
    "dossiers.access.refuse_unreadable",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
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
            ],
        },
    }
]
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "files"}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = False

# --- Accounts and security -------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "review:queue"
LOGOUT_REDIRECT_URL = "read:index"
ACCOUNT_ADAPTER = "dossiers.access.ClosedAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
# A key is an account as tried from one address, so that a stranger's attempts do not lock its owner out.
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "5/5m/key,20/5m/ip", "change_password": "5/m/user"}
# How many proxies of our own stand before us; X-Forwarded-For is believed no further than that.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
SESSION_COOKIE_NAME = "dossiers_session"
CSRF_FAILURE_VIEW = "dossiers.access.show_csrf_failure"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _site.scheme == "https"
if _site.scheme == "https":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31536000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    # Preloading in browsers outlives any change of mind: it is the domain's owner who asks for it, not we.
    SILENCED_SYSTEM_CHECKS = ["security.W021"]
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_000_000
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
        "img-src": ["'self'", "data:"],
    }
}

# --- Research --------------------------------------------------------------------------------------------------------
RESEARCH_REDIS_URL = _redis(2)
# The clients that a provider's policy can name. A fake stands beside the real ones: recorded answers from seeds/.
RESEARCH_CLIENTS = {
    "mediawiki": "dossiers.clients.mediawiki.MediaWiki",
    "wikidata": "dossiers.clients.wikidata.Wikidata",
    "tavily": "dossiers.clients.tavily.Tavily",
    "brave": "dossiers.clients.brave.Brave",
    "searxng": "dossiers.clients.searxng.SearXNG",
    "nominatim": "dossiers.clients.nominatim.Nominatim",
    "recorded": "dossiers.clients.recorded.Recorded",
}
# Keys by the policy's name; a policy that needs one stays off without it.
RESEARCH_KEYS = {
    "tavily": env.str("TAVILY_API_KEY", default=""),
    "brave": env.str("BRAVE_API_KEY", default=""),
    "wikipedia": env.str("WIKIMEDIA_TOKEN", default=""),
    "wikidata": env.str("WIKIMEDIA_TOKEN", default=""),
}
RECORDED_DIR = BASE_DIR / "seeds" / "recorded"
# Networks (CIDR) that outgoing requests may reach although they are not public: a SearXNG or a model of one's own.
OUTGOING_NETWORKS = env.list("OUTGOING_NETWORKS", default=[])
# Most seconds that a worker waits for its turn at a host; beyond them the retrieval is put back and comes again.
RESEARCH_PATIENCE = env.float("RESEARCH_PATIENCE", default=2.0)
# How often a client tries within one call where the wait is short, and how far it follows a service's redirects.
RESEARCH_TRIES, RESEARCH_REDIRECTS = 3, 3
RESEARCH_BODY_LIMIT = 4_000_000  # bytes of one answer, unpacked
# After this many failures in a row a provider is left alone: for the pause in seconds, then twice as long each time.
RESEARCH_BREAKER_AFTER, RESEARCH_BREAKER_PAUSE, RESEARCH_LONGEST_PAUSE = 5, 30.0, 86400.0
RESEARCH_ATTEMPTS = env.int("RESEARCH_ATTEMPTS", default=4)
RESEARCH_LEASE = env.float("RESEARCH_LEASE", default=90.0)  # seconds until a silent worker's retrieval is taken over
RESEARCH_IN_FLIGHT = env.int("RESEARCH_IN_FLIGHT", default=200)  # most scheduled runs under way at once
RESEARCH_SWEEP = env.float("RESEARCH_SWEEP", default=60.0)  # seconds between two looks at what is due or left lying
CELERY_BEAT_SCHEDULE["sweep"] = {
    "task": "dossiers.refresh.tasks.sweep",
    "schedule": RESEARCH_SWEEP,
    "options": {"expires": RESEARCH_SWEEP},  # without a worker they do not pile up
}
EXTRACTOR = env.str("EXTRACTOR", default="rules")  # or "llm"
LLM_URL = env.str("LLM_URL", default="")
LLM_KEY = env.str("LLM_KEY", default="")
LLM_MODEL = env.str("LLM_MODEL", default="")
LLM_TOKENS_PER_RUN = env.int("LLM_TOKENS_PER_RUN", default=60_000)
LLM_TIMEOUT = env.float("LLM_TIMEOUT", default=120.0)
LLM_PATIENCE = env.float("LLM_PATIENCE", default=30.0)  # most seconds of waiting where the service asks for it
# How much one prompt shows (characters of captured text), and how long its answer may be (tokens).
LLM_PROMPT_CHARACTERS = env.int("LLM_PROMPT_CHARACTERS", default=16_000)
LLM_ANSWER_TOKENS = env.int("LLM_ANSWER_TOKENS", default=4_000)
# What a million tokens cost, in and out, for the record of each run's cost.
LLM_PRICE_IN = env.float("LLM_PRICE_IN", default=0.0)
LLM_PRICE_OUT = env.float("LLM_PRICE_OUT", default=0.0)
if EXTRACTOR not in {"rules", "llm"}:
    raise ImproperlyConfigured(f"EXTRACTOR must be rules or llm, not {EXTRACTOR!r}.")
if EXTRACTOR == "llm":
    _require("LLM_MODEL", "With EXTRACTOR=llm it must name the model to ask.")
    _require("LLM_URL", "With EXTRACTOR=llm it must be the address of an OpenAI-compatible service, up to /v1.")
    _llm = environ.urlparse(LLM_URL)
    if _llm.scheme not in {"http", "https"} or not _llm.hostname:
        raise ImproperlyConfigured(f"LLM_URL must look like https://host/v1, not {LLM_URL!r}.")

# --- Places outside --------------------------------------------------------------------------------------------------
# Where "open map" leads; {lat} and {lon} are filled in. Nothing is loaded from it, a reader follows the link.
MAP_LINK = env.str("MAP_LINK", default="https://www.openstreetmap.org/?mlat={lat}&mlon={lon}#map=12/{lat}/{lon}")

# --- Logs ------------------------------------------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
    # A line for every task and request that went well would bury the others.
    "loggers": {name: {"level": "WARNING"} for name in ("celery.worker.strategy", "celery.app.trace", "httpx2")},
}
