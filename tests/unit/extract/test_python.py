"""Reading whole Python files: names, encodings, broken and hostile input, sketches."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commlint.codec import decode, encode
from commlint.extract.extract import extract, sketch
from commlint.extract.languages.python import PythonReader
from commlint.model.code import CodeFacts
from commlint.model.facts import Notice
from commlint.model.values import Literal, Reference

from .reading import notices

PATH = "shop/app.py"

WORDS = (
    *("def", "class", "if", "elif", "else", "for", "in", "while", "try", "except", "finally", "with", "as", "match"),
    *("case", "return", "yield", "await", "async", "lambda", "import", "from", "global", "nonlocal", "del", "raise"),
    *("not", "and", "or", "is", "print", "exec", "type", "None", "True", "x", "y.z", "self.a", "_", "1", "2.5", "0x"),
    *('"s"', "'", '"', '"""', 'f"{', '}"', "b''", "\\", "(", ")", "[", "]", "{", "}", ",", ":", ";", ".", "=", ":="),
    *(
        "==",
        "+",
        "-",
        "*",
        "**",
        "%",
        "|",
        "@",
        "->",
        "...",
        "#",
        "\n",
        "\n    ",
        "\n        ",
        "\t",
        "\r\n",
        "é",
        "\0",
    ),
)


@pytest.mark.parametrize(
    ("path", "module"),
    [
        ("services/orders/app/main.py", "services.orders.app.main"),
        ("orders/__init__.py", "orders"),
        ("__init__.py", ""),
        ("main.py", "main"),
    ],
)
def test_module_name(path: str, module: str) -> None:
    """The module is the dotted path, a package that of its folder."""
    assert PythonReader().read(path, b"")[0].module == module


def text_of(source: bytes) -> object:
    """What the first assignment of a file gives."""
    value = PythonReader().read(PATH, source)[0].assignments[0].value
    assert isinstance(value, Literal)
    return value.value


@pytest.mark.parametrize(
    "source",
    [
        "x = 'é'".encode(),
        b"\xef\xbb\xbf" + "x = 'é'".encode(),
        "# -*- coding: latin-1 -*-\nx = 'é'".encode("latin-1"),
        "#!/bin/python\n# vim: set fileencoding=cp1252 :\nx = 'é'".encode("cp1252"),
    ],
)
def test_encodings(source: bytes) -> None:
    """A byte order mark and a coding cookie are obeyed as Python obeys them."""
    assert text_of(source) == "é"
    assert notices(source) == []


def test_invalid_utf8() -> None:
    """Bytes that are no text are replaced, and a notice says where and what to do."""
    source = b"a = 1\nx = '\xe9'\nf()"

    found = PythonReader().read(PATH, source)

    assert found[0].assignments[1].value == Literal("�")
    assert found[0].calls[0].callee == Reference("f")
    assert [(entry.line, entry.message.partition(";")[0]) for entry in found[1]] == [(2, "not valid utf-8")]


@pytest.mark.parametrize("name", ["klingon", "rot13", "utf-16", "undefined", "idna"])
def test_impossible_encoding(name: str) -> None:
    """A cookie that names no encoding of source code is told, and UTF-8 is read."""
    source = f"# coding: {name}\nx = 'é'".encode()

    assert text_of(source) == "é"
    assert [entry.message.split(",")[0] for entry in notices(source)] == [f"declares the encoding {name}"]


def test_syntax_error_keeps_the_rest() -> None:
    """A broken line costs a notice with its line, not the rest of the file."""
    code, found = PythonReader().read(PATH, b"a()\nb = (1 +\ndef f():\n    c()\n")

    assert found == (Notice(PATH, 2, "syntax error near line 2; the rest of the file is still used"),)
    assert {Reference("a"), Reference("c")} <= {call.callee for call in code.calls}


def test_python_2_is_understood_as_far_as_it_goes() -> None:
    """Old print and except statements are read."""
    code, found = PythonReader().read(PATH, b"try:\n    print 'x' % f()\nexcept E, e:\n    raise\n")

    assert found == ()
    assert code.calls[0].callee == Reference("f")
    assert code.assignments[0].target == "e"


