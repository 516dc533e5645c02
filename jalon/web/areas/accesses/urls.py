"""URLs of who opened a record, and to whom it is open for a time."""

from django.urls import path

from jalon.web.areas.accesses import grants, views

record_urlpatterns = [
    path("acces/", views.Accesses.as_view(), name="accesses"),
    path("acces/ouvrir/", grants.Give.as_view(), name="grant"),
    path("acces/reprendre/", grants.End.as_view(), name="grant-end"),
]
