"""Who may open what, written by hand: read it as a policy, not as a copy of the code.

One letter a role, in this order; a dot where the role is refused.
"""

from dataclasses import dataclass, field
from typing import Any

ROLES = {
    "E": "educator",
    "C": "care_worker",
    "K": "aes",
    "N": "nurse",
    "P": "physician",
    "O": "outside_prescriber",
    "H": "pharmacist",
    "T": "dietician",
    "Y": "psychologist",
    "L": "team_lead",
    "D": "director",
    "S": "secretary",
    "B": "accounts_officer",
    "Q": "quality_officer",
    "I": "identity_officer",
    "V": "dpo",
    "A": "administrator",
}


@dataclass(frozen=True)
class Row:
    """One page and method: who gets the answer, the others get 403; data is the least a POST sends."""

    name: str
    method: str
    who: str
    answer: int
    data: dict[str, str] = field(default_factory=dict)
    kind: str = ""
    whole: bool = False  # only for whoever holds the right in the whole house: a unit is not enough

    def __str__(self) -> str:
        return f"{self.method} {self.name} {self.kind}".strip()

    @property
    def roles(self) -> set[str]:
        return {ROLES[letter] for letter in self.who if letter != "."}

    def sent(self, case: Any) -> dict[str, str]:
        """The data, with the record it names."""
        return self.data | ({"record": str(case.record.pk)} if "record" in self.data else {})

    def arguments(self, case: Any) -> dict[str, Any]:
        """What the address holds, for that record."""
        return {
            "record_id": case.record.pk,
            "code": "I2",
            "part_id": case.goal,
            "note_id": case.note,
            "task_id": case.task,
            "news_id": case.news,
            "contact_id": case.contact,
            "measure_id": case.measure,
            "parent_id": case.parent,
            "vigilance_id": case.vigilance,
            "stay_id": case.stay,
            "event_id": case.event,
            "agreement_id": case.agreement,
            "kind": self.kind,
            "document_id": case.document,
            "delivery_id": case.delivery,
            "reception_id": case.reception,
            "run_id": case.record.pk,  # nobody asked for such a run
            "rank": 0,
            "file": 0,
            "house_id": case.record.establishment_id,
            "unit_id": case.record.unit_id or case.record.pk,  # a house without units has none to reach
            "name": setting_of(self.name),
            "role": "psychologist",
            **case.directory,
        }


def setting_of(page: str) -> str:
    """A setting that the page of that name may change."""
    return "plans.review_days" if ":body-" in page else "module.transport"


#                ECKNPOHTYLDSBQIVA
EVERYONE = "ECKNPOHTYLDSBQIVA"
RECORDS = "ECKNPOHTYLDSB.I.."
CARERS = "ECKNPOHTYLD......"
TEAM = "ECKNP..TYLD......"
PLANNERS = "ECKNP...YLD......"  # the plan is educational
READERS = "ECKNPOHTYLDSB...."
TEAM_AND_SECRETARY = "ECKNP..TYLDS....."
WRITERS = "E..NP...YLD......"
SIGNERS = "....P....LD......"
STEERERS = ".........LD..Q..."
LEADS = ".........LD......"
IDENTIFIERS = "...NPOH..LDS..I.."
MAIL = "...NP....LDS..I.."
OPENERS = "...NP....LDS....."
NOBODY = "................."
RESCUERS = ".CKNP....L......."
SIMULATORS = ".........LD....V."
IDENTITY = "..............I.."
KEEPERS = ".........LDS..I.."
ADMINISTRATOR = "................A"
EDITORS = ".........LDS..I.."
TRANSFERS = "..........D.....A"
DIRECTOR = "..........D......"
SETTERS = "..........D.....A"

MORNING = {
    "label": "Marché",
    "starts_at": "2026-12-01T09:00",
    "ends_at": "2026-12-01T10:00",
    "status": "PLANIFIE",
}
RIGHT = {"droit": "sign_plan", "donner": "oui"}
GOAL = {"title": "Prendre le bus", "status": "ACTIF"}

