"""URLs of « Ma journée »."""

from django.urls import path

from jalon.web.areas.home import views

urlpatterns = [path("", views.Day.as_view(), name="day")]