@pytest.mark.parametrize(
    "nested",
    [
        b"x = " + b"(" * 10_000 + b"1" + b")" * 10_000,
        b"x = " + b"[" * 10_000 + b"]" * 10_000,
        b"x = " + b"-" * 10_000 + b"1",
        b"x = " + b"f(" * 10_000 + b")" * 10_000,
        b"x = " + b"1 + " * 10_000 + b"1",
        b"x = a" + b".b()" * 10_000,
        b"x = " + b"lambda: " * 10_000 + b"1",
        b"x = " + b"not " * 10_000 + b"1",
        b"x = " + b"{1: " * 10_000 + b"1" + b"}" * 10_000,
        b"a" + b".b" * 10_000 + b" = 1",
        b"(" * 10_000 + b"a" + b")" * 10_000 + b" = 1",
        b"x: " + b"A[" * 10_000 + b"B" + b"]" * 10_000,
        b"@" + b"f(" * 10_000 + b")" * 10_000 + b"\ndef g(): pass",
        "".join(f"{' ' * depth}if x:\n" for depth in range(400)).encode() + b" " * 400 + b"pass",
        "".join(f"{' ' * depth}class X:\n" for depth in range(400)).encode() + b" " * 400 + b"pass",
    ],
)
def test_deep_nesting(nested: bytes) -> None:
    """What nests absurdly deep is left out with a notice; what follows is read."""
    code, found = PythonReader().read(PATH, nested + b"\nlast()\n")

    assert "nested too deeply" in " ".join(entry.message for entry in found)
    assert code.calls[-1].callee == Reference("last")


def test_deep_pattern() -> None:
    """A pattern that nests absurdly deep is unknown."""
    source = b"match x:\n    case " + b"(" * 5000 + b"a.b" + b")" * 5000 + b":\n        f()\n"

    code, _ = PythonReader().read(PATH, source)

    assert code.calls[0].block == 0


def test_long_elif_chain_is_not_deep() -> None:
    """Branches in a row are no nesting."""
    source = b"if a: pass\n" + b"elif b: f()\n" * 2000

    code, found = PythonReader().read(PATH, source)

    assert found == ()
    assert len(code.blocks) == 2001


@pytest.mark.parametrize(
    "source",
    [
        b"x = " + b"'a' " * 50_000,
        b"def f():\n    def g():\n" + b"        nonlocal x; x = 1\n" * 20_000,
        b"def f():\n" + b"    global x\n" * 20_000,
        b"x = (" + b"from a import (" * 20_000,
        b"# commlint: ignore\n" * 20_000,
        b"x = " + b"'\\" * 20_000,
    ],
)
def test_long_repetitions(source: bytes) -> None:
    """What repeats without end is read in time that grows with its length."""
    facts = extract(PATH, source)

    assert facts.code is not None
    assert sketch(PATH, source) is not None


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_can_be_read(source: bytes) -> None:
    """Whatever the bytes, reading gives facts, and the same facts again."""
    reader = PythonReader()

    assert reader.read(PATH, source) == reader.read(PATH, source)
    assert reader.sketch(PATH, source) == reader.sketch(PATH, source)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=60))
def test_any_words_can_be_read(words: list[str]) -> None:
    """Broken code of real words gives facts whose references all hold, and which can be written down."""
    code, _ = PythonReader().read(PATH, " ".join(words).encode())

    assert all(block.parent < len(code.blocks) and block.of < len(code.blocks) for block in code.blocks)
    assert all(call.block < len(code.blocks) and call.inside < len(code.calls) for call in code.calls)
    assert all(index < call.inside for index, call in enumerate(code.calls) if call.inside >= 0)
    assert all(entry.target for entry in code.assignments)
    assert decode(encode(code), CodeFacts) == code
    assert "" not in {entry.name for entry in code.functions} | {entry.name for entry in code.types}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"import a", {"a"}),
        (b"import a.b as c, d", {"a.b", "d"}),
        (b"    import a  # not b", {"a"}),
        (b"from a.b import c as d", {"a.b", "a.b.c"}),
        (b"from a import *", {"a"}),
        (b"from . import a, b", {".", ".a", ".b"}),
        (b"from ..a import b", {"..a", "..a.b"}),
        (b"from a import (\n    b,  # c)\n    d as e,\n)", {"a", "a.b", "a.d"}),
        (b"from a import \\\n    b", {"a", "a.b"}),
        (b"try: import a\nexcept ImportError: from b import c; import d", {"a", "b", "b.c", "d"}),
        (b'x = importlib.import_module("a")', {"a"}),
        (b"path('', include('a.urls'))", {"a.urls"}),
        (b'uvicorn.run("a:app")', {"a"}),
        (b'uvicorn.run("a.b:app")', {"a.b"}),
        (b"reimport(a)\nx = important", set()),
        (b'x = "plain"', set()),
    ],
)
def test_sketch(source: bytes, expected: set[str]) -> None:
    """A sketch names what a file imports, without parsing it."""
    assert set(PythonReader().sketch(PATH, source).imports) == expected
