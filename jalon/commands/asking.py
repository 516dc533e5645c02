"""Commands that open a record act for somebody: their rights hold, and their look is traced as on screen."""

import contextlib
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

import typer

from jalon.commands.context import connect, inside
from jalon.core.errors import DomainError, GatewayError
from jalon.staff.rules import Permission

if TYPE_CHECKING:
    from jalon.core.moment import Moment
    from jalon.records.models import Record
    from jalon.staff.models import Professional
    from jalon.staff.queries import Actor

By = Annotated[str, typer.Option("--by", help="Adresse du compte qui agit : ses droits valent ici aussi.")]
RecordId = Annotated[str, typer.Argument(help="Identifiant d’un dossier.")]


@dataclass(frozen=True)
class Desk:
    """Somebody in front of a record that is open to them."""

    actor: "Actor"
    record: "Record"

    @property
    def moment(self) -> "Moment":
        """Now, as it is lived where the record is kept."""
        from django.utils import timezone

        from jalon.organizations.queries import moment_at

        return moment_at(self.record.establishment, timezone.now())

    @property
    def by(self) -> "Professional":
        return self.actor.professional

    @property
    def permissions(self) -> frozenset[Permission]:
        """What holds on this very record, by the place or by a grant."""
        record = (
            type(self.record).objects.with_rights_of(self.actor, self.moment.today).get(pk=self.record.pk)
        )
        return record.permissions_of(self.actor)

    def may(self, permission: Permission) -> bool:
        """Does this permission hold on this very record, by the place or by a grant?"""
        return _visible(self.actor, self.record.pk, permission) is not None


def acting(email: str) -> "Actor":
    """Who acts. Raises DomainError `unknown_account` when it is nobody at work in this managing body."""
    from django.utils import timezone

    from jalon.staff.models import Account
    from jalon.staff.queries import actor_of

    account = Account.objects.filter(email__iexact=email, is_active=True).first()
    actor = actor_of(account, timezone.now()) if account else None
    if actor is None:
        raise DomainError(
            "Ce compte n’est celui d’aucun professionnel en activité ici. Vérifiez l’adresse.",
            code="unknown_account",
        )
    return actor


@contextlib.contextmanager
def at_record(
    record_id: str, by: str, permission: Permission, *, command: str, body: str = ""
) -> Iterator[Desk]:
    """Open a record as this account may, and trace it, refused or not.

    A refusal inside undoes what its own action wrote, and leaves the traces. Raises DomainError
    `record_closed`: the record exists elsewhere, or not at all, and nobody is told which.
    """
    from jalon.db.history import history

    wanted = identifier(record_id)
    connect()
    refused: DomainError | GatewayError | None = None
    with inside(body):
        actor = acting(by)
        record = _visible(actor, wanted, permission)
        _trace(actor, wanted, record, command)
        if record is None:
            refused = DomainError(
                "Ce dossier n’est pas ouvert à ce compte, ou son rôle ne permet pas ce geste.",
                code="record_closed",
            )
        else:
            try:
                with history(professional=str(actor.professional.pk)):
                    yield Desk(actor, record)
            except (DomainError, GatewayError) as error:
                refused = error
    if refused:
        raise refused


def _visible(actor: "Actor", wanted: uuid.UUID, permission: Permission) -> "Record | None":
    from django.utils import timezone

    from jalon.records.models import Record

    visible = Record.objects.visible_to(
        actor, permission=permission, today=actor.moment(timezone.now()).today
    )
    return visible.with_identity().filter(pk=wanted).first()


def _trace(actor: "Actor", wanted: uuid.UUID, record: "Record | None", command: str) -> None:
    from jalon.audit.actions import record_access
    from jalon.audit.models import Access

    record_access(
        professional=actor.professional,
        record_id=wanted,
        person_id=record.person_id if record else None,
        page=command,
        outcome=Access.Outcome.OPENED if record else Access.Outcome.REFUSED,
    )


def shown(by: "Professional | None", command: str, record_ids: Iterable[uuid.UUID]) -> None:
    """Trace a command that names the people of several records: one row, with their list."""
    from jalon.audit.actions import record_access

    if records := set(record_ids):
        record_access(professional=by, record_id=None, person_id=None, page=command, shown=records)


def identifier(text: str) -> uuid.UUID:
    """The identifier somebody typed; misuse when it is not one."""
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise typer.BadParameter(f"« {text} » n’est pas un identifiant") from error
