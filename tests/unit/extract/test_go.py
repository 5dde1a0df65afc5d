"""Reading whole Go files: imports, packages, broken and hostile input, sketches."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commlint.codec import decode, encode
from commlint.extract.extract import extract, sketch
from commlint.extract.languages.go import GoReader
from commlint.model.code import CodeFacts

from .go_reading import notices, read

WORDS = (
    *("package", "import", "func", "type", "struct", "interface", "map", "chan", "var", "const", "iota", "go", "defer"),
    *("if", "else", "for", "range", "switch", "case", "default", "select", "return", "break", "continue", "goto"),
    *("x", "y.z", "s.a", "_", "nil", "true", "1", "0x", "'a'", '"s"', "`", '"', "(", ")", "[", "]", "{", "}"),
    *(",", ":", ";", ".", "=", ":=", "==", "!=", "+", "-", "*", "&", "<-", "...", "//", "/*", "*/", "\n", "\t", "é"),
)


@pytest.mark.parametrize(
    ("path", "used", "local"),
    [
        ("net/http", "http.Get", "http"),
        ("github.com/go-chi/chi/v5", "chi.NewRouter", "chi"),
        ("github.com/segmentio/kafka-go", "kafka.NewReader", "kafka"),
        ("github.com/nats-io/nats.go", "nats.Connect", "nats"),
        ("github.com/rabbitmq/amqp091-go", "amqp091.Dial", "amqp091"),
        ("gopkg.in/yaml.v2", "yaml.Marshal", "yaml"),
        ("shop.example/gen/user/v1", "userv1.NewClient", "userv1"),
        ("k8s.io/api/core/v1", "v1.Pod", "v1"),
    ],
)
def test_the_name_of_an_imported_package(path: str, used: str, local: str) -> None:
    """A package imported without a name is called as the file calls it."""
    code = read(f'import "{path}"\nvar x = {used}')

    assert [(entry.local, entry.module) for entry in code.imports] == [(local, path)]


def test_other_files_name_no_packages() -> None:
    """What a package is called in files read before makes no difference."""
    alone = read('import "shop.example/stock-client"')
    read('import "shop.example/stock"\nvar x = stock.Level')

    assert read('import "shop.example/stock-client"') == alone
    assert [entry.local for entry in alone.imports] == ["client"]


def test_names_given_to_packages() -> None:
    """A name before the path counts; a dot brings in every name."""
    code = read('import (\n\tpb "shop/genproto"\n\t. "shop/words"\n\t_ "shop/driver"\n)')

    assert [(entry.local, entry.name) for entry in code.imports] == [("pb", None), ("*", "*"), ("_", None)]


def test_a_field_hides_no_package() -> None:
    """A type may have a field that is called like a package the file imports."""
    code = read('import "net/http"\ntype Client struct { http *http.Client }\nfunc f() { http.Get("a") }')

    assert [each.local for each in code.imports] == ["http"]


def test_the_package_clause_is_the_module() -> None:
    """It tells programs (`main`) from the rest."""
    assert read("").module == "shop"


def test_a_manifest_names_its_module() -> None:
    """A go.mod file says what the packages below its folder are called."""
    source = b"// module wrong\nmodule github.com/shop/orders // here\n\ngo 1.22\n"

    assert sketch("orders/go.mod", source).module == "github.com/shop/orders"
    facts = extract("orders/go.mod", source)
    assert facts.code == CodeFacts("go", "github.com/shop/orders")


def test_a_sketch_finds_every_import() -> None:
    """Whatever the form, comments left out."""
    source = b"""
    // import "no"
    package a
    import "fmt"
    import x "a/b"
    import (
        "c/d" // (e)
        /* "no/2" */ . "f/g"
        _ `h`
    )
    func f() { s := "import \\"no/3\\"" }
    """

    assert sketch("a.go", source).imports == ("a/b", "c/d", "f/g", "fmt", "h")


def test_a_syntax_error_is_a_notice() -> None:
    """The rest of the file is still used."""
    (notice,) = notices(b"package a\nfunc f() { g( }\nfunc h() { k() }\n")

    assert notice.line == 2
    assert "syntax error" in notice.message


def test_what_is_no_utf8_is_replaced() -> None:
    """The place is told."""
    (notice,) = notices(b'package a\nvar x = "\xff"\n')

    assert notice.line == 2
    assert "utf-8" in notice.message


@pytest.mark.parametrize("deep", ["(" * 3000 + "x" + ")" * 3000, "-" * 3000 + "x", "f(" * 3000 + ")" * 3000])
def test_deep_expressions_are_noticed(deep: str) -> None:
    """Nothing overflows; what is too deep is unknown."""
    source = f"package a\nfunc g() {{\n x := {deep}\n y := 1\n}}".encode()
    code, told = GoReader().read("a.go", source)

    assert [entry.target for entry in code.assignments] == ["x", "y"]
    assert "nested too deeply" in told[0].message


def test_deep_blocks_are_noticed() -> None:
    """What stands in blocks that nest without end is left out."""
    told = notices(("package a\nfunc g() " + "{ if a " * 500 + "{}" + "}" * 500).encode())

    assert any("nested too deeply" in notice.message for notice in told)


@given(st.lists(st.sampled_from(WORDS), max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read(words: list[str]) -> None:
    """Whatever stands in a file, it gives facts that can be kept, the same each time, and no failure."""
    source = ("package a\n" + " ".join(words)).encode()
    facts = extract("a.go", source)

    assert not any("failed" in notice.message for notice in facts.notices)
    assert extract("a.go", source) == facts
    assert facts.code is None or decode(encode(facts.code), CodeFacts) == facts.code


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_read(source: bytes) -> None:
    """A sketch and the facts of bytes that mean nothing are empty and no failure."""
    assert not any("failed" in notice.message for notice in extract("a.go", source).notices)
    assert sketch("go.mod", source) == sketch("go.mod", source)
