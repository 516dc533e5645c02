"""URLs of the agenda: of a place, and of one person."""

from django.urls import path

from jalon.web.areas.agenda import record, views

urlpatterns = [path("", views.Week.as_view(), name="week")]
record_urlpatterns = [
    path("agenda/", record.Agenda.as_view(), name="agenda"),
    path("agenda/ajouter/", record.AddEvent.as_view(), name="event-add"),
    path("agenda/<uuid:event_id>/", record.EditEvent.as_view(), name="event"),
]
