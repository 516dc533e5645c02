"""Django's settings. What a site chooses comes from the environment, through `core.settings.table`."""

import os
from pathlib import Path
from typing import Any

import environ
from csp.constants import NONE, SELF

from jalon.core.settings.reading import SettingsRefused
from jalon.core.settings.table import settings_of
from jalon.faces.loaders import loader
from jalon.faces.logs import configure

env = settings_of(os.environ)
ROOT = Path(__file__).resolve().parents[2]
VAR = env["JALON_VAR"] or ROOT / "var"
MODE = env["JALON_MODE"]
DEMO = MODE == "demo"
TEST = MODE == "test"

DEBUG = False
SECRET_KEY = env["JALON_SECRET_KEY"]
JALON_KEYS = env["JALON_KEYS"]
JALON_HASH_KEY = env["JALON_HASH_KEY"]
ALLOWED_HOSTS = env["JALON_HOSTS"]
PUBLIC_URL = env["JALON_PUBLIC_URL"]
PROXIES = env["JALON_PROXIES"] or []
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",  # its table was that of the releases up to 0.1: ours is staff's
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.mfa",
    "axes",
    "csp",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "jalon.db",
    "jalon.organizations",
    "jalon.staff",
    "jalon.audit",
    "jalon.people",
    "jalon.records",
    "jalon.documents",
    "jalon.plans",
    "jalon.care",
    "jalon.agenda",
    "jalon.exchange",
    "jalon.indicators",
    "jalon.faces",
    "jalon.web",
]

MIDDLEWARE = [
    "jalon.faces.watch.Watched",
    "jalon.faces.proxy.FromProxies",
    "jalon.faces.groups.InItsGroup",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "jalon.faces.headers.Headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "jalon.faces.compressing.Compressed",  # inside the static files, which are compressed already
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "jalon.web.middleware.TenantMiddleware",
]

ROOT_URLCONF = "jalon.config.urls"
_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]
TEMPLATES = [
    {
        "NAME": "jinja2",
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "jalon.faces.jinja.environment",
            "loader": loader(
                (ROOT / "jalon/faces/templates", ROOT / "jalon/web/templates"),
                (ROOT / "jalon/web/shown", *(ROOT / "jalon/web/areas").iterdir()),
            ),
            "context_processors": [*_PROCESSORS, "jalon.web.context.shell"],
        },
    },
    {  # allauth's own pages, restyled to the same shell
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "jalon/web/allauth_templates"],
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": _PROCESSORS},
    },
]

POOLED = env["JALON_DATABASE_POOLED"]
DATABASE_OWNER = env["JALON_DATABASE_OWNER"]
DATABASE_OWNER_PASSWORD = env["JALON_DATABASE_OWNER_PASSWORD"]
DATABASE_BACKUP = env["JALON_DATABASE_BACKUP"]
DATABASE_BACKUP_PASSWORD = env["JALON_DATABASE_BACKUP_PASSWORD"]
BACKUPS = env["JALON_BACKUPS"]
PG_PROGRAMS = env["JALON_PG_BIN"]
GROUPS = env["JALON_GROUPS"] or {}  # name → its database, hosts and managing bodies: jalon.db.groups
GROUP = env["JALON_GROUP"]
if GROUP and GROUP not in GROUPS:
    raise SettingsRefused([f"JALON_GROUP : « {GROUP} » n’est pas un groupe de JALON_GROUPS."])


def _database(address: str, *, atomic: bool) -> dict[str, Any]:
    """The application connects as jalon_app; only `jalon migrate` takes the owner's role."""
    told = environ.Env.db_url_config(address)
    return {
        **told,
        "ENGINE": "django.db.backends.postgresql",
        "ATOMIC_REQUESTS": atomic,
        "OPTIONS": {
            **told.get("OPTIONS", {}),
            "server_side_binding": True,
            # A pool gives the next transaction another server, which has prepared nothing.
            "prepare_threshold": None if POOLED else 2,
            # A question that does not end lets go of its page; `jalon migrate` takes its time. A pool takes
            # no such option: there the role carries it.
            **({} if POOLED else {"options": f"-c statement_timeout={env['JALON_STATEMENT_SECONDS']}s"}),
        },
        "DISABLE_SERVER_SIDE_CURSORS": POOLED,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }


_ADDRESSES = {name: one.database for name, one in GROUPS.items() if GROUP in ("", name)}
DATABASES = {"default": _database(next(iter(_ADDRESSES.values()), env["DATABASE_URL"]), atomic=True)}
if GROUPS and not GROUP:  # one is chosen for each request; the first is never reached by itself
    DATABASES |= {name: _database(address, atomic=False) for name, address in _ADDRESSES.items()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "jalon/faces/ui"]
