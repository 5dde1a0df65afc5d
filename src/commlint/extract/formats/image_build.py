"""Files that say from which folder an image is built: Skaffold and Tilt."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import ClassVar

from commlint.extract.nodes import as_map
from commlint.extract.paths import folder_of, inside
from commlint.extract.port import FormatReader
from commlint.extract.yaml import decode, has_top_key, is_yaml, read_documents
from commlint.model.declarations import Declarations
from commlint.model.deployments import Build, ServiceDeclaration
from commlint.model.facts import Notice
from commlint.model.places import Extent

SIZE_LIMIT = 1_000_000

_CALL = re.compile(r"""\bdocker_build\(\s*(?:ref\s*=\s*)?["'](?P<image>[^"'\n]+)["']\s*,\s*(?:context\s*=\s*)?"""
                   r"""["'](?P<context>[^"'\n]+)["'](?P<rest>[^)]{0,500})""")  # fmt: skip
_DOCKERFILE = re.compile(r"""\bdockerfile\s*=\s*["']([^"'\n]+)["']""")


class ImageBuildReader(FormatReader):
    """Reads the artifacts of `skaffold.yaml`, also of its profiles, and what a Tiltfile builds."""

    name: ClassVar[str] = "image-build"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("skaffold*.yaml", "skaffold*.yml", "*.yaml", "*.yml", "tiltfile*")

    def claims(self, path: str, source: bytes) -> bool:
        if is_yaml(path):
            return b"skaffold/v" in source and has_top_key(source, "apiVersion")
        return (
            posixpath.basename(path).startswith("Tiltfile") and len(source) <= SIZE_LIMIT and b"docker_build" in source
        )

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        if not is_yaml(path):
            text, notices = decode(path, source)
            return Declarations(self.name, tuple(_tilt(path, text))), notices
        documents, notices = read_documents(path, source)
        found: list[ServiceDeclaration] = []
        for document in map(as_map, documents):
            for part in (document, *document.maps("profiles")):
                for artifact in part.at("build").maps("artifacts"):
                    docker = artifact.at("docker").text("dockerfile")
                    image, context = artifact.text("image"), artifact.text("context") or "."
                    found += _built(path, image, context, docker, artifact.place("image"))
        return Declarations(self.name, tuple(found)), notices


def _tilt(path: str, text: str) -> Iterator[ServiceDeclaration]:
    for call in _CALL.finditer(text):
        line = text.count("\n", 0, call.start()) + 1
        dockerfile = _DOCKERFILE.search(call["rest"])
        written = dockerfile[1] if dockerfile else ""
        # A Dockerfile is named as seen from the Tiltfile, not from the context.
        beside = posixpath.relpath(written, call["context"]) if written else ""
        yield from _built(path, call["image"], call["context"], beside, Extent(line, 1, line, 1))


def _built(path: str, image: str, context: str, dockerfile: str, extent: Extent) -> Iterator[ServiceDeclaration]:
    folder = inside(folder_of(path), context)
    if not image or folder is None:
        return
    file = inside(folder, dockerfile or "Dockerfile") or posixpath.join(folder, "Dockerfile")
    build = Build(folder, file)
    name = image.rpartition("/")[2].partition(":")[0]
    yield ServiceDeclaration(
        name=name, origin="image-build", extent=extent, image=image, source_root=build.source_root, build=build
    )
