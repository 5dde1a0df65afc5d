"""HOCON, the configuration of Ktor, Akka and Play: a superset of JSON, as a flat list of settings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from commlint.extract.settings import SETTING_LIMIT, Setting
from commlint.model.places import Extent

MAX_DEPTH = 40
_TOKEN = re.compile(
    r'(?P<space>[ \t\r\ufeff]+)|(?P<comment>(?:#|//)[^\n]*)|(?P<end>[\n,])|"""(?P<raw>.*?)"""(?!")'
    r'|"(?P<quoted>(?:\\.|[^"\\\n])*)"|\$\{(?P<optional>\??)[ \t]*(?P<path>[^}\n]*?)[ \t]*\}'
    r"|(?P<sign>\+=|[{}\[\]:=])|(?P<plain>(?:(?!//)[^\s,{}\[\]:=#\"$]|\$(?!\{))+)|(?P<other>.)",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)")
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_INCLUDED = re.compile(r"^\s*include\s+(?:required\()?(?:(?:file|classpath|url)\()?\"([^\"\n]+)\"", re.MULTILINE)


def included(text: str) -> tuple[str, ...]:
    """The names of the files that a text takes in."""
    return tuple(_INCLUDED.findall(text))


def settings(text: str) -> list[Setting]:
    """
    The settings of a text; of a key that is given twice the last counts.

    A substitution that may be absent falls back on what the key was before: `port = ${?PORT}` after `port = 80` is
    `${PORT:80}`.
    """
    reader = _Reader(text)
    reader.members("", 0)
    return list(reader.found.values())


@dataclass(slots=True)
class _Reader:
    text: str
    found: dict[str, Setting] = field(default_factory=dict)
    tokens: list[re.Match[str]] = field(init=False)
    lines: list[int] = field(init=False)
    at: int = 0

    def __post_init__(self) -> None:
        self.tokens = [each for each in _TOKEN.finditer(self.text) if each.lastgroup not in ("space", "comment")]
        self.lines = list(_line_numbers(self.text, self.tokens))

    def members(self, prefix: str, depth: int) -> None:
        """The members of an object up to its closing brace, or of the whole text."""
        while self.at < len(self.tokens) and len(self.found) < SETTING_LIMIT:
            if self._takes("}"):
                return
            key, place = self._key()
            if not key or key.startswith("include "):
                self.at += 1
                continue
            whole = f"{prefix}.{key}" if prefix else key
            self._takes("=") or self._takes(":") or self._takes("+=")
            self._value(whole, place, depth)

    def _key(self) -> tuple[str, Extent]:
        """The words of a key up to its value, with their place."""
        begin = self.at
        while self._kind() in ("plain", "quoted"):
            self.at += 1
        parts = self.tokens[begin : self.at]
        words = " ".join(_unescaped(each["quoted"]) if each["quoted"] is not None else each["plain"] for each in parts)
        line = self.lines[min(begin, len(self.lines) - 1)]
        column = parts[0].start() - self.text.rfind("\n", 0, parts[0].start()) if parts else 1
        return words, Extent(line, column, line, column + len(words))

    def _value(self, key: str, place: Extent, depth: int) -> None:
        if depth >= MAX_DEPTH:
            self.at = len(self.tokens)
        elif self._takes("{"):
            self.members(key, depth + 1)
        elif self._takes("["):
            self._items(key, place, depth)
        else:
            text = self._text(key)
            self.found[key] = Setting(key, text, place)

    def _items(self, key: str, place: Extent, depth: int) -> None:
        """The items of a list: numbered, and as one setting where all are texts."""
        texts: list[str] = []
        number = 0
        while self.at < len(self.tokens) and not self._takes("]"):
            if self._kind() == "end":
                self.at += 1
                continue
            before = self.at
            inner = f"{key}[{number}]"
            number += 1
            self._value(inner, place, depth + 1)
            if inner in self.found:
                texts.append(self.found[inner].text)
            if self.at == before:
                self.at += 1
        if texts and len(texts) == number:
            self.found[key] = Setting(key, ",".join(texts), place, tuple(texts))

    def _text(self, key: str) -> str:
        """The pieces of a value up to the end of the line, a substitution as a placeholder."""
        parts: list[str] = []
        last = -1
        while self._kind() in ("plain", "quoted", "raw", "optional", "path", "other") or self._says(":", "="):
            token = self.tokens[self.at]
            between = self.text[last : token.start()] if last >= 0 and token["plain"] is not None else ""
            parts.append(between + self._piece(token, key))
            last = token.end()
            self.at += 1
        return "".join(parts)

    def _piece(self, token: re.Match[str], key: str) -> str:
        if token["path"] is not None:
            before = self.found[key].text if token["optional"] and key in self.found else ""
            return f"${{{token['path']}:{before}}}" if token["optional"] else f"${{{token['path']}}}"
        if token["quoted"] is not None:
            return _unescaped(token["quoted"])
        return token["raw"] if token["raw"] is not None else token[0]

    def _kind(self) -> str:
        return str(self.tokens[self.at].lastgroup) if self.at < len(self.tokens) else ""

    def _says(self, *signs: str) -> bool:
        return self._kind() == "sign" and self.tokens[self.at][0] in signs

    def _takes(self, sign: str) -> bool:
        taken = self._says(sign)
        self.at += taken
        return taken


def _line_numbers(text: str, tokens: list[re.Match[str]]) -> Iterator[int]:
    line, seen = 1, 0
    for token in tokens:
        line += text.count("\n", seen, token.start())
        seen = token.start()
        yield line


def _unescaped(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        escaped = match[1]
        return chr(int(escaped[1:], 16)) if len(escaped) > 1 else _CONTROLS.get(escaped, escaped)

    return _ESCAPE.sub(one, text) if "\\" in text else text
