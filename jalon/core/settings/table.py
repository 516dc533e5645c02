"""Every setting of the product: variable, default, use. `docs/exploitation/reglages.md` repeats it."""

from collections.abc import Mapping
from typing import Any, Final

from jalon.core.settings.kinds import (
    CONTACT,
    CONTACTS,
    DATABASE,
    ENDPOINT,
    FLAG,
    GROUPS,
    KEY,
    KEYS,
    NETWORKS,
    PATH,
    SECONDS,
    SECRET,
    SECRETS,
    WEB,
    WHOLE,
    WORDS,
    among,
    between,
)
from jalon.core.settings.reading import Setting, read

PRODUCTION, DEMO, TEST = "production", "demo", "test"
STARTTLS: Final = "starttls"
CLIENT_SECRET, PRIVATE_KEY_JWT, TLS_CLIENT_AUTH = "client_secret", "private_key_jwt", "tls_client_auth"
TEST_KEY: Final = "dGVzdC1vbmx5LWtleS10ZXN0LW9ubHkta2V5LTEyMzQ="
TEST_SECRET: Final = "test-only: published with the sources, it signs nothing real"  # noqa: S105  of the tests
TEST_OID: Final = "1.2.250.1.999.1"

APPLICATION: Final = (
    Setting(
        "JALON_MODE",
        "`demo` et `test` remplissent ce que la production doit dire",
        among(PRODUCTION, DEMO, TEST),
        PRODUCTION,
    ),
    Setting("JALON_SECRET_KEY", "signe les sessions", SECRET, None, {TEST: TEST_SECRET}, secret=True),
    Setting(
        "JALON_KEYS",
        "clés de chiffrement, `nom:base64`, séparées par des virgules ; la première écrit, "
        "les autres lisent encore",
        KEYS,
        None,
        {TEST: f"test:{TEST_KEY}"},
        secret=True,
    ),
    Setting(
        "JALON_HASH_KEY", "clé de l’empreinte qui retrouve un INS", KEY, None, {TEST: TEST_KEY}, secret=True
    ),
    Setting(
        "JALON_HOSTS",
        "noms d’hôte acceptés",
        WORDS,
        "localhost,127.0.0.1",
        {TEST: "testserver,localhost,127.0.0.1"},
    ),
    Setting(
        "JALON_PUBLIC_URL",
        "adresse publique ; en `https:`, les témoins sont sûrs et HSTS est envoyé",
        WEB,
        "http://localhost:8000",
    ),
    Setting(
        "JALON_PROXIES",
        "adresses ou réseaux de vos mandataires : d’eux seuls sont crus `X-Forwarded-For` (de qui vient la "
        "demande) et `X-Forwarded-Proto`",
        NETWORKS,
    ),
    Setting(
        "JALON_HSTS_SUBDOMAINS",
        "étendre HSTS aux sous-domaines de l’adresse publique, et le permettre aux listes des navigateurs",
        FLAG,
        "false",
    ),
    Setting(
        "JALON_SECURITY_CONTACT",
        "où vous écrire d’une faille, `mailto:` ou `https:` ; donne `/.well-known/security.txt`",
        CONTACT,
    ),
    Setting("JALON_VAR", "dossier des données de la machine", PATH, said="var"),
    Setting("JALON_FILES", "documents, chiffrés, quand ils sont sur un disque", PATH, said="var/files"),
    Setting("JALON_S3_BUCKET", "compartiment des documents, quand ils sont dans un stockage S3"),
    Setting("JALON_S3_URL", "adresse de ce stockage", WEB),
    Setting("JALON_S3_REGION", "sa région, si elle compte"),
    Setting("JALON_S3_KEY", "identifiant de votre clé d’accès"),
    Setting("JALON_S3_SECRET", "son secret", secret=True),
    Setting("JALON_S3_CA", "autorité de ce stockage, fichier PEM ; sans elle, celles du système", PATH),
    Setting("JALON_STATIC_ROOT", "fichiers de style et de script", PATH, said="var/static"),
    Setting("JALON_SEAL_FILE", "têtes de la chaîne des accès, hors de la base", PATH, said="var/seals.log"),
    Setting(
        "JALON_LOG_LEVEL",
        "détail des journaux",
        among("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"),
        "WARNING",
    ),
    Setting(
        "JALON_SESSION_MINUTES",
        "minutes sans rien faire après lesquelles une session finit, de 5 à 120",
        between(5, 120),
        "120",
    ),
    Setting(
        "JALON_SESSION_HOURS",
        "heures après lesquelles une session finit quoi qu’on fasse, de 1 à 24",
        between(1, 24),
        "12",
    ),
    Setting(
        "JALON_INVITATION_HOURS",
        "heures pendant lesquelles le lien d’une invitation ouvre, de 1 à 336",
        between(1, 336),
        "72",
    ),
    Setting(
        "JALON_RECOVERY_MINUTES",
        "minutes pendant lesquelles le lien d’un mot de passe oublié ouvre, de 5 à 60",
        between(5, 60),
        "20",
    ),
    Setting(
        "JALON_MAIL_SMTP",
        "serveur des courriels du site à ses professionnels (invitation, mot de passe oublié), `hôte:port`, "
        "STARTTLS ; sans lui, aucun courriel",
        ENDPOINT,
    ),
    Setting("JALON_MAIL_FROM", "adresse d’où partent ces courriels", default="jalon@localhost"),
    Setting("JALON_MAIL_USER", "identifiant auprès de ce serveur"),
    Setting("JALON_MAIL_SECRET", "son secret", secret=True),
    Setting(
        "JALON_ACCESS_LOG",
        "une ligne par demande : référence, page, code, durée ; jamais de nom ni d’adresse",
        FLAG,
        "true",
        {TEST: "false"},
    ),
    Setting(
        "JALON_METRICS_TOKEN",
        "jeton de qui lit `/sante/mesures` ; sans lui, cette machine seule les lit",
        secret=True,
    ),
)

