"""Kustomizations: what they take in and change, and the ConfigMaps and Secrets they generate."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import ClassVar

from commlint.extract.embedded import mounted
from commlint.extract.nodes import MapNode, Node, TextNode, as_map, as_text
from commlint.extract.paths import folder_of, inside
from commlint.extract.port import FormatReader
from commlint.extract.yaml import read_documents
from commlint.model.declarations import Change, Declarations, Overlay
from commlint.model.deployments import Binding
from commlint.model.facts import Notice
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
        tuple(_changes(path, document)),
        tuple(_files(folder, document)),
    )


def _files(folder: str, document: MapNode) -> Iterator[tuple[str, str]]:
    """The files in the ConfigMaps a kustomization makes: `nginx.conf`, or `default.conf=nginx.conf` by another name."""
    for generator in document.maps("configMapGenerator"):
        for item in generator.items("files"):
            place = inside(folder, as_text(item).rpartition("=")[2].strip())
            if place is not None:
                yield mounted(generator.text("name")), place


def _changes(path: str, document: MapNode) -> Iterator[Change]:
    """Patches, those whose text stands in the kustomization and those in files of their own, in their order."""
    for item in document.items("patchesStrategicMerge"):
        yield from _change(path, as_text(item), item, MapNode())
    for each in (*document.maps("patches"), *document.maps("patchesJson6902")):
        node = each.get("patch")
        node = node if as_text(node) else each.get("path")
        if isinstance(node, TextNode):
            yield from _change(path, as_text(each.get("patch")) or as_text(node), node, each.at("target"))


def _change(path: str, text: str, node: Node, target: MapNode) -> Iterator[Change]:
    kind, name = target.text("kind"), target.text("name")
    selector = (part.partition("=") for part in target.text("labelSelector").split(",") if "=" in part)
    labels = tuple((key.strip(), value.strip(" =")) for key, _, value in selector)
    if "\n" in text or text.lstrip().startswith(("{", "[")):
        # The text of a block begins on the line below its key.
        line = node.extent.start_line + ("\n" in text)
        yield Change(kind, name, node.extent, text, line, "", labels)
    elif (file := inside(folder_of(path), text)) is not None:
        yield Change(kind, name, node.extent, path=file, labels=labels)


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
