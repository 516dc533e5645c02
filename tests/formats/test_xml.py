"""XML of strangers: a large file inside a document is read, and nothing more is let in with it."""

import time

import pytest

from jalon.core.errors import DomainError
from jalon.formats import xml
from jalon.formats.cda.reader import read
from jalon.formats.cda.writer import write
from tests.formats.cda import samples

FILLER = b"<t>" + b"A" * xml.LONG + b"</t>"
PDF = b"%PDF-1.4" + bytes(range(256)) * (10 * 2**12)  # ten megabytes
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>'


def test_a_document_that_embeds_ten_megabytes_is_read_whole() -> None:
    document = read(write(samples.embedded(pdf=PDF)))
    assert document.embedded is not None
    assert document.embedded.data == PDF


def test_the_bound_on_the_whole_stands() -> None:
    with pytest.raises(DomainError, match="dépasse 50"):
        xml.parse(b"<t>" + b"A" * xml.LIMIT + b"</t>")


LARGE_AND_HOSTILE = {
    "a DOCTYPE": b"<!DOCTYPE x><x>" + FILLER + b"</x>",
    "an external entity": b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><x>&f;'
    + FILLER
    + b"</x>",
    "laughs in a text": f"{BOMB}<x>&l9;".encode() + FILLER + b"</x>",
    "laughs in an attribute": f'{BOMB}<x a="&l9;">'.encode() + FILLER + b"</x>",
    "laughs in a later attribute": f'{BOMB}<x><y a="&l9;"/>'.encode() + FILLER + b"</x>",
    "a DOCTYPE in another encoding": f'{BOMB}<x a="&l9;">{FILLER.decode()}</x>'.encode("utf-16"),
    "a DOCTYPE behind a long comment": b"<!--"
    + b"-A" * 40_000
    + b"-->"
    + BOMB.encode()
    + b"<x>"
    + FILLER
    + b"</x>",
    "a depth without end": b"<x>" * 300 + FILLER + b"</x>" * 300,
    "no end": b"<x>" + FILLER,
    "no root": b" " * (xml.LONG + 1),
    "a root that never opens": b"<x a='" + b"A" * xml.LONG,
}


@pytest.mark.parametrize("data", list(LARGE_AND_HOSTILE.values()), ids=list(LARGE_AND_HOSTILE))
def test_a_large_document_is_refused_as_a_small_one_and_at_once(data: bytes) -> None:
    start = time.monotonic()
    with pytest.raises(DomainError) as refusal:
        xml.parse(data)
    assert refusal.value.code == "xml_refused"
    assert time.monotonic() - start < 3


@pytest.mark.parametrize("filler", [b"", FILLER], ids=["small", "large"])
def test_depth_is_bounded_the_same_whatever_the_size(filler: bytes) -> None:
    assert xml.parse(b"<x>" * 250 + filler + b"</x>" * 250).tag == "x"
    with pytest.raises(DomainError):
        xml.parse(b"<x>" * 300 + filler + b"</x>" * 300)


def test_a_kept_document_is_parsed_once_and_stays_its_bytes() -> None:
    kept = xml.Kept(b"<t a='1'/>")
    assert xml.parse(kept) is xml.parse(kept)
    assert kept == b"<t a='1'/>"


def test_a_kept_document_is_refused_as_any_other() -> None:
    with pytest.raises(DomainError, match="DOCTYPE"):
        xml.parse(xml.Kept(BOMB.encode() + b"<x/>"))
