"""Library models out of their files: those of the user are read by the same loader as the shipped ones."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

from commlint.codec import convert, schema
from commlint.errors import ConfigurationError, nearest
from commlint.model.libraries import FORMS, ROLES, Catalogue, LibraryModel, SiteModel
from commlint.store.documents import parse_yaml
from commlint.store.modelfiles import ModelFile, ModelFiles

POLICIES: Final = (
    "timeout", "attempts", "backoff", "jitter", "acknowledgement", "failure", "confirmation", "dead_letter",
    "redelivery_limit", "ordering_key", "message_id", "trace_context", "durable", "ephemeral", "breaker",
)  # fmt: skip

_CHOICES: Final = {(SiteModel, "role"): ROLES, (SiteModel, "form"): FORMS}


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
