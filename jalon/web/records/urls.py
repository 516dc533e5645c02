"""URLs under a record: every view is a RecordView (a house test walks them)."""

from django.urls import include, path

from jalon.web.plans.urls import urlpatterns as plans
from jalon.web.records import documents, edit, export, views

app_name = "records"
urlpatterns = [
    path("", views.Summary.as_view(), name="summary"),
    path("noter/", views.WriteNote.as_view(), name="note"),
    path("ins/", views.RevealIns.as_view(), name="reveal-ins"),
    path("agenda/", views.Agenda.as_view(), name="agenda"),
    path("agenda/ajouter/", edit.AddEvent.as_view(), name="event-add"),
    path("agenda/<uuid:event_id>/", edit.EditEvent.as_view(), name="event"),
    path("documents/", documents.Documents.as_view(), name="documents"),
    path("documents/<uuid:document_id>/", documents.Document.as_view(), name="document"),
    path("documents/<uuid:document_id>/fichier/", documents.File.as_view(), name="file"),
    path("exporter/", export.Export.as_view(), name="export"),
    path("envois/<uuid:delivery_id>/", documents.Decide.as_view(), name="decide"),
    path("entourage/", views.Circle.as_view(), name="circle"),
    path("entourage/ajouter/", edit.AddContact.as_view(), name="contact-add"),
    path("entourage/<uuid:contact_id>/", edit.EditContact.as_view(), name="contact"),
    path("acces/", views.Accesses.as_view(), name="accesses"),
    path("identite/", views.Identity.as_view(), name="identity"),
    path("identite/modifier/", edit.EditPerson.as_view(), name="person-edit"),
    path("sejours/ajouter/", edit.AddStay.as_view(), name="stay-add"),
    path("sejours/<uuid:stay_id>/", edit.EditStay.as_view(), name="stay"),
    path("projet/", include(plans)),
]
