"""The text of a template as a tree of nodes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

DEPTH_LIMIT = 60
TOKEN_LIMIT = 20_000

_ACTION = re.compile(
    r"\{\{(?P<left>-(?=\s))?(?P<body>(?:\"(?:[^\"\\\n]|\\.)*\"|`[^`]*`|/\*.*?\*/|[^}\"`]|\}(?!\}))*?)(?P<right>(?<=\s)-)?\}\}",
    re.DOTALL,
)
_TOKEN = re.compile(
    r"""\s*(?:(?P<string>"(?:[^"\\\n]|\\.)*")|(?P<raw>`[^`]*`)|(?P<char>'(?:[^'\\]|\\.)')|(?P<number>-?\d[\d_]*(?:\.\d+)?\b)
    |(?P<assign>:=|=)|(?P<pipe>\|)|(?P<open>\()|(?P<close>\))|(?P<comma>,)
    |(?P<variable>\$\w*)|(?P<field>(?:\.[A-Za-z_]\w*)+)|(?P<dot>\.)|(?P<word>[A-Za-z_]\w*))""",
    re.VERBOSE,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


class Broken(Exception):
    """The template cannot be read; the message says why, `line` where."""

    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line


@dataclass(frozen=True, slots=True)
class Constant:
    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Path:
    """A variable (`$x`), the current value ("") or the result of something, and fields of it."""

    start: str | Pipeline
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Word:
    """A function by name."""

    name: str


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Commands one after the other, each given what the one before it has made."""

    commands: tuple[tuple[Term, ...], ...]


Term = Constant | Path | Word | Pipeline


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Output:
    pipeline: Pipeline
    line: int


@dataclass(frozen=True, slots=True)
class Assign:
    names: tuple[str, ...]
    declares: bool
    pipeline: Pipeline
    line: int


@dataclass(frozen=True, slots=True)
class Branch:
    """`if`, `with` or `range`, with what follows `else`."""

    kind: str
    names: tuple[str, ...]
    pipeline: Pipeline
    body: tuple[Node, ...]
    otherwise: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Template:
    """`template` and `block`: another one by name."""

    name: str
    pipeline: Pipeline | None
    line: int


@dataclass(frozen=True, slots=True)
class Stop:
    """`break` or `continue`."""

    kind: str


Node = Text | Output | Assign | Branch | Template | Stop


@dataclass(slots=True)
class Parsed:
    """The nodes of a file, and the templates it defines."""

    nodes: tuple[Node, ...] = ()
    defines: dict[str, tuple[Node, ...]] = field(default_factory=dict)


def parse(text: str) -> Parsed:
    """
    Raises:
        Broken: the text is no template.
    """
    return _Parser(tuple(_pieces(text))).parsed()


def _pieces(text: str) -> Iterator[tuple[str, str, int]]:
    """Texts and actions with their lines, what is trimmed taken away."""
    position, line, trims = 0, 1, False
    for action in _ACTION.finditer(text):
        before = text[position : action.start()]
        shown = before
        skipped = 0
        if trims:
            shown = before.lstrip()
            skipped = before.count("\n") - shown.count("\n")
        if action["left"]:
            shown = shown.rstrip()
        if shown:
            yield "text", shown, line + skipped
        line += before.count("\n")
        yield "action", action["body"].strip(), line
        line += action[0].count("\n")
        position, trims = action.end(), bool(action["right"])
    rest = text[position:]
    shown = rest.lstrip() if trims else rest
    if shown:
        yield "text", shown, line + rest.count("\n") - shown.count("\n")


