"""The page of components."""

from django.urls import path

from jalon.web.areas.components import views

urlpatterns = [path("", views.index, name="index")]
