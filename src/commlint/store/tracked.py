"""Files that are kept although a pattern ignores them: once added to a repository, a file stays in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from commlint.store import defaults

# What a worktree's `.git` file begins with.
_ELSEWHERE = "gitdir:"
_LARGEST = 200_000_000


@dataclass(slots=True)
class Tracked:
    """
    The files in the index of the repository around a folder, read when first asked for.

    In a tree without a repository, an environment file that came with it was in the one it was taken from.
    """

    top: Path | None
    prefix: str
    _index: bytes | None = field(default=None, init=False)

    @classmethod
    def around(cls, root: Path) -> Tracked:
        """What the repository that holds `root` keeps, by paths relative to `root`."""
        top = next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), None)
        inside = "" if top is None or top == root else root.relative_to(top).as_posix() + "/"
        return cls(top, inside)

    def __contains__(self, path: str) -> bool:
        if self.top is None:
            return defaults.is_environment(path.rpartition("/")[2])
        if self._index is None:
            self._index = _read(self.top)
        # An index names each file by its whole path, with a zero behind it.
        name = f"{self.prefix}{path}".encode(errors="surrogateescape")
        return b"\0" not in name and name + b"\0" in self._index


def _read(top: Path) -> bytes:
    """The index as it is on disk; empty when it cannot be read, or when names are shortened in it."""
    try:
        place = top / ".git"
        if place.is_file():
            told = place.read_text(encoding="utf-8", errors="replace").strip()
            place = top / told.removeprefix(_ELSEWHERE).strip() if told.startswith(_ELSEWHERE) else place
        index = place / "index"
        return index.read_bytes() if index.stat().st_size <= _LARGEST else b""
    except OSError:
        return b""
