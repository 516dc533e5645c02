"""URLs of the messagerie."""

from django.urls import path

from jalon.web.areas.exchange import decisions, message, views

MESSAGE = "<uuid:reception_id>/"
DOCUMENT = f"{MESSAGE}documents/<int:rank>/"

urlpatterns = [
    path("", views.Inbox.as_view(), name="inbox"),
    path(MESSAGE, message.Message.as_view(), name="message"),
    path(DOCUMENT, message.Opened.as_view(), name="document"),
    path(f"{DOCUMENT}fichier/", message.File.as_view(), name="file"),
    path(f"{DOCUMENT}pieces/<int:file>/", message.Joined.as_view(), name="joined"),
    path(f"{MESSAGE}rapprocher/", decisions.ConfirmMatch.as_view(), name="match"),
    path(f"{MESSAGE}retirer/", decisions.TakeBack.as_view(), name="take-back"),
    path(f"{MESSAGE}ecarter/", decisions.SetAside.as_view(), name="set-aside"),
    path(f"{MESSAGE}relire/", decisions.Replay.as_view(), name="replay"),
    path(f"{MESSAGE}traiter/", decisions.Dismiss.as_view(), name="dismiss"),
    path(f"{MESSAGE}remettre/", decisions.PutBack.as_view(), name="put-back"),
]
