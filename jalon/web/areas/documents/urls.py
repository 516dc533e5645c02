"""URLs of the documents of a record."""

from django.urls import path

from jalon.web.areas.documents import adding, export, views

record_urlpatterns = [
    path("documents/", views.Documents.as_view(), name="documents"),
    path("documents/ajouter/", adding.Add.as_view(), name="document-add"),
    path("documents/<uuid:document_id>/", views.Document.as_view(), name="document"),
    path("documents/<uuid:document_id>/fichier/", views.File.as_view(), name="file"),
    path("documents/<uuid:document_id>/retirer/", adding.TakeBack.as_view(), name="document-take-back"),
    path("documents/<uuid:document_id>/pieces/<int:rank>/", views.Joined.as_view(), name="joined"),
    path("exporter/", export.Export.as_view(), name="export"),
    path("envois/<uuid:delivery_id>/", views.Decide.as_view(), name="decide"),
]
