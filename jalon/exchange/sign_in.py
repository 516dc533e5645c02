"""Pro Santé Connect: claims → the account of an existing professional."""

from typing import Any

from jalon.core.errors import DomainError
from jalon.gateways.psc.claims import parse_userinfo, require_level
from jalon.staff.models import Account
from jalon.staff.queries import account_of_rpps


def account_of_claims(userinfo: dict[str, Any], id_token: dict[str, Any]) -> Account:
    """The account whose professional carries the national id of these claims.

    Raises DomainError `psc_unknown` when nobody here has it (SC.PSC.02: nothing is created silently), and
    whatever the claims themselves deserve (level too low, national id absent).
    """
    require_level(id_token)
    identity = parse_userinfo(userinfo)
    account = account_of_rpps(identity.rpps)
    if account is None:
        raise DomainError(
            "Votre numéro RPPS n’est rattaché à aucun compte ici. Demandez à l’administrateur de l’ajouter.",
            code="psc_unknown",
        )
    return account
