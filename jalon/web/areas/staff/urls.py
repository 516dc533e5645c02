"""URLs of the staff."""

from django.urls import path

from jalon.web.areas.staff import views

urlpatterns = [path("", views.People.as_view(), name="list")]
