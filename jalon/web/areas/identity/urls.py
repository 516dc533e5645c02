"""URLs of the identity of a person."""

from django.urls import path

from jalon.web.areas.identity import views

record_urlpatterns = [
    path("identite/", views.Identity.as_view(), name="identity"),
    path("identite/modifier/", views.EditPerson.as_view(), name="person-edit"),
]
