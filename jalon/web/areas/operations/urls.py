"""URLs of what is watched."""

from django.urls import path

from jalon.web.areas.operations import views

urlpatterns = [
    path("", views.Index.as_view(), name="index"),
    path("nouveautes/", views.News.as_view(), name="news"),
]
