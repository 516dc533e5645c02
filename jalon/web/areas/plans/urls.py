"""URLs of the personalised project, under a record."""

from django.urls import path

from jalon.web.areas.plans import closing, signing, views

record_urlpatterns = [
    path("projet/", views.Plan.as_view(), name="plan"),
    path("projet/ouvrir/", views.Open.as_view(), name="plan-open"),
    path("projet/texte/", views.EditPlan.as_view(), name="plan-edit"),
    path("projet/ajouter/<slug:kind>/", views.AddPart.as_view(), name="plan-add"),
    path("projet/accord/<uuid:agreement_id>/", views.EditAgreement.as_view(), name="agreement"),
    path("projet/<slug:kind>/<uuid:part_id>/", views.EditPart.as_view(), name="plan-part"),
    path("projet/accord/", views.Agree.as_view(), name="plan-agree"),
    path("projet/etat/", views.Move.as_view(), name="plan-move"),
    path("projet/signer/", signing.Sign.as_view(), name="plan-sign"),
    path("projet/publier/", signing.Publish.as_view(), name="plan-publish"),
    path("projet/bilan/", closing.Review.as_view(), name="plan-review"),
    path("projet/terminer/", closing.End.as_view(), name="plan-end"),
    path("projet/suite/", closing.Succeed.as_view(), name="plan-succeed"),
]
