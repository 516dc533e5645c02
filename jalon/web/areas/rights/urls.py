"""URLs of the rights of a person."""

from django.urls import path

from jalon.web.areas.rights import views

record_urlpatterns = [path("droits/", views.Rights.as_view(), name="rights")]
