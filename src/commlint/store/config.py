"""Finding and reading the configuration of a run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from commlint.codec import convert, schema
from commlint.errors import ConfigurationError
from commlint.model.config import Config
from commlint.model.notices import Notice
from commlint.store.documents import parse_toml, parse_yaml, read_bytes
from commlint.store.packs import with_options_apart

FILES: Final = ("commlint.toml", "commlint.yaml", "commlint.yml", "pyproject.toml")
"""Where a configuration may stand, at the root of the analysed folder; the first one there counts."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """What was configured, and in which file (None: nowhere, all defaults)."""

    config: Config
    path: str | None = None
    notices: tuple[Notice, ...] = ()


def load_config(root: Path, named: Path | None = None) -> Configuration:
    """
    The configuration of the folder `root`, or the `named` file.

    Raises:
        ConfigurationError: it cannot be read, or has unknown keys or values of the wrong type.
    """
    if named is not None:
        where = named.as_posix()
        data = _table(named.name, read_bytes(named, where), where)
        if data is None:
            raise ConfigurationError(where, "has no table [tool.commlint]; add one or name another file")
        return Configuration(_config(data, where), where)
    found = {
        name: data
        for name in FILES
        if (root / name).is_file() and (data := _table(name, read_bytes(root / name, name), name)) is not None
    }
    if not found:
        return Configuration(Config())
    first, *others = found
    notices = tuple(Notice(name, 0, f"not used, as {first} is there too; keep one of them") for name in others)
    return Configuration(_config(found[first], first), first, notices)


def config_schema() -> dict[str, Any]:
    """The JSON Schema of a configuration file."""
    document = schema(Config, "commlint configuration", hyphens=True)
    rule = document["$defs"]["RuleConfig"]
    options = rule["properties"].pop("options")
    rule["additionalProperties"] = options["additionalProperties"]
    return document


def _config(data: Any, where: str) -> Config:
    return convert(with_options_apart(data), Config, where)


def _table(name: str, source: bytes, where: str) -> Any:
    """The configuration inside a file; None when it has none (a pyproject.toml without our table)."""
    if name == "pyproject.toml":
        # A broken file that never mentions us is not ours to complain about.
        if b"commlint" not in source:
            return None
        tool = parse_toml(source, where).get("tool")
        return tool.get("commlint") if isinstance(tool, dict) else None
    if name.endswith(".toml"):
        return parse_toml(source, where)
    # An empty YAML file is a configuration that changes nothing.
    data = parse_yaml(source, where)
    return {} if data is None else data
