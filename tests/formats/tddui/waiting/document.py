"""A document attached to a record."""

from jalon.formats.tddui.classes.document import Content, DocumentData
from jalon.formats.tddui.values import Attachment, Link
from tests.formats.tddui.sample import LOCAL, PERIOD, concept, ident, ref
from tests.formats.tddui.sample_record import LOU, resource
from tests.formats.tddui.waiting import Waiting

MOS = "https://mos.esante.gouv.fr/NOS/"

WAITING = Waiting(
    name="documents",
    sample=resource(
        "DocumentReference",
        "document-reference",
        updated="2026-02-01T08:00:00Z",
        masterIdentifier={"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.250.1.999.1"},
        identifier=[ident("urn:ged", "D-1")],
        status="superseded",
        docStatus="final",
        type=concept(f"{MOS}TRE_A05-TypeDocComplementaire", "EXPORT_DUI", "Export"),
        category=[concept(f"{MOS}TRE_A03-ClasseDocument", "95")],
        subject=LOU,
        date="2026-02-01T08:00:00.123+01:00",
        author=[ref("Practitioner/ide"), ref("Organization/ime")],
        authenticator=ref("PractitionerRole/role"),
        custodian=ref("Organization/ime"),
        relatesTo=[{"code": "replaces", "target": ref("DocumentReference/doc")}],
        description="Livret d’accueil, deuxième tirage",
        securityLabel=[concept("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "N")],
        content=[
            {
                "attachment": {
                    "contentType": "text/plain",
                    "language": "fr-FR",
                    "data": "TGl2cmV0",
                    "size": 6,
                    "hash": "2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
                    "title": "Livret",
                    "creation": "2026-01-31T17:00:00+01:00",
                },
                "format": {"system": f"{MOS}TRE_A11-IheFormatCode", "code": "urn:ihe:iti:xds-sd:text:2008"},
            },
            {"attachment": {"url": "https://example.test/livret.pdf", "title": "Livret (PDF)"}},
        ],
        context={
            "encounter": [ref("Encounter/stay")],
            "event": [{"text": "Entrée"}],
            "period": PERIOD,
            "facilityType": concept(f"{MOS}TRE_R02-SecteurActivite", "SA05"),
            "practiceSetting": concept(f"{MOS}TRE_A01-CadreExercice", "SOCIAL"),
            "sourcePatientInfo": LOU,
            "related": [ref("CarePlan/pp")],
        },
    ),
    edit=("description", "Livret d’accueil", "description"),
    made=DocumentData(
        key="urn:ietf:rfc:3986|urn:oid:1.2.250.1.999.2",
        person=Link("Patient", LOCAL),
        authors=(Link("Organization", "1010001246"),),
        contents=(Content(Attachment("text/plain", "Livret", "TGl2cmV0")),),
    ),
    refused={
        "it has an author": (lambda it: it.pop("author"), "author"),
        "it has a content": (lambda it: it.pop("content"), "content"),
        "each content has a title": (
            lambda it: it["content"][1]["attachment"].pop("title"),
            "content[1].attachment.title",
        ),
        "it is of a person": (lambda it: it.update(subject=ref("Organization/ime")), "subject.reference"),
    },
)
