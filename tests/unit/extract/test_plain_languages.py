"""Languages that are read lightly: input of any kind is read, and blocks, loops and handlers are told."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commlint.codec import decode, encode
from commlint.extract.extract import sketch
from commlint.extract.languages.cpp import CppReader
from commlint.extract.languages.php import PhpReader
from commlint.extract.languages.ruby import RubyReader
from commlint.extract.languages.rust import RustReader
from commlint.extract.plain import PlainReader
from commlint.extract.port import Sketch
from commlint.model.code import CodeFacts
from commlint.model.values import show

READERS = [RubyReader(), PhpReader(), RustReader(), CppReader()]
WORDS = (
    *("class", "def", "fn", "function", "impl", "struct", "namespace", "use", "if", "else", "for", "while", "match"),
    *("begin", "rescue", "end", "do", "try", "catch", "return", "new", "A::B", "$x", "@x", "x", "1", '"s"', '"#{', "}"),
    *("{", "(", ")", "[", "]", "->", "=>", "::", ";", ",", ".", "?", "!", "#[a]", "<?php", "|", "&", "\n", "é", "'"),
)
LOOPS = {
    RubyReader: b"def f\n  items.each { |i| send(i) }\n  for i in items do\n    go(i)\n  end\nend\n",
    PhpReader: b"<?php\nfunction f($items) { foreach ($items as $i) { go($i); } }\n",
    RustReader: b"fn f() { for i in items { go(i); } }\n",
    CppReader: b"void f() { for (auto& i : items) { go(i); } }\n",
}
TRIES = {
    RubyReader: b"def f\n  begin\n    risky()\n  rescue Timeout => e\n    log()\n  ensure\n    close()\n  end\nend\n",
    PhpReader: b"<?php\ntry { risky(); } catch (Timeout $e) { log(); } finally { close(); }\n",
    CppReader: b"void f() { try { risky(); } catch (const Timeout& e) { log(); } }\n",
}


def read(reader: PlainReader, source: bytes) -> CodeFacts:
    return reader.read(f"a/b{reader.suffixes[0]}", source)[0]


@pytest.mark.parametrize("kind", LOOPS)
def test_loops_are_told_with_what_they_go_over(kind: type[PlainReader]) -> None:
    """A call in a loop stands in its block."""
    found = read(kind(), LOOPS[kind])
    block = next(each for each in found.blocks if each.kind == "loop")
    call = next(each for each in found.calls if show(each.callee) == "go")

    assert show(block.value) == "items"
    assert found.blocks[call.block].kind == "loop"


@pytest.mark.parametrize("kind", TRIES)
def test_handlers_belong_to_what_they_guard(kind: type[PlainReader]) -> None:
    """The clause of an exception knows the block it stands behind."""
    found = read(kind(), TRIES[kind])
    kinds = [each.kind for each in found.blocks]
    clause = next(each for each in found.blocks if each.kind == "except")

    assert {"try", "except"} <= set(kinds)
    assert found.blocks[clause.of].kind == "try"


def test_sketches() -> None:
    """Without parsing, what a file may use is told."""
    assert sketch("a.rb", b"require 'faraday'\nNet::HTTP.get(x)\n") == Sketch(("Net", "faraday"))
    assert sketch("a.php", b"<?php\nnamespace A\\B;\nuse C\\{D, E as F};\nuse G\\H;\ncurl_init();") == Sketch(
        ("C.D", "C.E", "G.H", "curl"), "A.B"
    )
    assert sketch("a.rs", b"use reqwest::Client;\n") == Sketch(("reqwest.Client",))
    assert sketch("a.cc", b"#include <grpcpp/grpcpp.h>\n") == Sketch(("grpcpp.grpcpp.h",))


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
@pytest.mark.parametrize(
    "source",
    [
        b"(" * 5_000,
        b"{" * 5_000,
        b"a." * 4_000,
        b"\xff\xfe\x00x",
        b'f("' * 500,
        b"if x { " * 500,
        b"<?php " + b"f(" * 3_000,
    ],
)
def test_whatever_it_is_it_is_read(reader: PlainReader, source: bytes) -> None:
    """Input that is no code, or too deep, gives facts and notices, and never a failure."""
    facts = read(reader, source)

    assert decode(encode(facts), CodeFacts) == facts


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
@settings(max_examples=80, deadline=None)
@given(words=st.lists(st.sampled_from(WORDS), max_size=50))
def test_any_row_of_words_is_read_the_same_twice(reader: PlainReader, words: list[str]) -> None:
    """Reading is total and depends on nothing but the bytes."""
    source = " ".join(words).encode()

    assert read(reader, source) == read(reader, source)
