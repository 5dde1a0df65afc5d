"""Dotenv files: names and values, one a line."""

from __future__ import annotations

import posixpath
import re
from typing import ClassVar

from commlint.extract.interpolation import interpolate
from commlint.extract.port import FormatReader
from commlint.extract.yaml import decode
from commlint.model.declarations import Declarations
from commlint.model.deployments import Binding
from commlint.model.facts import Notice
from commlint.model.places import Extent
from commlint.model.values import Literal, Value

BINDING_LIMIT = 10_000

_NAME = re.compile(r"^(?!(?:docker|container|proc)file)(?:\.env(?:\..+)?|.+\.env|\.flaskenv)$")
# Files of other formats that only have such a name.
_NOT_ONE = (".ts", ".js", ".mjs", ".cjs", ".py", ".md", ".json", ".yaml", ".yml", ".toml", ".sh", ".enc", ".j2", ".tpl")
_LINE = re.compile(
    r"""^[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=[ \t]*
    (?: "(?P<double>(?:[^"\\]|\\.)*)" | '(?P<single>[^']*)' | (?P<plain>[^\n]*) )""",
    re.MULTILINE | re.VERBOSE | re.DOTALL,
)
_COMMENT = re.compile(r"(?:^|[ \t]+)#.*$")
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


class DotenvReader(FormatReader):
    """
    Reads `.env` files as compose and the dotenv libraries do.

    A reference to a name given further up in the same file is filled in; any other is read from the environment.
    """

    name: ClassVar[str] = "dotenv"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = (".env", "*.env", ".env.*", ".flaskenv")

    def claims(self, path: str, source: bytes) -> bool:
        base = posixpath.basename(path).lower()
        return _NAME.match(base) is not None and not base.endswith(_NOT_ONE)

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        text, notices = decode(path, source)
        known: dict[str, Value] = {}
        bindings: dict[str, Binding] = {}
        line, position = 1, 0
        for count, match in enumerate(_LINE.finditer(text.replace("\r\n", "\n"))):
            if count >= BINDING_LIMIT:
                more = Notice(path, line, f"more than {BINDING_LIMIT} variables; the rest was not read")
                return Declarations(self.name, bindings=tuple(bindings.values())), (*notices, more)
            line += match.string.count("\n", position, match.start("name"))
            position = match.start("name")
            column = position - match.string.rfind("\n", 0, position)
            name = match["name"]
            known[name] = _value(match, known)
            extent = Extent(line, column, line, column + len(name))
            bindings.pop(name, None)
            bindings[name] = Binding(f"file:{path}", name, known[name], self.name, extent)
        return Declarations(self.name, bindings=tuple(bindings.values())), notices


def _value(match: re.Match[str], known: dict[str, Value]) -> Value:
    if match["single"] is not None:
        return Literal(match["single"])
    if match["double"] is not None:
        text = re.sub(r"\\(.)", lambda escape: _ESCAPES.get(escape[1], escape[1]), match["double"], flags=re.DOTALL)
        return interpolate(text, known.get)
    return interpolate(_COMMENT.sub("", match["plain"]).strip(), known.get)
