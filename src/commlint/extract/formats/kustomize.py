"""Kustomizations: what they take in and change, and the ConfigMaps and Secrets they generate."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import ClassVar

from commlint.extract.nodes import ListNode, MapNode, TextNode, as_map, as_text
from commlint.extract.paths import folder_of, inside
from commlint.extract.port import FormatReader
from commlint.extract.yaml import read_documents
from commlint.model.declarations import Binding, Change, Declarations, Overlay
from commlint.model.facts import Notice
from commlint.model.places import Extent
from commlint.model.values import ConfigRead, Literal, Unknown

_SIGN = re.compile(
    rb"^[\"']?(?:resources|bases|components|name(?:space|Prefix|Suffix)|images|patches\w*|\w+Generator)[\"']?[ \t]*:",
    re.MULTILINE,
)
_NAMES = frozenset({"kustomization.yaml", "kustomization.yml", "kustomization"})


class KustomizeReader(FormatReader):
    """Reads one kustomization; what becomes of the manifests it names is worked out over all files."""

    name: ClassVar[str] = "kustomize"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("kustomization", "kustomization.yaml", "kustomization.yml")

    def claims(self, path: str, source: bytes) -> bool:
        return posixpath.basename(path).lower() in _NAMES and _SIGN.search(source) is not None

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        documents, notices = read_documents(path, source)
        bindings = tuple(binding for document in documents for binding in _bindings(path, as_map(document)))
        overlays = tuple(_overlay(path, as_map(document)) for document in documents)
        return Declarations(self.name, bindings=bindings, overlays=overlays), notices


def _overlay(path: str, document: MapNode) -> Overlay:
    folder = folder_of(path)

    def named(*keys: str) -> tuple[str, ...]:
        texts = (as_text(item) for key in keys for item in document.items(key))
        return tuple(place for text in texts if "\n" not in text and (place := inside(folder, text)) is not None)

    files = (each.text("path") for each in document.maps("patches") if not each.text("patch"))
    patches = (*named("patchesStrategicMerge"), *(found for text in files if text and (found := inside(folder, text))))
    return Overlay(
        document.extent,
        named("resources", "bases", "components"),
        document.text("namespace"),
        document.text("namePrefix"),
        document.text("nameSuffix"),
        tuple((each.text("name"), each.text("newName")) for each in document.maps("images") if each.text("newName")),
        patches,
        tuple(_changes(document)),
    )


def _changes(document: MapNode) -> Iterator[Change]:
    """Patches whose text stands in the kustomization itself."""
    for item in document.items("patchesStrategicMerge"):
        if "\n" in as_text(item):
            yield Change("", "", item.extent, as_text(item), item.extent.start_line)
    for each in (*document.maps("patches"), *document.maps("patchesJson6902")):
        node, target = each.get("patch"), each.at("target")
        if not isinstance(node, TextNode):
            continue
        below = node.extent.start_line
        kind, name = target.text("kind"), target.text("name")
        documents, _ = read_documents("", node.text.encode("utf-8", "replace"))
        if not documents or not isinstance(documents[0], ListNode):
            yield Change(kind, name, node.extent, node.text, below)
            continue
        for operation in map(as_map, documents[0].items):
            value = operation.get("value")
            written = as_map(value).text("value") or as_text(value)
            pointer = operation.text("path")
            if as_map(value).text("name"):
                pointer = f"{pointer}#{as_map(value).text('name')}"
            line = below + operation.extent.start_line
            place = Extent(line, 1, below + max(operation.extent.start_line, operation.extent.end_line), 1)
            yield Change(kind, name, place, "", 0, pointer, written)


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
