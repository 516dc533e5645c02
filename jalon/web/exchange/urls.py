"""URLs of the messagerie."""

from django.urls import path

from jalon.web.exchange import views

app_name = "exchange"
urlpatterns = [path("", views.Inbox.as_view(), name="inbox")]
