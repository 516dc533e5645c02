"""URLs of the record itself."""

from django.urls import path

from jalon.web.areas.record import views

record_urlpatterns = [
    path("", views.Summary.as_view(), name="summary"),
    path("noter/", views.WriteNote.as_view(), name="note"),
    path("ins/", views.RevealIns.as_view(), name="reveal-ins"),
]
