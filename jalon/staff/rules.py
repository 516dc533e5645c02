"""Who may do what: the closed lists of permissions, content classes and roles, and who carries which. Pure.

A permission is an act, or the reading of a class of content: a note is read by who reads notes and its class,
a document by who reads documents and its class. Nobody writes a class that they may not read again. The
role × page table of the tests is written from it. An establishment changes it within `limits.py`.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from jalon.core.choices import Choice


class ContentClass(Choice):
    """What a writing is about, hence for whom it is (CASF L311-3, CSP L1110-4)."""

    DAILY = "daily", "la vie quotidienne"
    EDUCATIONAL = "educational", "l’éducatif"
    SOCIAL = "social", "le social"
    HEALTH = "health", "la santé"
    PSYCHOLOGICAL = "psychological", "le psychologique"
    JUSTICE = "justice", "la justice"
    ADMINISTRATIVE = "administrative", "l’administratif"


NO_CONTENT: Final[frozenset[ContentClass]] = frozenset()
"""What a page holds that shows no content of a record: its names and dates have no class."""
EVERY_CONTENT: Final = frozenset(ContentClass)


class Permission(Choice):
    """The closed list of what a professional may do."""

    ENTER = "enter", "entrer dans le logiciel"
    LIST_RECORDS = "list_records", "voir la liste des personnes"
    OPEN_RECORD = "open_record", "ouvrir un dossier"
    READ_NOTES = "read_notes", "lire les transmissions"
    READ_DAILY = "read_daily", "lire ce qui touche la vie quotidienne"
    READ_EDUCATIONAL = "read_educational", "lire ce qui touche l’éducatif"
    READ_SOCIAL = "read_social", "lire ce qui touche le social"
    READ_HEALTH = "read_health", "lire ce qui touche la santé"
    READ_PSYCHOLOGICAL = "read_psychological", "lire ce qui touche le psychologique"
    READ_JUSTICE = "read_justice", "lire ce qui touche la justice"
    READ_ADMINISTRATIVE = "read_administrative", "lire ce qui touche l’administratif"
    WRITE_NOTE = "write_note", "écrire une transmission"
    WRITE_NEWS = "write_news", "écrire une nouvelle de l’unité"
    READ_PLAN = "read_plan", "lire le projet personnalisé"
    WRITE_PLAN = "write_plan", "écrire le projet personnalisé"
    SIGN_PLAN = "sign_plan", "signer le projet personnalisé"
    READ_DOCUMENTS = "read_documents", "lire les documents"
    ADD_DOCUMENT = "add_document", "ajouter un document"
    SEND_DOCUMENT = "send_document", "envoyer un document"
    READ_AGENDA = "read_agenda", "voir l’agenda"
    WRITE_AGENDA = "write_agenda", "remplir l’agenda"
    READ_INS = "read_ins", "afficher l’INS en entier"
    READ_ACCESSES = "read_accesses", "voir qui a ouvert un dossier"
    GRANT_ACCESS = "grant_access", "ouvrir un dossier à quelqu’un pour un temps"
    BREAK_GLASS = "break_glass", "ouvrir un dossier en urgence"
    REVIEW_RIGHTS = "review_rights", "relire les droits une fois l’an"
    SIMULATE_RIGHTS = "simulate_rights", "simuler les droits de quelqu’un"
    EDIT_PERSON = "edit_person", "tenir l’état civil et l’entourage"
    QUALIFY_IDENTITY = "qualify_identity", "qualifier une identité"
    MATCH_RECEPTION = "match_reception", "rapprocher un message reçu"
    OPEN_RECEPTION = "open_reception", "ouvrir le document d’un message qui attend"
    READ_INDICATORS = "read_indicators", "voir les indicateurs"
    TRANSFER_RECORDS = "transfer_records", "importer et exporter des dossiers"
    CORRECT_INDICATORS = "correct_indicators", "corriger un mois clos"
    CHANGE_RIGHTS = "change_rights", "changer ce que permet une fonction"
    MANAGE_STAFF = "manage_staff", "gérer les comptes"
    MANAGE_SETTINGS = "manage_settings", "régler les établissements"
    WATCH_MACHINE = "watch_machine", "surveiller l’exploitation"


class Role(Choice):
    """The roles of an establishment."""

    EDUCATOR = "educator", "éducatrice"
    CARE_WORKER = "care_worker", "aide-soignante"
    AES = "aes", "accompagnante éducative et sociale"
    NURSE = "nurse", "infirmière"
    PHYSICIAN = "physician", "médecin"
    OUTSIDE_PRESCRIBER = "outside_prescriber", "prescripteur extérieur"
    PHARMACIST = "pharmacist", "pharmacienne"
    DIETICIAN = "dietician", "diététicienne"
    PSYCHOLOGIST = "psychologist", "psychologue"
    TEAM_LEAD = "team_lead", "cheffe de service"
    DIRECTOR = "director", "directrice"
    SECRETARY = "secretary", "secrétaire d’admission"
    ACCOUNTS_OFFICER = "accounts_officer", "comptable"
    QUALITY_OFFICER = "quality_officer", "responsable qualité"
    IDENTITY_OFFICER = "identity_officer", "référente identitovigilance"
    DPO = "dpo", "déléguée à la protection des données"
    ADMINISTRATOR = "administrator", "administrateur"


EVERYONE: Final = {Permission.ENTER, Permission.LIST_RECORDS, Permission.OPEN_RECORD}
TEAM: Final = EVERYONE | {
    Permission.READ_NOTES,
    Permission.WRITE_NOTE,
    Permission.WRITE_NEWS,
    Permission.READ_PLAN,
    Permission.READ_DOCUMENTS,
    Permission.ADD_DOCUMENT,
    Permission.READ_AGENDA,
    Permission.WRITE_AGENDA,
}
WRITERS: Final = TEAM | {Permission.WRITE_PLAN, Permission.SEND_DOCUMENT}
# Who identifies somebody to another software, or on a paper that leaves: the others know people by sight.
IDENTIFIERS: Final = {Permission.READ_INS}
# Who sorts a mailbox, and opens what waits there. The one who sorts by traits alone does not open.
MAIL: Final = {Permission.MATCH_RECEPTION, Permission.OPEN_RECEPTION}
# Who treats the person without being of the team of the house: what they write comes back to it.
CARERS_FROM_OUTSIDE: Final = EVERYONE | {
    Permission.READ_NOTES,
    Permission.WRITE_NOTE,
    Permission.READ_DOCUMENTS,
    Permission.ADD_DOCUMENT,
}
# Who gives care when it cannot wait: a record of elsewhere opens to them at once, for minutes, and is told.
RESCUERS: Final = {Permission.BREAK_GLASS}
LEADS: Final = WRITERS | {
    Permission.SIGN_PLAN,
    Permission.READ_ACCESSES,
    Permission.GRANT_ACCESS,
    Permission.SIMULATE_RIGHTS,
    Permission.REVIEW_RIGHTS,
    Permission.READ_INDICATORS,
    *IDENTIFIERS,
    *MAIL,
}

ACTS: Final[dict[Role, frozenset[Permission]]] = {
    Role.EDUCATOR: frozenset(WRITERS),
    Role.CARE_WORKER: frozenset(TEAM | RESCUERS),
    Role.AES: frozenset(TEAM | RESCUERS),
    Role.NURSE: frozenset(WRITERS | IDENTIFIERS | MAIL | RESCUERS),
    Role.PHYSICIAN: frozenset(WRITERS | {Permission.SIGN_PLAN} | IDENTIFIERS | MAIL | RESCUERS),
    Role.OUTSIDE_PRESCRIBER: frozenset(CARERS_FROM_OUTSIDE | IDENTIFIERS),
    Role.PHARMACIST: frozenset(CARERS_FROM_OUTSIDE | IDENTIFIERS),
    # The plan is educational, which a dietician does not read.
    Role.DIETICIAN: frozenset(TEAM - {Permission.READ_PLAN}),
    Role.PSYCHOLOGIST: frozenset(WRITERS),
    Role.TEAM_LEAD: frozenset(LEADS | RESCUERS | {Permission.EDIT_PERSON}),
    Role.DIRECTOR: frozenset(
        LEADS
        | {
            Permission.EDIT_PERSON,
            Permission.TRANSFER_RECORDS,
            Permission.CORRECT_INDICATORS,
            Permission.CHANGE_RIGHTS,
            Permission.MANAGE_SETTINGS,
            Permission.WATCH_MACHINE,
        }
    ),
    Role.SECRETARY: frozenset(
        EVERYONE
        | {
            Permission.READ_DOCUMENTS,
            Permission.ADD_DOCUMENT,
            Permission.READ_AGENDA,
            Permission.WRITE_AGENDA,
            Permission.EDIT_PERSON,
            *IDENTIFIERS,
            *MAIL,
        }
    ),
    Role.ACCOUNTS_OFFICER: frozenset(EVERYONE | {Permission.READ_DOCUMENTS, Permission.ADD_DOCUMENT}),
    # Who watches over the house, or over the protection of the data, works on figures and on traces.
    Role.QUALITY_OFFICER: frozenset({Permission.ENTER, Permission.READ_INDICATORS}),
    Role.DPO: frozenset({Permission.ENTER, Permission.SIMULATE_RIGHTS}),
    Role.IDENTITY_OFFICER: frozenset(
        EVERYONE
        | {
            Permission.EDIT_PERSON,
            Permission.QUALIFY_IDENTITY,
            Permission.MATCH_RECEPTION,
            *IDENTIFIERS,
        }
    ),
    # Separation of duties (SC.SSI/GEN.16): whoever keeps the accounts opens no record.
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.ENTER,
            Permission.MANAGE_STAFF,
            Permission.MANAGE_SETTINGS,
            Permission.WATCH_MACHINE,
            Permission.TRANSFER_RECORDS,
        }
    ),
}

# Whoever accompanies the person reads what happens with them; each other class goes to who works with it.
ALL_TEAM: Final = frozenset(
    {ContentClass.DAILY, ContentClass.EDUCATIONAL, ContentClass.SOCIAL, ContentClass.ADMINISTRATIVE}
)
CARE: Final = ALL_TEAM | {ContentClass.HEALTH}
# The daily life says what not to give, and how the person swallows; the papers, who pays and who agrees.
TREATMENT: Final = frozenset({ContentClass.DAILY, ContentClass.HEALTH, ContentClass.ADMINISTRATIVE})
READS: Final[dict[Role, frozenset[ContentClass]]] = {
    Role.EDUCATOR: ALL_TEAM,
    Role.CARE_WORKER: CARE,
    Role.AES: CARE,
    Role.NURSE: CARE,
    Role.PHYSICIAN: CARE | {ContentClass.PSYCHOLOGICAL},
    Role.OUTSIDE_PRESCRIBER: TREATMENT,
    Role.PHARMACIST: TREATMENT,
    Role.DIETICIAN: TREATMENT,
    Role.PSYCHOLOGIST: CARE | {ContentClass.PSYCHOLOGICAL},
    Role.TEAM_LEAD: CARE | {ContentClass.PSYCHOLOGICAL, ContentClass.JUSTICE},
    Role.DIRECTOR: CARE | {ContentClass.JUSTICE},
    Role.SECRETARY: frozenset({ContentClass.ADMINISTRATIVE}),
    Role.ACCOUNTS_OFFICER: frozenset({ContentClass.ADMINISTRATIVE}),
    Role.QUALITY_OFFICER: frozenset(),
    Role.IDENTITY_OFFICER: frozenset(),
    Role.DPO: frozenset(),
    Role.ADMINISTRATOR: frozenset(),
}


def reading(content: ContentClass) -> Permission:
    """The permission to read this class."""
    return Permission(f"read_{content}")


Functions = Mapping[Role, frozenset[Permission]]
"""What each function allows."""
PERMISSIONS: Final[Functions] = {
    role: acts | {reading(content) for content in READS[role]} for role, acts in ACTS.items()
}
OPENS: Final = frozenset(role for role, may in PERMISSIONS.items() if Permission.OPEN_RECORD in may)
"""The functions that open records."""


READING: Final[dict[Permission, ContentClass]] = {reading(content): content for content in ContentClass}
"""The class that each of these permissions lets one read."""
RESTRICTED: Final = frozenset({reading(ContentClass.PSYCHOLOGICAL), reading(ContentClass.JUSTICE)})
"""What no emergency opens."""


def classes_read(permissions: Collection[Permission]) -> frozenset[ContentClass]:
    """The classes that these permissions let one read."""
    return frozenset(content for content in ContentClass if reading(content) in permissions)


def together(several: Iterable[frozenset[Permission]]) -> frozenset[Permission]:
    """All that several functions allow."""
    return frozenset[Permission]().union(*several)


_NEVER_LENT: Final = {Role.DIRECTOR, Role.DPO, Role.ADMINISTRATOR}
LENDS: Final[dict[Role, frozenset[Role]]] = {
    Role.DIRECTOR: frozenset(Role) - _NEVER_LENT,
    Role.TEAM_LEAD: frozenset(Role)
    - _NEVER_LENT
    - {Role.TEAM_LEAD, Role.IDENTITY_OFFICER, Role.ACCOUNTS_OFFICER, Role.QUALITY_OFFICER},
}
"""Who gives which function to somebody for some days, in place of somebody else: never one's own."""


def lent_by(role: Role) -> frozenset[Role]:
    """The functions that somebody of this one gives for some days."""
    return LENDS.get(role, frozenset())


def who_may(permission: Permission, functions: Functions = PERMISSIONS) -> tuple[Role, ...]:
    """The roles that carry this permission, by the rule of the product or as a house has it."""
    return tuple(role for role in Role if permission in functions[role])
