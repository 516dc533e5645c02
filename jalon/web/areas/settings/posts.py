"""The shared posts of the houses that one sets up: declared from the machine itself, listed, taken back."""

from typing import Any, cast

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from jalon.faces.http import Request, as_uuid
from jalon.setup import posts
from jalon.staff.models import Account, Post
from jalon.web.account.post import end_sessions, forget, post_here, remember, stand, strong
from jalon.web.areas.settings.forms import PostForm
from jalon.web.areas.settings.spots import SettingsView
from jalon.web.standalone import StandaloneForm


class Posts(SettingsView):
    """Those that are declared; posted, one that is shared no more."""

    def get(self, request: Request) -> HttpResponse:
        rows = self.declared().select_related("establishment", "declared_by").order_by("name", "pk")
        context = {"rows": rows, "here": post_here(request)}
        return render(request, "settings/posts.html", context, using="jinja2")

    def post(self, request: Request) -> HttpResponse:
        one = self.declared().filter(pk=as_uuid(request.POST.get("poste"))).first()
        if one is None:
            messages.info(request, "Ce poste n’est déjà plus partagé.")
            return redirect("settings:posts")
        here = post_here(request) == one
        accounts = posts.retire(post=one, by=self.actor.professional, now=request.moment.now)
        end_sessions(one, accounts)
        messages.success(request, f"« {one.name} » n’est plus un poste partagé.")
        answer = redirect("settings:posts")
        return forget(answer) if here else answer

    def declared(self) -> Any:
        return Post.objects.filter(establishment__in=self.mine, ended_at__isnull=True)


class Declare(SettingsView, StandaloneForm):
    """This very machine is shared from now on."""

    made: Post | None = None

    def form(self, data: Any = None) -> PostForm:
        return PostForm(data, houses=self.mine.order_by("name", "pk"))

    def save(self, fields: dict[str, Any]) -> None:
        self.made = posts.declare(**fields, by=self.actor.professional, now=self.request.moment.now)
        stand(self.request, self.made)
        strong(self.request, cast(Account, self.request.user))

    def heading(self) -> str:
        return "Partager ce poste"

    def notice(self) -> str:
        return (
            "Le navigateur où vous êtes devient un poste partagé. Il se verrouille sans vous, et chacun y "
            "revient par son code ou son badge après s’y être connecté une fois dans la journée."
        )

    def done(self) -> str:
        return "Ce poste est partagé."

    def back(self) -> HttpResponse:
        answer = redirect("settings:posts")
        return remember(answer, self.made) if self.made else answer
