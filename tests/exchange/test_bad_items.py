"""One bad item stops nothing: it is kept raw, shown, read once more when asked, and a person is told."""

import hashlib
import random
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone
from imap_tools.errors import UnexpectedCommandStatusError
from pytest_django import Settings

from jalon.core.errors import DomainError, Malformed, Rejected
from jalon.db.tenant import tenant
from jalon.documents.models import Document
from jalon.documents.storage import load
from jalon.exchange import confined, queries
from jalon.exchange.inbox import deciding, fetching, filing
from jalon.exchange.inbox.fetching import keep_raw
from jalon.exchange.inbox.filing import process
from jalon.exchange.inbox.replaying import dismiss, raw_of, replay
from jalon.exchange.models import MailboxRound, Reception, ReceptionState
from jalon.gateways.mssante.client import Mailbox
from jalon.organizations.models import Establishment, ManagingBody
from tests.exchange import letters
from tests.exchange import world as worlds
from tests.exchange.letters import archive, cda, letter
from tests.exchange.world import World
from tests.factories import ManagingBodyFactory, ProfessionalFactory
from tests.support import SHARED, needs_shared

pytestmark = pytest.mark.django_db
CASES = SHARED / "cases"
GOOD = "Compte rendu attendu"


def fetch(body: ManagingBody, house: Establishment) -> int:
    with worlds.nowhere():
        return fetching.fetch(body.pk, house.pk, timezone.now())


def receive(raw: bytes, house: Establishment) -> list[Reception]:
    """The receptions of a message, each one read."""
    now = timezone.now()
    for one in fetching.siblings(keep_raw(establishment=house, raw=raw, now=now)):
        process(reception=one, now=now)
    return list(Reception.objects.filter(establishment=house).order_by("part"))


def crowded() -> bytes:
    """A document of ten million small elements, as a mail of one megabyte carries it."""
    sound = cda()
    start, end = sound.index(b"<nonXMLBody>"), sound.index(b"</nonXMLBody>") + len(b"</nonXMLBody>")
    small = "".join(random.Random(1).choices(["<b/>", "<i/>"], [93, 7], k=1_500_000))  # noqa: S311  drawn again
    body = f"<component><section><text><paragraph>{small}</paragraph></text></section></component>"
    body = f"<structuredBody>{body}</structuredBody>"
    return sound[:start] + body.encode() + sound[end:]


def sha1(data: bytes) -> bytes:
    return hashlib.sha1(data, usedforsecurity=False).hexdigest().encode()


def swapped(zipped: bytes, document: bytes) -> bytes:
    """The archive with another document, its size and hash told again."""
    files = letters.files(zipped)
    name = next(one for one in files if one.endswith("DOC00001.XML"))
    metadata = next(one for one in files if one.endswith("METADATA.XML"))
    old, new = files[name], document
    told = files[metadata].replace(sha1(old), sha1(new))
    told = told.replace(f"<Value>{len(old)}</Value>".encode(), f"<Value>{len(new)}</Value>".encode())
    told = told.replace(f">{len(old)}<".encode(), f">{len(new)}<".encode())
    return letters.rezipped(files | {name: new, metadata: told})


# --- a mail ------------------------------------------------------------------------------------------------


@needs_shared
def test_a_name_told_in_two_forms_stops_no_mailbox(
    world: World, house: Establishment, body: ManagingBody
) -> None:
    record = worlds.record(house)
    world.mail.inject(house.mailbox, (CASES / "mail_name_two_forms.eml").read_bytes())
    world.mail.inject(house.mailbox, letter(archive(cda()), to=house.mailbox))
    assert fetch(body, house) == 2
    assert Document.objects.get().record == record
    assert world.mail.contents(house.mailbox) == []
    (bad,) = queries.unread_receptions([house.pk])
    assert bad.sender == "Cabinet Test <cabinet@test.mssante.test>"


def test_a_mail_of_one_megabyte_and_ten_million_elements_stops_no_mailbox(
    world: World, house: Establishment, body: ManagingBody
) -> None:
    worlds.record(house)
    bomb = letter(swapped(archive(cda()), crowded()), to=house.mailbox)
    assert len(bomb) < 2 * 2**20
    world.mail.inject(house.mailbox, bomb)
    world.mail.inject(house.mailbox, letter(archive(cda()), to=house.mailbox))
    assert fetch(body, house) == 2
    assert Document.objects.count() == 1
    (bad,) = queries.unread_receptions([house.pk])
    assert "trop d’éléments" in bad.reason
    assert deciding.opened(bad) is None, "its page opens all the same"


