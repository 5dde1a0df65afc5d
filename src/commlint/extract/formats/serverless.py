"""Serverless Framework: functions with their events, and the CloudFormation resources beside them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import ClassVar, Final

from commlint.extract.nodes import MapNode, Node, TextNode, as_map, as_text
from commlint.extract.port import FormatReader
from commlint.extract.templates import EVENT, TemplateReader
from commlint.extract.yaml import has_top_key, is_yaml, read_documents
from commlint.model.declarations import Declarations, Resource
from commlint.model.facts import Notice
from commlint.model.places import Extent
from commlint.model.values import Literal, Mapping, Reference, Template, Unknown, Value

_NAME: Final = re.compile(r"serverless[\w.-]*\.ya?ml")
_HOLE: Final = re.compile(r"\$\{([^{}]*)\}")
_FUNCTION: Final = "AWS::Serverless::Function"
_TIMEOUT: Final = 6
_LOOKUPS: Final = 10

# Event → what SAM calls it, and the key that says where messages come from when the event is only a text.
_EVENTS: Final = {
    "http": ("Api", "path"),
    "httpApi": ("HttpApi", "path"),
    "sqs": ("SQS", "queue"),
    "sns": ("SNS", "topic"),
    "s3": ("S3", "bucket"),
    "schedule": ("Schedule", "rate"),
    "eventBridge": ("EventBridgeRule", "event_bus_name"),
    "cloudwatchEvent": ("CloudWatchEvent", "event"),
    "cloudwatchLog": ("CloudWatchLogs", "log_group"),
    "iot": ("IoTRule", "sql"),
    "kafka": ("SelfManagedKafka", "topic"),
    "msk": ("MSK", "stream"),
}
_SPELLED: Final = {
    "arn": {"sqs": "queue", "sns": "topic", "stream": "stream", "msk": "stream"},
    "topicName": {"sns": "topic"},
    "deadLetterQueueArn": {"eventBridge": "dead_letter_config"},
}


class ServerlessReader(FormatReader):
    """Reads `serverless.yml` as if it were the template it makes; what comes from plug-ins or other files is open."""

    name: ClassVar[str] = "serverless"
    version: ClassVar[int] = 2
    names: ClassVar[tuple[str, ...]] = ("serverless*.yml", "serverless*.yaml")

    def claims(self, path: str, source: bytes) -> bool:
        named = is_yaml(path) and _NAME.fullmatch(posixpath.basename(path).lower()) is not None
        return named and has_top_key(source, "provider") and not has_top_key(source, "apiVersion")

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        documents, notices = read_documents(path, source)
        document = as_map(documents[0] if documents else None)
        if (document.text("provider") or document.at("provider").text("name")) != "aws":
            return Declarations(self.name), notices
        return Declarations(self.name, resources=tuple(_Reader(document).resources())), notices


class _Reader(TemplateReader):
    """The resources of a service; `${self:…}` is followed inside the file."""

    def __init__(self, document: MapNode) -> None:
        self.document = document
        entries = [document.at("resources")] if not document.items("resources") else list(document.maps("resources"))
        merged = tuple(entry for part in entries for entry in part.at("Resources").entries)
        outputs = tuple(entry for part in entries for entry in part.at("Outputs").entries)
        sections = (("Resources", merged), ("Outputs", outputs))
        template = tuple((TextNode(name, document.extent), MapNode(each, document.extent)) for name, each in sections)
        super().__init__(MapNode(template, document.extent))

    def resources(self) -> Iterator[Resource]:
        yield from super().resources()
        for key, node in self.document.at("functions").entries:
            if isinstance(node, MapNode):
                yield from self._function(key, node)
        yield Resource("root", "", "", None, self.document.extent)

    def _function(self, key: TextNode, node: MapNode) -> Iterator[Resource]:
        provider = self.document.at("provider")
        environment = (*provider.at("environment").entries, *node.at("environment").entries)
        timeout = node.get("timeout") or provider.get("timeout")
        destinations = node.get("destinations")
        failure = node.at("destinations").get("onFailure")
        dead = node.get("onError")
        entries: list[tuple[Value, Value]] = [
            (Literal("handler"), self.value(node.get("handler"))),
            (Literal("timeout"), self.value(timeout) if timeout is not None else Literal(_TIMEOUT)),
            (Literal("environment"), Mapping(((Literal("variables"), self.value(MapNode(environment), "", 1)),))),
            (Literal("code_uri"), Literal(".")),
        ]
        for name, given in (("dead_letter_queue", dead), ("event_invoke_config", failure)):
            if given is not None:
                entries.append((Literal(name), _nested(name, self.value(given, "", 1))))
        if destinations is not None and not isinstance(destinations, MapNode):
            entries.append((Literal("event_invoke_config"), Unknown("destinations of another file")))
        extent = Extent(*key.extent[:2], *node.extent[2:])
        yield Resource("resource", _FUNCTION, key.text, Mapping(tuple(entries)), extent)
        for number, event in enumerate(node.maps("events")):
            for word, given in event.entries[:1]:
                yield from self._started(key.text, f"{key.text}/{number}", word, given, event.extent)

    def _started(self, function: str, name: str, event: TextNode, given: Node, extent: Extent) -> Iterator[Resource]:
        kind, source = _EVENTS.get(event.text, ("", ""))
        settings = as_map(given)
        if event.text == "stream":
            written = settings.text("type").lower() or as_text(given).lower()
            kind, source = ("DynamoDB" if "dynamodb" in written else "Kinesis"), "stream"
        if not kind:
            return
        entries: list[tuple[Value, Value]] = [
            (Literal("function"), Reference(f"{_FUNCTION}.{function}")),
            (Literal("of"), Literal(function)),
        ]
        if isinstance(given, TextNode):
            entries.append((Literal(source), self.value(given)))
        for key, node in settings.entries:
            spelled = _SPELLED.get(key.text, {}).get(event.text, key.text)
            value = self.value(node, "", 1)
            if key.text == "destinations":
                spelled, value = "destination_config", self.value(node, "", 1)
            elif spelled == "dead_letter_config":
                value = Mapping(((Literal("arn"), value),))
            entries.append((Literal(spelled), value))
        yield Resource("resource", EVENT + kind, name, Mapping(tuple(entries)), extent)

    def value(self, node: Node | None, path: str = "", depth: int = 0) -> Value:
        """What a node says; a text may hold variables of the framework."""
        if isinstance(node, TextNode) and not node.tag.startswith("!") and "${" in node.text:
            return self._filled(node, depth)
        return super().value(node, path, depth)

    def _filled(self, node: TextNode, depth: int) -> Value:
        whole = _HOLE.fullmatch(node.text.strip())
        if whole is not None:
            return self._variable(whole[1], depth)
        parts: list[Value] = []
        last = 0
        for hole in _HOLE.finditer(node.text):
            parts.extend((Literal(node.text[last : hole.start()]), self._variable(hole[1], depth)))
            last = hole.end()
        kept = [part for part in (*parts, Literal(node.text[last:])) if part != Literal("")]
        return Template(tuple(kept))

    def _variable(self, written: str, depth: int) -> Value:
        name, _, rest = written.partition(",")
        kind, _, path = name.strip().partition(":")
        if kind == "self" and depth < _LOOKUPS:
            found: Node | None = self.document
            for part in path.split("."):
                found = as_map(found).get(part)
            if found is not None:
                return self.value(found, "", depth + 1)
        if rest.strip()[:1] in ("'", '"'):
            return Literal(rest.strip().strip("'\""))
        return Unknown(f"${{{written}}} is known when it is deployed")


def _nested(name: str, value: Value) -> Value:
    """The setting as a SAM function has it."""
    if name == "dead_letter_queue":
        return Mapping(((Literal("target_arn"), value),))
    return Mapping(((Literal("destination_config"), Mapping(((Literal("on_failure"), value),))),))
