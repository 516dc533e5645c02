"""The door of a shared post: who came strongly today, each brought back by their code or their badge."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.http import urlencode
from django.views import View
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from jalon.db.tenant import tenant
from jalon.faces.http import as_uuid
from jalon.setup import posts
from jalon.staff.models import Account, Post, PostKey, Professional, Turn
from jalon.web.account import post as shared
from jalon.web.account.bodies import CHOSEN
from jalon.web.account.sessions import SINCE, UNTIL
from jalon.web.account.strength import came_back
from jalon.web.account.views import asked_page

BACKEND: Final = "jalon.web.account.sessions.AccountBackend"
WRONG: Final = "Ce code n’est pas le bon. Il reste {} pour vous connecter ici par votre code."
OVER: Final = "Trop de codes faux : connectez-vous en entier. Votre code servira de nouveau ensuite."
NO_BADGE: Final = "Ce badge n’ouvre rien ici. Connectez-vous une fois en entier, ou vérifiez votre badge."


@dataclass(frozen=True)
class Face:
    """Somebody of the door: what colleagues call them, and nothing else."""

    turn: Turn
    name: str
    initials: str
    has_code: bool
    has_badge: bool


@method_decorator(never_cache, name="dispatch")
class Door(View):
    """Who are you? Then a code; or a badge, at any time."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            return redirect(asked_page(request) or "home:day")
        post = shared.post_here(request)
        if post is None:
            return shared.forget(redirect("account_login"))
        return _shown(request, post)

    def post(self, request: HttpRequest) -> HttpResponse:
        """A code for whoever is chosen, or a badge. A session that is open there is nobody's here."""
        post = shared.post_here(request)
        if post is None or request.user.is_authenticated:
            return redirect("post-door")
        with tenant(post.managing_body_id):
            turn, refused = _tried(request, post)
            if turn is None:
                return _shown(request, post, refused)
            account = turn.account
        return _back(request, post, turn, account)


def _tried(request: HttpRequest, post: Post) -> tuple[Turn | None, str]:
    now, badge = timezone.now(), request.POST.get("badge", "")
    if badge:
        found = posts.back_by_badge(post=post, number=badge, now=now)
        return found, NO_BADGE
    chosen = posts.open_turns(post, now).filter(pk=as_uuid(request.POST.get("qui"))).first()
    if chosen is None:
        return None, OVER
    if posts.back_by_code(turn=chosen, code=request.POST.get("code", ""), now=now):
        return chosen, ""
    left = posts.TRIES - chosen.mistakes - 1
    return None, WRONG.format(f"{left} essai{'s' if left > 1 else ''}") if left else OVER


def _back(request: HttpRequest, post: Post, turn: Turn, account: Account) -> HttpResponse:
    """In again, in a session of their own that ends when the strong one would have."""
    login(request, account, backend=BACKEND)
    request.session[SINCE] = int(turn.started_at.timestamp())
    request.session[UNTIL] = int(turn.ends_at.timestamp())
    request.session[CHOSEN] = str(post.managing_body_id)
    shared.has_turn(request, turn)
    came_back(request, account)
    return redirect(asked_page(request) or turn.page or "home:day")


def _shown(request: HttpRequest, post: Post, refused: str = "") -> HttpResponse:
    with tenant(post.managing_body_id):
        faces = _faces(post)
    asked = asked_page(request)
    if not faces and not refused:
        return redirect(sign_in(asked))
    chosen = as_uuid(request.POST.get("qui") or request.GET.get("qui"))
    context = {
        "place": post.name,
        "faces": faces,
        "badges": any(one.has_badge for one in faces),
        "chosen": next((one for one in faces if one.turn.pk == chosen), None),
        "refused": refused,
        "next": asked,
        "sign_in": sign_in(asked),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return render(request, "account/door.html", context, using="jinja2", status=status)


def sign_in(asked: str) -> str:
    """The sign-in page, which leads on."""
    return f"{reverse('account_login')}{'?' + urlencode({'next': asked}) if asked else ''}"


def _faces(post: Post) -> list[Face]:
    turns = list(posts.open_turns(post, timezone.now()))
    accounts = [turn.account_id for turn in turns]
    known = {one.account_id: one for one in Professional.objects.filter(account__in=accounts, active=True)}
    keys = {key.account_id: key for key in PostKey.objects.filter(account__in=accounts)}
    pairs = [(turn, known[turn.account_id]) for turn in turns if turn.account_id in known]
    return [_face(turn, who, keys.get(turn.account_id)) for turn, who in pairs]


def _face(turn: Turn, who: Professional, key: PostKey | None) -> Face:
    initials = f"{who.first_name[:1]}{who.last_name[:1]}"
    return Face(turn, who.first_name, initials, key is not None, bool(key and key.badge))


@require_POST
def change(request: HttpRequest) -> HttpResponse:
    """« Changer de personne »: the session ends, and the door of the post opens. Pressed twice, once."""
    if request.user.is_authenticated and shared.standing(request) is None:
        return redirect("home:day")
    return shared.lock(request, asked_page(request))
