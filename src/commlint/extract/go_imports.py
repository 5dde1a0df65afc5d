"""What an imported package is called in a file that gives it no name: its own package clause stands elsewhere."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

_VERSION = re.compile(r"v\d+\Z")
_DOTTED_VERSION = re.compile(r"\.v\d+\Z")


def local_name(path: str, used: Collection[str]) -> str:
    """
    The name by which a file calls the package at `path`.

    By custom it is the last part of the path; where it is not, the file tells by what it uses.

    Args:
        used: the names before a dot that the file binds nowhere else.
    """
    customary = list(_customary(path))
    known = next((name for name in customary if name in used), None)
    if known is not None:
        return known
    alike = sorted(name for name in used if len(name) > 1 and (name in path or customary[0] in name))
    return alike[0] if len(alike) == 1 else customary[0]


def _customary(path: str) -> Iterator[str]:
    """The names a package may have by its path, the likeliest first."""
    parts = [part for part in path.split("/") if part] or [path]
    last = parts[-1]
    if _VERSION.match(last) and len(parts) > 1:
        last = parts[-2]
    last = _DOTTED_VERSION.sub("", last)
    plain = last.removesuffix(".go").removesuffix("-go").removeprefix("go-")
    yield plain if plain.isidentifier() else plain.rpartition("-")[2].replace(".", "")
    yield last
    yield last.replace("-", "_")
    yield last.replace("-", "").replace(".", "")
    for part in re.split(r"[-.]", last):
        yield part
        yield part.rstrip("0123456789")
    yield parts[-1]
