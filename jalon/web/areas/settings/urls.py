"""URLs of the settings."""

from django.urls import path

from jalon.web.areas.settings import changes, functions, posts, views

urlpatterns = [
    path("", views.Index.as_view(), name="index"),
    path("fonctions/", functions.Functions.as_view(), name="functions"),
    path("postes/", posts.Posts.as_view(), name="posts"),
    path("postes/partager/", posts.Declare.as_view(), name="post-declare"),
    path("machine/", views.Machine.as_view(), name="machine"),
    path("organisme/<str:name>/", changes.Edit.as_view(), name="body-edit"),
    path("organisme/<str:name>/defaut/", changes.Reset.as_view(), name="body-reset"),
    path("etablissements/<uuid:house_id>/", views.House.as_view(), name="house"),
    path("etablissements/<uuid:house_id>/coordonnees/", changes.Address.as_view(), name="address"),
    path("etablissements/<uuid:house_id>/unites/", changes.AddUnit.as_view(), name="unit-add"),
    path(
        "etablissements/<uuid:house_id>/fonctions/",
        functions.HouseFunctions.as_view(),
        name="house-functions",
    ),
    path(
        "etablissements/<uuid:house_id>/fonctions/<str:role>/",
        functions.OneFunction.as_view(),
        name="function",
    ),
    path(
        "etablissements/<uuid:house_id>/fonctions/<str:role>/droit/",
        functions.ChangeRight.as_view(),
        name="function-right",
    ),
    path("etablissements/<uuid:house_id>/<str:name>/", changes.Edit.as_view(), name="house-edit"),
    path("etablissements/<uuid:house_id>/<str:name>/defaut/", changes.Reset.as_view(), name="house-reset"),
    path("unites/<uuid:unit_id>/", views.OneUnit.as_view(), name="unit"),
    path("unites/<uuid:unit_id>/nom/", changes.RenameUnit.as_view(), name="unit-name"),
    path("unites/<uuid:unit_id>/<str:name>/", changes.Edit.as_view(), name="unit-edit"),
    path("unites/<uuid:unit_id>/<str:name>/defaut/", changes.Reset.as_view(), name="unit-reset"),
]
