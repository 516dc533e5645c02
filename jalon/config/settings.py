"""Settings, all from the environment. What has no safe default has none: the start names what is missing."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF

from jalon.faces.loaders import loader

env = environ.Env()
ROOT = Path(__file__).resolve().parents[2]
VAR = Path(env("JALON_VAR", default=str(ROOT / "var")))
# `demo`, `test` or `production`; the demonstration and the tests fill in what production must state.
MODE = env("JALON_MODE", default="production")
DEMO = MODE == "demo"
TEST = MODE == "test"

_TEST_KEY = "dGVzdC1vbmx5LWtleS10ZXN0LW9ubHkta2V5LTEyMzQ="
DEBUG = False
SECRET_KEY = env("JALON_SECRET_KEY", default="test-only" if TEST else environ.Env.NOTSET)
JALON_KEYS = env.list("JALON_KEYS", default=[f"test:{_TEST_KEY}"] if TEST else environ.Env.NOTSET)
JALON_HASH_KEY = env("JALON_HASH_KEY", default=_TEST_KEY if TEST else environ.Env.NOTSET)
ALLOWED_HOSTS = env.list("JALON_HOSTS", default=["localhost", "127.0.0.1", "testserver"])
PUBLIC_URL = env("JALON_PUBLIC_URL", default="http://localhost:8000")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
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
    "axes.middleware.AxesMiddleware",
    "jalon.web.middleware.TenantMiddleware",
]

ROOT_URLCONF = "jalon.config.urls"
WSGI_APPLICATION = "jalon.config.wsgi.application"
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

# The application connects as jalon_app; only `jalon migrate` takes the owner's role.
_DATABASE = env.db_url("DATABASE_URL", default="postgres://jalon_app@/jalon")
DATABASE_OWNER = env("JALON_DATABASE_OWNER", default="jalon_owner")
DATABASE_OWNER_PASSWORD = env("JALON_DATABASE_OWNER_PASSWORD", default="")
DATABASES = {
    "default": {
        **_DATABASE,
        "ENGINE": "django.db.backends.postgresql",
        "ATOMIC_REQUESTS": True,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "jalon/faces/ui"]
STATIC_ROOT = Path(env("JALON_STATIC_ROOT", default=str(VAR / "static")))
STORAGES = {
    "default": {"BACKEND": "jalon.documents.storage.EncryptedStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TEST
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = Path(env("JALON_FILES", default=str(VAR / "files")))

AUTH_USER_MODEL = "staff.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
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
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = MODE != "production"
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_ENABLED = not TEST

# National services: no address, no service. A simulator is never a default (the demonstration sets these).
PSC_DISCOVERY = env("JALON_PSC_DISCOVERY", default="")
PSC_CLIENT_ID = env("JALON_PSC_CLIENT_ID", default="")
PSC_CLIENT_SECRET = env("JALON_PSC_CLIENT_SECRET", default="")
PSC_ORIGIN = env("JALON_PSC_ORIGIN", default="")
INSI_URL = env("JALON_INSI_URL", default="")
INSI_CERTIFICATE = env("JALON_INSI_CERTIFICATE", default="")  # CN INSI-MANU
INSI_KEY = env("JALON_INSI_KEY", default="")
INSI_IDAM = env("JALON_INSI_IDAM", default="")  # authorization number given by the CNDA
DMP_URL = env("JALON_DMP_URL", default="")
DMP_APPROVAL = env("JALON_DMP_APPROVAL", default="")  # CNDA homologation number
MSSANTE_SMTP = env("JALON_MSSANTE_SMTP", default="")  # host:port, STARTTLS
MSSANTE_IMAP = env("JALON_MSSANTE_IMAP", default="")  # host:port, implicit TLS
MSSANTE_SECRETS = env.json("JALON_MSSANTE_SECRETS", default={})  # address of a mailbox of ours → its secret
MSSANTE_HOST = env("JALON_MSSANTE_HOST", default="jalon.invalid")  # right of the @ in our Message-ID
MSSANTE_CITIZEN_DOMAIN = env("JALON_MSSANTE_CITIZEN_DOMAIN", default="")
MSSANTE_ALLOW_REAL_DOMAINS = env.bool("JALON_MSSANTE_REAL", default=MODE == "production")
SERVICES_CA = env("JALON_SERVICES_CA", default="")  # PEM file of the authority of the services
SERVICES_CERTIFICATE = env("JALON_SERVICES_CERTIFICATE", default="")  # TLS identity of the structure
SERVICES_KEY = env("JALON_SERVICES_KEY", default="")
SIGNATURE_CERTIFICATE = env("JALON_SIGNATURE_CERTIFICATE", default="")  # signs VIHF, never TLS
SIGNATURE_KEY = env("JALON_SIGNATURE_KEY", default="")
SERVICES_TIMEOUT = env.float("JALON_SERVICES_TIMEOUT", default=20.0)
RETRY_AFTER = env.int("JALON_RETRY_AFTER", default=15)  # seconds before a first new try
RECOVERY_PATIENCE = env.int(
    "JALON_RECOVERY_PATIENCE", default=120
)  # seconds the other side has to show what it took
SOFTWARE_NAME = "Jalon"
SOFTWARE_VERSION = "0.1.0"
SOFTWARE_NIL = env("JALON_NIL", default="")  # product reference given by the ANS
SOFTWARE_OID = env("JALON_OID", default="1.2.250.1.999.1" if MODE != "production" else "")
SEAL_FILE = Path(env("JALON_SEAL_FILE", default=str(VAR / "seals.log")))
SCHEMAS = env("JALON_SCHEMAS", default="")  # folder of official CDA schemas, optional

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
        **{f"{kind}-src": [SELF] for kind in ("script", "style", "img", "font", "connect", "manifest")},
        "form-action": [SELF, *([PSC_ORIGIN] if PSC_ORIGIN else [])],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 7200  # seconds; SC.SSI/IE.58
SESSION_SAVE_EVERY_REQUEST = False  # jalon.web.middleware puts the end off, once a minute
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
_SECURE = PUBLIC_URL.startswith("https:")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = _SECURE
SECURE_HSTS_SECONDS = 31536000 if _SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = _SECURE
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("JALON_BEHIND_PROXY", default=False) else None
)
DATA_UPLOAD_MAX_MEMORY_SIZE = 30 * 2**20  # of what is typed, and of the files of one request
FILE_UPLOAD_HANDLERS = ["jalon.faces.uploads.InMemory"]
CSRF_FAILURE_VIEW = "jalon.faces.errors.csrf_failure"

PROCRASTINATE_IMPORT_PATHS = ["jalon.exchange.tasks", "jalon.audit.tasks", "jalon.indicators.tasks"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": env("JALON_LOG_LEVEL", default="WARNING")},
}
