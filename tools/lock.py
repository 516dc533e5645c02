"""Write requirements/*.txt: every package pinned with its hashes, and no address of any index."""

import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().parents[1] / "requirements"
OPTIONS = [
    "--universal", "--python-version", "3.11", "--only-binary", ":all:", "--generate-hashes",
    "--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate",
]  # fmt: skip


def lock(source: str, target: str, *more: str) -> None:
    """Compile one lock file. Not quiet: uv says unknown extras only when it may speak."""
    uv = Path(sys.executable).with_name("uv")
    command = [str(uv), "pip", "compile", *OPTIONS, *more, source, "-o", target]
    subprocess.run(command, cwd=REQUIREMENTS, check=True, stdout=subprocess.DEVNULL)  # noqa: S603  our own command


if __name__ == "__main__":
    lock("dev.in", "dev.txt")
    for name in ("sandbox", "base"):
        lock(f"{name}.in", f"{name}.txt", "-c", "dev.txt")