PAGES = (
    Row("home:day", "get", EVERYONE, 200),
    Row("rooms:index", "get", EVERYONE, 200),
    Row("people:list", "get", RECORDS, 200),
    Row("people:search", "get", RECORDS, 200, {"q": "roseau"}),
    Row("people:new", "get", EDITORS, 200),
    Row("people:new", "post", EDITORS, 422),  # nothing typed
    Row("handover:list", "get", CARERS, 200),
    Row("handover:all-read", "post", CARERS, 302),
    Row("handover:unread", "post", CARERS, 302),
    Row("handover:news-add", "get", TEAM, 200),
    Row("handover:news-add", "post", TEAM, 422),  # nothing typed
    Row("handover:write", "get", CARERS, 200),
    Row("handover:write", "post", CARERS, 302, {"record": "", "famille": "vie", "texte": "A bien dormi."}),
    Row("agenda:week", "get", TEAM_AND_SECRETARY, 200),
    Row("directory:list", "get", RECORDS, 200),
    Row("directory:structure", "get", EDITORS, 200),
    Row("directory:structure", "post", EDITORS, 302, {"name": "Cabinet d’essai"}),
    Row("directory:structure-add", "get", EDITORS, 200),
    Row("directory:structure-add", "post", EDITORS, 302, {"name": "Cabinet nouveau"}),
    Row("directory:professional-add", "get", EDITORS, 200),
    Row("directory:professional-add", "post", EDITORS, 302, {"last_name": "NOUVELLE"}),
    Row("directory:function-add", "get", EDITORS, 200),
    Row("directory:function-add", "post", EDITORS, 302, {"phone": "01 99 00 00 03"}),
    Row("directory:professional", "get", EDITORS, 200),
    Row("directory:professional", "post", EDITORS, 302, {"last_name": "AILLEURS"}),
    Row("directory:function", "get", EDITORS, 200),
    Row("directory:function", "post", EDITORS, 302, {"phone": "01 99 00 00 01"}),
    Row("exchange:inbox", "get", MAIL, 200),
    Row("indicators:index", "get", STEERERS, 200),
    Row("indicators:proof", "get", STEERERS, 200),
    Row("staff:list", "get", ADMINISTRATOR, 200),
    Row("staff:import", "get", ADMINISTRATOR, 200),
    Row("staff:import", "post", ADMINISTRATOR, 422),  # no file
    Row("staff:import-errors", "get", ADMINISTRATOR, 302),  # no list in this session
    Row("staff:invite", "get", ADMINISTRATOR, 200),
    Row("staff:invite", "post", ADMINISTRATOR, 422),  # nothing typed
    Row("accesses:index", "get", EVERYONE, 200),
    Row("accesses:ask", "get", RECORDS, 200),
    Row("accesses:ask", "post", RECORDS, 422),  # nothing typed
    Row("accesses:emergency", "get", RESCUERS, 200),
    Row("accesses:emergency", "post", RESCUERS, 422),  # nothing typed
    Row("accesses:replace", "get", LEADS, 200),
    Row("accesses:replace", "post", LEADS, 422),  # nothing typed
    Row("accesses:replace-end", "post", LEADS, 404),  # nothing named
    Row("accesses:simulator", "get", SIMULATORS, 200),
    Row("accesses:simulator", "post", SIMULATORS, 422),  # nothing typed
    Row("settings:index", "get", SETTERS, 200),
    Row("settings:functions", "get", SETTERS, 200),
    Row("settings:machine", "get", SETTERS, 200),
    Row("settings:posts", "get", SETTERS, 200),
    Row("settings:posts", "post", SETTERS, 302),  # of no post
    Row("settings:post-declare", "get", SETTERS, 200),
    Row("settings:post-declare", "post", SETTERS, 422),  # nothing typed
    Row("settings:body-edit", "get", SETTERS, 200),
    Row("settings:body-edit", "post", SETTERS, 302, {"value": "180"}),
    Row("settings:body-reset", "post", SETTERS, 302),
    Row("operations:index", "get", SETTERS, 200),
    Row("operations:news", "get", SETTERS, 200),
    Row("transfers:import", "get", TRANSFERS, 200),
    Row("transfers:import", "post", TRANSFERS, 422),  # no file
    Row("transfers:report", "get", TRANSFERS, 302),  # nothing imported in this session
    Row("transfers:run", "get", TRANSFERS, 404),  # of somebody else, or of nobody
    Row("transfers:run_report", "get", TRANSFERS, 404),
    Row("transfers:run_undo", "post", TRANSFERS, 404),
)
# Of one house: the mailbox of another house is closed, whatever the role.
HOUSE_PAGES = (
    Row("handover:news-read", "post", CARERS, 302),
    Row("handover:news-end", "post", TEAM, 302),
    Row("handover:news-restore", "post", TEAM, 302),
    Row("accesses:yearly", "get", LEADS, 200, whole=True),
    Row("accesses:yearly", "post", LEADS, 404, whole=True),  # nothing chosen
    Row("accesses:yearly-file", "get", LEADS, 404, whole=True),  # nothing signed yet
    Row("accesses:answer", "get", LEADS, 200),
    Row("accesses:answer", "post", LEADS, 422),  # nothing chosen
    Row("accesses:review", "get", LEADS, 200),
    Row("accesses:review", "post", LEADS, 422),  # nothing chosen
    Row("exchange:message", "get", MAIL, 200),
    Row("exchange:match", "post", MAIL, 302, {"record": "the record"}),
    Row("exchange:set-aside", "post", MAIL, 302, {"reason": "Publicité."}),
    Row("exchange:put-back", "post", MAIL, 302, {"reason": "Elle arrive lundi."}),  # refused: it waits
    Row("exchange:replay", "post", MAIL, 302),  # refused: it waits
    Row("exchange:dismiss", "post", MAIL, 302, {"reason": "Lu dans la messagerie."}),  # refused: it waits
    Row("exchange:take-back", "post", NOBODY, 302),  # of a message in a record: tests/web/test_letters.py
    Row("exchange:document", "get", OPENERS, 404, whole=True),  # the message carries none
    Row("exchange:file", "get", OPENERS, 404, whole=True),
    Row("exchange:joined", "get", OPENERS, 404, whole=True),
    Row("staff:one", "get", ADMINISTRATOR, 200),
    Row("staff:assign", "get", ADMINISTRATOR, 200),
    Row("staff:assign", "post", ADMINISTRATOR, 422),  # nothing typed
    Row("staff:leave", "get", ADMINISTRATOR, 200),
    Row("staff:leave", "post", ADMINISTRATOR, 302),
    Row("staff:recover", "get", ADMINISTRATOR, 200),
    Row("staff:recover", "post", ADMINISTRATOR, 422),  # without account
    Row("staff:invite-again", "get", ADMINISTRATOR, 200),
    Row("staff:invite-again", "post", ADMINISTRATOR, 422),  # without account
    Row("staff:invite-cancel", "get", ADMINISTRATOR, 200),
    Row("staff:invite-cancel", "post", ADMINISTRATOR, 422),  # without account
    Row("staff:confirm", "get", ADMINISTRATOR, 200),
    Row("staff:confirm", "post", ADMINISTRATOR, 422),  # nothing typed
    Row("staff:function", "get", ADMINISTRATOR, 200),
    Row("staff:function", "post", ADMINISTRATOR, 422),  # nothing typed
    Row("staff:end", "get", ADMINISTRATOR, 200),
    Row("staff:end", "post", ADMINISTRATOR, 302, {"ends_on": "2027-01-31"}),
    Row("settings:house", "get", SETTERS, 200),
    Row("settings:house-functions", "get", SETTERS, 200),
    Row("settings:function", "get", SETTERS, 200),
    Row("settings:function-right", "post", DIRECTOR, 302, RIGHT, whole=True),
    Row("settings:address", "get", SETTERS, 200),
    Row("settings:address", "post", SETTERS, 302, {"city": "Rennes"}),
    Row("settings:unit-add", "get", SETTERS, 200),
    Row("settings:unit-add", "post", SETTERS, 302, {"name": "Verte"}),
    Row("settings:house-edit", "get", SETTERS, 200),
    Row("settings:house-edit", "post", SETTERS, 302, {"value": "non"}),
    Row("settings:house-reset", "post", SETTERS, 302),
    Row("settings:unit", "get", SETTERS, 200),
    Row("settings:unit-name", "get", SETTERS, 200),
    Row("settings:unit-name", "post", SETTERS, 302, {"name": "Jaune"}),
    Row("settings:unit-edit", "get", SETTERS, 200),
    Row("settings:unit-edit", "post", SETTERS, 302, {"value": "non"}),
    Row("settings:unit-reset", "post", SETTERS, 302),
)
# Of one person: in a record of elsewhere nobody gets in, whatever the role.
RECORD_PAGES = (
    Row("handover:read", "post", CARERS, 302),
    Row("records:summary", "get", RECORDS, 200),
    Row("records:note", "post", CARERS, 302, {"famille": "vie", "texte": "A bien dormi."}),
    Row("records:note-withdraw", "post", CARERS, 404),
    Row("records:note-answer", "get", CARERS, 200),
    Row("records:note-answer", "post", CARERS, 302, {"texte": "Et depuis ?"}),
    Row("records:task-add", "get", CARERS, 200),
    Row("records:task-add", "post", CARERS, 302, {"what": "Rappeler sa sœur"}),
    Row("records:task-take", "post", CARERS, 302),
    Row("records:task-hand-back", "post", CARERS, 302),
    Row("records:task-done", "post", CARERS, 302),
    Row("records:task-reopen", "post", CARERS, 302),
    Row("records:task-cancel", "post", CARERS, 302),
    Row("records:note-correct", "get", CARERS, 404),
    Row("records:note-correct", "post", CARERS, 404),
    Row("records:reveal-ins", "get", IDENTIFIERS, 302),
    Row("records:reveal-ins", "post", IDENTIFIERS, 200),
    Row("records:agenda", "get", TEAM_AND_SECRETARY, 200),
    Row("records:event-add", "get", TEAM_AND_SECRETARY, 200),
    Row("records:event-add", "post", TEAM_AND_SECRETARY, 302, MORNING),
    Row("records:event", "get", TEAM_AND_SECRETARY, 200),
    Row("records:event", "post", TEAM_AND_SECRETARY, 302, {"place": "Salle bleue"}),
    Row("records:documents", "get", READERS, 200),
    Row("records:document-add", "get", READERS, 200),
    Row("records:document-add", "post", READERS, 422),  # no file
    Row("records:document-take-back", "get", READERS, 404),  # the document was signed here
    Row("records:document-take-back", "post", READERS, 404),
    Row("records:document", "get", READERS, 200),
    Row("records:file", "get", READERS, 200),
    Row("records:joined", "get", READERS, 404),  # the document carries no file
    Row("records:decide", "post", WRITERS, 302, {"geste": "recu"}),
    Row("records:export", "post", DIRECTOR, 200),
    Row("records:circle", "get", RECORDS, 200),
    Row("records:contact-add", "get", KEEPERS, 200),
    Row("records:contact-add", "post", KEEPERS, 302, {"last_name": "PROCHE"}),
    Row("records:contact", "get", KEEPERS, 200),
    Row("records:contact", "post", KEEPERS, 302, {"phone": "01 99 00 00 00"}),
    Row("records:measure-add", "get", KEEPERS, 200),
    Row("records:measure-add", "post", KEEPERS, 302, {"kind": "tutelle", "starts_on": "2026-01-05"}),
    Row("records:measure", "get", KEEPERS, 200),
    Row("records:measure", "post", KEEPERS, 302, {"court": "Rennes"}),
    Row("records:parent-add", "get", KEEPERS, 200),
    Row("records:parent-add", "post", KEEPERS, 422),  # nobody named
    Row("records:parent", "get", KEEPERS, 200),
    Row("records:parent", "post", KEEPERS, 302, {"decision": "Jugement du 5 janvier 2026"}),
    Row("records:vigilances", "get", CARERS, 200),
    Row("records:vigilance-add", "get", CARERS, 200),
    Row("records:vigilance-add", "post", CARERS, 302, {"kind": "allergy", "text": "Latex"}),
    Row("records:vigilance", "get", CARERS, 200),
    Row("records:vigilance", "post", CARERS, 302, {"text": "Pollen"}),
    Row("records:vigilance-end", "get", CARERS, 200),
    Row("records:vigilance-end", "post", CARERS, 302, {"end_reason": "Test négatif"}),
    Row("records:rights", "get", RECORDS, 200),
    Row("records:rights", "post", KEEPERS, 302, {"finalite": "dmp_feed", "decision": "refuse"}),
    Row("records:accesses", "get", LEADS, 200),
    Row("records:why", "get", RECORDS, 200),
    Row("records:grant", "get", LEADS, 200),
    Row("records:grant", "post", LEADS, 422),  # nobody named
    Row("records:grant-end", "post", LEADS, 404),  # nothing named
    Row("records:identity", "get", RECORDS, 200),
    Row("records:identity", "post", IDENTITY, 302, {"geste": "doute"}),
    Row("records:person-edit", "get", KEEPERS, 200),
    Row("records:person-edit", "post", KEEPERS, 302, {"city": "Rennes"}),
    Row("records:photo", "get", KEEPERS, 200),
    Row("records:photo", "post", KEEPERS, 422),  # no file
    Row("records:photo-hide", "post", KEEPERS, 302),
    Row("records:photo-picture", "get", RECORDS, 404),  # nobody agreed to one
    Row("records:stays", "get", RECORDS, 200),
    Row("records:placing", "get", KEEPERS, 200),
    Row("records:placing", "post", KEEPERS, 302, {"room": "14"}),
    Row("records:stay-add", "get", KEEPERS, 200),
    Row("records:stay-add", "post", KEEPERS, 302, {"planned_start": "2027-01-04"}),
    Row("records:stay", "get", KEEPERS, 200),
    Row("records:stay", "post", KEEPERS, 302, {"comment": "Accueil séquentiel"}),
    Row("records:plan", "get", PLANNERS, 200),
    Row("records:plan-open", "post", WRITERS, 302),
    Row("records:plan-edit", "get", WRITERS, 200),
    Row("records:plan-edit", "post", WRITERS, 302, {"title": "Projet 2027"}),
    Row("records:plan-add", "get", WRITERS, 200, kind="attente"),
    Row("records:plan-add", "get", WRITERS, 200, kind="besoin"),
    Row("records:plan-add", "get", WRITERS, 200, kind="objectif"),
    Row("records:plan-add", "get", WRITERS, 200, kind="action"),
    Row("records:plan-add", "post", WRITERS, 302, {"description": "Voir la mer."}, "attente"),
    Row("records:plan-part", "get", WRITERS, 200, kind="objectif"),
    Row("records:plan-part", "post", WRITERS, 302, GOAL, "objectif"),
    Row("records:plan-agree", "post", WRITERS, 302, {"words": "Oui."}),
    Row("records:agreement", "get", WRITERS, 200),
    Row("records:agreement", "post", WRITERS, 302, {"words": "Oui."}),
    Row("records:plan-move", "post", WRITERS, 302, {"to": "ENPAUSE"}),
    Row("records:plan-sign", "get", SIGNERS, 200),
    Row("records:plan-sign", "post", SIGNERS, 302),
    Row("records:plan-publish", "get", WRITERS, 404),
    Row("records:plan-publish", "post", WRITERS, 404),
    Row("records:plan-review", "get", WRITERS, 200),
    Row("records:plan-review", "post", WRITERS, 302, {"review": "Une bonne année."}),
    Row("records:plan-end", "get", WRITERS, 200),
    Row("records:plan-end", "post", WRITERS, 422),
    Row("records:plan-succeed", "post", WRITERS, 302),
)
TABLE = (*PAGES, *HOUSE_PAGES, *RECORD_PAGES)

