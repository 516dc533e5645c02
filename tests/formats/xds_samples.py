"""A small submission of our own, for XDS, XDM and DMP tests: fictional people, an official test INS."""

import datetime as dt

from jalon.core.identity import Ins
from jalon.formats import xds
from jalon.terminology import Coding

NOW = dt.datetime(2026, 11, 22, 9, 30, tzinfo=dt.UTC)
PATIENT = Ins("279035121518989", "1.2.250.1.213.1.4.10")
STRUCTURE_ID = "1750001234"
SOURCE_OID = "1.2.250.1.999.1"
PLAN = Coding("2.16.840.1.113883.6.1", "80788-3", "Projet personnalisé d'accompagnement")
PLAN_CLASS = Coding("1.2.250.1.213.1.1.4.1", "44", "Plans et programmes")
NURSE = xds.AuthorPerson.professional("801234567897", "MARTIN", "Claire")
NURSE_SPECIALTY = Coding("1.2.250.1.213.1.1.4.5", "G15_60", "Infirmier")
HOUSE = xds.Institution("EHPAD LES TILLEULS (FICTIF)", STRUCTURE_ID)
AUTHOR = xds.Author(NURSE, (HOUSE,), (), (NURSE_SPECIALTY,))


def cda(
    unique_id: str = "1.2.250.1.999.1.4.1",
    *,
    patient: Ins = PATIENT,
    type_code: str = PLAN.code,
    text: str = "JVBERi0xLjQK",
) -> bytes:
    """A minimal N1: what the registry reads of a document, not a whole header."""
    person = "<assignedPerson><name><family>MARTIN</family><given>Claire</given></name></assignedPerson>"
    organization = (
        f'<representedOrganization><id root="1.2.250.1.71.4.2.2" extension="{STRUCTURE_ID}"/>'
        "<name>EHPAD LES TILLEULS (FICTIF)</name>{0}</representedOrganization>"
    )
    sector = (
        '<standardIndustryClassCode code="ESSMS" codeSystem="1.2.250.1.213.1.1.4.9" '
        'displayName="Etablissement ou Service Social ou Médico-Social"/>'
    )
    nurse = (
        '<id root="1.2.250.1.71.4.2.1" extension="801234567897"/>'
        '<code code="G15_60" displayName="Infirmier" codeSystem="1.2.250.1.213.1.1.4.5"/>'
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<ClinicalDocument xmlns="urn:hl7-org:v3">
  <templateId root="1.2.250.1.213.1.1.1.1"/><templateId root="1.3.6.1.4.1.19376.1.2.20"/>
  <id root="{unique_id}"/>
  <code code="{type_code}" displayName="{PLAN.display}" codeSystem="2.16.840.1.113883.6.1"/>
  <title>Projet personnalisé d’accompagnement</title>
  <effectiveTime value="20261122101500+0100"/>
  <confidentialityCode code="N" displayName="Normal" codeSystem="2.16.840.1.113883.5.25"/>
  <languageCode code="fr-FR"/>
  <recordTarget><patientRole>
    <id root="{patient.oid}" extension="{patient.matricule}"/><id root="1.2.250.1.999.1.2" extension="U-1"/>
    <patient><name><family qualifier="BR">PAT-TROIS</family><given>DOMINIQUE</given>
      <given qualifier="BR">DOMINIQUE</given><family qualifier="CL">EXEMPLE</family></name>
      <administrativeGenderCode code="F"/><birthTime value="19790328"/></patient>
  </patientRole></recordTarget>
  <author><time value="20261122101500+0100"/>
    <assignedAuthor>{nurse}{person}{organization.format("")}</assignedAuthor></author>
  <legalAuthenticator><signatureCode code="S"/>
    <assignedEntity>{nurse}{person}{organization.format("")}</assignedEntity></legalAuthenticator>
  <documentationOf><serviceEvent><effectiveTime><low value="20261122"/></effectiveTime>
    <performer typeCode="PRF"><assignedEntity>{nurse}{person}{organization.format(sector)}</assignedEntity>
    </performer></serviceEvent></documentationOf>
  <componentOf><encompassingEncounter><location><healthCareFacility>
    <code code="SA17" displayName="Etablissement pour personnes âgées" codeSystem="1.2.250.1.71.4.2.4"/>
  </healthCareFacility></location></encompassingEncounter></componentOf>
  <component><nonXMLBody><text mediaType="application/pdf" representation="B64">{text}</text></nonXMLBody>
  </component>
</ClinicalDocument>""".encode()


def entry(data: bytes | None = None) -> xds.DocumentEntry:
    return xds.entry_of(data or cda(), class_code=PLAN_CLASS)


def submission(unique_id: str = "1.2.250.1.999.1.3.1", *, patient: Ins = PATIENT) -> xds.SubmissionSet:
    return xds.SubmissionSet(
        unique_id=unique_id,
        source_id=SOURCE_OID,
        patient_id=xds.PatientId.of(patient),
        submission_time=NOW,
        content_type=Coding("1.2.250.1.213.2.2", "11", "Hébergement complet ou internat"),
        authors=(AUTHOR,),
        title="Projet personnalisé",
    )
