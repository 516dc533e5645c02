"""URLs of the relève."""

from django.urls import path

from jalon.web.areas.handover import views, writing

urlpatterns = [
    path("", views.Handover.as_view(), name="list"),
    path("lue/<uuid:note_id>/", views.MarkRead.as_view(), name="read"),
    path("tout-lu/", views.MarkAllRead.as_view(), name="all-read"),
    path("pas-lu/", views.TakeBack.as_view(), name="unread"),
    path("noter/", writing.Write.as_view(), name="write"),
]