BASE: Final = (
    Setting("DATABASE_URL", "connexion de `jalon_app`", DATABASE, "postgres://jalon_app@/jalon", secret=True),
    Setting(
        "JALON_GROUPS",
        "objet JSON : groupes d’organismes, chacun sa base, ses noms d’hôte et ses FINESS juridiques ; "
        "remplace `DATABASE_URL`",
        GROUPS,
        secret=True,
    ),
    Setting("JALON_GROUP", "le groupe de ce processus ; vide, `jalon serve` les sert tous"),
    Setting(
        "JALON_STATEMENT_SECONDS", "secondes après lesquelles une question à la base est arrêtée", WHOLE, "60"
    ),
    Setting("JALON_DATABASE_OWNER", "rôle des migrations", default="jalon_owner"),
    Setting("JALON_DATABASE_OWNER_PASSWORD", "son mot de passe, pour `jalon migrate` seulement", secret=True),
    Setting(
        "JALON_DATABASE_POOLED",
        "la connexion passe par pgbouncer en mode transaction (`jalon serve` seulement)",
        FLAG,
        "false",
    ),
    Setting("JALON_DATABASE_BACKUP", "rôle des sauvegardes", default="jalon_backup"),
    Setting("JALON_DATABASE_BACKUP_PASSWORD", "son mot de passe", secret=True),
    Setting("JALON_BACKUPS", "dossier des sauvegardes, sur un autre support que la base", PATH),
    Setting(
        "JALON_PG_BIN",
        "dossier des programmes de PostgreSQL (`pg_basebackup`, `postgres`…), s’il n’est pas dans le chemin",
        PATH,
    ),
)

