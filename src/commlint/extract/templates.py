"""CloudFormation templates as resources: intrinsic functions become references, as in other infrastructure code."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final

from commlint.extract.nodes import ListNode, MapNode, Node, TextNode, as_map, as_text
from commlint.model.declarations import Resource
from commlint.model.places import Extent
from commlint.model.values import (
    Compute,
    Index,
    Literal,
    Mapping,
    Reference,
    Scalar,
    Sequence,
    Template,
    Unknown,
    Value,
)

EVENT: Final = "AWS::Serverless::Event::"
_FUNCTION: Final = "AWS::Serverless::Function"
_NESTED: Final = {"AWS::CloudFormation::Stack": "TemplateURL", "AWS::Serverless::Application": "Location"}
_HOLE: Final = re.compile(r"\$\{(!?)([^}]*)\}")
_NUMBER: Final = re.compile(r"-?\d{1,15}(\.\d+)?")


@dataclass
class TemplateReader:
    """Reads one template; `places` collects where mappings stand in the resource being read."""

    template: MapNode
    places: dict[str, Extent] = field(default_factory=dict)

    def resources(self) -> Iterator[Resource]:
        for key, node in self.template.at("Parameters").entries:
            default = as_map(node).get("Default")
            value = self.value(default) if default is not None else None
            yield Resource("variable", "", key.text, value, node.extent)
        for key, node in self.template.at("Conditions").entries:
            yield Resource("local", "", f"condition:{key.text}", self.value(node), node.extent)
        for key, node in self.template.at("Mappings").entries:
            yield Resource("local", "", f"mapping:{key.text}", self.value(node), node.extent)
        for key, node in self.template.at("Outputs").entries:
            yield Resource("output", "", key.text, self.value(as_map(node).get("Value")), node.extent)
        for key, node in self.template.at("Resources").entries:
            if isinstance(node, MapNode):
                yield from self._resource(key, node)

    def _resource(self, key: TextNode, node: MapNode) -> Iterator[Resource]:
        kind, properties = node.text("Type"), node.at("Properties")
        extent = Extent(*key.extent[:2], *node.extent[2:])
        nested, asset = self._nested(node), _asset(node)
        self.places = {}
        settings = self.settings(self._with_globals(kind, properties), node.text("Condition"))
        if asset:
            settings = Mapping((*settings.entries, (Literal("asset_path"), Literal(asset))))
        places = tuple(sorted(self.places.items()))
        if nested:
            arguments = self.settings(properties.at("Parameters"), node.text("Condition"))
            yield Resource("module", nested, key.text, arguments, extent)
        else:
            yield Resource("resource", kind, key.text, settings, extent, places)
        if kind.startswith("AWS::Serverless::"):
            for event, inner in properties.at("Events").entries:
                yield self._event(kind, key.text, event, as_map(inner))

    def _event(self, kind: str, function: str, key: TextNode, event: MapNode) -> Resource:
        given = self.value(event.at("Properties"))
        entries = given.entries if isinstance(given, Mapping) else ()
        settings = Mapping(
            (*entries, (Literal("function"), Reference(f"{kind}.{function}")), (Literal("of"), Literal(function)))
        )
        extent = Extent(*key.extent[:2], *event.extent[2:])
        return Resource("resource", EVENT + event.text("Type"), f"{function}/{key.text}", settings, extent)

    def _with_globals(self, kind: str, properties: MapNode) -> MapNode:
        """What `Globals` gives every function goes before nothing the function says itself."""
        shared = self.template.at("Globals", "Function") if kind == _FUNCTION else MapNode()
        own = {key.text for key, _ in properties.entries}
        more = tuple(entry for entry in shared.entries if entry[0].text not in own)
        return MapNode((*properties.entries, *more), properties.extent) if more else properties

    def _nested(self, node: MapNode) -> str:
        """Where the template of a nested stack stands, relative to this one; "" when it is none or not at hand."""
        kind = node.text("Type")
        url = (_asset(node) or node.at("Properties").text(_NESTED[kind])) if kind in _NESTED else ""
        if not url or "://" in url or not url.lower().endswith((".yaml", ".yml", ".json", ".template")):
            return ""
        return f"./{posixpath.normpath(url)}"

    def settings(self, properties: MapNode, condition: str = "") -> Mapping:
        """The properties of a resource; a condition it stands under makes it one or none."""
        found = self.value(properties, "", 0)
        entries = found.entries if isinstance(found, Mapping) else ()
        if condition:
            count = Compute("?:", (Reference(f"local.condition:{condition}"), Literal(1), Literal(0)))
            entries = (*entries, (Literal("count"), count))
        return Mapping(entries)

    # -- values ------------------------------------------------------------------------------------------

    def value(self, node: Node | None, path: str = "", depth: int = 0) -> Value:
        """What a node says, with the intrinsic functions of both spellings, `!Ref x` and `{Ref: x}`."""
        if node is None:
            return Literal(None)
        if node.tag.startswith("!"):
            return self._intrinsic(node.tag[1:], node, depth + 1)
        if isinstance(node, TextNode):
            return Literal(_scalar(node))
        if isinstance(node, ListNode):
            return Sequence(tuple(self._placed(item, path, str(n), depth) for n, item in enumerate(node.items)))
        if len(node.entries) == 1:
            key, inner = node.entries[0]
            if key.text in ("Ref", "Condition") and isinstance(inner, TextNode) and depth:
                return self._intrinsic(key.text, inner, depth + 1)
            if key.text.startswith("Fn::"):
                return self._intrinsic(key.text[4:], inner, depth + 1)
        return Mapping(
            tuple((Literal(key.text), self._placed(item, path, key.text, depth)) for key, item in node.entries)
        )

    def _placed(self, node: Node, path: str, name: str, depth: int) -> Value:
        inner = f"{path}/{name}".lstrip("/")
        if isinstance(node, MapNode):
            self.places[inner] = node.extent
        return self.value(node, inner, depth + 1)

    def _intrinsic(self, name: str, node: Node, depth: int) -> Value:
        read = _INTRINSICS.get(name)
        if read is not None:
            return read(self, node, depth)
        return self._arguments(name, node, depth) if name in _OPERATORS else Unknown(f"!{name}")

    def _plain_items(self, node: Node, depth: int) -> tuple[Value, ...]:
        items = node.items if isinstance(node, ListNode) else ()
        return tuple(self.value(item, "", depth) for item in items)

    def _ref(self, node: Node, depth: int) -> Value:
        return self.named(as_text(node))

    def _get(self, node: Node, depth: int) -> Value:
        parts = [as_text(item) for item in node.items] if isinstance(node, ListNode) else as_text(node).split(".")
        return self.named(parts[0], ".".join(parts[1:]))

    def named(self, name: str, attribute: str = "") -> Value:
        """A parameter or a resource, as other infrastructure code would name it."""
        if name == "AWS::NoValue":
            return Literal(None)
        if self.template.at("Parameters").get(name) is not None:
            return Reference(f"var.{name}")
        kind = self.template.at("Resources", name).text("Type")
        if not kind:
            return Unknown(f"{name} is known when it is deployed")
        if self._nested(self.template.at("Resources", name)):
            return Reference(f"module.{name}.{attribute.removeprefix('Outputs.')}")
        return Reference(f"{kind}.{name}" + (f".{attribute}" if attribute else ""))

    def _sub(self, node: Node, depth: int) -> Value:
        text, given = as_text(node), MapNode()
        if isinstance(node, ListNode) and node.items:
            text, given = as_text(node.items[0]), as_map(node.items[1] if len(node.items) > 1 else None)
        parts: list[Value] = []
        last = 0
        for hole in _HOLE.finditer(text):
            parts.append(Literal(text[last : hole.start()]))
            last = hole.end()
            name, _, attribute = hole[2].strip().partition(".")
            if hole[1]:
                parts.append(Literal(f"${{{hole[2]}}}"))
            elif given.get(name) is not None:
                parts.append(self.value(given.get(name), "", depth))
            else:
                parts.append(self.named(name, attribute))
        parts = [part for part in (*parts, Literal(text[last:])) if part != Literal("")]
        return parts[0] if len(parts) == 1 else Template(tuple(parts)) if parts else Literal("")

    def _if(self, node: Node, depth: int) -> Value:
        items = node.items if isinstance(node, ListNode) else ()
        if len(items) != 3:
            return Unknown("!If")
        condition = Reference(f"local.condition:{as_text(items[0])}")
        return Compute("?:", (condition, *(self.value(item, "", depth) for item in items[1:])))

    def _condition(self, node: Node, depth: int) -> Value:
        return Reference(f"local.condition:{as_text(node)}")

    def _find(self, node: Node, depth: int) -> Value:
        items = node.items if isinstance(node, ListNode) else ()
        if len(items) < 3:
            return Unknown("!FindInMap")
        inner = Index(Reference(f"local.mapping:{as_text(items[0])}"), self.value(items[1], "", depth))
        return Index(inner, self.value(items[2], "", depth))

    def _select(self, node: Node, depth: int) -> Value:
        items = self._plain_items(node, depth)
        return Index(items[1], Literal(_integer(items[0]))) if len(items) == 2 else Unknown("!Select")

    def _join(self, node: Node, depth: int) -> Value:
        return Compute("join()", self._plain_items(node, depth))

    def _arguments(self, name: str, node: Node, depth: int) -> Value:
        items = self._plain_items(node, depth)
        found = items[0] if items else Unknown(f"!{name}")
        if name == "Not":
            return Compute("!", (found,))
        if name == "Equals":
            return Compute("==", items)
        for item in items[1:]:
            found = Compute(_OPERATORS[name], (found, item))
        return found


_OPERATORS: Final = {"And": "&&", "Or": "||", "Not": "!", "Equals": "=="}
_INTRINSICS: Final[dict[str, Callable[[TemplateReader, Node, int], Value]]] = {
    "Ref": TemplateReader._ref,
    "GetAtt": TemplateReader._get,
    "Sub": TemplateReader._sub,
    "If": TemplateReader._if,
    "Condition": TemplateReader._condition,
    "FindInMap": TemplateReader._find,
    "Select": TemplateReader._select,
    "Join": TemplateReader._join,
}


def _scalar(node: TextNode) -> Scalar:
    if not node.plain:
        return node.text
    if node.is_null:
        return None
    lowered = node.text.lower()
    if lowered in ("true", "false", "yes", "no"):
        return lowered in ("true", "yes")
    if _NUMBER.fullmatch(node.text):
        return float(node.text) if "." in node.text else int(node.text)
    return node.text


def _integer(value: Value) -> Scalar:
    text = str(value.value) if isinstance(value, Literal) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else text


def _asset(node: MapNode) -> str:
    """Where the CDK has put the code or the template of a resource, relative to the template it writes."""
    return node.at("Metadata").text("aws:asset:path")
