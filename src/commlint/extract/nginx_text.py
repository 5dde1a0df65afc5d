"""The text of an nginx configuration as a tree of directives."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

DEPTH_LIMIT = 30
DIRECTIVE_LIMIT = 20_000

_TOKEN = re.compile(r"""\s+|\#[^\n]*|(?P<mark>[{};])|"(?P<double>(?:\\.|[^"\\])*)"|'(?P<single>(?:\\.|[^'\\])*)'
    |(?P<word>(?:\$\{[^}\n]*\}|\\.|[^\s{};"'\\])+)|(?P<other>.)""", re.VERBOSE | re.DOTALL)  # fmt: skip


@dataclass(slots=True)
class Directive:
    """A directive with its arguments, the line it begins on, and what stands in its braces; `cut` as in `Traffic`."""

    name: str
    arguments: tuple[str, ...]
    line: int
    inside: list[Directive] = field(default_factory=list)
    cut: int = 0

    def all(self, name: str) -> list[Directive]:
        return [each for each in self.inside if each.name == name]

    def first(self, name: str) -> str:
        """The first argument of the last directive of a name, "" when there is none."""
        return next((each.arguments[0] for each in reversed(self.inside) if each.name == name and each.arguments), "")

    def walk(self) -> Iterator[Directive]:
        pending = list(reversed(self.inside))
        while pending:
            each = pending.pop()
            yield each
            pending.extend(reversed(each.inside))


def parse(text: str) -> Directive:
    """All directives of a file under one without a name; what is broken ends where it is."""
    root = Directive("", (), 1)
    stack, line, begun, count = [root], 1, 1, 0
    words: list[str] = []
    for token in _TOKEN.finditer(text):
        kind = token.lastgroup
        if kind in ("word", "double", "single", "other"):
            begun = begun if words else line
            words.append(token[kind])
        elif kind == "mark":
            if words and token["mark"] in ("{", ";"):
                made = Directive(words[0], tuple(words[1:]), begun)
                stack[-1].inside.append(made)
                count += 1
                if token["mark"] == "{":
                    stack.append(made)
            if token["mark"] == "}" and len(stack) > 1:
                stack.pop()
            words = []
            if len(stack) > DEPTH_LIMIT or count > DIRECTIVE_LIMIT:
                root.cut = line
                break
        line += token[0].count("\n")
    return root
