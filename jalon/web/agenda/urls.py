"""URLs of the agenda."""

from django.urls import path

from jalon.web.agenda import views

app_name = "agenda"
urlpatterns = [path("", views.Week.as_view(), name="week")]
