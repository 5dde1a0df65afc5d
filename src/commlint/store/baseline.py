"""The file of known findings: one finding a line, sorted, so that two branches can both change it."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from commlint.codec import convert, schema
from commlint.errors import ConfigurationError, UsageError
from commlint.model.baseline import Baseline, Known
from commlint.store.documents import parse_yaml, read_bytes

VERSION: Final = 1
_HEAD = """\
# Findings that are known and stay for now; written by `commlint baseline`, one a line and sorted.
# When two branches both changed this file, keep the lines of both.
version: 1
findings:
"""


@dataclass(frozen=True, slots=True)
class BaselineFile:
    """A baseline as it stands in a file; `lines` has the line of each entry."""

    path: str
    baseline: Baseline
    lines: tuple[int, ...]


def load_baseline(root: Path, name: str) -> BaselineFile | None:
    """
    The baseline in a file below `root`; None when there is no such file.

    Raises:
        ConfigurationError: it cannot be read, or an entry is wrong.
    """
    file = root / name
    if not file.is_file():
        return None
    source = read_bytes(file, name)
    data = parse_yaml(source, name)
    if isinstance(data, dict) and data.get("findings") is None:
        data["findings"] = []  # What is left when the last line is deleted.
    baseline = convert(data, Baseline, name)
    if baseline.version != VERSION:
        raise ConfigurationError(
            name, f"is of version {baseline.version}, which this commlint does not know; update it"
        )
    lines = tuple(_lines(source))
    for entry, line in zip(baseline.findings, lines, strict=True):
        _check(entry, f"{name}:{line}")
    return BaselineFile(name, baseline, lines)


def write_baseline(root: Path, name: str, baseline: Baseline) -> None:
    """
    Raises:
        UsageError: the file cannot be written.
    """
    try:
        (root / name).write_text(baseline_text(baseline), encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"{name}: cannot be written ({error.strerror})") from error


def baseline_text(baseline: Baseline) -> str:
    """The whole file; the same entries give the same bytes."""
    entries = [f"- {{{_fields(entry)}}}\n" for entry in sorted(set(baseline.findings))]
    return _HEAD + "".join(entries)


def baseline_schema() -> dict[str, Any]:
    """The JSON Schema of a baseline file."""
    return schema(Baseline, "commlint baseline")


def _fields(entry: Known) -> str:
    given: dict[str, str | list[str]] = {"rule": entry.rule, "subjects": list(entry.subjects)}
    given |= {key: text for key in ("reason", "owner", "expires") if (text := getattr(entry, key))}
    return ", ".join(f"{key}: {_quoted(value)}" for key, value in given.items())


def _quoted(value: str | list[str]) -> str:
    """JSON that is YAML too, which takes fewer characters as they are; no text breaks out of its quotes."""
    text = json.dumps(value, ensure_ascii=False)
    return "".join(each if each.isprintable() else f"\\U{ord(each):08x}" for each in text)


def _lines(source: bytes) -> list[int]:
    """The line of every entry."""
    node = yaml.compose(source, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    found: list[int] = []
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if key.value == "findings" and isinstance(value, yaml.SequenceNode):
            found = [item.start_mark.line + 1 for item in value.value]
    return found


def _check(entry: Known, where: str) -> None:
    if not entry.expires:
        return
    try:
        datetime.date.fromisoformat(entry.expires)
    except ValueError:
        raise ConfigurationError(where, f'expires is "{entry.expires}", which is no day; write YYYY-MM-DD') from None
