"""The third-party provider is pinned, and its lock file tells nothing of where it came from."""

import json
import re

from tests.peers.oidc.oidc import SOURCE


def test_the_lock_file_holds_exact_versions_with_hashes_and_no_address() -> None:
    text = (SOURCE / "package-lock.json").read_text()
    packages = json.loads(text)["packages"]
    installed = [package for name, package in packages.items() if name]
    assert "://" not in text
    assert len(installed) > 30
    assert all(package["integrity"].startswith("sha512-") for package in installed)
    assert packages["node_modules/oidc-provider"]["version"] == "9.13.3"


def test_what_is_asked_for_is_an_exact_version() -> None:
    asked = json.loads((SOURCE / "package.json").read_text())["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in asked.values())
