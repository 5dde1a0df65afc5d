"""Library models, shipped and the user's own: the same files, read by the same loader."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from commlint.codec import CODEC_VERSION, convert, schema
from commlint.errors import ConfigurationError, nearest
from commlint.model.libraries import FORMS, ROLES, Catalogue, LibraryModel, SiteModel
from commlint.store.documents import parse_yaml, read_bytes
from commlint.store.shipped import rules_directory

POLICIES: Final = (
    "timeout", "attempts", "backoff", "jitter", "acknowledgement", "failure", "confirmation", "dead_letter",
    "redelivery_limit", "ordering_key", "message_id", "trace_context", "durable", "ephemeral", "breaker",
)  # fmt: skip

_CHOICES: Final = {(SiteModel, "role"): ROLES, (SiteModel, "form"): FORMS}


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


def parse_catalogue(files: ModelFiles) -> Catalogue:
    """
    Raises:
        ConfigurationError: a file is no library model; says where, what and the nearest known word.
    """
    return Catalogue(tuple(map(_model, files.files)), files.digest)


@lru_cache(maxsize=1024)
def _model(file: ModelFile) -> LibraryModel:
    """Read once for each content, however many systems one process looks at."""
    model: LibraryModel = convert(parse_yaml(file.source, file.where), LibraryModel, file.where, _CHOICES)
    _verify(model, file.where)
    return model


def model_schema() -> dict[str, Any]:
    """The JSON Schema of a library model."""
    return schema(LibraryModel, "commlint library model", choices=_CHOICES)


def _verify(model: LibraryModel, where: str) -> None:
    for number, site in enumerate(model.sites):
        for word in (*site.policies, *site.taints):
            if word not in POLICIES:
                known = nearest(word, POLICIES)
                raise ConfigurationError(where, f'[sites[{number}]] there is no policy "{word}"{known}')


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
            found = []
    if not found:
        raise ConfigurationError("models", f'"{pattern}" leads to no file below {root.name or root}; check the path')
    return found
