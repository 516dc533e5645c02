"""URLs of the record itself."""

from django.urls import path

from jalon.web.areas.record import notes, views

record_urlpatterns = [
    path("", views.Summary.as_view(), name="summary"),
    path("noter/", notes.WriteNote.as_view(), name="note"),
    path("notes/<uuid:note_id>/retirer/", notes.Withdraw.as_view(), name="note-withdraw"),
    path("notes/<uuid:note_id>/repondre/", notes.Answer.as_view(), name="note-answer"),
    path("notes/<uuid:note_id>/corriger/", notes.Correct.as_view(), name="note-correct"),
    path("ins/", views.RevealIns.as_view(), name="reveal-ins"),
]
