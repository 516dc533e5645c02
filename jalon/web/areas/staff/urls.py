"""URLs of the staff."""

from django.urls import path

from jalon.web.areas.staff import views

app_name = "staff"
urlpatterns = [path("", views.People.as_view(), name="list")]
