"""URLs of the indicators."""

from django.urls import path

from jalon.web.areas.indicators import views

urlpatterns = [
    path("", views.Indicators.as_view(), name="index"),
    path("<slug:code>/", views.Proof.as_view(), name="proof"),
]
