"""URLs of transfers."""

from django.urls import path

from jalon.web.areas.transfers import runs, views

urlpatterns = [
    path("", views.Import.as_view(), name="import"),
    path("rapport/", views.Report.as_view(), name="report"),
    path("imports/<uuid:run_id>/", runs.Progress.as_view(), name="run"),
    path("imports/<uuid:run_id>/rapport/", runs.RunReport.as_view(), name="run_report"),
    path("imports/<uuid:run_id>/annuler/", runs.TakeBack.as_view(), name="run_undo"),
]
