"""URLs of the relève: what was told, the news of the unit, what is to be taken over."""

from django.urls import path

from jalon.web.areas.handover import news, tasks, views, writing

urlpatterns = [
    path("", views.Handover.as_view(), name="list"),
    path("lue/<uuid:note_id>/", views.MarkRead.as_view(), name="read"),
    path("tout-lu/", views.MarkAllRead.as_view(), name="all-read"),
    path("pas-lu/", views.TakeBack.as_view(), name="unread"),
    path("noter/", writing.Write.as_view(), name="write"),
    path("nouvelles/ajouter/", news.TellNews.as_view(), name="news-add"),
    path("nouvelles/<uuid:news_id>/lue/", news.ReadNews.as_view(), name="news-read"),
    path("nouvelles/<uuid:news_id>/retirer/", news.EndNews.as_view(), name="news-end"),
    path("nouvelles/<uuid:news_id>/remettre/", news.RestoreNews.as_view(), name="news-restore"),
]
record_urlpatterns = [
    path("notes/<uuid:note_id>/reprendre/", tasks.AskTask.as_view(), name="task-add"),
    path("taches/<uuid:task_id>/annuler/", tasks.Cancel.as_view(), name="task-cancel"),
    path("taches/<uuid:task_id>/prendre/", tasks.Take.as_view(), name="task-take"),
    path("taches/<uuid:task_id>/rendre/", tasks.HandBack.as_view(), name="task-hand-back"),
    path("taches/<uuid:task_id>/fait/", tasks.Finish.as_view(), name="task-done"),
    path("taches/<uuid:task_id>/pas-fait/", tasks.Reopen.as_view(), name="task-reopen"),
]
