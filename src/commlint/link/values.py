"""Finish a value for one service: what the deployment gives it decides; what stays open keeps its reason."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from commlint.link.environment import Bound, Environment
from commlint.model.places import Region
from commlint.model.values import (
    Attribute,
    Choice,
    Compute,
    ConfigRead,
    Element,
    EnvironmentRead,
    Index,
    Literal,
    Mapping,
    Parameter,
    Reference,
    Sequence,
    Template,
    Unknown,
    Value,
    show,
)

MAX_ALTERNATIVES = 12
NESTED = re.compile(r"\$\((\w+)\)|\$\{(\w+)(?::?-([^}]*))?\}")


@dataclass(frozen=True, slots=True)
class Open:
    """
    A part of a text that is not known.

    `label`: how a person would name it. `why`: the reason, as a clause. `key`: what would bind it in the
    configuration (`$PAYMENTS_URL`), "" when nothing there could.
    """

    label: str
    why: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """One possible text; `names` are the variables it came through, `via` the declarations that gave them."""

    parts: tuple[str | Open, ...] = ()
    names: tuple[str, ...] = ()
    via: tuple[Region, ...] = ()

    @property
    def literal(self) -> str | None:
        """The whole text when nothing of it is open."""
        return None if self.opens else "".join(part for part in self.parts if isinstance(part, str))

    @property
    def opens(self) -> tuple[Open, ...]:
        return tuple(part for part in self.parts if isinstance(part, Open))

    @property
    def unknown(self) -> bool:
        """Nothing of it is known."""
        return bool(self.parts) and all(isinstance(part, Open) for part in self.parts)

    def named(self) -> str:
        """As a person would write it, open parts by their names."""
        return "".join(part if isinstance(part, str) else f"{{{part.label}}}" for part in self.parts)

    def __str__(self) -> str:
        return "".join(part if isinstance(part, str) else "{}" for part in self.parts)


class Valuer:
    """Values as one service sees them."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment
        self._known: dict[Value, tuple[Text, ...]] = {}

    def texts(self, value: Value | None) -> tuple[Text, ...]:
        """All texts `value` may be for this service, in the order of the alternatives; none for no value."""
        if value is None:
            return ()
        if value not in self._known:
            self._known[value] = _distinct(_told(text) for text in self._texts(value, None, ()))
        return self._known[value]

    @property
    def complete(self) -> bool:
        """Whether all that configuration files say to the service is in the tree."""
        return self._environment.complete

    def setting(self, key: str) -> tuple[Bound, ...]:
        """What gives a configuration key its value."""
        return self._environment.setting(key)

    def bound_texts(self, bound: Bound) -> tuple[Text, ...]:
        """All texts that a binding of this service may give."""
        return _distinct(self._texts(bound.value, bound, ()))

    def _texts(self, value: Value, bound: Bound | None, inside: tuple[str, ...]) -> Iterable[Text]:
        match value:
            case Literal(value=None):
                return (_open("None", "it is null"),)
            case Literal(value=str(content)):
                return self._content(content, bound, inside)
            case Literal(value=content):
                return (Text((str(content),)),)
            case Template(parts=parts) | Compute(operator="+", operands=parts):
                # A sum that is asked for as a text is one: neither operand need show it.
                return self._joined(parts, bound, inside)
            case Choice(options=options):
                return self._chosen(self._decided(options, bound), bound, inside)
            case Sequence(items=items):
                return self._chosen(items, bound, inside)
            case Element(of=Sequence() | Choice() | EnvironmentRead() | ConfigRead() as of):
                return self._texts(of, bound, inside)
            case Index(of=Mapping(entries=entries), key=key):
                exact = [entry for known, entry in entries if known == key]
                return self._chosen(tuple(exact or (entry for _, entry in entries)), bound, inside)
            case EnvironmentRead(name=name, default=default):
                return self._environment_texts(name, default, bound, inside)
            case ConfigRead(key=key, default=default):
                return self._config_texts(key, default, inside)
            case _:
                return (_opened(value),)

    def _content(self, content: str, bound: Bound | None, inside: tuple[str, ...]) -> Iterable[Text]:
        # Only what a deployment file says is expanded: `$(NAME)` in code is an ordinary text.
        if bound is None or not NESTED.search(content):
            return (Text((content,) if content else ()),)
        parts: list[Value] = []
        last = 0
        for found in NESTED.finditer(content):
            parts.append(Literal(content[last : found.start()]))
            default = Literal(found[3]) if found[3] is not None else None
            parts.append(EnvironmentRead(found[1] or found[2], default))
            last = found.end()
        parts.append(Literal(content[last:]))
        return self._joined(tuple(parts), Bound(bound.value, bound.region, "nested"), inside)

    def _joined(self, parts: tuple[Value, ...], bound: Bound | None, inside: tuple[str, ...]) -> Iterable[Text]:
        alternatives = [_distinct(self._texts(part, bound, inside)) for part in parts]
        for count, combination in enumerate(product(*alternatives)):
            if count == MAX_ALTERNATIVES:
                return
            yield Text(
                _merged(piece for text in combination for piece in text.parts),
                tuple(dict.fromkeys(name for text in combination for name in text.names)),
                tuple(dict.fromkeys(region for text in combination for region in text.via)),
            )

    def _decided(self, options: tuple[Value, ...], bound: Bound | None) -> tuple[Value, ...]:
        """The alternatives that hold for this service: what is read when it is given, else what stands in for it."""
        plain = tuple(each for each in options if isinstance(each, Literal) and each.value is not None)
        read = tuple(each for each in options if isinstance(each, EnvironmentRead) and each.default is None)
        if bound is not None or not plain or not read:
            return options
        given = any(self._environment.lookup(each.name) for each in read)
        return tuple(each for each in options if each not in (plain if given else read))

    def _chosen(self, options: tuple[Value, ...], bound: Bound | None, inside: tuple[str, ...]) -> Iterable[Text]:
        # `x or "default"` and `None` before a value is set: null is no text anybody connects to.
        real = [option for option in options if option != Literal(None)] or list(options)
        return [text for option in real for text in self._texts(option, bound, inside)]

    def _environment_texts(
        self, name: str, default: Value | None, bound: Bound | None, inside: tuple[str, ...]
    ) -> Iterable[Text]:
        # A compose file may give a variable the value the same name has where compose runs.
        step = f"{name} in {bound.origin}" if bound else name
        if step in inside:
            return (_open(name, "is given by itself", f"${name}"),)
        found = self._environment.substitutions(name, bound) if bound else self._environment.lookup(name)
        if found:
            return self._from(name, found, (*inside, step))
        if default is not None and default != Literal(None):
            return [_through(text, name, None) for text in self._texts(default, bound, (*inside, step))]
        return (_open(name, f"comes from ${name}, which no deployment file gives a value", f"${name}"),)

    def _config_texts(self, key: str, default: Value | None, inside: tuple[str, ...]) -> Iterable[Text]:
        if key in inside:
            return (_open(key, "is given by itself", f"${key}"),)
        found = self._environment.setting(key)
        if found:
            return self._from(key, found, (*inside, key))
        if default is not None and default != Literal(None):
            return [_through(text, key, None) for text in self._texts(default, None, (*inside, key))]
        return (_open(key, f"comes from the setting {key}, which no file gives a value", f"${key}"),)

    def _from(self, name: str, found: tuple[Bound, ...], inside: tuple[str, ...]) -> Iterable[Text]:
        return [
            _through(text, name, bound.region) for bound in found for text in self._texts(bound.value, bound, inside)
        ]


