"""The program itself, seen as files: where its data is, and whether it is still the same program."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

import commlint

_NAME = re.compile(r"[\w.-]+")


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
    """
    Changes with every line of the program and every version of what it stands on (parsers among it), so that a cache
    never outlives the code that filled it.
    """
    package = Path(commlint.__file__).resolve().parent
    digest = hashlib.blake2b(sys.version.encode(), digest_size=16)
    for library in _libraries():
        digest.update(library.encode() + b"\0")
    for path in sorted(package.rglob("*.py")):
        digest.update(path.relative_to(package).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _libraries() -> Iterator[str]:
    """What the installed program needs, each with the version there is; nothing when it was never installed."""
    try:
        needed = metadata.requires("commlint") or []
    except metadata.PackageNotFoundError:
        return
    for requirement in needed:
        name = _NAME.match(requirement)
        if name is not None and "extra ==" not in requirement:
            yield f"{name[0]} {metadata.version(name[0])}"
