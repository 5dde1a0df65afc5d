"""Connectors of Kafka Connect, as they are posted to its REST interface."""

from __future__ import annotations

import posixpath
from typing import ClassVar

from commlint.extract.brokers import connector_of, feeds_of
from commlint.extract.nodes import as_map
from commlint.extract.port import FormatReader
from commlint.extract.yaml import read_json
from commlint.model.declarations import Declarations
from commlint.model.facts import Notice


class KafkaConnectReader(FormatReader):
    """Reads one connector, with its name beside its `config` or inside it."""

    name: ClassVar[str] = "kafka-connect"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("*.json",)

    def claims(self, path: str, source: bytes) -> bool:
        return b'"connector.class"' in source and source.lstrip()[:1] == b"{"

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        documents, notices = read_json(path, source)
        document = as_map(documents[0] if documents else None)
        settings = document.at("config") if document.get("config") is not None else document
        name = document.text("name") or settings.text("name") or posixpath.basename(path).rpartition(".")[0]
        channels = tuple(connector_of(name, settings, document.extent))
        feeds = tuple(feeds_of(settings, document.extent))
        return Declarations(self.name, channels=channels, contracts=feeds), notices