# What nobody has to be a professional for, and why.
PUBLIC = {
    "root": "leads to the day, which asks",
    "security-contact": "where to say that something is wrong",
    "theme": "day or night: a preference",
    "place": "narrows lists and gives no right; kept in the session of whoever asks",
    "body": "which of one's own managing bodies; gives no right",
    "demo-sign-in": "the buttons of the demonstration; 404 everywhere else",
    "components:index": "the components, without personal data",
    "account_login": "the door",
    "sign-in-conditions": "what signing in means, before the door",
    "account_logout": "the way out",
    "psc-situation": "one's own situations of work, as the national directory says",
    "psc-telephone": "the door of those who confirm on their telephone",
    "psc-telephone-wait": "the digits that it shows, until it answers",
    "psc-ended": "what the provider says of a session that ended; its token is the proof",
    "psc-signed-out": "the way back from it, once its session is closed",
    "account_inactive": "says that an account is closed",
    "account_reauthenticate": "asks the password again before a sensitive change",
    "account_change_password": "one's own password",
    "account_set_password": "one's own password",
    "ticket": "the door, by a link that opens once",
    "forgotten": "before the door: one answer whoever asks; 404 where the site sends no mail",
    "waiting": "one's own code, to be recognized",
    "asleep": "takes the place of a page that nobody uses any more; holds nothing of anybody",
    "sessions": "one's own sessions",
    "post-door": "the door of a shared post, for whoever signed in there today; its cookie is signed",
    "post-change": "the way out of a session that leaves the turn of its owner open, at a shared post",
    "post-key": "one's own code and badge",
    "mfa_index": "one's own second factors",
    "mfa_authenticate": "the second factor, at the door",
    "mfa_reauthenticate": "the second factor again",
    "mfa_activate_totp": "one's own second factors",
    "mfa_deactivate_totp": "one's own second factors",
    "mfa_view_recovery_codes": "one's own second factors",
    "mfa_generate_recovery_codes": "one's own second factors",
    "mfa_download_recovery_codes": "one's own second factors",
    "mfa_list_webauthn": "one's own second factors",
    "mfa_add_webauthn": "one's own second factors",
    "mfa_reauthenticate_webauthn": "the key again",
    "mfa_remove_webauthn": "one's own second factors",
    "mfa_edit_webauthn": "one's own second factors",
    "mfa_login_webauthn": "the door, with a key",
    "openid_connect_login": "the door of Pro Santé Connect",
    "openid_connect_callback": "the way back from it",
}
