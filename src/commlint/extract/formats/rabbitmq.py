"""RabbitMQ definitions: the JSON a broker exports and imports."""

from __future__ import annotations

from typing import ClassVar

from commlint.extract.brokers import definitions_of
from commlint.extract.nodes import as_map
from commlint.extract.port import FormatReader
from commlint.extract.yaml import has_top_key, read_json
from commlint.model.declarations import Declarations
from commlint.model.facts import Notice

_BESIDE = ("vhosts", "exchanges", "bindings", "rabbit_version", "permissions")


class RabbitMQReader(FormatReader):
    """Reads queues, exchanges, bindings and policies; users and passwords are passed over."""

    name: ClassVar[str] = "rabbitmq"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("*.json",)

    def claims(self, path: str, source: bytes) -> bool:
        return has_top_key(source, "queues") and any(has_top_key(source, key) for key in _BESIDE)

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        documents, notices = read_json(path, source)
        channels = tuple(channel for document in documents[:1] for channel in definitions_of(as_map(document)))
        return Declarations(self.name, channels=channels), notices
