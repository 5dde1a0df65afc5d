"""Hand-written YAML and TOML files as plain data; what cannot be read names its file and line."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import yaml

from commlint.errors import ConfigurationError

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _StrictLoader(_Loader):  # type: ignore[misc]
    """YAML whose tables hold each key once; the plain loader keeps the last one in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        written = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode) and key.value != "<<"]
        if len(set(written)) < len(written):
            twice = next(key for key in written if written.count(key) > 1)
            raise yaml.constructor.ConstructorError(None, None, f'the key "{twice}" stands twice', node.start_mark)
        table: dict[Any, Any] = super().construct_mapping(node, deep)
        return table


def read_bytes(path: Path, where: str) -> bytes:
    """
    The content of a file somebody asked for.

    Raises:
        ConfigurationError: it cannot be opened.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigurationError(
            where, f"cannot be read ({error.strerror}); check the path and its permissions"
        ) from error


def parse_yaml(source: bytes, where: str) -> Any:
    """
    Raises:
        ConfigurationError: no YAML, several documents, or a key that stands twice.
    """
    try:
        return yaml.load(source, _StrictLoader)
    except yaml.MarkedYAMLError as error:
        line = f", line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise ConfigurationError(where + line, f"cannot be read as YAML: {error.problem or error.context}") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise ConfigurationError(where, f"cannot be read as YAML: {str(error).splitlines()[0]}") from error


def parse_toml(source: bytes, where: str) -> dict[str, Any]:
    """
    Raises:
        ConfigurationError: no TOML.
    """
    try:
        return tomllib.loads(source.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigurationError(where, f"cannot be read as TOML: {error}") from error
