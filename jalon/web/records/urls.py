"""URLs under a record: every view is a RecordView (a house test walks them)."""

from django.urls import include, path

from jalon.web.plans.urls import urlpatterns as plans
from jalon.web.records import documents, export, views

app_name = "records"
urlpatterns = [
    path("", views.Summary.as_view(), name="summary"),
    path("noter/", views.WriteNote.as_view(), name="note"),
    path("ins/", views.RevealIns.as_view(), name="reveal-ins"),
    path("agenda/", views.Agenda.as_view(), name="agenda"),
    path("documents/", documents.Documents.as_view(), name="documents"),
    path("documents/<uuid:document_id>/", documents.Document.as_view(), name="document"),
    path("documents/<uuid:document_id>/fichier/", documents.File.as_view(), name="file"),
    path("exporter/", export.Export.as_view(), name="export"),
    path("envois/<uuid:delivery_id>/", documents.Decide.as_view(), name="decide"),
    path("entourage/", views.Circle.as_view(), name="circle"),
    path("acces/", views.Accesses.as_view(), name="accesses"),
    path("identite/", views.Identity.as_view(), name="identity"),
    path("projet/", include(plans)),
]
