"""Kustomizations: the ConfigMaps and Secrets they generate."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import ClassVar

from commlint.extract.nodes import MapNode, as_map, as_text
from commlint.extract.paths import folder_of, inside
from commlint.extract.port import FormatReader
from commlint.extract.yaml import read_documents
from commlint.model.declarations import Binding, Declarations
from commlint.model.facts import Notice
from commlint.model.values import ConfigRead, Literal, Unknown

_NAMES = frozenset({"kustomization.yaml", "kustomization.yml", "kustomization"})


class KustomizeReader(FormatReader):
    """Reads generators only: bases and patches are manifests, and are read as those."""

    name: ClassVar[str] = "kustomize"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("kustomization", "kustomization.yaml", "kustomization.yml")

    def claims(self, path: str, source: bytes) -> bool:
        return b"Generator" in source and posixpath.basename(path).lower() in _NAMES

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        documents, notices = read_documents(path, source)
        bindings = tuple(binding for document in documents for binding in _bindings(path, as_map(document)))
        return Declarations(self.name, bindings=bindings), notices


def _bindings(path: str, document: MapNode) -> Iterator[Binding]:
    for generator in document.maps("configMapGenerator"):
        scope = f"configmap:{generator.text('name')}"
        yield from _taken_over(path, scope, generator)
        for item in generator.items("literals"):
            name, _, value = as_text(item).partition("=")
            yield Binding(scope, name, Literal(_unquoted(value)), "kustomize", item.extent)
    for generator in document.maps("secretGenerator"):
        scope = f"secret:{generator.text('name')}"
        for item in generator.items("literals"):
            yield Binding(scope, as_text(item).partition("=")[0], Unknown("secret"), "kustomize", item.extent)


def _taken_over(path: str, scope: str, generator: MapNode) -> Iterator[Binding]:
    for item in (generator.get("env"), *generator.items("envs")):
        written = as_text(item)
        file = inside(folder_of(path), written) if written else None
        if item is not None and file is not None:
            yield Binding(scope, "*", ConfigRead(f"file:{file}"), "kustomize", item.extent)


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text
