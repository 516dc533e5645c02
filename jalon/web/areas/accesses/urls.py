"""URLs of who opens a record and who opened it; of what is asked, taken in an emergency, answered."""

from django.urls import path

from jalon.web.areas.accesses import asking, grants, reading, replacing, simulator, views, yearly

urlpatterns = [
    path("", reading.Index.as_view(), name="index"),
    path("demander/<uuid:record_id>/", asking.Ask.as_view(), name="ask"),
    path("urgence/<uuid:record_id>/", asking.Emergency.as_view(), name="emergency"),
    path("demandes/<uuid:request_id>/", asking.Answer.as_view(), name="answer"),
    path("urgences/<uuid:grant_id>/", asking.Review.as_view(), name="review"),
    path("remplacement/", replacing.Replace.as_view(), name="replace"),
    path("remplacement/fin/", replacing.EndReplacement.as_view(), name="replace-end"),
    path("revue/<uuid:house_id>/", yearly.Yearly.as_view(), name="yearly"),
    path("revue/<uuid:house_id>/extraction/", yearly.Extraction.as_view(), name="yearly-file"),
    path("simulateur/", simulator.Simulator.as_view(), name="simulator"),
]
record_urlpatterns = [
    path("acces/", views.Accesses.as_view(), name="accesses"),
    path("acces/pourquoi/", reading.Mine.as_view(), name="why"),
    path("acces/ouvrir/", grants.Give.as_view(), name="grant"),
    path("acces/reprendre/", grants.End.as_view(), name="grant-end"),
]
