"""URLs of the list and search of people."""

from django.urls import path

from jalon.web.areas.people import views

urlpatterns = [
    path("", views.PeopleList.as_view(), name="list"),
    path("nouveau/", views.Welcome.as_view(), name="new"),
    path("recherche/", views.Search.as_view(), name="search"),
]
