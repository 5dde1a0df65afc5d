"""Protocol Buffers definitions: the services, their methods and whether these stream."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import ClassVar

from commlint.extract.port import FormatReader
from commlint.extract.yaml import decode
from commlint.model.declarations import Contract, ContractMethod, Declarations
from commlint.model.facts import Notice
from commlint.model.places import Extent

_TOKEN = re.compile(
    r"""(?P<skip>\s+|//[^\n]*|/\*(?:.*?\*/|.*))
      | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      | (?P<word>[A-Za-z_.][A-Za-z0-9_.]*)
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)

_DEFINITIONS = frozenset({"enum", "message", "package", "rpc", "service"})


class ProtobufReader(FormatReader):
    """
    Reads `.proto` files.

    Written for services alone: messages are passed over by their braces, so an error costs the service it
    stands in and nothing else, and every method knows its line.
    """

    name: ClassVar[str] = "protobuf"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("*.proto",)

    def claims(self, path: str, source: bytes) -> bool:
        return path.lower().endswith(".proto")

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        text, notices = decode(path, source)
        if "service" not in text:
            return Declarations(self.name), notices
        parser = _Parser(path, _Lines(text), list(_tokens(text)))
        contracts = tuple(parser.contracts())
        return Declarations(self.name, contracts=contracts), (*notices, *parser.notices)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int
    begins_line: bool


class _Lines:
    """Turns offsets into lines and columns."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(match.end() for match in re.finditer("\n", text))]

    def extent(self, first: _Token, last: _Token) -> Extent:
        return Extent(*self._place(first.start), *self._place(last.start + len(last.text)))

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def _tokens(text: str) -> Iterator[_Token]:
    begins_line = True
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "other"
        if kind == "skip":
            begins_line = begins_line or "\n" in match[0]
            continue
        yield _Token(kind, match[0], match.start(), begins_line)
        begins_line = False


@dataclass(slots=True)
class _Parser:
    """Walks the tokens once; `notices` are the services it could not read to their end."""

    path: str
    lines: _Lines
    tokens: list[_Token]
    notices: list[Notice] = field(default_factory=list)
    position: int = 0

    def contracts(self) -> Iterator[Contract]:
        package = ""
        while (token := self._next()) is not None:
            if token.text == "{":
                self._pass_block()
            elif token.text == "package" and self._peek("word"):
                package = self._word()
            elif token.text == "service" and self._peek("word"):
                name = self._word()
                yield self._service(f"{package}.{name}" if package else name)
            elif token.kind == "word":
                self._pass_statement()

    def _service(self, name: str) -> Contract:
        head = self.tokens[self.position - 1]
        extent = self.lines.extent(self.tokens[self.position - 2], head)
        methods: list[ContractMethod] = []
        opened = self._next()
        if opened is None or opened.text != "{":
            self._complain(extent, f'service "{name}" has no body; expected "{{"')
            return Contract("grpc", name, (), extent)
        while (token := self._next()) is not None and token.text != "}":
            if token.text == "rpc" and self._peek("word"):
                methods.append(self._method(token))
            elif token.text == "{":
                self._pass_block()
            elif token.kind == "word":
                self._pass_statement()
        if token is None:
            self._complain(extent, f'service "{name}" is not closed; a "}}" is missing')
        return Contract("grpc", name, tuple(methods), extent)

    def _method(self, rpc: _Token) -> ContractMethod:
        named = self.tokens[self.position]
        self.position += 1
        client = self._streams()
        if self._peek_text("returns"):
            self.position += 1
        server = self._streams()
        self._pass_statement()
        return ContractMethod(named.text, self.lines.extent(rpc, named), client, server)

    def _streams(self) -> bool:
        """Pass a message type in parentheses: whether it begins with `stream`."""
        if not self._peek_text("("):
            return False
        start = self.position + 1
        while (token := self._peeked()) is not None and token.text not in (")", "{", "}", ";"):
            self.position += 1
        inner = self.tokens[start : self.position]
        if self._peek_text(")"):
            self.position += 1
        return len(inner) > 1 and inner[0].text == "stream"

    def _pass_statement(self) -> None:
        """
        Go on behind the `;` or the block that ends a statement, but not out of the block it stands in,
        nor over the next definition when the `;` is missing.
        """
        while (token := self._peeked()) is not None and token.text != "}":
            if token.begins_line and token.text in _DEFINITIONS:
                return
            self.position += 1
            if token.text == ";":
                return
            if token.text == "{":
                self._pass_block()
                return

    def _pass_block(self) -> None:
        depth = 1
        while depth and (token := self._next()) is not None:
            depth += (token.text == "{") - (token.text == "}")

    def _next(self) -> _Token | None:
        token = self._peeked()
        self.position += 1
        return token

    def _peeked(self) -> _Token | None:
        return self.tokens[self.position] if self.position < len(self.tokens) else None

    def _peek(self, kind: str) -> bool:
        token = self._peeked()
        return token is not None and token.kind == kind

    def _peek_text(self, text: str) -> bool:
        token = self._peeked()
        return token is not None and token.text == text

    def _word(self) -> str:
        self.position += 1
        return self.tokens[self.position - 1].text

    def _complain(self, extent: Extent, problem: str) -> None:
        self.notices.append(Notice(self.path, extent.start_line, f"broken protobuf: {problem}"))
