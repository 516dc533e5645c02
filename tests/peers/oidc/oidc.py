"""Install and run the third-party OpenID provider (npm oidc-provider, pinned) as a child of the tests."""

import contextlib
import fcntl
import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.support import PROJECT

SOURCE = Path(__file__).parent
HOME = PROJECT / "var/peers/oidc"
FILES = ("package.json", "package-lock.json", ".npmrc")
INSTALL_SECONDS = 300


def install() -> Path:
    """The folder where the pinned packages are, installed once per state of the lock file.

    Raises subprocess.CalledProcessError when npm fails.
    """
    HOME.mkdir(parents=True, exist_ok=True)
    mark = hashlib.sha256((SOURCE / "package-lock.json").read_bytes()).hexdigest()
    done = HOME / "installed"
    with (HOME / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists() or done.read_text() != mark:
            for name in FILES:
                shutil.copy(SOURCE / name, HOME / name)
            command = ["npm", "ci", "--no-progress"]
            subprocess.run(command, cwd=HOME, check=True, capture_output=True, timeout=INSTALL_SECONDS)
            done.write_text(mark)
        shutil.copy(SOURCE / "peer.mjs", HOME / "peer.mjs")
    return HOME


@contextlib.contextmanager
def running(userinfo: Path, client: dict[str, Any], tls: dict[str, str] | None = None) -> Iterator[str]:
    """The issuer of a provider that signs in the professional of `userinfo`, for this registered `client`.

    `tls` is for an address that asks softwares for a certificate: `ca`, `cert` and `key`, in PEM.
    """
    command = ["node", "peer.mjs", str(userinfo.resolve()), json.dumps(client), json.dumps(tls)]
    process = subprocess.Popen(
        command, cwd=install(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    with process:
        try:
            issuer = process.stdout.readline().strip() if process.stdout else ""
            if not issuer:
                raise RuntimeError("the OpenID peer did not start")
            yield issuer
        finally:
            process.terminate()
