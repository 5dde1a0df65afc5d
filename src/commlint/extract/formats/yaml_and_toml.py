"""Settings that programs read by themselves: `config.yaml`, `etc/orders.toml`, as no framework names them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import ClassVar

from commlint.extract.port import FormatReader
from commlint.extract.settings import SETTING_LIMIT, Setting, flattened
from commlint.extract.yaml import decode, is_yaml, read_documents
from commlint.model.declarations import Declarations
from commlint.model.deployments import Binding
from commlint.model.facts import Notice
from commlint.model.placeholders import placeholders
from commlint.model.places import Extent
from commlint.model.values import Literal, Sequence, Value

SIZE_LIMIT = 500_000

_NAMED = re.compile(r"^(?:\w+[._-])?(?:config|conf|configuration|settings)(?:[._-](?P<profile>\w+))?\.(?:ya?ml|toml)$")
_FOLDER = re.compile(r"^(?:etc|configs?|conf|configuration|settings)$")
_PROFILES = frozenset(
    ("dev", "development", "test", "testing", "staging", "stage", "prod", "production", "online", "local")
)
_TOOLS = frozenset(
    ("pyproject.toml", "cargo.toml", "netlify.toml", "fly.toml", "rustfmt.toml", "clippy.toml", "pipfile")
)
# What stands at the top of files of tools.
_ANOTHERS = re.compile(
    rb"^(?:apiVersion|services|version|scrape_configs|stages|jobs|on|kind|swagger|openapi|asyncapi|receivers|"
    rb"\[(?:tool|package|build-system|workspace)\b)[ \t.\]]*:?",
    re.MULTILINE,
)
_START = Extent(1, 1, 1, 1)


class YamlAndTomlReader(FormatReader):
    """
    Reads YAML and TOML files that by their names, or those of their folders, are settings of a program.

    `config.prod.yaml` and `prod/config.yaml` hold for that profile.
    """

    name: ClassVar[str] = "yaml-and-toml"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("*.yaml", "*.yml", "*.toml")

    def claims(self, path: str, source: bytes) -> bool:
        if len(source) > SIZE_LIMIT or _ANOTHERS.search(source):
            return False
        *folders, base = path.lower().split("/")
        if base.endswith(".toml"):
            return base not in _TOOLS
        return _NAMED.match(base) is not None or any(_FOLDER.match(each) for each in folders[-2:])

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        profile = _profile(path)
        found, notices = _yaml(path, source) if is_yaml(path) else _toml(path, source)
        bindings = [
            Binding(f"settings:{path}", each.key, _value(each), self.name, each.extent, profile) for each in found
        ]
        return Declarations(self.name, bindings=tuple(bindings[:SETTING_LIMIT])), notices


def _profile(path: str) -> str:
    """The profile a file is for, by its name or the folder it stands in."""
    *folders, base = path.lower().split("/")
    named = _NAMED.match(base)
    told = (named["profile"] if named else None) or ""
    if told in _PROFILES:
        return told
    return folders[-1] if folders and folders[-1] in _PROFILES else ""


def _yaml(path: str, source: bytes) -> tuple[list[Setting], tuple[Notice, ...]]:
    documents, notices = read_documents(path, source)
    return [setting for tree in documents for setting in flattened(tree) if setting.key], notices


def _toml(path: str, source: bytes) -> tuple[list[Setting], tuple[Notice, ...]]:
    text, notices = decode(path, source)
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return [], (*notices, Notice(path, 1, f"not valid TOML ({error}); its settings were not read"))
    return list(_leaves("", data)), notices


def _leaves(key: str, data: object) -> Iterator[Setting]:
    if isinstance(data, dict):
        for name, value in data.items():
            yield from _leaves(f"{key}.{name}" if key else str(name), value)
    elif isinstance(data, list):
        if all(isinstance(each, str | int | float) for each in data):
            texts = tuple(map(str, data))
            yield Setting(key, ",".join(texts), _START, texts)
        for number, value in enumerate(data):
            yield from _leaves(f"{key}[{number}]", value)
    else:
        yield Setting(key, str(data), _START)


def _value(setting: Setting) -> Value:
    if setting.items:
        return Sequence(tuple(placeholders(item) for item in setting.items))
    text = placeholders(setting.text)
    return text if text is not None else Literal(setting.text)
