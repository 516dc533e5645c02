"""URLs of the messagerie."""

from django.urls import path

from jalon.web.areas.exchange import views

urlpatterns = [
    path("", views.Inbox.as_view(), name="inbox"),
    path("<uuid:reception_id>/", views.Message.as_view(), name="message"),
    path("<uuid:reception_id>/rapprocher/", views.ConfirmMatch.as_view(), name="match"),
    path("<uuid:reception_id>/ecarter/", views.SetAside.as_view(), name="set-aside"),
]
