"""`azure.yaml` of the Azure Developer CLI: the services of an application, each with the folder of its code."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import ClassVar, Final

from commlint.extract.nodes import MapNode, as_map
from commlint.extract.paths import folder_of, inside
from commlint.extract.port import FormatReader
from commlint.extract.yaml import has_top_key, is_yaml, read_documents
from commlint.model.declarations import Declarations
from commlint.model.deployments import Build, ServiceDeclaration
from commlint.model.facts import Notice

# Where a service runs that is nothing but pages.
_PAGES: Final = frozenset(("staticwebapp",))


class AzureDeveloperReader(FormatReader):
    """Reads the services of `azure.yaml`; what they are given when they run stands in templates of their own."""

    name: ClassVar[str] = "azure-developer"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("azure.yaml", "azure.yml")

    def claims(self, path: str, source: bytes) -> bool:
        named = posixpath.basename(path).lower() in self.names
        return named and is_yaml(path) and has_top_key(source, "services")

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        documents, notices = read_documents(path, source)
        document = as_map(documents[0] if documents else None)
        return Declarations(self.name, tuple(_services(folder_of(path), document.at("services")))), notices


def _services(folder: str, services: MapNode) -> Iterator[ServiceDeclaration]:
    for key, node in services.entries:
        written = as_map(node)
        project = inside(folder, written.text("project")) if written.text("project") else None
        if project is None:
            continue
        yield ServiceDeclaration(
            name=key.text,
            origin=AzureDeveloperReader.name,
            extent=key.extent,
            kind="frontend" if written.text("host") in _PAGES else "",
            image=written.text("image"),
            source_root=_code(project),
            build=_build(project, written.at("docker")),
        )


def _code(project: str) -> str:
    """The folder of a project; one of .NET may be named by its file."""
    return posixpath.dirname(project) if project.endswith("proj") else project


def _build(project: str, docker: MapNode) -> Build | None:
    """How the image of a service is built, seen from its project; None when nothing says so."""
    if not docker.entries:
        return None
    context = inside(project, docker.text("context") or ".")
    dockerfile = inside(project, docker.text("path") or "Dockerfile")
    return Build(context, dockerfile, docker.text("target")) if context is not None and dockerfile else None
