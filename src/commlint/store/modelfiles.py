"""Files of library models, shipped and the user's own: what there is, not yet understood."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from commlint.codec import CODEC_VERSION
from commlint.errors import ConfigurationError
from commlint.store.documents import read_bytes
from commlint.store.shipped import rules_directory


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of library models, not parsed yet; `where` is what errors call it."""

    where: str
    source: bytes


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """All files a catalogue is made of; `digest` changes when any of them does."""

    files: tuple[ModelFile, ...]
    digest: str


def model_files(root: Path, patterns: Iterable[str] = ()) -> ModelFiles:
    """
    The shipped models, then those that `models` of the configuration names, each sorted by path.

    Args:
        patterns: files, folders or glob patterns, relative to `root`.

    Raises:
        ConfigurationError: a pattern leads to no file.
    """
    home = rules_directory() / "models"
    files = [ModelFile(f"rules/models/{path.relative_to(home).as_posix()}", path.read_bytes()) for path in _yaml(home)]
    for pattern in patterns:
        for path in _matching(root, pattern):
            where = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()
            files.append(ModelFile(where, read_bytes(path, where)))
    digest = hashlib.blake2b(str(CODEC_VERSION).encode(), digest_size=16)
    for file in files:
        for part in (file.where.encode("utf-8", "surrogateescape"), file.source):
            digest.update(len(part).to_bytes(8, "big"))
            digest.update(part)
    return ModelFiles(tuple(files), digest.hexdigest())


def _yaml(folder: Path) -> list[Path]:
    return sorted(path for suffix in ("yaml", "yml") for path in folder.rglob(f"*.{suffix}"))


def _matching(root: Path, pattern: str) -> list[Path]:
    named = root / pattern
    if named.is_dir():
        found = _yaml(named)
    elif named.is_file():
        found = [named]
    else:
        try:
            found = sorted(path for path in root.glob(pattern) if path.is_file())
        except (NotImplementedError, ValueError):
            # What pathlib says of an absolute pattern and of none at all: the error below names it.
            found = []
    if not found:
        raise ConfigurationError("models", f'"{pattern}" leads to no file below {root.name or root}; check the path')
    return found
