"""What C#'s expressions are worth, one kind after the other."""

import pytest

from commlint.model.values import (
    Attribute,
    CallResult,
    Choice,
    Compute,
    Element,
    Index,
    Literal,
    Mapping,
    Reference,
    Sequence,
    Template,
)

from .csharp_reading import A, B, X, Y, assignments, body, value


@pytest.mark.parametrize(
    ("written", "content"),
    [
        ('"text"', "text"),
        (r'"tab\tquote\"\u00e9\x41"', 'tab\tquote"éA'),
        (r'@"C:\temp ""x"""', r'C:\temp "x"'),
        ('"""raw "x" \\n"""', 'raw "x" \\n'),
        ('"""\n    one\n      two\n    """', "one\n  two"),
        ('$"no hole {{x}}"', "no hole {x}"),
        ("'c'", "c"),
        ('"a" + "b"', "ab"),
        ("nameof(Shop.Orders)", "Orders"),
        ("1_000", 1000),
        ("0xFFu", 255),
        ("2.5m", 2.5),
        ("-3L", -3),
        ("true", True),
        ("null", None),
        ("default", None),
    ],
)
def test_constants(written: str, content: object) -> None:
    """Literals are what the compiler makes of them."""
    assert value(written) == Literal(content)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("a.b.c", Reference("a.b.c")),
        ("this.client", Reference("this.client")),
        ("a?.b", Reference("a.b")),
        ("a!.b", Reference("a.b")),
        ("(x as Client).b", Reference("x.b")),
        ("((Client)x).b", Reference("x.b")),
        ("global::Shop.Clock", Reference("Shop.Clock")),
        ("F().b", Attribute(CallResult(0), "b")),
        ("a[1]", Index(A, Literal(1))),
        ('a?["k"]', Index(A, Literal("k"))),
        ("typeof(Clock)", Reference("Clock")),
        ("x ?? y", Choice((X, Y))),
        ("a ? x : y", Choice((X, Y))),
        ("x ?? throw new E()", X),
        ("a switch { 1 => x, _ => y }", Choice((X, Y))),
        ("a switch { 1 => x, _ => throw new E() }", X),
        ("a + 1", Compute("+", (A, Literal(1)))),
        ("!a", Compute("not", (A,))),
        ("a && b", Compute("&&", (A, B))),
        ("a is Clock", Compute("is", (A, Reference("Clock")))),
        ('$"{a}/x/{b:D2}"', Template((A, Literal("/x/"), B))),
        ('$@"{a}\\x"', Template((A, Literal("\\x")))),
        ('"/" + a', Template((Literal("/"), A))),
        ("(a, b)", Sequence((A, B))),
        ("new[] { a, b }", Sequence((A, B))),
        ("[a, ..b]", Sequence((A, Element(B)), open=True)),
        ("new List<int> { a, b }", Sequence((A, B))),
        ('new Dictionary<string, int> { ["k"] = a, { "l", b } }', Mapping(((Literal("k"), A), (Literal("l"), B)))),
        ("new { Id = a, x.Name }", Mapping(((Literal("Id"), A), (Literal("Name"), Reference("x.Name"))))),
        ("x with { A = 1 }", X),
        ("this", Reference("this")),
    ],
)
def test_expressions(written: str, meant: object) -> None:
    """Casts, null tests and parentheses are seen through; what builds texts and collections is kept."""
    assert value(written) == meant


def test_queries_run_for_each_element() -> None:
    """A query is a comprehension: what it selects stands in a block of its own."""
    code = body("var it = from o in orders where Good(o) select Price(o);")

    assert [(block.kind, block.value) for block in code.blocks] == [("comprehension", Reference("orders"))]
    assert [call.block for call in code.calls] == [0, 0]
    assert [each.value for each in code.assignments if each.target == "o"] == [Element(Reference("orders"))]


def test_patterns_give_names() -> None:
    """What `is` and `switch` recognize bears the new name and type."""
    (found,) = assignments("if (x is Order { Total: > 5 } order) { }", "order")

    assert (found.value, found.annotation) == (X, Reference("Order"))


def test_out_variables_are_declared() -> None:
    """What a call gives through `out` is not known, but its type may be."""
    (found,) = assignments("Try(out Order order);", "order")

    assert found.annotation == Reference("Order")


def test_names_that_no_function_declares_are_members() -> None:
    """Only the object around can have a name that is assigned without being declared."""
    code = body("var own = 1; own = 2; client = x; a = 3; foreach (var each in own) { each = 1; }")

    assert [each.target for each in code.assignments] == ["own", "own", "this.client", "a", "each", "each"]


def test_entries_and_members_are_set() -> None:
    """Subscripts keep their key, several targets take a value apart, `??=` is a plain assignment."""
    code = body('a["k"] = 1; a.b.c += 2; (var x, var y) = (1, 2); b ??= 3;')

    assert [(each.target, each.key, each.augmented) for each in code.assignments] == [
        ("a[]", Literal("k"), ""),
        ("a.b.c", None, "+"),
        ("x", None, ""),
        ("y", None, ""),
        ("b", None, ""),
    ]
