"""What an imported package is called in a file that gives it no name: its own package clause stands elsewhere."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

_VERSION = re.compile(r"v\d+\Z")
_DOTTED_VERSION = re.compile(r"\.v\d+\Z")


def local_names(paths: Sequence[str], used: Collection[str], hidden: Collection[str]) -> list[str]:
    """
    The names by which a file calls the packages at `paths`.

    By custom it is the last part of the path; where it is not, the file tells by what it uses.

    Args:
        used: the names before a dot in the file.
        hidden: those that it also gives to something else, in some function perhaps, so they are a package's last.
    """
    left = set(used) - set(hidden)
    names = ["" for _ in paths]
    # What is called by custom is no other package's name, however much it looks like that.
    for find in (_by_custom, _alike):
        for place, path in enumerate(paths):
            names[place] = names[place] or find(path, left)
            left.discard(names[place])
    return [name or _by_custom(path, used) or next(_customary(path)) for name, path in zip(names, paths, strict=True)]


def _by_custom(path: str, used: Collection[str]) -> str:
    return next((name for name in _customary(path) if name in used), "")


def _alike(path: str, used: Collection[str]) -> str:
    """The one name in use that looks like the path, "" when it is none or several."""
    first = next(_customary(path))
    alike = [name for name in used if len(name) > 1 and (name in path or first in name)]
    return alike[0] if len(alike) == 1 else ""


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