def _through(text: Text, name: str, region: Region | None) -> Text:
    via = (*((region,) if region else ()), *text.via)
    return Text(text.parts, tuple(dict.fromkeys((name, *text.names))), tuple(dict.fromkeys(via)))


def _told(text: Text) -> Text:
    """An empty text that came through a variable says only that somebody has to give it: `QUEUE_URL: str = ""`."""
    if text.parts or not text.names:
        return text
    name = text.names[0]
    return Text((Open(name, f"comes from ${name}, which no deployment file gives a value", f"${name}"),), text.names)


def _open(label: str, why: str, key: str = "") -> Text:
    return Text((Open(label, why, key),), (key.removeprefix("$"),) if key.startswith("$") else ())


def _opened(value: Value) -> Text:
    match value:
        case Parameter(name=name):
            function, _, parameter = name.rpartition(".")
            of = f" of {function}()" if function else ""
            return _open(parameter, f"is the parameter `{parameter}`{of}, which no call that was followed binds")
        case Reference(name=name):
            shown = name.removeprefix("builtins.")
            return _open(shown.rsplit(".", 1)[-1], f"is `{shown}`, which could not be followed")
        case Attribute(name=name):
            return _open(name, f"is `{show(value)}`, which could not be followed")
        case Unknown(why=why):
            return _open("", f"cannot be told: {why}" if why else "cannot be told")
        case _:
            return _open("", f"is computed: {show(value)}")


def _merged(parts: Iterable[str | Open]) -> tuple[str | Open, ...]:
    merged: list[str | Open] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    return tuple(merged)


def _distinct(texts: Iterable[Text]) -> tuple[Text, ...]:
    found: dict[tuple[str | Open, ...], Text] = {}
    for text in texts:
        found.setdefault(text.parts, text)
        if len(found) == MAX_ALTERNATIVES:
            break
    return tuple(found.values())
