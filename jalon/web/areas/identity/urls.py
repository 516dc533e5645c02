"""URLs of the identity of a person."""

from django.urls import path

from jalon.web.areas.identity import photo, views

record_urlpatterns = [
    path("identite/", views.Identity.as_view(), name="identity"),
    path("identite/modifier/", views.EditPerson.as_view(), name="person-edit"),
    path("identite/photo/", photo.Show.as_view(), name="photo"),
    path("identite/photo/retirer/", photo.Hide.as_view(), name="photo-hide"),
    path("identite/photo/image/", photo.Picture.as_view(), name="photo-picture"),
]
