"""URLs of the people around the person."""

from django.urls import path

from jalon.web.areas.circle import views

record_urlpatterns = [
    path("entourage/", views.Circle.as_view(), name="circle"),
    path("entourage/ajouter/", views.AddContact.as_view(), name="contact-add"),
    path("entourage/<uuid:contact_id>/", views.EditContact.as_view(), name="contact"),
]
