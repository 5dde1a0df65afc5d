"""Reading whole C# files: namespaces, usings, encodings, broken and hostile input, sketches."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commlint.codec import decode, encode
from commlint.extract.extract import extract, sketch
from commlint.extract.languages.csharp import CSharpReader
from commlint.model.code import CodeFacts

from .csharp_reading import read

WORDS = (
    *("class", "record", "interface", "struct", "enum", "namespace", "using", "if", "else", "for", "foreach", "while"),
    *("do", "switch", "case", "default", "try", "catch", "finally", "return", "yield", "await", "async", "new", "this"),
    *(
        "base",
        "is",
        "as",
        "in",
        "out",
        "ref",
        "var",
        "nameof",
        "typeof",
        "throw",
        "lock",
        "static",
        "partial",
        "x",
        "T",
    ),
    *('"s"', '$"{', '}"', '@"', '"""', "'c'", "1", "2.5", "0x", "(", ")", "[", "]", "{", "}", "<", ">", ",", ";", "."),
    *("=>", "=", "==", "+", "??", "?.", "?", ":", "::", "!", "&&", "..", "#if", "#endif", "//", "/*", "\n", "é", "\0"),
)


def test_a_file_scoped_namespace_is_the_module() -> None:
    """What a file declares decides, not where it lies."""
    assert read("namespace Shop.Orders;\nclass A { }").module == "Shop.Orders"


def test_namespaces_in_blocks_are_joined() -> None:
    """A namespace in a namespace bears both names."""
    assert read("namespace Shop { namespace Orders { class A { } } }").module == "Shop.Orders"


def test_using_directives() -> None:
    """A namespace brings all its names, an alias one; a global one holds for the files beside it too."""
    found = read("using System.Net;\nusing Http = System.Net.Http.HttpClient;\nglobal using Polly;").imports

    assert [(each.local, each.module, each.name, each.shared) for each in found] == [
        ("*", "System.Net", "*", False),
        ("Http", "System.Net.Http", "HttpClient", False),
        ("*", "Polly", "*", True),
    ]


def test_sketch_names_usings_and_namespace() -> None:
    """Usings of every form, and the namespaces of names that are written in full."""
    source = b"""
    using System.Net.Http;
    using static Shop.Constants;
    using Client = Shop.Clients.StockClient;
    global using global::MassTransit;
    namespace Shop.Orders;
    class A { Polly.Retry.RetryPolicy p; }
    """
    found = sketch("A.cs", source)

    assert found.module == "Shop.Orders"
    assert {"System.Net.Http", "Shop.Constants", "Shop.Clients.StockClient", "MassTransit", "Polly.Retry"} <= set(
        found.imports
    )


def test_sketch_names_what_the_sdk_brings_in() -> None:
    """A file that uses an HTTP client need not say where that comes from."""
    found = sketch("A.cs", b'class A(HttpClient http) { Task F() => http.GetFromJsonAsync<int>("/x"); }')

    assert found.imports == ("System.Net.Http", "System.Net.Http.Json")


@pytest.mark.parametrize("path", ["Forms/Main.Designer.cs", "obj/Grpc.g.cs", "A.g.i.cs", "Api.generated.cs"])
def test_generated_files_say_nothing(path: str) -> None:
    """What a generator wrote repeats what stands elsewhere."""
    source = b'using System.Net.Http; class A { void F() { new HttpClient().GetAsync("x"); } }'

    assert CSharpReader().read(path, source) == (CodeFacts("csharp", ""), ())
    assert sketch(path, source).imports == ()


def test_a_syntax_error_is_a_notice_and_the_rest_is_used() -> None:
    """What stands after a mistake is still read."""
    code, notices = CSharpReader().read("A.cs", b"class A { void F( { } }\nclass B { void G() { Call(); } }")

    assert [notice.message for notice in notices] == ["syntax error near line 1; the rest of the file is still used"]
    assert any(function.name.endswith("G") for function in code.functions)


def test_text_that_is_no_utf8_is_noticed() -> None:
    """Unreadable characters are replaced."""
    code, notices = CSharpReader().read("A.cs", b'class A { string s = "\xff"; }')

    assert [notice.line for notice in notices] == [1]
    assert code.types[0].name == "A"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_are_obeyed(encoding: str) -> None:
    """Editors on Windows write them."""
    code, notices = CSharpReader().read("A.cs", "class Größe { }".encode(encoding))

    assert (code.types[0].name, notices) == ("Größe", ())


@pytest.mark.parametrize(
    "source",
    [
        "class A { int x = " + "(" * 5000 + "1" + ")" * 5000 + "; }",
        "class A { void F() " + "{ if (a) " * 3000 + ";" + "}" * 3001,
        "class A { object x = " + "a." * 50_000 + "b; }",
        "class A { bool F(object o) => o is " + "not " * 5000 + "null; }",
        "namespace A { " * 3000,
    ],
)
def test_deep_nesting_is_given_up_with_a_notice_at_most(source: str) -> None:
    """Hostile depth neither raises nor takes long."""
    CSharpReader().read("A.cs", source.encode())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=60))
def test_any_words_give_facts_that_survive_the_wire(words: list[str]) -> None:
    """Reading is total, the same each time, and what it gives can be stored."""
    source = " ".join(words).encode()
    found = extract("A.cs", source)

    assert found == extract("A.cs", source)
    assert decode(encode(found), type(found)) == found
