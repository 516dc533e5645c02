"""URL of « Plus »."""

from django.urls import path

from jalon.web.areas.rooms import views

urlpatterns = [path("", views.Rooms.as_view(), name="index")]
