"""
The way in from hand-written YAML and TOML: every key and type is checked, and an error says where it stands.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Collection, Mapping
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from commlint.errors import ConfigurationError, nearest

T = TypeVar("T")

Choices = Mapping[tuple[type[Any], str], Collection[str]]
"""The words a text field may hold, by class and field name, where its type does not tell."""

_WORDS: dict[type[Any], str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    type(None): "null",
    dict: "a table of names and values",
    list: "a list",
}


def convert(data: object, kind: type[T], where: str, choices: Choices | None = None) -> T:
    """
    A `kind` of the model out of plain data.

    Keys of model classes may be written with hyphens or underscores.

    Args:
        data: dictionaries, lists and scalars, as a YAML or TOML reader gives them.
        where: what an error names as its place: the file, maybe with a table.
        choices: words that text fields are limited to.

    Raises:
        ConfigurationError: an unknown, doubled or missing key, or a value of the wrong type.
    """
    return cast(T, _Conversion(where, choices or {}).value(data, kind, ""))


def spelling(name: str) -> str:
    """A field name as people write it in configuration files."""
    return name.replace("_", "-")


@dataclasses.dataclass(frozen=True, slots=True)
class _Conversion:
    where: str
    choices: Choices

    def value(self, data: Any, kind: Any, place: str) -> Any:
        """`data` as a `kind`; `place` is its path inside the file, "" at the top."""
        origin = get_origin(kind)
        if origin in (Union, types.UnionType):
            return self._one_of(data, get_args(kind), place)
        if origin is tuple:
            items = self._of_type(data, list, place)
            item_kind = get_args(kind)[0]
            return tuple(self.value(item, item_kind, f"{place}[{number}]") for number, item in enumerate(items))
        if origin is dict:
            return self._table(self._of_type(data, dict, place), get_args(kind)[1], place)
        if dataclasses.is_dataclass(kind):
            return self._record(self._of_type(data, dict, place), kind, place)
        if issubclass(kind, Enum):
            return kind(self._word(data, [str(member.value) for member in kind], place))
        return self._of_type(data, kind, place)

    def _record(self, data: dict[Any, Any], kind: Any, place: str) -> Any:
        hints = _fields(kind)
        given: dict[str, Any] = {}
        for key, content in data.items():
            name = str(key).replace("-", "_")
            if name not in hints:
                known = [spelling(field) if "-" in str(key) else field for field in hints]
                raise self._error(place, f'no key "{key}"{nearest(str(key), known)}')
            if name in given:
                raise self._error(place, f'the key "{key}" twice, once with a hyphen and once without; keep one')
            inner = f"{place}.{key}" if place else str(key)
            given[name] = self.value(content, hints[name], inner)
            if (kind, name) in self.choices:
                self._word(content, self.choices[kind, name], inner)
        for missing in sorted(_required(kind) - given.keys()):
            raise self._error(place, f'no key "{missing}", which is needed')
        return kind(**given)

    def _table(self, data: dict[Any, Any], kind: Any, place: str) -> dict[str, Any]:
        for key in data:
            if not isinstance(key, str):
                raise self._error(place, f"the key {key!r}, which is no text; put it in quotes")
        return {key: self.value(content, kind, f"{place}.{key}") for key, content in data.items()}

    def _one_of(self, data: Any, kinds: tuple[Any, ...], place: str) -> Any:
        fitting = [kind for kind in kinds if _plain(kind) is type(data)]
        if not fitting and type(data) is int and float in kinds:
            fitting = [float]
        if not fitting and isinstance(data, str):
            fitting = [kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Enum)]
        if not fitting:
            wanted = " or ".join(dict.fromkeys(_WORDS.get(_plain(kind), "text") for kind in kinds))
            raise self._wrong(data, wanted, place)
        return self.value(data, fitting[0], place)

    def _of_type(self, data: Any, kind: type[Any], place: str) -> Any:
        if kind is float and type(data) is int:
            return float(data)
        if type(data) is not kind:
            raise self._wrong(data, _WORDS[kind], place)
        return data

    def _word(self, data: Any, words: Collection[str], place: str) -> str:
        text = self._of_type(data, str, place)
        if text not in words:
            known = ", ".join(words)
            raise ConfigurationError(
                self.where, f'{place} is "{text}", but must be one of {known}{nearest(text, words)}'
            )
        return str(text)

    def _wrong(self, data: Any, wanted: str, place: str) -> ConfigurationError:
        found = _WORDS.get(type(data), type(data).__name__)
        shown = f"{found} ({data!r})" if isinstance(data, (str, int, float)) else found
        cure = "; put it in quotes" if wanted == "text" and isinstance(data, (int, float)) else ""
        return ConfigurationError(self.where, f"{place or 'the file'} must be {wanted}, not {shown}{cure}")

    def _error(self, place: str, problem: str) -> ConfigurationError:
        return ConfigurationError(self.where, f"[{place}] has {problem}" if place else problem)


def _plain(kind: Any) -> type[Any]:
    """The type that a YAML or TOML reader gives for a `kind`."""
    origin = get_origin(kind)
    if origin is tuple:
        return list
    if origin is dict or dataclasses.is_dataclass(kind):
        return dict
    return cast(type[Any], kind)


@cache
def _fields(kind: Any) -> dict[str, Any]:
    """Field → type of a model class."""
    hints = get_type_hints(kind)
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


@cache
def _required(kind: Any) -> frozenset[str]:
    """Fields of a model class that have no default."""
    absent = dataclasses.MISSING
    return frozenset(
        field.name for field in dataclasses.fields(kind) if field.default is absent and field.default_factory is absent
    )
