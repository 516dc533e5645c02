"""Root of the URLs: paths in French, names in English. The areas of the screens say their own."""

from django.urls import include, path
from django.views.generic import RedirectView

from jalon.web import registry
from jalon.web.account import psc
from jalon.web.account import views as account

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="home:day"), name="root"),
    path("compte/login/", account.SignIn.as_view(), name="account_login"),
    path("compte/2fa/totp/activate/", account.ActivateTotp.as_view(), name="mfa_activate_totp"),
    path("compte/2fa/webauthn/add/", account.AddKey.as_view(), name="mfa_add_webauthn"),
    path("compte/oidc/<slug:provider_id>/login/", psc.login, name="openid_connect_login"),
    path("compte/oidc/<slug:provider_id>/login/callback/", psc.callback, name="openid_connect_callback"),
    path("compte/", include("allauth.urls")),
    path("entrer/", account.sign_in_as_role, name="demo-sign-in"),
    path("affichage/", account.set_theme, name="theme"),
    path("lieu/", account.set_place, name="place"),
    *registry.urlpatterns(),
]
handler400 = "jalon.faces.errors.unreadable"
handler403 = "jalon.faces.errors.refused"
handler404 = "jalon.faces.errors.not_found"
handler500 = "jalon.faces.errors.broken"
