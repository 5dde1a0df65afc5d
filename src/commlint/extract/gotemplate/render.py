"""A template rendered with values: text, and for each of its lines the line of the template it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from commlint.extract.gotemplate.functions import Unsupported, call
from commlint.extract.gotemplate.parser import (
    Assign,
    Branch,
    Broken,
    Constant,
    Node,
    Output,
    Parsed,
    Path,
    Pipeline,
    Stop,
    Template,
    Term,
    Text,
    Word,
    parse,
)
from commlint.extract.gotemplate.values import MARK, UNKNOWN, WEIGHT_LIMIT, shown, truth, weight

STEP_LIMIT = 200_000
DEPTH_LIMIT = 30
OUTPUT_LIMIT = 1_000_000
WEIGHT_OF_A_STEP = 20


class TooMuch(Exception):
    """Rendering does not come to an end."""


class _Left(Exception):
    def __init__(self, kind: str) -> None:
        self.kind = kind


@dataclass(slots=True)
class Rendering:
    """
    Renders the templates of one chart; `unclear` collects lines at which something is not understood, with what.

    Bounded over all it renders.
    """

    defines: Mapping[str, tuple[Node, ...]]
    steps: int = 0
    unclear: list[tuple[int, str]] = field(default_factory=list)

    def render(self, parsed: Parsed, root: Mapping[str, Any]) -> tuple[str, list[int]]:
        """
        Raises:
            TooMuch: it does not come to an end.
        """
        pieces: list[tuple[str, int]] = []
        _Run(self, pieces, dict(root)).run(parsed.nodes, root, {"$": root}, 0)
        return _joined(pieces)


def _joined(pieces: list[tuple[str, int]]) -> tuple[str, list[int]]:
    """The text, and for each of its lines the line of the template that its first letter comes from."""
    lines: list[int] = []
    first, place = 0, 0
    for piece, line in pieces:
        for number, part in enumerate(piece.split("\n")):
            if number:
                lines.append(place or first)
                first = place = 0
            here = line + number if line > 0 else -line
            first = first or here
            if part.strip():
                place = place or here
    lines.append(place or first or 1)
    return "".join(piece for piece, _ in pieces), lines


class _Run:
    """One run over nodes; texts are positive lines that go on, what an action prints has one line (negative)."""

    def __init__(self, rendering: Rendering, pieces: list[tuple[str, int]], root: dict[str, Any]) -> None:
        self.rendering, self.pieces, self.root, self.size = rendering, pieces, root, 0

    def run(self, nodes: tuple[Node, ...], dot: Any, names: dict[str, Any], depth: int) -> None:
        if depth > DEPTH_LIMIT:
            raise TooMuch
        for node in nodes:
            self.rendering.steps += 1
            if self.rendering.steps > STEP_LIMIT or self.size > OUTPUT_LIMIT:
                raise TooMuch
            match node:
                case Text(text=text, line=line):
                    self._print(text, line)
                case Output(pipeline=pipeline, line=line):
                    self._print(shown(self.value(pipeline, dot, names, depth, line)), -line)
                case Assign(names=(*_, name), declares=declares, pipeline=pipeline, line=line):
                    value = self.value(pipeline, dot, names, depth, line)
                    scope = names if declares else _holder(names, name)
                    scope[name] = value
                case Branch():
                    self._branch(node, dot, names, depth)
                case Template(name=name, pipeline=pipeline, line=line):
                    given = None if pipeline is None else self.value(pipeline, dot, names, depth, line)
                    self._print(shown(self.include(name, given, depth, line)), -line)
                case Stop(kind=kind):
                    raise _Left(kind)

    def _print(self, text: str, line: int) -> None:
        if text:
            self.size += len(text)
            self.pieces.append((text, line))

    def _branch(self, node: Branch, dot: Any, names: dict[str, Any], depth: int) -> None:
        value = self.value(node.pipeline, dot, names, depth, node.line)
        holds = truth(value)
        if holds is None:
            self._say(node.line, f"whether the {node.kind} here holds")
            return
        inner = _Names(names)
        if not holds:
            self.run(node.otherwise, dot, inner, depth + 1)
        elif node.kind == "range":
            self._range(node, value, names, depth)
        else:
            for name in node.names[-1:]:
                inner[name] = value
            self.run(node.body, dot if node.kind == "if" else value, inner, depth + 1)

    def _range(self, node: Branch, value: Any, names: dict[str, Any], depth: int) -> None:
        if isinstance(value, dict):
            entries = sorted(value.items())
        elif isinstance(value, list):
            entries = list(enumerate(value))
        elif isinstance(value, int):
            entries = [(number, number) for number in range(min(value, 1000))]
        else:
            self._say(node.line, "what the range here goes over")
            return
        for key, entry in entries:
            inner = _Names(names)
            for name, given in zip(reversed(node.names), (entry, key), strict=False):
                inner[name] = given
            try:
                self.run(node.body, entry, inner, depth + 1)
            except _Left as left:
                if left.kind == "break":
                    break

    # -- expressions -----------------------------------------------------------------------------------

    def value(self, pipeline: Pipeline, dot: Any, names: dict[str, Any], depth: int, line: int) -> Any:
        if depth > DEPTH_LIMIT:
            raise TooMuch
        result: list[Any] = []
        for command in pipeline.commands:
            result = [self._command(command, result, dot, names, depth, line)]
        return result[0]

    def _command(
        self, terms: tuple[Term, ...], piped: list[Any], dot: Any, names: dict[str, Any], depth: int, line: int
    ) -> Any:
        first = terms[0]
        if isinstance(first, Word):
            if first.name in ("and", "or", "coalesce", "default", "ternary"):
                given = [*(self._term(term, dot, names, depth, line) for term in terms[1:]), *piped]
                return _choosing(first.name, given)
            given = [*(self._term(term, dot, names, depth, line) for term in terms[1:]), *piped]
            return self._call(first.name, given, depth, line)
        if isinstance(first, Path) and first.fields[-2:] == ("APIVersions", "Has"):
            return True
        return self._term(first, dot, names, depth, line)

    def _call(self, name: str, given: list[Any], depth: int, line: int) -> Any:
        spent = sum(weight(each) for each in given if isinstance(each, dict | list))
        self.rendering.steps += spent // WEIGHT_OF_A_STEP
        if spent > WEIGHT_LIMIT or (not given and name in ("include", "tpl", "required")):
            self._say(line, f"the function {name}")
            return UNKNOWN
        if name == "include":
            return self.include(shown(given[0]), given[1] if len(given) > 1 else None, depth, line)
        if name == "tpl":
            return self._tpl(given, depth, line)
        if name == "required":
            return given[-1]
        if name == "fail":
            return ""
        try:
            return call(name, given)
        except Unsupported:
            self._say(line, f"the function {name}")
            return UNKNOWN

    def include(self, name: str, dot: Any, depth: int, line: int) -> Any:
        """Another template rendered, UNKNOWN when there is none of that name."""
        nodes = self.rendering.defines.get(name)
        if nodes is None:
            self._say(line, f'the template "{name}", which is not in the tree')
            return UNKNOWN
        pieces: list[tuple[str, int]] = []
        inner = _Run(self.rendering, pieces, self.root)
        inner.run(nodes, dot, {"$": dot}, depth + 1)
        return "".join(text for text, _ in pieces)

    def _tpl(self, given: list[Any], depth: int, line: int) -> Any:
        text = given[0]
        if not isinstance(text, str) or MARK in text:
            return UNKNOWN
        if "{{" not in text:
            return text
        dot = given[1] if len(given) > 1 else None
        try:
            parsed = parse(text)
        except Broken:
            self._say(line, "the text given to tpl")
            return UNKNOWN
        pieces: list[tuple[str, int]] = []
        _Run(self.rendering, pieces, self.root).run(parsed.nodes, dot, {"$": dot}, depth + 1)
        return "".join(part for part, _ in pieces)

    def _term(self, term: Term, dot: Any, names: dict[str, Any], depth: int, line: int) -> Any:
        self.rendering.steps += 1
        match term:
            case Constant(value=value):
                return value
            case Pipeline():
                return self.value(term, dot, names, depth + 1, line)
            case Word(name=name):
                return self._call(name, [], depth, line)
            case Path(start=str(start), fields=fields):
                held = dot if start == "" else names.get(start, UNKNOWN)
                return _fields(held, fields)
            case Path(start=Pipeline() as start, fields=fields):
                return _fields(self.value(start, dot, names, depth + 1, line), fields)
        return UNKNOWN

    def _say(self, line: int, what: str) -> None:
        self.rendering.unclear.append((line, what))


class _Names(dict[str, Any]):
    """Variables of a block: what it declares is gone behind it, what it assigns stays."""

    def __init__(self, outer: dict[str, Any]) -> None:
        super().__init__()
        self.outer = outer

    def __missing__(self, name: str) -> Any:
        return self.outer[name]

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in self else self.outer.get(name, default)


def _holder(names: dict[str, Any], name: str) -> dict[str, Any]:
    while isinstance(names, _Names) and not dict.__contains__(names, name):
        names = names.outer
    return names


def _fields(value: Any, fields: tuple[str, ...]) -> Any:
    for name in fields:
        if value is UNKNOWN:
            return UNKNOWN
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _choosing(name: str, given: list[Any]) -> Any:
    """Functions that take one of what they are given; where that is not known, what they take is not."""
    if name == "ternary" and len(given) == 3:
        holds = truth(given[2])
        return UNKNOWN if holds is None else given[0] if holds else given[1]
    if name == "default" and len(given) == 2:
        given = [given[1], given[0]]
    wanted = name != "and"
    for value in given[:-1]:
        holds = truth(value)
        if holds is None:
            return UNKNOWN
        if holds is wanted:
            return value
    return given[-1] if given else None
