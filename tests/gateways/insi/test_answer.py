"""What INSi answers: the published answers, those that must not be imported, and bytes of any kind."""

import contextlib
import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jalon.core.errors import Malformed, Rejected
from jalon.core.identity import Ins, Traits
from jalon.gateways.insi.messages import Ambiguous, Found, NotFound, Reason, Unusable, parse_answer
from tests.gateways.insi.people import NIR, SAMPLES
from tests.support import needs_shared

HERMANN = ("1800363220123", "60")  # the official answer has key 60; the formula does not


def answer(
    code: str = "00",
    number: tuple[str, str] = ("2751263220749", "74"),
    oid: str = NIR,
    name: str = "ADRUN",
    names: str = "ZOE",
    sex: str = "F",
    born: str = "1975-12-31",
    place: str = "63220",
) -> bytes:
    key = f"<Cle>{number[1]}</Cle>" if number[1] else ""
    return f"""<soap:Envelope xmlns:soap="http://www.w3.org/2003/05/soap-envelope"><soap:Body>
    <RESULTAT xmlns="http://www.cnamts.fr/INSiResultat"><CR><CodeCR>{code}</CodeCR><LibelleCR>OK</LibelleCR></CR>
    <INDIVIDU><INSACTIF><IdIndividu><NumIdentifiant>{number[0]}</NumIdentifiant>{key}</IdIndividu>
    <OID>{oid}</OID></INSACTIF><TIQ><NomNaissance>{name}</NomNaissance><ListePrenom>{names}</ListePrenom>
    <Sexe>{sex}</Sexe><DateNaissance>{born}</DateNaissance><LieuNaissance>{place}</LieuNaissance></TIQ></INDIVIDU>
    </RESULTAT></soap:Body></soap:Envelope>""".encode()


@needs_shared
def test_the_active_ins_the_history_and_the_reference_traits_are_read_unchanged() -> None:
    found = parse_answer((SAMPLES / "TEST_2.04_cas2.xml").read_bytes())
    assert isinstance(found, Found)
    assert found.ins == Ins("109076322083489", NIR)
    assert not found.key_is_wrong
    assert found.traits == Traits(
        "ECETINSI", "PIERRE-ALAIN", "PIERRE-ALAIN MURIEL FLORIANT", "M", dt.date(2009, 7, 14), "63220"
    )
    first, second = found.history
    assert (first.ins, second.ins) == (Ins("209076322083439", NIR), Ins("209066322012355", NIR))
    # The published sample ends before it starts: kept as given.
    assert (first.starts_on, first.ends_on) == (dt.date(2019, 3, 1), dt.date(2019, 2, 28))
    assert (second.starts_on, second.ends_on) == (None, None)


@needs_shared
def test_a_waiting_number_keeps_its_own_authority() -> None:
    found = parse_answer((SAMPLES / "TEST_2.05.xml").read_bytes())
    assert isinstance(found, Found)
    assert found.ins == Ins("109076322088835", "1.2.250.1.213.1.4.9")
    assert found.traits.first_name == "MATRICULE"


@needs_shared
def test_nobody_is_an_answer() -> None:
    assert parse_answer((SAMPLES / "REP_CR01.xml").read_bytes()) == NotFound()


def test_several_people_are_an_answer() -> None:
    assert parse_answer(answer("02")) == Ambiguous()


def test_a_wrong_key_in_an_answer_is_a_warning_and_the_number_is_kept() -> None:
    found = parse_answer(answer(number=HERMANN, name="HERMANN", names="GATIEN", sex="M"))
    assert isinstance(found, Found)
    assert found.key_is_wrong
    assert found.ins.matricule == "".join(HERMANN)


def test_a_corsican_number_has_a_right_key() -> None:
    found = parse_answer(answer(number=("180032B020401", "23")))
    assert isinstance(found, Found)
    assert not found.key_is_wrong


@pytest.mark.requirement("SC.INS/va1.28")
@pytest.mark.parametrize("born", ["1975-00-00", "1975-12-00", "1975-00-31"])
def test_a_lunar_date_is_not_imported(born: str) -> None:
    assert parse_answer(answer(born=born)) == Unusable("lunar_date")


@pytest.mark.requirement("SC.INS/va1.31")
@pytest.mark.parametrize("empty", [{"name": ""}, {"names": " "}, {"sex": ""}])
def test_an_empty_name_first_name_or_sex_is_not_imported(empty: dict[str, str]) -> None:
    assert parse_answer(answer(**empty)) == Unusable("empty_trait")  # type: ignore[arg-type]  # only text fields


@pytest.mark.parametrize(
    ("given_answer", "reason"),
    [
        (answer(born="1975-02-31"), "impossible_date"),
        (answer(born=""), "impossible_date"),
        (answer(sex="I"), "unknown_sex"),
        (answer(oid="1.2.3"), "unknown_oid"),
        (answer(number=("2751263220749", "")), "missing_key"),
    ],
)
def test_what_cannot_be_an_identity_is_not_imported(given_answer: bytes, reason: Reason) -> None:
    refused = parse_answer(given_answer)
    assert refused == Unusable(reason)
    assert refused.message.startswith("INSi a répondu")


@needs_shared
def test_a_fault_is_a_refusal_with_the_code_and_the_words_of_the_service() -> None:
    with pytest.raises(Rejected) as refusal:
        parse_answer((SAMPLES / "fault_siram100_desir550.xml").read_bytes())
    assert refusal.value.code == "desir_550"
    assert refusal.value.label.startswith(
        "Numéro d'autorisation du logiciel inconnu. L'accès par ce progiciel"
    )


def test_a_fault_without_detail_gives_its_subcode() -> None:
    fault = b"""<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Code>
    <s:Value>s:Sender</s:Value><s:Subcode><s:Value>s:siram_200</s:Value></s:Subcode></s:Code>
    <s:Reason><s:Text xml:lang="fr">Refus</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>"""
    with pytest.raises(Rejected) as refusal:
        parse_answer(fault)
    assert (refusal.value.code, refusal.value.label) == ("siram_200", "Refus")


def test_an_unknown_code_of_result_is_a_refusal() -> None:
    with pytest.raises(Rejected) as refusal:
        parse_answer(answer("57"))
    assert (refusal.value.code, refusal.value.label) == ("57", "OK")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>Service en maintenance</html>",
        b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
        b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body/></s:Envelope>',
        b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><x/></s:Body></s:Envelope>',
        answer().replace(b"INDIVIDU>", b"PERSONNE>"),
        answer(number=("27512", "74")),
        answer(number=("2751263220749", "7X")),
    ],
)
def test_what_is_not_an_answer_is_malformed_and_its_bytes_are_kept(data: bytes) -> None:
    with pytest.raises(Malformed) as broken:
        parse_answer(data)
    assert broken.value.raw == data


@settings(deadline=None)
@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_are_an_answer_or_one_of_our_errors(data: bytes) -> None:
    with contextlib.suppress(Malformed, Rejected):
        parse_answer(data)


@settings(deadline=None)
@given(st.text("0123456789- ", max_size=12), st.text("MFI ", max_size=2), st.text("A -'<", max_size=4))
def test_any_traits_are_an_answer_or_one_of_our_errors(born: str, sex: str, names: str) -> None:
    with contextlib.suppress(Malformed, Rejected):
        read = parse_answer(answer(born=born, sex=sex, names=names))
        assert isinstance(read, Found | Unusable)
