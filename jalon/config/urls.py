"""Root of the URLs: paths in French, names in English."""

from django.urls import include, path

urlpatterns = [
    path("compte/", include("allauth.urls")),
]
