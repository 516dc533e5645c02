"""URL of who opened a record."""

from django.urls import path

from jalon.web.areas.accesses import views

record_urlpatterns = [path("acces/", views.Accesses.as_view(), name="accesses")]