@pytest.mark.parametrize("error", [TypeError, RecursionError, MemoryError, KeyError, AssertionError])
def test_whatever_a_message_makes_the_software_do_the_next_one_is_read(
    error: type[Exception],
    world: World,
    house: Establishment,
    body: ManagingBody,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worlds.record(house)
    bad = letter(archive(cda()), to=house.mailbox)
    for raw in (bad, letter(archive(cda()), to=house.mailbox)):
        world.mail.inject(house.mailbox, raw)
    real, seen = confined.carried, []

    def failing(*said: Any) -> Any:
        seen.append(1)
        if len(seen) == 1:
            raise error("secret")
        return real(*said)

    monkeypatch.setattr(confined, "carried", failing)
    assert fetch(body, house) == 2
    assert Document.objects.count() == 1
    (one,) = queries.unread_receptions([house.pk])
    assert (load(one.raw_sha256), one.reason) == (bad, filing.UNFORESEEN)
    assert "secret" not in one.reason


def test_a_mail_whose_opening_fails_unforeseen_is_kept_raw_all_the_same(
    house: Establishment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(raw: bytes) -> Any:
        raise TypeError

    with monkeypatch.context() as patch:
        patch.setattr(fetching.mime, "read", failing)
        (bad,) = receive(b"Subject: x\n\ny", house)
    assert (bad.state, raw_of(bad)) == (ReceptionState.REJECTED, b"Subject: x\n\ny")


def test_a_database_that_does_not_answer_is_no_message_s_fault(
    house: Establishment, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: Any) -> Any:
        raise OperationalError

    monkeypatch.setattr(confined, "carried", failing)
    with pytest.raises(OperationalError):
        receive(letter(archive(cda())), house)
    assert Reception.objects.get().state == ReceptionState.STORED


def test_a_message_that_cannot_be_moved_or_given_keeps_no_other_waiting(
    world: World, house: Establishment, body: ManagingBody, monkeypatch: pytest.MonkeyPatch
) -> None:
    worlds.record(house)
    for _ in range(3):
        world.mail.inject(house.mailbox, letter(archive(cda()), to=house.mailbox))
    real_move, real_fetch = Mailbox.move, Mailbox._fetch
    given: list[int] = []

    def move(box: Mailbox, uid: int, folder: str) -> None:
        if uid == given[0]:
            raise Rejected("MSSanté", "NO", "over quota")
        real_move(box, uid, folder)

    def given_or_not(box: Mailbox, uid: int, *said: Any) -> Any:
        given.append(uid)
        if uid == given[0] + 1:
            raise UnexpectedCommandStatusError(("NO", [b"SERVERBUG"]), "OK")
        return real_fetch(box, uid, *said)

    monkeypatch.setattr(Mailbox, "move", move)
    monkeypatch.setattr(Mailbox, "_fetch", given_or_not)
    assert fetch(body, house) == 1
    assert Document.objects.count() == 2
    assert len(world.mail.contents(house.mailbox)) == 2
    (failing,) = queries.failing_rounds([house.pk])
    assert "2 message" in failing.reason


# --- a mailbox ----------------------------------------------------------------------------------------------


def test_a_mailbox_that_fails_is_said_since_when_until_it_works_again(
    world: World,
    house: Establishment,
    body: ManagingBody,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    secrets = settings.MSSANTE_SECRETS
    settings.MSSANTE_SECRETS = {house.mailbox: "faux"}
    for _ in range(2):
        with pytest.raises(Rejected):
            fetch(body, house)
    (first,) = queries.failing_rounds([house.pk])
    assert first.reason == "L’opérateur de messagerie refuse l’accès à cette boîte."
    assert first.failing_since is not None
    assert first.failing_since < first.ended_at
    settings.MSSANTE_SECRETS = secrets

    def broken(*_: Any, **__: Any) -> Any:
        raise Malformed("MSSanté", "* BAD")

    with monkeypatch.context() as patch, pytest.raises(Malformed):
        patch.setattr(Mailbox, "fetch_new", broken)
        fetch(body, house)
    assert MailboxRound.objects.get().failing_since == first.failing_since
    assert fetch(body, house) == 0
    assert not queries.failing_rounds([house.pk])


# --- several archives ---------------------------------------------------------------------------------------


@needs_shared
def test_two_archives_of_one_mail_are_two_receptions(house: Establishment) -> None:
    first, second = receive((CASES / "mail_two_archives.eml").read_bytes(), house)
    assert (first.state, second.state) == (ReceptionState.TO_MATCH, ReceptionState.TO_MATCH)
    assert first.raw_sha256 == second.raw_sha256
    carried = [opened.documents for opened in map(deciding.opened, (first, second)) if opened]
    assert len({document.id for documents in carried for _, document in documents}) == 2


def with_archives(*archives: bytes) -> bytes:
    files = tuple(
        letters.mime.Attachment(f"IHE_XDM ({n}).zip", letters.ARCHIVE, one) for n, one in enumerate(archives)
    )
    return letter(None, attachments=files)


def test_an_archive_that_is_broken_hides_no_other(house: Establishment) -> None:
    record = worlds.record(house)
    sound = archive(cda())
    states = [one.state for one in receive(with_archives(b"PK\x05\x06" + b"\0" * 18, sound, sound), house)]
    assert states == [ReceptionState.REJECTED, ReceptionState.FILED], "the same bytes twice are one archive"
    assert Document.objects.get().record == record


def test_each_archive_is_of_its_own_person(house: Establishment) -> None:
    record = worlds.record(house)
    zoe = letters.replace(letters.CAMILLE, birth_name="D’ESSAI", first_name="ZOE", birth_first_names="ZOE")
    camille, other = receive(with_archives(archive(cda()), archive(cda(zoe, None))), house)
    assert (camille.state, camille.person) == (ReceptionState.FILED, record.person)
    assert (other.state, other.person) == (ReceptionState.TO_MATCH, None)


def test_a_document_that_cannot_be_read_hides_no_other_and_is_said(house: Establishment) -> None:
    worlds.record(house)
    zipped = archive(cda(), cda(title="Un autre compte rendu"))
    (one,) = receive(letter(swapped(zipped, b"<pas un CDA/>")), house)
    assert one.state == ReceptionState.TO_MATCH
    assert "n’a pas été lu" in one.reason
    opened = deciding.opened(one)
    assert opened is not None
    assert len(opened.documents) == len(opened.unread) == 1


@needs_shared
@pytest.mark.parametrize("name", ["mail_forwarded.eml", "mail_cte_semicolon.eml"])
def test_everyday_mails_bring_their_document(name: str, house: Establishment) -> None:
    (one,) = receive((CASES / name).read_bytes(), house)
    assert one.state == ReceptionState.TO_MATCH
    opened = deciding.opened(one)
    assert opened is not None
    assert opened.documents[0][1].title == "Compte rendu de consultation"


# --- read once more -----------------------------------------------------------------------------------------


def test_what_was_rejected_is_read_once_more_from_its_kept_bytes(
    house: Establishment, monkeypatch: pytest.MonkeyPatch
) -> None:
    record, by = worlds.record(house), ProfessionalFactory.create()

    def failing(*_: Any) -> Any:
        raise TypeError

    with monkeypatch.context() as patch:
        patch.setattr(confined, "carried", failing)
        (bad,) = receive(letter(archive(cda())), house)
        assert replay(reception=bad, by=by, now=timezone.now()).state == ReceptionState.REJECTED
    assert queries.unread_receptions([house.pk]).count() == 1
    again = replay(reception=bad, by=by, now=timezone.now())
    assert (again.state, again.person) == (ReceptionState.FILED, record.person)
    assert not queries.unread_receptions([house.pk]).exists()
    with pytest.raises(DomainError) as refusal:
        replay(reception=bad, by=by, now=timezone.now())
    assert refusal.value.code == "not_rejected"


def test_what_somebody_dealt_with_waits_for_nobody(house: Establishment) -> None:
    by, now = ProfessionalFactory.create(), timezone.now()
    (bad,) = receive(letter(None), house)
    with pytest.raises(DomainError):
        dismiss(reception=bad, reason=" ", by=by, now=now)
    kept = dismiss(reception=bad, reason="Lu dans la messagerie.", by=by, now=now)
    assert (kept.state, kept.decided_by, kept.reason) == (
        ReceptionState.SET_ASIDE,
        by,
        "Lu dans la messagerie.",
    )
    assert not queries.unread_receptions([house.pk]).exists()


def test_what_is_left_at_the_operator_cannot_be_read_once_more(house: Establishment) -> None:
    large = Reception.objects.create(
        establishment=house,
        mailbox=house.mailbox,
        message_id="1.1",
        raw_sha256="",
        received_at=timezone.now(),
    )
    Reception.objects.update(state=ReceptionState.REJECTED)
    with pytest.raises(DomainError, match="chez l’opérateur"):
        replay(reception=large, by=ProfessionalFactory.create(), now=timezone.now())


def test_another_managing_body_reads_nothing_once_more(house: Establishment) -> None:
    (bad,) = receive(letter(None), house)
    by = ProfessionalFactory.create()
    with (
        tenant(ManagingBodyFactory.create().pk),
        pytest.raises(Reception.DoesNotExist),
    ):
        replay(reception=bad, by=by, now=timezone.now())
