"""What came of a sending is a French sentence; the service's own words are kept apart."""

import pytest

from jalon.exchange.words import DEFAULT, MEANINGS, told


@pytest.mark.parametrize(
    ("code", "label", "sentence", "technical"),
    [
        ("250", "2.0.0 OK queued as 17", "La messagerie a pris le message.", "250 2.0.0 OK queued as 17"),
        ("XDSUnknownPatientId", "", MEANINGS["XDSUnknownPatientId"], "XDSUnknownPatientId"),
        ("XDSMissingDocument", "no document", MEANINGS["XDS"], "XDSMissingDocument no document"),
        ("DMPExpired", "", MEANINGS["DMP"], "DMPExpired"),
        ("5.1.1", "550 User unknown", MEANINGS["5.1.1"], "5.1.1 550 User unknown"),
        ("5.7.26", "policy", MEANINGS["5.7"], "5.7.26 policy"),
        ("452", "later", MEANINGS["4"], "452 later"),
        ("902", "Identité inconnue", DEFAULT, "902 Identité inconnue"),
        ("42", "Patient inconnu", DEFAULT, "42 Patient inconnu"),
        ("", "smtp; 550 5.1.1 unknown", DEFAULT, "smtp; 550 5.1.1 unknown"),
        ("", "reçu par le DMP", "reçu par le DMP", ""),
        ("", "", "", ""),
        ("cut", "coupure : le service est interrogé", "coupure : le service est interrogé", ""),
        ("not_qualified", "L’identité n’est pas qualifiée.", "L’identité n’est pas qualifiée.", ""),
        (
            "unreachable",
            "l’opérateur demande d’attendre (450 try later)",
            "l’opérateur demande d’attendre",
            "450 try later",
        ),
    ],
)
def test_an_answer_is_said_in_french_with_its_own_words_apart(
    code: str, label: str, sentence: str, technical: str
) -> None:
    said = told(code, label)
    assert (said.sentence, said.technical) == (sentence, technical)
