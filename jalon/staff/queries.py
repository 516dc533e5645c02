"""Who is asking: the look-ups every request starts with."""

import datetime as dt
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q, QuerySet

from jalon.core.moment import Moment, local_day
from jalon.db.compiled import compiled, param
from jalon.organizations.queries import profiles
from jalon.organizations.rules import Profile
from jalon.staff.limits import allowed
from jalon.staff.models import Account, FunctionChange, Membership, Professional, Seat
from jalon.staff.rules import OPENS, ContentClass, Functions, Permission, Role, reading, together


def bodies_of(account: Account) -> list[uuid.UUID]:
    """The managing bodies this account may enter: the one read made before a tenant is known."""
    return _seats().all(account=account.pk)


@compiled
def _seats() -> QuerySet[Seat, Any]:
    held = Seat.objects.filter(account_id=param("account")).order_by("pk")
    return held.values_list("managing_body_id", flat=True)


def account_of_rpps(rpps: str) -> Account | None:
    """The account of a national identifier, read like the seats before a tenant is known."""
    return Account.objects.filter(rpps=rpps, is_active=True).first() if rpps else None


@dataclass(frozen=True)
class Place:
    """One membership in force: where, as what, and what that allows there."""

    establishment_id: uuid.UUID
    unit_id: uuid.UUID | None
    role: Role
    permissions: frozenset[Permission]


@dataclass(frozen=True)
class Actor:
    """The professional behind a request, with what the day's memberships allow.

    `houses`: the establishments of the memberships, in order of name, with what holds in each. `now`: when
    they ask; without it, nothing that lasts minutes is open to them.
    """

    professional: Professional
    places: tuple[Place, ...]
    houses: Mapping[uuid.UUID, Profile] = field(default_factory=dict)
    now: Any = None

    @property
    def roles(self) -> set[Role]:
        return {place.role for place in self.places}

    @property
    def function(self) -> str:
        """What they do here, as people call it."""
        return (
            ", ".join(str(Role(role).label) for role in sorted(self.roles)) or "sans affectation aujourd’hui"
        )

    @property
    def permissions(self) -> frozenset[Permission]:
        return together(place.permissions for place in self.places)

    def may(self, permission: Permission) -> bool:
        """True when one of the roles in force carries the permission, anywhere."""
        return permission in self.permissions

    def places_with(self, permission: Permission) -> tuple[Place, ...]:
        """The places where this permission holds: a role in one establishment says nothing of another."""
        return tuple(place for place in self.places if permission in place.permissions)

    def reads_wherever(self, permission: Permission) -> frozenset[ContentClass]:
        """The classes of content read in each of the places where this permission holds."""
        places = set(self.places_with(permission))
        return frozenset(one for one in ContentClass if places <= set(self.places_with(reading(one))))

    def moment(self, now: dt.datetime, establishment_id: uuid.UUID | None = None) -> Moment:
        """That instant as it is lived in one of their establishments, the first one unless told."""
        where = establishment_id or (self.places[0].establishment_id if self.places else None)
        house = self.houses.get(where) if where else None
        return Moment(now, house.zone) if house else Moment(now)


def functions_of(establishment_id: uuid.UUID) -> Functions:
    """What each function allows in this establishment."""
    changes = FunctionChange.objects.filter(establishment=establishment_id)
    found: dict[bool, dict[str, set[str]]] = {True: {}, False: {}}
    for role, permission, given in changes.values_list("role", "permission", "given"):
        found[given].setdefault(role, set()).add(permission)
    return {role: allowed(role, found[True].get(role, ()), found[False].get(role, ())) for role in Role}


def outsiders() -> QuerySet[Professional]:
    """Professionals of elsewhere, whom records name: neither an account nor a membership here."""
    return Professional.objects.filter(account__isnull=True, memberships__isnull=True)


def in_force(today: dt.date) -> Q:
    """Memberships whose period holds `today`, bounds included."""
    return Q(starts_on__lte=today) & (Q(ends_on__isnull=True) | Q(ends_on__gte=today))


def within(places: Iterable[Place]) -> Q:
    """Memberships of these places: of a house, all of them."""
    found = Q(pk__in=())
    for place in places:
        here = Q(establishment=place.establishment_id)
        found |= here & Q(unit=place.unit_id) if place.unit_id else here
    return found


def team(establishment_id: uuid.UUID, today: dt.date) -> "QuerySet[Professional]":
    """Who works in this establishment that day."""
    here = Membership.objects.filter(in_force(today), establishment_id=establishment_id)
    return Professional.objects.filter(pk__in=here.values("professional_id"))


def who_opens_records(today: dt.date) -> "QuerySet[Professional]":
    """Who works somewhere that day with a function that opens records, and signs in."""
    held = Membership.objects.filter(in_force(today), role__in=OPENS)
    found = Professional.objects.filter(pk__in=held.values("professional_id"), account__isnull=False)
    return found.filter(active=True).order_by("last_name", "first_name", "pk")


def heads_of(establishment_ids: Iterable[uuid.UUID], today: dt.date) -> "QuerySet[Membership]":
    """Who heads these establishments that day, whole or in a unit, the nearest first."""
    held = Membership.objects.filter(in_force(today), establishment_id__in=establishment_ids)
    held = held.filter(role__in=[Role.TEAM_LEAD, Role.DIRECTOR], professional__active=True)
    return held.select_related("professional").order_by("-role", "professional__last_name", "pk")


def actor_of(account: Account, now: dt.datetime) -> Actor | None:
    """The professional of this account in the current tenant; None when there is none in activity.

    A membership begins and ends at midnight of its own establishment.
    """
    day, margin = local_day(now, dt.UTC), dt.timedelta(days=1)
    rows = _memberships().all(account=account.pk, before=day + margin, after=day - margin)
    houses = profiles(row.establishment_id for row in rows) if rows else {}
    places = [_place(row) for row in rows if row.holds(local_day(now, houses[row.establishment_id].zone))]
    if rows:
        here = {place.establishment_id for place in places}
        kept = {house_id: house for house_id, house in houses.items() if house_id in here}
        return Actor(rows[0].professional, tuple(places), kept, now)
    alone = Professional.objects.filter(account=account, active=True).first()
    return Actor(alone, (), now=now) if alone else None


def _place(row: Membership) -> Place:
    role, changes = Role(row.role), vars(row)
    may = allowed(role, changes["given"], changes["taken"])
    return Place(row.establishment_id, row.unit_id, role, may)


@compiled
def _memberships() -> QuerySet[Membership]:
    """Memberships that may be in force somewhere on earth, with what the house changed of the function.

    The caller gives a day more on each side.
    """
    around = Q(starts_on__lte=param("before")) & (Q(ends_on__isnull=True) | Q(ends_on__gte=param("after")))
    held = Membership.objects.filter(
        around, professional__account_id=param("account"), professional__active=True
    )
    held = held.annotate(given=_changes(given=True), taken=_changes(given=False))
    return held.select_related("professional").order_by("starts_on", "pk")


def _changes(*, given: bool) -> ArraySubquery:
    of_the_house = FunctionChange.objects.filter(
        establishment=OuterRef("establishment"), role=OuterRef("role"), given=given
    )
    return ArraySubquery(of_the_house.values_list("permission"))
