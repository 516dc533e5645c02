"""The smallest Django site where django-allauth signs in by OpenID Connect; run as a script by a test.

Its argument is the discovery address of the provider; it prints what came of the sign-in, in JSON.
"""

import json
import sys

import django
from django.conf import settings

from tests.gateways.psc.browser import browse
from tests.gateways.psc.people import SOFTWARE

CALLBACK = "http://testserver/oidc/psc/login/callback/"


def configure(discovery: str) -> None:
    application = {
        "provider_id": "psc",
        "name": "Pro Santé Connect",
        "client_id": SOFTWARE.client_id,
        "secret": SOFTWARE.secret,
        "settings": {
            "server_url": discovery,
            "token_auth_method": "client_secret_basic",
            "oauth_pkce_enabled": True,
            "scope": ["openid", "scope_all"],
            "auth_params": {"acr_values": "eidas1"},
        },
    }
    settings.configure(
        SECRET_KEY="only-for-tests",
        ROOT_URLCONF="allauth.urls",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "allauth",
            "allauth.account",
            "allauth.socialaccount",
            "allauth.socialaccount.providers.openid_connect",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "allauth.account.middleware.AccountMiddleware",
        ],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
        SOCIALACCOUNT_PROVIDERS={"openid_connect": {"APPS": [application]}},
        SOCIALACCOUNT_EMAIL_REQUIRED=False,
        ACCOUNT_EMAIL_VERIFICATION="none",
        LOGIN_REDIRECT_URL="/entree/",
        ALLOWED_HOSTS=["testserver"],
    )
    django.setup()


def sign_in() -> dict[str, object]:
    import httpx
    from allauth.socialaccount.models import SocialAccount
    from django.core.management import call_command
    from django.test import Client

    call_command("migrate", verbosity=0)
    visitor = Client()
    leaving = visitor.post("/oidc/psc/login/")
    with httpx.Client() as browser:
        back = browse(browser, leaving["Location"], until=CALLBACK)
    entered = visitor.get(CALLBACK, back)
    account = SocialAccount.objects.get()
    return {
        "to": entered["Location"],
        "uid": account.uid,
        "national_id": account.extra_data["userinfo"]["SubjectNameID"],
        "acr": account.extra_data["id_token"]["acr"],
        "signed_in": "_auth_user_id" in visitor.session,
    }


if __name__ == "__main__":
    configure(sys.argv[1])
    sys.stdout.write(json.dumps(sign_in()))
