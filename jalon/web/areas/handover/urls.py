"""URLs of the relève."""

from django.urls import path

from jalon.web.areas.handover import views

urlpatterns = [
    path("", views.Handover.as_view(), name="list"),
    path("lue/<uuid:note_id>/", views.MarkRead.as_view(), name="read"),
    path("tout-lu/", views.MarkAllRead.as_view(), name="all-read"),
]
