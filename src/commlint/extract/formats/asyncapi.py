"""AsyncAPI 2 and 3: what an application says that it sends and receives."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from commlint.extract.json import read_object
from commlint.extract.nodes import MapNode, as_map
from commlint.extract.port import FormatReader
from commlint.extract.yaml import has_top_key, is_yaml, read_documents
from commlint.model.declarations import Contract, ContractMethod, Declarations
from commlint.model.facts import Notice

# In the second version others publish to the application, and subscribe to what it sends.
_SECOND = {"publish": "receive", "subscribe": "send"}
_PROTOCOLS = {"kafka-secure": "kafka", "amqps": "amqp", "amqp1": "amqp", "secure-mqtt": "mqtt", "mqtt5": "mqtt"}


class AsyncApiReader(FormatReader):
    """Reads documents with `asyncapi` at their top, in YAML or JSON."""

    name: ClassVar[str] = "asyncapi"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("*.yaml", "*.yml", "*.json")

    def claims(self, path: str, source: bytes) -> bool:
        return b"asyncapi" in source and has_top_key(source, "asyncapi")

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        if is_yaml(path):
            documents, notices = read_documents(path, source)
            root = as_map(documents[0]) if documents else MapNode()
        else:
            root, notices = read_object(path, source)
        methods = tuple(_third(root) if root.text("asyncapi").startswith("3") else _second(root))
        name = f"{_protocol(root)}:{root.at('info').text('title')}"
        contracts = (Contract("asyncapi", name, methods, root.extent),) if methods else ()
        return Declarations(self.name, contracts=contracts), notices


def _protocol(root: MapNode) -> str:
    """What the servers speak, "" when they differ or none is told."""
    told = {as_map(server).text("protocol").lower() for _, server in root.at("servers").entries} - {""}
    return _PROTOCOLS.get(next(iter(told)), next(iter(told))) if len(told) == 1 else ""


def _second(root: MapNode) -> Iterator[ContractMethod]:
    for key, node in root.at("channels").entries:
        for action, _ in as_map(node).entries:
            if action.text in _SECOND:
                yield ContractMethod(f"{_SECOND[action.text]} {key.text}", action.extent)


def _third(root: MapNode) -> Iterator[ContractMethod]:
    channels = root.at("channels")
    for key, node in root.at("operations").entries:
        operation = as_map(node)
        name = operation.at("channel").text("$ref").rpartition("/")[2]
        action, address = operation.text("action"), channels.at(name).text("address") or name
        if action in ("send", "receive") and address:
            yield ContractMethod(f"{action} {address}", key.extent)
