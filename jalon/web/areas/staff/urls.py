"""URLs of the staff."""

from django.urls import path

from jalon.web.areas.staff import changes, views

urlpatterns = [
    path("", views.People.as_view(), name="list"),
    path("<uuid:colleague_id>/", views.One.as_view(), name="one"),
    path("<uuid:colleague_id>/affectation/", changes.Assign.as_view(), name="assign"),
    path("<uuid:colleague_id>/depart/", changes.Leave.as_view(), name="leave"),
    path("affectations/<uuid:membership_id>/fonction/", changes.ChangeFunction.as_view(), name="function"),
    path("affectations/<uuid:membership_id>/fin/", changes.EndMembership.as_view(), name="end"),
]
