"""URLs of transfers."""

from django.urls import path

from jalon.web.areas.transfers import views

urlpatterns = [
    path("", views.Import.as_view(), name="import"),
    path("rapport/", views.Report.as_view(), name="report"),
]
