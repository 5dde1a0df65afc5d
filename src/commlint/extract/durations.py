"""Durations as meshes, gateways and web servers write them."""

from __future__ import annotations

import re

from commlint.model.values import Literal, Unknown, Value

_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|us|µs|ns|s|m|h|d)")
_UNITS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_CLOCK = re.compile(r"(?:(\d+)\.)?(\d{1,2}):(\d{2}):(\d{2}(?:\.\d+)?)")


def seconds(text: str, unit: float = 1.0) -> float | None:
    """`1m30s`, `500ms`, `0.25s`, `00:01:40`, or a bare number of `unit`s; None for anything else."""
    plain = text.strip().replace(" ", "")
    clock = _CLOCK.fullmatch(plain)
    if clock:
        days, hours, minutes, rest = (float(part or 0) for part in clock.groups())
        return round(days * 86400 + hours * 3600 + minutes * 60 + rest, 9)
    try:
        return round(float(plain) * unit, 9) if re.fullmatch(r"\d+(?:\.\d+)?", plain) else _joined(plain)
    except OverflowError:
        return None


def _joined(text: str) -> float | None:
    parts = _PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        return None
    return round(sum(float(number) * _UNITS[unit] for number, unit in parts), 9)


def duration(text: str, unit: float = 1.0) -> Value | None:
    """A stated duration in seconds, None when nothing is stated."""
    if not text.strip():
        return None
    found = seconds(text, unit)
    return Unknown(f"{text} is no duration that is understood") if found is None else Literal(found)


def count(text: str) -> Value | None:
    """A stated number, None when nothing is stated."""
    if not text.strip():
        return None
    plain = text.strip()
    return Literal(int(plain)) if plain.isascii() and plain.isdigit() and len(plain) < 10 else Unknown("no number")
