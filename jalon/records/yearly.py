"""The yearly review of rights: each right of an establishment is read by somebody else, kept or withdrawn;
the whole is signed, and told overdue when a year has gone by."""

import datetime as dt
import hashlib
import uuid
from dataclasses import dataclass

from django.db import transaction

from jalon.audit.actions import record_entry
from jalon.core.dates import full_date
from jalon.core.errors import DomainError
from jalon.core.moment import Moment
from jalon.core.text import one_line
from jalon.db.changes import lock
from jalon.organizations.models import Establishment
from jalon.records.actions import end_grant
from jalon.records.models import AccessGrant, ReviewedRight, RightsReview
from jalon.setup import accounts
from jalon.staff.models import Membership, Professional
from jalon.staff.queries import Actor, in_force
from jalon.staff.rules import lent_by

COLUMNS = ("À qui", "Droit", "Décision", "Motif", "Relu par", "Le")


@dataclass(frozen=True)
class Right:
    """A right in force: a function somewhere, or a record opened by name."""

    row: Membership | AccessGrant
    words: str

    @property
    def id(self) -> uuid.UUID:
        return self.row.pk

    @property
    def professional(self) -> Professional:
        return self.row.professional


def rights_of(establishment: Establishment, today: dt.date) -> list[Right]:
    """Every right in force there that day: functions, then records opened by name, in order of name."""
    works = Membership.objects.filter(in_force(today), establishment=establishment, professional__active=True)
    works = works.select_related("professional", "establishment", "unit")
    grants = AccessGrant.objects.filter(
        record__establishment=establishment, until=None, starts_on__lte=today, ends_on__gte=today
    ).select_related("professional")
    order = ("professional__last_name", "professional__first_name", "pk")
    named = [Right(one, _of_work(one)) for one in works.order_by(*order)]
    return named + [Right(one, _of_grant(one)) for one in grants.order_by(*order)]


def _of_work(one: Membership) -> str:
    where = f"unité {one.unit.name}" if one.unit else one.establishment.name
    begun = full_date(one.starts_on)
    held = f"du {begun} au {full_date(one.ends_on)}" if one.ends_on else f"depuis le {begun}"
    return f"{one.get_role_display()}, {where}, {held}"


def _of_grant(one: AccessGrant) -> str:
    return f"Un dossier ouvert par son nom, du {full_date(one.starts_on)} au {full_date(one.ends_on)}"


def under_way(establishment: Establishment) -> RightsReview | None:
    """The review that waits for its signature."""
    return RightsReview.objects.filter(establishment=establishment, signed_at=None).first()


def last_signed(establishment: Establishment) -> RightsReview | None:
    """The last one that was signed."""
    signed = RightsReview.objects.filter(establishment=establishment, signed_at__isnull=False)
    return signed.select_related("signed_by").order_by("-signed_at").first()


@transaction.atomic
def decide(
    *,
    establishment: Establishment,
    right_id: uuid.UUID,
    kept: bool,
    reason: str,
    moment: Moment,
    actor: Actor,
) -> ReviewedRight:
    """Keep a right, or withdraw it: at once, or with its first day. The first decision begins the review.

    Raises DomainError `right_gone`, `right_of_oneself`, `withdrawn_without_reason`, `not_yours_to_withdraw`,
    `already_decided`, and as `accounts.end_membership`.
    """
    said, by = one_line(reason, "reason"), actor.professional
    review = _review(establishment, moment.now)
    right = next((one for one in rights_of(establishment, moment.today) if one.id == right_id), None)
    if review.lines.filter(right_id=right_id).exists():
        raise DomainError("Ce droit est déjà relu.", code="already_decided")
    if right is None:
        raise DomainError("Ce droit n’est plus en cours : rien à relire.", code="right_gone")
    if right.professional.pk == by.pk:
        raise DomainError(
            "Nul ne relit ses propres droits. Une autre personne de l’encadrement relit cette ligne.",
            code="right_of_oneself",
        )
    if not kept:
        _check_withdrawn(right, said, actor)
    line = ReviewedRight.objects.create(
        review=review, right_id=right_id, professional=right.professional, words=right.words, kept=kept,
        reason=said, by=by, at=moment.now,
    )  # fmt: skip
    facts = {"review": str(review.pk), "right": str(right_id), "kept": kept}
    record_entry("records.right_reviewed", on=right.professional.pk, by=by, facts=facts)
    if not kept:
        _withdraw(right.row, moment.today, by)
    return line


def _check_withdrawn(right: Right, said: str, actor: Actor) -> None:
    """With a reason; and nobody ends the function of whoever is above them."""
    if not said:
        raise DomainError(
            "Dites pourquoi ce droit est retiré.", code="withdrawn_without_reason", place="reason"
        )
    below = {role for own in actor.roles for role in lent_by(own)}
    if isinstance(right.row, Membership) and right.row.role not in below:
        raise DomainError(
            "Cette fonction ne se retire pas d’ici. Voyez avec qui tient les comptes, puis relisez la ligne.",
            code="not_yours_to_withdraw",
        )


def _review(establishment: Establishment, now: dt.datetime) -> RightsReview:
    """The one that is under way, held; a new one otherwise."""
    lock(establishment)
    found = under_way(establishment)
    return found or RightsReview.objects.create(establishment=establishment, opened_at=now)


def _withdraw(row: Membership | AccessGrant, today: dt.date, by: Professional) -> None:
    if isinstance(row, AccessGrant):
        end_grant(given=row, by=by)
    else:
        yesterday = today - dt.timedelta(days=1)
        accounts.end_membership(membership=row, ends_on=max(yesterday, row.starts_on), by=by)


@transaction.atomic
def sign(*, establishment: Establishment, moment: Moment, by: Professional) -> RightsReview:
    """Sign what was decided of each right. Raises DomainError `nothing_reviewed` or `rights_left`."""
    lock(establishment)
    review = under_way(establishment)
    if review is None:
        raise DomainError("Aucun droit n’est relu. Commencez par la première ligne.", code="nothing_reviewed")
    done = set(review.lines.values_list("right_id", flat=True))
    left = [one for one in rights_of(establishment, moment.today) if one.id not in done]
    if left:
        raise DomainError(f"{len(left)} droits restent à relire avant de signer.", code="rights_left")
    review.signed_at, review.signed_by, review.digest = moment.now, by, digest_of(review)
    review.save()
    facts = {"review": str(review.pk), "lines": len(done), "digest": review.digest}
    record_entry("records.rights_signed", on=establishment.pk, by=by, facts=facts)
    return review


def digest_of(review: RightsReview) -> str:
    """The SHA-256 of the lines as they are extracted, in hexadecimal: what the signature is of."""
    text = "\n".join("\t".join(row) for row in extracted(review))
    return hashlib.sha256(text.encode()).hexdigest()


def extracted(review: RightsReview) -> list[tuple[str, ...]]:
    """Each decision, as the extraction has it, under `COLUMNS`; instants in UTC."""
    lines = review.lines.select_related("professional", "by").order_by("at", "pk")
    return [
        (
            str(one.professional),
            one.words,
            "gardé" if one.kept else "retiré",
            one.reason,
            str(one.by),
            one.at.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S"),
        )
        for one in lines
    ]
