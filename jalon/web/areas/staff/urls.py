"""URLs of the staff."""

from django.urls import path

from jalon.web.areas.staff import changes, entering, imports, views

urlpatterns = [
    path("", views.People.as_view(), name="list"),
    path("importer/", imports.Import.as_view(), name="import"),
    path("importer/erreurs.csv", imports.Errors.as_view(), name="import-errors"),
    path("inviter/", entering.Invite.as_view(), name="invite"),
    path("<uuid:colleague_id>/invitation/", entering.InviteAgain.as_view(), name="invite-again"),
    path("<uuid:colleague_id>/invitation/annuler/", entering.Cancel.as_view(), name="invite-cancel"),
    path("<uuid:colleague_id>/reconnaitre/", entering.Confirm.as_view(), name="confirm"),
    path("<uuid:colleague_id>/", views.One.as_view(), name="one"),
    path("<uuid:colleague_id>/affectation/", changes.Assign.as_view(), name="assign"),
    path("<uuid:colleague_id>/depart/", changes.Leave.as_view(), name="leave"),
    path("<uuid:colleague_id>/acces/", changes.Recover.as_view(), name="recover"),
    path("affectations/<uuid:membership_id>/fonction/", changes.ChangeFunction.as_view(), name="function"),
    path("affectations/<uuid:membership_id>/fin/", changes.EndMembership.as_view(), name="end"),
]
