"""URLs of the people around the person."""

from django.urls import path

from jalon.web.areas.circle import views

record_urlpatterns = [
    path("entourage/", views.Circle.as_view(), name="circle"),
    path("entourage/ajouter/", views.AddContact.as_view(), name="contact-add"),
    path("entourage/<uuid:contact_id>/", views.EditContact.as_view(), name="contact"),
    path("entourage/mesure/", views.AddMeasure.as_view(), name="measure-add"),
    path("entourage/mesure/<uuid:measure_id>/", views.EditMeasure.as_view(), name="measure"),
    path("entourage/parent/", views.AddParent.as_view(), name="parent-add"),
    path("entourage/parent/<uuid:parent_id>/", views.EditParent.as_view(), name="parent"),
]
