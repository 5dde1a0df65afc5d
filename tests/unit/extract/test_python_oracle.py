"""Python's own parser is asked the same questions about our own source."""

import ast
from pathlib import Path

import pytest

import commlint
from commlint.extract.languages.python import PythonReader
from commlint.model.code import CodeFacts

ROOT = Path(commlint.__file__).parent
FILES = sorted(path for folder in ("extract", "resolve", "model") for path in (ROOT / folder).rglob("*.py"))

Place = tuple[int, int, int, int]


class Oracle:
    """All nodes of a file, and where they stand in characters."""

    def __init__(self, source: bytes) -> None:
        self.nodes = list(ast.walk(ast.parse(source)))
        self._lines = source.split(b"\n")

    def places(self, *kinds: type[ast.expr] | type[ast.stmt]) -> list[Place]:
        return sorted(self.place(node) for node in self.nodes if isinstance(node, kinds))

    def place(self, node: ast.expr | ast.stmt) -> Place:
        end_line, end_column = node.end_lineno or 0, node.end_col_offset or 0
        return node.lineno, self._column(node.lineno, node.col_offset), end_line, self._column(end_line, end_column)

    def _column(self, line: int, offset: int) -> int:
        return len(self._lines[line - 1][:offset].decode()) + 1


@pytest.fixture(scope="module", params=FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def both(request: pytest.FixtureRequest) -> tuple[Oracle, CodeFacts]:
    """What Python and what our reader know of a file."""
    source = request.param.read_bytes()
    return Oracle(source), PythonReader().read("x.py", source)[0]


def test_calls(both: tuple[Oracle, CodeFacts]) -> None:
    """Every call is found, at its place."""
    oracle, facts = both

    assert sorted(call.extent for call in facts.calls) == oracle.places(ast.Call)


def test_definitions(both: tuple[Oracle, CodeFacts]) -> None:
    """Every function, lambda and class is found where it starts; a comment may follow it to its end."""
    oracle, facts = both

    functions = oracle.places(ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    assert sorted(entry.extent[:2] for entry in facts.functions) == [place[:2] for place in functions]
    assert sorted(entry.extent[:2] for entry in facts.types) == [place[:2] for place in oracle.places(ast.ClassDef)]


def test_imports(both: tuple[Oracle, CodeFacts]) -> None:
    """Every imported name is found."""
    oracle, facts = both

    plain = [(alias.name, "", 0) for node in oracle.nodes if isinstance(node, ast.Import) for alias in node.names]
    froms = [node for node in oracle.nodes if isinstance(node, ast.ImportFrom)]
    names = [(node.module or "", alias.name, node.level) for node in froms for alias in node.names]
    assert sorted((entry.module, entry.name or "", entry.level) for entry in facts.imports) == sorted(plain + names)


def test_exits(both: tuple[Oracle, CodeFacts]) -> None:
    """Every statement that leaves is found, and the end of every lambda."""
    oracle, facts = both

    places = oracle.places(ast.Return, ast.Raise, ast.Yield, ast.YieldFrom, ast.Break, ast.Continue)
    places += [oracle.place(node.body) for node in oracle.nodes if isinstance(node, ast.Lambda)]
    assert sorted(entry.extent for entry in facts.exits) == sorted(places)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_sketch_names_every_import(path: Path) -> None:
    """What is imported stands in the sketch."""
    reader, source = PythonReader(), path.read_bytes()

    imported = {"." * entry.level + entry.module for entry in reader.read("x.py", source)[0].imports}
    assert imported <= set(reader.sketch("x.py", source).imports)