# No address, no service. A simulator is never a default: the demonstration gives these itself.
SERVICES: Final = (
    Setting("JALON_PSC_DISCOVERY", "adresse de découverte de Pro Santé Connect", WEB),
    Setting("JALON_PSC_CLIENT_ID", "identifiant de votre service"),
    Setting(
        "JALON_PSC_CLIENT_AUTH",
        "comment votre service y est enregistré ; l’espace de confiance demande `tls_client_auth`",
        among(CLIENT_SECRET, PRIVATE_KEY_JWT, TLS_CLIENT_AUTH),
        CLIENT_SECRET,
    ),
    Setting("JALON_PSC_CLIENT_SECRET", "secret de votre service", secret=True),
    Setting("JALON_PSC_CERTIFICATE", "certificat de votre service (`tls_client_auth`)", PATH),
    Setting("JALON_PSC_KEY", "sa clé, ou celle qui signe (`private_key_jwt`, RSA)", PATH),
    Setting(
        "JALON_PSC_ORIGIN",
        "origine de la page de connexion, pour la politique de sécurité du navigateur",
        WEB,
    ),
    Setting(
        "JALON_PSC_TELEPHONE",
        "proposer l’e‑CPS du téléphone, pour les postes partagés ; votre service y est enregistré pour CIBA",
        FLAG,
        "false",
    ),
    Setting("JALON_INSI_URL", "téléservice INSi", WEB),
    Setting("JALON_INSI_CERTIFICATE", "identité TLS pour INSi, au nom imposé `INSI-MANU`", PATH),
    Setting("JALON_INSI_KEY", "sa clé", PATH),
    Setting("JALON_INSI_IDAM", "numéro d’autorisation donné par le CNDA"),
    Setting("JALON_DMP_URL", "DMP", WEB),
    Setting("JALON_DMP_APPROVAL", "numéro d’homologation du DMP"),
    Setting("JALON_MSSANTE_SMTP", "envoi, `hôte:port`, STARTTLS", ENDPOINT),
    Setting("JALON_MSSANTE_IMAP", "réception, `hôte:port`", ENDPOINT),
    Setting(
        "JALON_MSSANTE_IMAP_TLS",
        "chiffrement de la réception : `starttls`, ou `direct` dès l’ouverture",
        among(STARTTLS, "direct"),
        STARTTLS,
    ),
    Setting(
        "JALON_MSSANTE_SECRETS",
        "objet JSON : adresse d’une de nos boîtes, son secret",
        SECRETS,
        "{}",
        secret=True,
    ),
    Setting(
        "JALON_MSSANTE_CONTACTS",
        "objet JSON : adresse d’une de nos boîtes applicatives, boîte où quelqu’un répond",
        CONTACTS,
        "{}",
    ),
    Setting("JALON_MSSANTE_RECEIPT", "demander un accusé de réception de chaque envoi", FLAG, "false"),
    Setting(
        "JALON_MSSANTE_CRL",
        "listes de révocation des autorités de l’opérateur, fichier PEM que vous tenez à jour ; "
        "vide, rien n’est vérifié",
        PATH,
    ),
    Setting(
        "JALON_MSSANTE_HOST",
        "nom à droite de l’arobase dans nos identifiants de message",
        default="jalon.invalid",
    ),
    Setting("JALON_MSSANTE_CITIZEN_DOMAIN", "domaine des adresses de Mon espace santé"),
    Setting(
        "JALON_MSSANTE_REAL",
        "permet d’écrire aux vrais domaines ; vrai en production seulement",
        FLAG,
        "true",
        {DEMO: "false", TEST: "false"},
    ),
    Setting("JALON_SERVICES_CA", "autorité des services, fichier PEM", PATH),
    Setting("JALON_SERVICES_CERTIFICATE", "identité TLS de la structure", PATH),
    Setting("JALON_SERVICES_KEY", "sa clé", PATH),
    Setting("JALON_SIGNATURE_CERTIFICATE", "signature, jamais TLS", PATH),
    Setting("JALON_SIGNATURE_KEY", "sa clé", PATH),
    Setting("JALON_SERVICES_TIMEOUT", "patience, en secondes", SECONDS, "20"),
    Setting("JALON_RETRY_AFTER", "secondes avant un premier nouvel essai", WHOLE, "15"),
    Setting(
        "JALON_RECOVERY_PATIENCE",
        "secondes laissées au destinataire pour montrer ce qu’il a pris",
        WHOLE,
        "120",
    ),
    Setting("JALON_NIL", "référence produit donnée à la déclaration nationale"),
    Setting(
        "JALON_OID",
        "racine des identifiants de documents que vous émettez",
        modes={DEMO: TEST_OID, TEST: TEST_OID},
    ),
    Setting("JALON_SCHEMAS", "dossier des schémas officiels des documents, facultatif", PATH),
)

TABLE: Final = (*APPLICATION, *BASE, *SERVICES)


def settings_of(environment: Mapping[str, str]) -> dict[str, Any]:
    """Name → value of every setting; SettingsRefused names all that cannot be started with."""
    return read(TABLE, environment, environment.get("JALON_MODE", "").strip() or PRODUCTION)
