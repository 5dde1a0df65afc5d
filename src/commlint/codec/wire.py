"""
The model as msgpack and JSON.

Nothing decoded here runs code: a cache or report written by somebody else can at worst be refused.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from functools import cache
from typing import Any, Final, TypeVar, cast

import msgspec

from commlint.model.values import VARIANTS, Value

CODEC_VERSION: Final = 1

T = TypeVar("T")
_INTEGERS: Final = range(-(2**63), 2**64)


class DecodeError(ValueError):
    """Bytes that do not hold what was asked for: cut off, foreign or written by another version."""


def encode(thing: object) -> bytes:
    """`thing` of the model as msgpack."""
    return _carried(msgspec.msgpack.encode, thing)


def decode(data: bytes, kind: type[T]) -> T:
    """
    What `encode` made of a `kind`.

    Raises:
        DecodeError: the bytes hold something else.
    """
    try:
        return cast(T, _decoder(cast(Any, kind)).decode(data))
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise DecodeError(str(error)) from error


def to_json(thing: object, indent: int = 0) -> str:
    """`thing` of the model as JSON; fields stand in the order of their declaration."""
    text = _carried(msgspec.json.encode, thing)
    return (msgspec.json.format(text, indent=indent) if indent else text).decode()


def from_json(data: bytes, kind: type[T]) -> T:
    """
    What `to_json` made of a `kind`.

    Raises:
        DecodeError: the text holds something else.
    """
    try:
        return msgspec.json.decode(data, type=kind, dec_hook=_variant)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise DecodeError(str(error)) from error


def _carried(encoder: Callable[[object], bytes], thing: object) -> bytes:
    try:
        return encoder(thing)
    except (OverflowError, UnicodeEncodeError):
        return encoder(_portable(thing))


def _portable(thing: Any) -> Any:
    """
    `thing` with what no wire can carry made harmless: integers beyond 64 bits become floats,
    lone surrogates question marks.
    """
    match thing:
        case str() if not thing.isascii():
            return thing.encode("utf-8", "replace").decode()
        case int() if thing not in _INTEGERS:
            return _as_float(thing)
        case tuple() if hasattr(thing, "_fields"):
            return type(thing)(*map(_portable, thing))
        case tuple():
            return tuple(map(_portable, thing))
        case dict():
            return {_portable(key): _portable(entry) for key, entry in thing.items()}
        case _ if dataclasses.is_dataclass(thing) and not isinstance(thing, type):
            parts = {part.name: _portable(getattr(thing, part.name)) for part in dataclasses.fields(thing)}
            return dataclasses.replace(thing, **parts)
        case _:
            return thing


def _as_float(number: int) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


@cache
def _decoder(kind: Any) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(kind, dec_hook=_variant)


def _variant(kind: type[Any], data: Any) -> Any:
    """The value of the variant its `kind` names; asked for every field that is declared as a plain `Value`."""
    variant = VARIANTS.get(str(data.get("kind"))) if kind is Value and isinstance(data, dict) else None
    if variant is None:
        raise msgspec.ValidationError(f"no {kind.__name__}")
    return msgspec.convert(data, variant, dec_hook=_variant)