@dataclass(slots=True)
class _Parser:
    pieces: tuple[tuple[str, str, int], ...]
    at: int = 0
    defines: dict[str, tuple[Node, ...]] = field(default_factory=dict)

    def parsed(self) -> Parsed:
        nodes, ended = self._nodes(0)
        if ended:
            raise Broken(self.pieces[self.at - 1][2], f"{ended} closes nothing")
        return Parsed(nodes, self.defines)

    def _nodes(self, depth: int) -> tuple[tuple[Node, ...], str]:
        """Nodes up to an `end` or `else`, and that word with what follows it."""
        if depth > DEPTH_LIMIT:
            raise Broken(self.pieces[self.at - 1][2], "nested too deep")
        found: list[Node] = []
        while self.at < len(self.pieces):
            kind, text, line = self.pieces[self.at]
            self.at += 1
            if kind == "text":
                found.append(Text(text, line))
                continue
            word = text.split(None, 1)[0] if text else ""
            if word in ("end", "else"):
                return tuple(found), text
            if not text or text.startswith("/*"):
                continue
            found.extend(self._action(word, text, line, depth))
        return tuple(found), ""

    def _action(self, word: str, text: str, line: int, depth: int) -> Iterator[Node]:
        rest = text[len(word) :].strip()
        if word in ("if", "with", "range"):
            yield self._branch(word, rest, line, depth)
        elif word in ("define", "block"):
            tokens = _Tokens(rest, line)
            name = tokens.text()
            self.defines.setdefault(name, self._closed(depth))
            if word == "block":
                yield Template(name, tokens.pipeline(), line)
        elif word == "template":
            tokens = _Tokens(rest, line)
            name = tokens.text()
            yield Template(name, tokens.pipeline() if tokens.more else None, line)
        elif word in ("break", "continue"):
            yield Stop(word)
        else:
            tokens = _Tokens(text, line)
            names, declares = tokens.names()
            pipeline = tokens.pipeline()
            yield Assign(names, declares, pipeline, line) if names else Output(pipeline, line)

    def _closed(self, depth: int) -> tuple[Node, ...]:
        nodes, ended = self._nodes(depth + 1)
        if ended != "end":
            raise Broken(self.pieces[self.at - 1][2], "a block is not closed")
        return nodes

    def _branch(self, kind: str, rest: str, line: int, depth: int) -> Branch:
        tokens = _Tokens(rest, line)
        names, _ = tokens.names()
        pipeline = tokens.pipeline()
        body, ended = self._nodes(depth + 1)
        otherwise: tuple[Node, ...] = ()
        if ended.startswith("else"):
            more = ended[4:].strip()
            word = more.split(None, 1)[0] if more else ""
            if word in ("if", "with"):
                # The `end` of an `else if` closes both.
                return Branch(
                    kind, names, pipeline, body, (self._branch(word, more[len(word) :], line, depth + 1),), line
                )
            otherwise = self._closed(depth)
        elif ended != "end":
            raise Broken(line, f"{kind} is not closed")
        return Branch(kind, names, pipeline, body, otherwise, line)


class _Tokens:
    """The tokens of one action, read from left to right."""

    def __init__(self, text: str, line: int) -> None:
        self._line = line
        self._tokens: list[tuple[str, str, bool]] = []
        self._at = 0
        position = 0
        while position < len(text.rstrip()):
            found = _TOKEN.match(text, position)
            if found is None or len(self._tokens) > TOKEN_LIMIT:
                raise Broken(line, f"{text[position : position + 20].strip()} is not understood")
            kind = found.lastgroup or ""
            spaced = found.start(kind) > position
            self._tokens.append((kind, found[kind], spaced))
            position = found.end()

    @property
    def more(self) -> bool:
        return self._at < len(self._tokens)

    def text(self) -> str:
        kind, text, _ = self._next()
        if kind not in ("string", "raw"):
            raise Broken(self._line, "a name is missing")
        return str(_constant(kind, text))

    def names(self) -> tuple[tuple[str, ...], bool]:
        """The variables before `:=` or `=`, and whether they are new."""
        kinds = [kind for kind, _, _ in self._tokens[:4]]
        for count in (1, 3):
            if len(kinds) > count and kinds[count] == "assign" and kinds[0] == "variable":
                names = tuple(text for kind, text, _ in self._tokens[:count] if kind == "variable")
                declares = self._tokens[count][1] == ":="
                self._at = count + 1
                return names, declares
        return (), False

    def pipeline(self, depth: int = 0) -> Pipeline:
        if depth > DEPTH_LIMIT:
            raise Broken(self._line, "nested too deep")
        commands: list[tuple[Term, ...]] = []
        terms: list[Term] = []
        while self.more and self._tokens[self._at][0] != "close":
            kind, text, spaced = self._next()
            if kind == "pipe":
                commands.append(tuple(terms))
                terms = []
            elif kind == "field" and terms and not spaced and isinstance(terms[-1], Path | Pipeline):
                terms[-1] = _deeper(terms[-1], text)
            else:
                terms.append(self._term(kind, text, depth))
        commands.append(tuple(terms))
        if any(not command for command in commands):
            raise Broken(self._line, "an empty command")
        return Pipeline(tuple(commands))

    def _term(self, kind: str, text: str, depth: int) -> Term:
        if kind in ("string", "raw", "char", "number"):
            return Constant(_constant(kind, text))
        if kind == "variable":
            return Path(text)
        if kind in ("field", "dot"):
            return Path("", tuple(part for part in text.split(".") if part))
        if kind == "word":
            words = {"true": True, "false": False, "nil": None}
            return Constant(words[text]) if text in words else Word(text)
        if kind == "open":
            inner = self.pipeline(depth + 1)
            if self._next()[0] != "close":
                raise Broken(self._line, "a bracket is not closed")
            return inner
        raise Broken(self._line, f"{text} is not understood")

    def _next(self) -> tuple[str, str, bool]:
        if not self.more:
            raise Broken(self._line, "something is missing at the end")
        self._at += 1
        return self._tokens[self._at - 1]


def _deeper(term: Path | Pipeline, text: str) -> Path:
    fields = tuple(part for part in text.split(".") if part)
    return Path(term.start, term.fields + fields) if isinstance(term, Path) else Path(term, fields)


def _constant(kind: str, text: str) -> str | int | float:
    if kind == "number":
        plain = text.replace("_", "")
        return float(plain) if "." in plain else int(plain[:18])
    if kind == "raw":
        return text[1:-1]
    return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), text[1:-1])
