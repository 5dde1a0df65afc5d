"""Model classes as JSON Schema, so that editors complete and check what people write by hand."""

from __future__ import annotations

import dataclasses
import inspect
import re
import types
from enum import Enum
from typing import Any, Union, cast, get_args, get_origin, get_type_hints

from commlint.codec.strict import Choices, spelling

_SCALARS: dict[type[Any], str] = {
    str: "string",
    int: "integer",
    float: "number",
    bool: "boolean",
    type(None): "null",
}


def schema(kind: type[Any], title: str, hyphens: bool = False, choices: Choices | None = None) -> dict[str, Any]:
    """
    The JSON Schema (draft 2020-12) of what `convert` takes for a `kind`.

    Descriptions are the docstrings of the classes: a part that starts with "`field`:" describes that field.

    Args:
        hyphens: keys are spelled with hyphens, as in configuration files.
        choices: words that text fields are limited to, as for `convert`.
    """
    writer = _Schema(hyphens, choices or {}, {})
    root = writer.record(kind)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **root,
        "$defs": dict(sorted(writer.definitions.items())),
    }


@dataclasses.dataclass(frozen=True, slots=True)
class _Schema:
    hyphens: bool
    choices: Choices
    definitions: dict[str, Any]

    def record(self, kind: type[Any]) -> dict[str, Any]:
        summary, descriptions = _documentation(kind)
        hints = get_type_hints(kind)
        properties: dict[str, Any] = {}
        required: list[str] = []
        for field in dataclasses.fields(kind):
            name = spelling(field.name) if self.hyphens else field.name
            entry = self._of(hints[field.name])
            words = self.choices.get((kind, field.name))
            if words:
                entry = {"enum": list(words)}
            if field.name in descriptions:
                entry = {"description": descriptions[field.name], **entry}
            properties[name] = entry
            if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
                required.append(name)
        found: dict[str, Any] = {"type": "object", **({"description": summary} if summary else {})}
        found["properties"] = properties
        if required:
            found["required"] = required
        return {**found, "additionalProperties": False}

    def _of(self, kind: Any) -> dict[str, Any]:
        origin = get_origin(kind)
        if origin in (Union, types.UnionType):
            return self._union(get_args(kind))
        if origin is tuple:
            return {"type": "array", "items": self._of(get_args(kind)[0])}
        if origin is dict:
            return {"type": "object", "additionalProperties": self._of(get_args(kind)[1])}
        if dataclasses.is_dataclass(kind):
            record = cast(type[Any], kind)
            if record.__name__ not in self.definitions:
                self.definitions[record.__name__] = {}
                self.definitions[record.__name__] = self.record(record)
            return {"$ref": f"#/$defs/{record.__name__}"}
        if issubclass(kind, Enum):
            return {"enum": [member.value for member in kind]}
        return {"type": _SCALARS[kind]}

    def _union(self, kinds: tuple[Any, ...]) -> dict[str, Any]:
        scalars = [_SCALARS[kind] for kind in kinds if kind in _SCALARS]
        others = [self._of(kind) for kind in kinds if kind not in _SCALARS]
        if not others:
            return {"type": scalars}
        return {"anyOf": [*others, *({"type": scalar} for scalar in scalars)]}


def _documentation(kind: type[Any]) -> tuple[str, dict[str, str]]:
    """The opening of a docstring, and the part of it that describes each field."""
    text = inspect.cleandoc(kind.__doc__ or "")
    names = "|".join(field.name for field in dataclasses.fields(kind))
    heading = re.compile(rf"(?:^|(?<=[.;])\s+|\n\s*)((?:`(?:{names})`(?:, | and )?)+): ")
    found: dict[str, str] = {}
    marks = list(heading.finditer(text))
    for number, mark in enumerate(marks):
        end = marks[number + 1].start() if number + 1 < len(marks) else len(text)
        description = " ".join(text[mark.end() : end].split()).rstrip(";")
        for name in re.findall(r"`(\w+)`", mark[1]):
            found[name] = description
    opening = text[: marks[0].start()] if marks else text
    return " ".join(opening.split()), found