STATIC_ROOT = env["JALON_STATIC_ROOT"] or VAR / "static"
S3_BUCKET = env["JALON_S3_BUCKET"]
_BUCKET = {
    "BACKEND": "jalon.documents.bucket.EncryptedBucket",
    "OPTIONS": {
        "bucket_name": S3_BUCKET,
        "endpoint_url": env["JALON_S3_URL"],
        "region_name": env["JALON_S3_REGION"] or None,
        "access_key": env["JALON_S3_KEY"],
        "secret_key": env["JALON_S3_SECRET"],
        "verify": str(env["JALON_S3_CA"]) if env["JALON_S3_CA"] else None,
    },
}
STORAGES = {
    "default": _BUCKET if S3_BUCKET else {"BACKEND": "jalon.documents.storage.EncryptedStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TEST
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = env["JALON_FILES"] or VAR / "files"

AUTH_USER_MODEL = "staff.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "jalon.web.account.sessions.AccountBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "jalon.staff.passwords.Varied"},
    {"NAME": "jalon.staff.passwords.Uncommon"},
    {"NAME": "jalon.staff.passwords.NotOneself"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home:day"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "jalon.web.account.adapter.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "jalon.web.account.adapter.ProSanteConnectAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
MFA_ADAPTER = "jalon.web.account.factors.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = MODE != "production"
# What a stranger gets wrong closes nobody's door but the stranger's own: jalon.web.account.limits.
AXES_HANDLER = "jalon.web.account.limits.Limits"
AXES_USERNAME_CALLABLE = "jalon.web.account.limits.name_of"
AXES_LOCKOUT_CALLABLE = "jalon.faces.errors.too_many"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False  # who waits is not made to wait longer
AXES_VERBOSE = False
# The counts of the library and the codes used once: one memory for all the processes.
CACHES = {"default": {"BACKEND": "jalon.web.account.shared.Shared"}}
# The door has its own counts, above: a limit of an address would close it to all who share that address. Of
# one account once it is known (its second factor).
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "10/5m/key", "reset_password": "30/m/ip"}
AXES_ENABLED = not TEST

# The mails of the site to its own professionals, by the worker: no server, no mail.
MAIL_SMTP = env["JALON_MAIL_SMTP"]
EMAIL_HOST, _, _PORT = MAIL_SMTP.rpartition(":")
EMAIL_PORT = int(_PORT or 0)
EMAIL_USE_TLS = True
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = env["JALON_MAIL_USER"], env["JALON_MAIL_SECRET"]
EMAIL_TIMEOUT = env["JALON_SERVICES_TIMEOUT"]
DEFAULT_FROM_EMAIL = env["JALON_MAIL_FROM"]

# National services: no address, no service.
PSC_DISCOVERY = env["JALON_PSC_DISCOVERY"]
PSC_CLIENT_ID = env["JALON_PSC_CLIENT_ID"]
PSC_CLIENT_SECRET = env["JALON_PSC_CLIENT_SECRET"]
PSC_CLIENT_AUTH = env["JALON_PSC_CLIENT_AUTH"]
PSC_CERTIFICATE = env["JALON_PSC_CERTIFICATE"]
PSC_KEY = env["JALON_PSC_KEY"]
PSC_ORIGIN = env["JALON_PSC_ORIGIN"]
PSC_TELEPHONE = env["JALON_PSC_TELEPHONE"]  # registered there for CIBA
_PSC_HOST = "/".join(PSC_DISCOVERY.split("/")[:3])
INSI_URL = env["JALON_INSI_URL"]
INSI_CERTIFICATE = env["JALON_INSI_CERTIFICATE"]  # CN INSI-MANU
INSI_KEY = env["JALON_INSI_KEY"]
INSI_IDAM = env["JALON_INSI_IDAM"]  # authorization number given by the CNDA
DMP_URL = env["JALON_DMP_URL"]
DMP_APPROVAL = env["JALON_DMP_APPROVAL"]  # CNDA homologation number
MSSANTE_SMTP = env["JALON_MSSANTE_SMTP"]  # host:port, STARTTLS
MSSANTE_IMAP = env["JALON_MSSANTE_IMAP"]  # host:port
MSSANTE_IMAP_TLS = env["JALON_MSSANTE_IMAP_TLS"]  # starttls (SC.MSS/CONF.06), or direct
MSSANTE_SECRETS = env["JALON_MSSANTE_SECRETS"]  # address of a mailbox of ours → its secret
MSSANTE_CONTACTS = env["JALON_MSSANTE_CONTACTS"]  # application mailbox of ours → where somebody answers
MSSANTE_RECEIPT = env["JALON_MSSANTE_RECEIPT"]  # ask for a delivery receipt (SC.MSS/va1.15)
MSSANTE_CRL = env["JALON_MSSANTE_CRL"]  # revocation lists of the operator's authorities
MSSANTE_HOST = env["JALON_MSSANTE_HOST"]  # right of the @ in our Message-ID
MSSANTE_CITIZEN_DOMAIN = env["JALON_MSSANTE_CITIZEN_DOMAIN"]
MSSANTE_ALLOW_REAL_DOMAINS = env["JALON_MSSANTE_REAL"]
SERVICES_CA = env["JALON_SERVICES_CA"]  # PEM file of the authority of the services
SERVICES_CERTIFICATE = env["JALON_SERVICES_CERTIFICATE"]  # TLS identity of the structure
SERVICES_KEY = env["JALON_SERVICES_KEY"]
SIGNATURE_CERTIFICATE = env["JALON_SIGNATURE_CERTIFICATE"]  # signs VIHF, never TLS
SIGNATURE_KEY = env["JALON_SIGNATURE_KEY"]
SERVICES_TIMEOUT = env["JALON_SERVICES_TIMEOUT"]
RETRY_AFTER = env["JALON_RETRY_AFTER"]  # seconds before a first new try
RECOVERY_PATIENCE = env["JALON_RECOVERY_PATIENCE"]  # seconds the other side has to show what it took
SOFTWARE_NAME = "Jalon"
SOFTWARE_VERSION = "0.1.0"
SOFTWARE_NIL = env["JALON_NIL"]  # product reference given by the ANS
SOFTWARE_OID = env["JALON_OID"]
SEAL_FILE = env["JALON_SEAL_FILE"] or VAR / "seals.log"
SCHEMAS = env["JALON_SCHEMAS"]  # folder of official CDA schemas, optional

SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "APPS": [
            {
                "provider_id": "psc",
                "name": "Pro Santé Connect",
                "client_id": PSC_CLIENT_ID,
                "secret": PSC_CLIENT_SECRET,
                "settings": {
                    "oauth_pkce_enabled": True,
                    "scope": ["openid", "scope_all"],
                    "auth_params": {"acr_values": "eidas1"},  # EX PSC 16
                },
            }
        ]
        if PSC_DISCOVERY
        else [],
    }
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        **{
            f"{kind}-src": [SELF]
            for kind in ("script", "style", "img", "font", "connect", "manifest", "frame")
        },
        # A browser holds a form to wherever it is led: the page of Pro Santé Connect that signs in, and the
        # one that signs out, on the host where it is discovered.
        "form-action": [SELF, *sorted({PSC_ORIGIN, _PSC_HOST} - {""})],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_ENGINE = "jalon.web.account.sessions"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = env["JALON_SESSION_MINUTES"] * 60  # seconds; SC.SSI/IE.58
