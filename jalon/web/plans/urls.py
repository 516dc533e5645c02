"""URLs of the personalised project, under a record."""

from django.urls import path

from jalon.web.plans import views

urlpatterns = [
    path("", views.Plan.as_view(), name="plan"),
    path("ouvrir/", views.Open.as_view(), name="plan-open"),
    path("texte/", views.EditPlan.as_view(), name="plan-edit"),
    path("ajouter/<slug:kind>/", views.AddPart.as_view(), name="plan-add"),
    path("accord/<uuid:agreement_id>/", views.EditAgreement.as_view(), name="agreement"),
    path("<slug:kind>/<uuid:part_id>/", views.EditPart.as_view(), name="plan-part"),
    path("accord/", views.Agree.as_view(), name="plan-agree"),
    path("etat/", views.Move.as_view(), name="plan-move"),
    path("signer/", views.Sign.as_view(), name="plan-sign"),
]
