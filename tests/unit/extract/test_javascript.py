"""Whole files of JavaScript and TypeScript: names, encodings, broken and hostile input, bundles, sketches."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commlint.codec import decode, encode
from commlint.extract.extract import extract, language_of, sketch
from commlint.extract.languages.javascript import JavaScriptReader
from commlint.extract.languages.typescript import TypeScriptReader
from commlint.model.code import CodeFacts
from commlint.model.facts import Notice
from commlint.model.values import Reference

WORDS = [
    "class", "A", "extends", "{", "}", "(", ")", "=>", "async", "await", "x", "=", ",", ";", "import", "from", "'m'",
    "export", "default", "`${", "}`", "...", "@", ".", "?.", "then", "map", "function", "*", "yield", "<", ">", ":",
    "if", "else", "for", "of", "try", "catch", "return", "new", "require", "[", "]", "\n",
]  # fmt: skip


def read(source: bytes, path: str = "shop/app.ts") -> tuple[CodeFacts, tuple[Notice, ...]]:
    reader = JavaScriptReader() if path.endswith("js") else TypeScriptReader()
    return reader.read(path, source)


@pytest.mark.parametrize("suffix", ["js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "cts"])
def test_one_family(suffix: str) -> None:
    """Files of both languages and all their suffixes give facts of one language."""
    facts = extract(f"shop/app.{suffix}", b"import axios from 'axios'\naxios.get('http://a')\n")

    assert facts.code is not None
    assert (facts.code.language, facts.code.module) == ("javascript", "shop/app")
    assert len(facts.code.calls) == 1


def test_files_that_only_declare_types() -> None:
    """A declaration file says nothing of what runs."""
    assert language_of("api.d.ts") == "typescript"
    assert read(b"export function f(): void", "api.d.ts")[0].functions == ()
    assert sketch("api.d.ts", b"import x from 'axios'").imports == ()


def test_markup_in_code() -> None:
    """Calls inside JSX count, and types in angle brackets are no markup outside of it."""
    source = b"const a = <List items={load(1)} render={() => show()} />\n"

    assert [str(call.callee) for call in read(source, "app.jsx")[0].calls] == [
        str(call.callee) for call in read(source, "app.tsx")[0].calls
    ]
    assert len(read(source, "app.tsx")[0].calls) == 2
    assert len(read(b"const a = <Api>make()", "app.ts")[0].calls) == 1


def test_syntax_error_keeps_the_rest() -> None:
    """What is no correct code is told, and the rest is used."""
    facts, notices = read(b"const a = ) 1\nfetch('http://a')\n")

    assert "syntax error near line 1" in notices[0].message
    assert len(facts.calls) == 1


def test_invalid_utf8() -> None:
    """Unreadable characters are replaced, with the line of the first."""
    facts, notices = read(b"let a = 1\nlet b = '\xff'\n")

    assert [(notice.line, "not valid utf-8" in notice.message) for notice in notices] == [(2, True)]
    assert [each.target for each in facts.assignments] == ["a", "b"]


def test_columns_count_characters() -> None:
    """Places are told in characters, not in bytes."""
    (call,) = read("'äöü'; f()".encode())[0].calls

    assert call.extent[:2] == (1, 8)


@pytest.mark.parametrize(
    "source", [b"f(1);" * 8000, b"function f() {}\n" * 2000 + b"__webpack_require__(1)\n"], ids=["minified", "bundled"]
)
def test_code_that_a_tool_put_together(source: bytes) -> None:
    """Minified and bundled code is left out, with a notice nobody has to act on."""
    facts, notices = read(source, "dist.js")

    assert facts.calls == ()
    assert [notice.minor for notice in notices] == [True]


@pytest.mark.parametrize(
    "nested",
    [
        b"x = " + b"(" * 3000 + b"1" + b")" * 3000,
        b"x = " + b"[" * 3000 + b"]" * 3000,
        b"f(" * 2000 + b")" * 2000,
        b"a" + b".b()" * 3000,
        b"x => " * 2000 + b"1",
        b"{" * 3000 + b"}" * 3000,
        b"const " + b"[" * 2000 + b"a" + b"]" * 2000 + b" = b",
        b"x = " + b"{a: " * 2000 + b"1" + b"}" * 2000,
        b"x = " + b"`${" * 1000 + b"1" + b"}`" * 1000,
        b"p" + b".then(f)" * 2000,
        b"let x: " + b"A<" * 2000 + b"B" + b">" * 2000,
    ],
    ids=["parens", "arrays", "calls", "chain", "arrows", "blocks", "pattern", "objects", "templates", "then", "types"],
)
def test_deep_nesting(nested: bytes) -> None:
    """What nests absurdly deep is left out with a notice; what follows is read."""
    facts, notices = read(nested + b"\n;last()\n")

    assert "nested too deeply" in " ".join(notice.message for notice in notices)
    assert facts.calls[-1].callee == Reference("last")


def test_long_else_if_chain_is_not_deep() -> None:
    """Branches in a row are no nesting."""
    facts, notices = read(b"if (a) {}\n" + b"else if (b) f()\n" * 2000 + b"else while (c) g()\n")

    assert notices == ()
    assert [block.kind for block in facts.blocks].count("branch") == 2002
    assert facts.calls[-1].callee == Reference("g")


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=300))
def test_any_bytes_can_be_read(source: bytes) -> None:
    """No input makes a reader fail, and the same input gives the same facts."""
    for path in ("a.js", "a.ts", "a.tsx"):
        assert read(source, path) == read(source, path)
        sketch(path, source)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(WORDS), max_size=50))
def test_any_words_can_be_read(words: list[str]) -> None:
    """No order of the words of the language makes a reader fail."""
    source = " ".join(words).encode()

    for path in ("a.js", "a.ts", "a.tsx"):
        facts, _ = read(source, path)
        assert all(block.parent < len(facts.blocks) and block.of < len(facts.blocks) for block in facts.blocks)
        assert all(call.block < len(facts.blocks) and call.inside < len(facts.calls) for call in facts.calls)
        assert all(index < call.inside for index, call in enumerate(facts.calls) if call.inside >= 0)
        assert all(entry.target for entry in facts.assignments)
        assert decode(encode(facts), CodeFacts) == facts
        assert "" not in {entry.name for entry in facts.functions} | {entry.name for entry in facts.types}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"import a from 'axios'", {"axios"}),
        (b'import {\n  a,\n  b as c,\n} from "./m.js"', {"./m.js"}),
        (b"import 'side'", {"side"}),
        (b"export * from '../z'", {"../z"}),
        (b"const a = require('got'), b = require( \"./b\" )", {"got", "./b"}),
        (b"await import('./lazy')", {"./lazy"}),
        (b"const r = await fetch(url)", {"builtins.fetch"}),
        (b"this.prefetch(url); new WebSocket(url)", {"builtins.WebSocket"}),
        (b"import(`./${name}`)", set()),
    ],
)
def test_sketch(source: bytes, expected: set[str]) -> None:
    """Modules, and what talks to others without one, are found without parsing."""
    assert set(sketch("app.ts", source).imports) == expected


@pytest.mark.parametrize(
    ("path", "source", "talks"),
    [
        ("shop/src/main/resources/static/cart.js", "fetch('/cart')", False),
        ("Shop/wwwroot/js/cart.js", "import { total } from './total.js'; fetch('/cart')", False),
        ("shop/public/cart.js", "document.querySelector('#a').onclick = () => fetch('/cart')", False),
        ("shop/static/js/cart.js", "$('#a').click(() => fetch('/cart'))", False),
        ("shop/public/cart.js", "const a = require('axios'); window.a = a; fetch('/cart')", True),
        ("shop/routes/public/index.js", "module.exports = (request) => fetch('http://cart')", True),
        ("web/src/cart.js", "document.querySelector('#a').onclick = () => fetch('/cart')", True),
    ],
)
def test_scripts_that_a_program_hands_out_are_no_part_of_it(path: str, source: str, talks: bool) -> None:
    """A script in a folder for browsers that reads like a page needs no reading; a program of pages alone does."""
    assert ("builtins.fetch" in sketch(path, source.encode()).imports) is talks
