"""URLs of the address book."""

from django.urls import path

from jalon.web.areas.directory import views

urlpatterns = [
    path("", views.Directory.as_view(), name="list"),
    path("structures/ajouter/", views.AddStructure.as_view(), name="structure-add"),
    path("professionnels/ajouter/", views.AddProfessional.as_view(), name="professional-add"),
    path(
        "professionnels/<uuid:professional_id>/fonctions/ajouter/",
        views.AddFunction.as_view(),
        name="function-add",
    ),
    path("structures/<uuid:structure_id>/", views.EditStructure.as_view(), name="structure"),
    path("professionnels/<uuid:professional_id>/", views.EditProfessional.as_view(), name="professional"),
    path("fonctions/<uuid:function_id>/", views.EditFunction.as_view(), name="function"),
]
