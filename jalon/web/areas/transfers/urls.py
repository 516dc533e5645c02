"""URLs of transfers."""

from django.urls import path

from jalon.web.areas.transfers import views

app_name = "transfers"
urlpatterns = [
    path("", views.Import.as_view(), name="import"),
    path("rapport/", views.Report.as_view(), name="report"),
]
