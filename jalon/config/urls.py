"""Root of the URLs: paths in French, names in English. The areas of the screens say their own."""

from allauth.account import views as library
from django.db.transaction import non_atomic_requests
from django.urls import include, path
from django.views.generic import RedirectView

from jalon.web import registry
from jalon.web.account import (
    asleep,
    bodies,
    door,
    ended,
    leaving,
    opened,
    post_key,
    psc,
    situation,
    telephone,
    tickets,
)
from jalon.web.account import views as account

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="home:day"), name="root"),
    # Each count is written at once: nobody behind an address waits for the password of another.
    path("compte/login/", non_atomic_requests(account.SignIn.as_view()), name="account_login"),
    path("compte/2fa/totp/activate/", account.ActivateTotp.as_view(), name="mfa_activate_totp"),
    path("compte/2fa/webauthn/add/", account.AddKey.as_view(), name="mfa_add_webauthn"),
    path("compte/oidc/<slug:provider_id>/login/", psc.login, name="openid_connect_login"),
    path("compte/oidc/<slug:provider_id>/login/callback/", psc.callback, name="openid_connect_callback"),
    # Of the library, what a professional needs of their own account. An address, an identity or a name are
    # given by whoever keeps the staff: `tests/web/access_table.py` holds the list.
    path("compte/logout/", leaving.SignOut.as_view(), name="account_logout"),
    path("compte/deconnexion/", leaving.signed_out, name="psc-signed-out"),
    path("compte/oidc/psc/ended/", ended.ended, name="psc-ended"),
    path("compte/telephone/", non_atomic_requests(telephone.Ask.as_view()), name="psc-telephone"),
    path(
        "compte/telephone/attente/", non_atomic_requests(telephone.Wait.as_view()), name="psc-telephone-wait"
    ),
    path("compte/situation/", situation.choose, name="psc-situation"),
    path("compte/conditions/", account.conditions, name="sign-in-conditions"),
    path("compte/inactive/", library.account_inactive, name="account_inactive"),
    path("compte/reauthenticate/", library.reauthenticate, name="account_reauthenticate"),
    path("compte/password/change/", library.password_change, name="account_change_password"),
    path("compte/lien/<str:token>/", tickets.Follow.as_view(), name="ticket"),
    path("compte/oubli/", tickets.Forgotten.as_view(), name="forgotten"),
    path("compte/attente/", tickets.waiting, name="waiting"),
    path("compte/password/set/", library.password_set, name="account_set_password"),
    path("compte/veille/", asleep.asleep, name="asleep"),
    path("compte/sessions/", opened.Sessions.as_view(), name="sessions"),
    path("compte/poste/", post_key.Key.as_view(), name="post-key"),
    path("poste/", door.Door.as_view(), name="post-door"),
    path("poste/changer/", door.change, name="post-change"),
    path("compte/2fa/", include("allauth.mfa.urls")),
    path(".well-known/security.txt", account.security_contact, name="security-contact"),
    path("entrer/", account.sign_in_as_role, name="demo-sign-in"),
    path("affichage/", account.set_theme, name="theme"),
    path("lieu/", account.set_place, name="place"),
    path("organisme/", bodies.choose, name="body"),
    *registry.urlpatterns(),
]
handler400 = "jalon.faces.errors.unreadable"
handler429 = "jalon.faces.errors.too_many"
handler403 = "jalon.faces.errors.refused"
handler404 = "jalon.faces.errors.not_found"
handler500 = "jalon.faces.errors.broken"
