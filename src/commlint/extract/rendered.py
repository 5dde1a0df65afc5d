"""What was read from rendered text, put back into the lines it comes from; what is open in it is unknown."""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass, replace
from typing import Any, TypeVar

from commlint.extract.gotemplate.values import MARK
from commlint.model.declarations import Declarations
from commlint.model.deployments import Binding, ServiceDeclaration
from commlint.model.places import Extent
from commlint.model.values import Literal, Unknown, Value, transform

T = TypeVar("T")
_OPEN = Unknown("worked out by a template only")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A rendered file: the line of the template for each of its lines, and the name of the release it is part of."""

    path: str
    lines: tuple[int, ...]
    release: str = ""

    def extent(self, place: Extent) -> Extent:
        first, last = self._line(place.start_line), self._line(place.end_line)
        return Extent(first, place.start_column, max(first, last), place.end_column if last >= first else 1)

    def _line(self, number: int) -> int:
        return self.lines[min(max(number, 1), len(self.lines)) - 1]


def settled(declarations: Declarations, file: Rendered) -> Declarations:
    """The declarations in the lines of the template; names that are open declare nothing, open values are unknown."""
    return replace(
        declarations,
        services=tuple(_service(each, file) for each in declarations.services if not _open(each.name)),
        bindings=tuple(_mapped(each, file) for each in declarations.bindings if not _open(each.scope + each.name)),
        routes=tuple(
            _mapped(each, file)
            for each in declarations.routes
            if not _open(f"{each.host}{each.target}{each.path}{each.rewrite or ''}")
        ),
        channels=tuple(_mapped(each, file) for each in declarations.channels if not _open(each.name)),
        traffic=tuple(_mapped(each, file) for each in declarations.traffic),
    )


def _open(text: str) -> bool:
    return MARK in text


def _service(item: ServiceDeclaration, file: Rendered) -> ServiceDeclaration:
    image = "" if _open(item.image.rpartition(":")[0] or item.image) else item.image.split(MARK)[0].rstrip(":")
    bare = item.name.removeprefix(f"{file.release}-") if file.release else item.name
    aliases = item.aliases if bare == item.name or not bare else (*item.aliases, bare)
    return _mapped(replace(item, image=image, aliases=aliases), file)


def _mapped(item: T, file: Rendered) -> T:
    """An item with its places in the template, and what is open in it taken away or unknown."""
    if not is_dataclass(item) or isinstance(item, type):
        return item
    changed: dict[str, Any] = {}
    for entry in fields(item):
        value = getattr(item, entry.name)
        changed[entry.name] = _value(value, file)
    return replace(item, **changed)


def _value(value: Any, file: Rendered) -> Any:
    match value:
        case Extent():
            return file.extent(value)
        case Value():
            return transform(value, _unknown)
        case str():
            return "" if _open(value) else value
        case tuple():
            kept = (each for each in value if not (isinstance(each, str) and _open(each)))
            return tuple(_value(each, file) for each in kept)
        case Binding() | ServiceDeclaration():
            return value
        case _ if is_dataclass(value) and not isinstance(value, type):
            return _mapped(value, file)
        case _:
            return value


def _unknown(value: Value) -> Value | None:
    return _OPEN if isinstance(value, Literal) and isinstance(value.value, str) and _open(value.value) else None
