"""What this machine lacks of the peers that some tests need; `JALON_NO_SKIP` (CI) makes it a failure."""

import os
import shutil

PEERS = {
    "chromium": ("chromium", "Chromium (navigateur des tests)"),
    "postfix": ("postfix", "postfix (serveur SMTP)"),
    "dovecot": ("dovecot", "dovecot (serveur IMAP)"),
    "node": ("node", "Node.js"),
    "patroni": ("patroni", "Patroni (paquets patroni, etcd-server, python3-etcd)"),
    "pgbouncer": ("pgbouncer", "pgbouncer"),
}
NEED_ROOT = {"postfix", "dovecot"}  # each of their processes takes a user of its own
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/lib/postfix/sbin"


def present(peer: str) -> bool:
    return shutil.which(PEERS[peer][0], path=PATH) is not None


def missing_reason(peer: str) -> str | None:
    """Why a test that needs `peer` cannot run here; None when it can, or when skipping is forbidden."""
    if os.environ.get("JALON_NO_SKIP"):
        return None
    if not present(peer):
        return f"il manque {PEERS[peer][1]}"
    return f"{PEERS[peer][1]} ne démarre que pour root" if peer in NEED_ROOT and os.geteuid() else None
