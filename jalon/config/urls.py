"""Root of the URLs: paths in French, names in English."""

from django.urls import include, path
from django.views.generic import RedirectView

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
    path("ma-journee/", include("jalon.web.areas.home.urls")),
    path("usagers/", include("jalon.web.areas.people.urls")),
    path("dossiers/<uuid:record_id>/", include("jalon.web.record_urls")),
    path("releve/", include("jalon.web.areas.handover.urls")),
    path("agenda/", include("jalon.web.areas.agenda.urls")),
    path("carnet/", include("jalon.web.areas.directory.urls")),
    path("messagerie/", include("jalon.web.areas.exchange.urls")),
    path("indicateurs/", include("jalon.web.areas.indicators.urls")),
    path("transferts/", include("jalon.web.areas.transfers.urls")),
    path("comptes/", include("jalon.web.areas.staff.urls")),
    path("_composants/", include("jalon.web.areas.components.urls")),
]
handler400 = "jalon.faces.errors.unreadable"
handler403 = "jalon.faces.errors.refused"
handler404 = "jalon.faces.errors.not_found"
handler500 = "jalon.faces.errors.broken"
