"""URLs of the personalised project, under a record."""

from django.urls import path

from jalon.web.areas.plans import views

record_urlpatterns = [
    path("projet/", views.Plan.as_view(), name="plan"),
    path("projet/ouvrir/", views.Open.as_view(), name="plan-open"),
    path("projet/texte/", views.EditPlan.as_view(), name="plan-edit"),
    path("projet/ajouter/<slug:kind>/", views.AddPart.as_view(), name="plan-add"),
    path("projet/accord/<uuid:agreement_id>/", views.EditAgreement.as_view(), name="agreement"),
    path("projet/<slug:kind>/<uuid:part_id>/", views.EditPart.as_view(), name="plan-part"),
    path("projet/accord/", views.Agree.as_view(), name="plan-agree"),
    path("projet/etat/", views.Move.as_view(), name="plan-move"),
    path("projet/signer/", views.Sign.as_view(), name="plan-sign"),
]
