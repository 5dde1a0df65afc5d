"""Run files of Dapr (`dapr run -f dapr.yaml`): applications by their id, each with the folder of its code."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import ClassVar

from commlint.extract.nodes import MapNode, as_map, as_text
from commlint.extract.paths import folder_of, inside, split_command
from commlint.extract.port import FormatReader
from commlint.extract.yaml import has_top_key, is_yaml, read_documents
from commlint.model.declarations import Declarations
from commlint.model.deployments import Binding, Port, ServiceDeclaration
from commlint.model.facts import Notice
from commlint.model.values import Literal


class DaprRunReader(FormatReader):
    """Reads what `dapr run` starts side by side; the id of an application is its name on the network."""

    name: ClassVar[str] = "dapr-run"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("dapr*.yaml", "dapr*.yml")

    def claims(self, path: str, source: bytes) -> bool:
        return is_yaml(path) and posixpath.basename(path).startswith("dapr") and has_top_key(source, "apps")

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        documents, notices = read_documents(path, source)
        document = as_map(documents[0] if documents else None)
        written = document.maps("apps")
        shared = document.at("common").at("env")
        services = tuple(each for app in written for each in _service(folder_of(path), app))
        bindings = tuple(
            each for app in written for given in (shared, app.at("env")) for each in _bindings(_name(app), given)
        )
        return Declarations(self.name, services, bindings), notices


def _name(app: MapNode) -> str:
    """The id of an application; without one it is called as its folder."""
    return app.text("appID") or posixpath.basename(app.text("appDirPath").rstrip("/"))


def _service(folder: str, app: MapNode) -> Iterator[ServiceDeclaration]:
    name, port = _name(app), app.text("appPort")
    root = inside(folder, app.text("appDirPath") or ".")
    if name and root is not None:
        yield ServiceDeclaration(
            name=name,
            origin=DaprRunReader.name,
            extent=app.extent,
            source_root=root,
            command=_command(app),
            ports=(Port(int(port), int(port)),) if port.isdigit() else (),
        )


def _command(app: MapNode) -> tuple[str, ...]:
    words = tuple(map(as_text, app.items("command")))
    return words or split_command(app.text("command"))


def _bindings(name: str, given: MapNode) -> Iterator[Binding]:
    for key, _ in given.entries:
        yield Binding(f"service:{name}", key.text, Literal(given.text(key.text)), DaprRunReader.name, key.extent)
