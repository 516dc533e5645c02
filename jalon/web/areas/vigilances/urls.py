"""URLs of the vigilances of a person."""

from django.urls import path

from jalon.web.areas.vigilances import views

record_urlpatterns = [
    path("vigilances/", views.Vigilances.as_view(), name="vigilances"),
    path("vigilances/ajouter/", views.AddVigilance.as_view(), name="vigilance-add"),
    path("vigilances/<uuid:vigilance_id>/", views.EditVigilance.as_view(), name="vigilance"),
    path("vigilances/<uuid:vigilance_id>/fin/", views.EndVigilance.as_view(), name="vigilance-end"),
]