SESSION_LIFETIME = env["JALON_SESSION_HOURS"] * 3600  # seconds, whatever is done
INVITATION = env["JALON_INVITATION_HOURS"] * 3600  # seconds
RECOVERY = env["JALON_RECOVERY_MINUTES"] * 60  # seconds
SESSION_SAVE_EVERY_REQUEST = False  # jalon.web.middleware puts the end off, once a minute
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
_SECURE = PUBLIC_URL.startswith("https:")
# Kept by a browser for this very host, over https: no other site of the domain can set it.
_HOST = "__Host-" if _SECURE else ""
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = f"{_HOST}sessionid", f"{_HOST}csrftoken"
POST_COOKIE_NAME = f"{_HOST}poste"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _SECURE
SECURE_HSTS_SECONDS = 31536000 if _SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _SECURE and env["JALON_HSTS_SUBDOMAINS"]
# Believed of a proxy of ours alone: jalon.faces.proxy takes it away from anybody else.
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
DATA_UPLOAD_MAX_NUMBER_FILES = 2000  # records come one a file; their weight is bounded below
DATA_UPLOAD_MAX_MEMORY_SIZE = 30 * 2**20  # of what is typed, and of the files of one request
SECURITY_CONTACT = env["JALON_SECURITY_CONTACT"]
FILE_UPLOAD_HANDLERS = ["jalon.faces.uploads.InMemory"]
CSRF_FAILURE_VIEW = "jalon.faces.errors.csrf_failure"

PROCRASTINATE_IMPORT_PATHS = [
    "jalon.exchange.tasks",
    "jalon.audit.tasks",
    "jalon.indicators.tasks",
    "jalon.web.account.mail",
    "jalon.web.account.tasks",
]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"discreet": {"()": "jalon.faces.logs.Discreet"}},
    "formatters": {
        "utc": {"()": "jalon.faces.logs.Utc", "format": "%(asctime)sZ %(levelname)s %(name)s %(message)s"}
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["discreet"], "formatter": "utc"}},
    # Django's own handlers would print beside ours, with the words of what failed.
    "loggers": {"django": {"handlers": [], "propagate": True}},
    "root": {"handlers": ["console"], "level": env["JALON_LOG_LEVEL"]},
}
ACCESS_LOG = env["JALON_ACCESS_LOG"]
METRICS_TOKEN = env["JALON_METRICS_TOKEN"]
configure()
