"""URLs of the stays of a person."""

from django.urls import path

from jalon.web.areas.stays import views

record_urlpatterns = [
    path("sejours/", views.Stays.as_view(), name="stays"),
    path("sejours/place/", views.Placing.as_view(), name="placing"),
    path("sejours/ajouter/", views.AddStay.as_view(), name="stay-add"),
    path("sejours/<uuid:stay_id>/", views.EditStay.as_view(), name="stay"),
]
