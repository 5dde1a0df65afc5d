"""The program itself, seen as files: where its data is, and whether it is still the same program."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import commlint


@cache
def rules_directory() -> Path:
    """
    The folder with `models/` and `packs/`: inside the package when installed, at the root of a checkout.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    package = Path(commlint.__file__).resolve().parent
    for candidate in (package / "rules", package.parents[1] / "rules"):
        if (candidate / "models").is_dir():
            return candidate
    raise FileNotFoundError(f"{package / 'rules'}: the installation lacks its library models; install commlint again")


@cache
def program_digest() -> str:
    """Changes with every line of the program, so that a cache never outlives the code that filled it."""
    package = Path(commlint.__file__).resolve().parent
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(package.rglob("*.py")):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
