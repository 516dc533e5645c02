"""Posts that people use in turn: declared, used, left, taken back; and what brings somebody back there.

A strong sign-in opens a turn of some hours at one post. Within it a code or a badge is enough, there alone.
The journal of a code and of a badge is their caller's: they are of an account, in all its managing bodies.
"""

import datetime as dt
import uuid
from typing import Any, Final

from django.db import transaction
from django.db.models import F

from jalon.audit.actions import record_entry
from jalon.core.errors import DomainError
from jalon.db.changes import lock
from jalon.organizations.models import Establishment
from jalon.staff.codes import badge_digest, hashed, matches, refusal
from jalon.staff.models import Account, Post, PostKey, Professional, Turn
from jalon.staff.queries import actor_of

TRIES: Final = 5
"""Wrong codes of one turn, all processes together, before it is over."""
BADGES: Final = 20
"""Unknown badges in a row before a post takes none until somebody signs in there."""
SHORTEST_BADGE: Final = 6
LONGEST_PAGE: Final = 200


@transaction.atomic
def declare(
    *, establishment: Establishment, name: str, minutes: int, by: Professional, now: dt.datetime
) -> Post:
    """A machine is shared from now on; locked after that many minutes without use."""
    post = Post.objects.create(
        establishment=establishment, name=name, minutes=minutes, declared_by=by, declared_at=now
    )
    record_entry("post.declared", on=post.pk, by=by, facts={"minutes": minutes})
    return post


@transaction.atomic
def retire(*, post: Post, by: Professional, now: dt.datetime) -> list[uuid.UUID]:
    """It is shared no more: nobody comes back there by a code. The accounts that had a turn."""
    post = lock(post)
    accounts = list(post.turns.values_list("account_id", flat=True))
    post.turns.all().delete()
    if post.ended_at is None:
        post.ended_at = now
        post.save()
        record_entry("post.retired", on=post.pk, by=by)
    return accounts


@transaction.atomic
def arrive(
    *, post: Post, account: Account, since: dt.datetime, ends_at: dt.datetime, now: dt.datetime
) -> Turn:
    """Somebody signed in strongly there: their turn begins, and the mistakes before it are forgotten."""
    fresh = {"started_at": since, "ends_at": ends_at, "mistakes": 0, "page": ""}
    turn, _ = Turn.objects.update_or_create(post=post, account=account, defaults=fresh)
    Post.objects.filter(pk=post.pk).update(mistakes=0)
    told("post.arrived", post.pk, account, now)
    return turn


@transaction.atomic
def locked(*, post_id: uuid.UUID, account: Account, page: str, now: dt.datetime) -> None:
    """Somebody gives up their place, and finds this page when they come back."""
    Turn.objects.filter(post=post_id, account=account).update(page=page[:LONGEST_PAGE])
    told("post.locked", post_id, account, now, way="hand")


@transaction.atomic
def leave(*, post_id: uuid.UUID, account: Account, now: dt.datetime) -> None:
    """Somebody signed out there: to come back, they sign in."""
    Turn.objects.filter(post=post_id, account=account).delete()
    told("post.left", post_id, account, now)


@transaction.atomic
def back_by_code(*, turn: Turn, code: str, now: dt.datetime) -> bool:
    """Is it the code of whoever has this turn? One try at a time; past some wrong ones the turn is over."""
    held = lock(turn)
    key = PostKey.objects.filter(account=held.account_id).first()
    if key and held.mistakes < TRIES and matches(code, held.account_id, key.code):
        return _back(held, "code", now)
    Turn.objects.filter(pk=held.pk).update(mistakes=F("mistakes") + 1)
    told("post.refused", held.post_id, held.account, now, way="code", known=False)
    return False


@transaction.atomic
def back_by_badge(*, post: Post, number: str, now: dt.datetime) -> Turn | None:
    """The turn of whoever has this badge, when they have one here and the post still takes badges."""
    held = lock(post)
    keys = PostKey.objects.filter(badge=badge_digest(number))
    turn = open_turns(held, now).filter(account__in=keys.values("account")).first()
    if turn is None or held.mistakes >= BADGES:
        Post.objects.filter(pk=held.pk).update(mistakes=F("mistakes") + 1)
        record_entry("post.refused", on=held.pk, by=None, facts={"way": "badge"})
        return None
    Post.objects.filter(pk=held.pk).update(mistakes=0)
    _back(turn, "badge", now)
    return turn


def _back(turn: Turn, way: str, now: dt.datetime) -> bool:
    Turn.objects.filter(pk=turn.pk).update(mistakes=0)
    told("post.unlocked", turn.post_id, turn.account, now, way=way)
    return True


def open_turns(post: Post, now: dt.datetime) -> Any:
    """Who may come back there now, in the order in which they came."""
    here = Professional.objects.filter(active=True, account__is_active=True)
    held = post.turns.filter(ends_at__gt=now, mistakes__lt=TRIES, account__in=here.values("account"))
    return held.select_related("account").order_by("started_at", "pk")


@transaction.atomic
def set_code(*, account: Account, code: str) -> None:
    """The code of an account, for every post where it signs in. Raises DomainError `weak_code`."""
    if said := refusal(code):
        raise DomainError(said, code="weak_code", place="code")
    PostKey.objects.update_or_create(account=account, defaults={"code": hashed(code, account.pk)})


@transaction.atomic
def set_badge(*, account: Account, code: str, number: str) -> None:
    """The badge of an account, said by whoever knows its code.

    Raises DomainError `wrong_code`, `short_badge` or `badge_taken`.
    """
    key = PostKey.objects.select_for_update().filter(account=account).first()
    if key is None or not matches(code, account.pk, key.code):
        raise DomainError("Ce code n’est pas le vôtre. Vérifiez-le.", code="wrong_code", place="own_code")
    if len(number.strip()) < SHORTEST_BADGE:
        raise DomainError("Le lecteur n’a presque rien lu. Recommencez.", code="short_badge", place="badge")
    digest = badge_digest(number)
    if PostKey.objects.filter(badge=digest).exclude(account=account).exists():
        raise DomainError("Ce badge est celui de quelqu’un d’autre.", code="badge_taken", place="badge")
    PostKey.objects.filter(account=account).update(badge=digest)


@transaction.atomic
def drop_badge(*, account: Account) -> None:
    """A badge that was lost brings nobody back."""
    PostKey.objects.filter(account=account).update(badge="")


def told(
    action: str, post_id: uuid.UUID, account: Account, now: dt.datetime, *, known: bool = True, **facts: Any
) -> None:
    """One line of the journal, by function and post. `known`: was it them? Else it names no author."""
    actor = actor_of(account, now)
    functions = sorted(actor.roles) if actor else []
    by = actor.professional if actor and known else None
    record_entry(action, on=account.pk, by=by, facts={"post": str(post_id), "functions": functions, **facts})
