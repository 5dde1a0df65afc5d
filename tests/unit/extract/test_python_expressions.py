"""Calls, lambdas, comprehensions, targets and annotations of Python."""

import pytest

from commlint.model.code import Argument
from commlint.model.places import Extent
from commlint.model.values import CallResult, Choice, Element, Index, Literal, Reference, Sequence, Unknown

from .reading import A, B, X, Y, annotation, assignments, call, read


def test_arguments() -> None:
    """Positional, keyword and spread arguments stay in order."""
    found = call("f(a, *b, k=1, **x)", "f")

    assert found.arguments == (
        Argument(None, A),
        Argument(None, B, "*"),
        Argument("k", Literal(1)),
        Argument(None, X, "**"),
    )


def test_generator_argument() -> None:
    """A bare generator expression is one argument."""
    assert call("f(x for x in y)", "f").arguments == (Argument(None, Sequence((X,), open=True)),)


def test_inner_calls_come_first() -> None:
    """Calls are numbered by where they close."""
    facts = read("f(g(1), h(2))(3)\nk()")

    assert [entry.callee for entry in facts.calls] == [
        Reference("g"),
        Reference("h"),
        Reference("f"),
        CallResult(2),
        Reference("k"),
    ]


def test_call_knows_the_call_it_is_an_argument_of() -> None:
    """An argument stands inside: by position, by keyword, spread, awaited, or as an item of a list."""
    facts = read("f(g(), k=h(), *i(), **j(), m=await n())\nf([o()], {1: p()})")

    inside = {entry.callee: entry.inside for entry in facts.calls}
    assert [inside[Reference(name)] for name in "ghijn"] == [5] * 5
    assert (inside[Reference("o")], inside[Reference("p")]) == (8, -1)


def test_callee_of_a_chain_is_not_inside() -> None:
    """A method call on the result of a call is no argument of it."""
    facts = read("a().b()")

    assert [entry.inside for entry in facts.calls] == [-1, -1]


def test_awaited_and_used() -> None:
    """A call is awaited directly or not, and unused only as a statement of its own."""
    facts = read("async def m():\n    await a()\n    b()\n    r = await c()\n    return d()\n    (e())\n    x or f()")

    assert {entry.callee.name: (entry.awaited, entry.used) for entry in facts.calls} == {  # type: ignore[attr-defined]
        "a": (True, False),
        "b": (False, False),
        "c": (True, True),
        "d": (False, True),
        "e": (False, False),
        "f": (False, True),
    }


def test_extent_counts_characters() -> None:
    """Lines and columns are 1-based, the end is exclusive, and a letter is one column however it is encoded."""
    assert call('x = "äöü", f(\n    1)', "f").extent == Extent(1, 12, 2, 7)


@pytest.mark.parametrize(
    "text",
    [
        "@f\n@wrap(target())\ndef x(): pass",
        "def x(y=target()): pass",
        "class X(target()): y = 1",
        "it = [target() for y in x]",
        'it = f"{target()}"',
        'it = f"{x:{target()}}"',
        "it = g(k=target())",
        "def x():\n    return target()",
        "it = {'k': target()}",
        "it[target()] = 1",
        "target().member = 1",
        "del it[target()]",
        "assert target()",
        "x: target() = 1",
        "it = lambda: target()",
        "if (n := target()): pass",
        "raise target()",
        "print >>x, target()",
        "for x in y:\n    pass\nelse:\n    target()",
        "match x:\n    case y if target(): pass",
    ],
)
def test_calls_are_found_everywhere(text: str) -> None:
    """No place in a file hides a call."""
    assert call(text, "target").callee == Reference("target")


def test_lambda_is_a_function() -> None:
    """A lambda is a function with parameters and a return."""
    facts = read("def f():\n    return lambda a, *, k=b: g(a)")

    inner = facts.functions[1]
    assert (inner.name, inner.owner) == ("f.<lambda@2:12>", "")
    assert [(entry.name, entry.form, entry.default) for entry in inner.parameters] == [
        ("a", "positional", None),
        ("k", "keyword", B),
    ]
    assert facts.calls[0].function == "f.<lambda@2:12>"
    assert [(entry.kind, entry.value, entry.function) for entry in facts.exits] == [
        ("return", CallResult(0), "f.<lambda@2:12>"),
        ("return", Reference("<lambda@2:12>"), "f"),
    ]


def test_comprehension_is_a_block() -> None:
    """Element and conditions stand in the block, the first iterable outside; inner iterables run once per element."""
    facts = read("[e(x) for x in first() for y in second(x) if c(y)]")

    blocks = {entry.callee.name: entry.block for entry in facts.calls}  # type: ignore[attr-defined]
    assert blocks == {"e": 0, "first": -1, "second": 0, "c": 0}
    assert facts.blocks[0].kind == "comprehension"
    assert facts.blocks[0].value == CallResult(1)
    assert [(entry.target, entry.value, entry.block) for entry in facts.assignments] == [
        ("x", Element(CallResult(1)), 0),
        ("y", Element(CallResult(2)), 0),
    ]


def test_nested_comprehensions() -> None:
    """A comprehension inside another one has it as parent."""
    facts = read("[[f(x) for x in y] for y in z]")

    assert [entry.parent for entry in facts.blocks] == [-1, 0]
    assert facts.calls[0].block == 1


def test_tuple_written_on_both_sides_is_paired() -> None:
    """Names and values of a written tuple meet one by one."""
    facts = read("a, (b, c) = 1, (2, 3)")

    assert [(entry.target, entry.value) for entry in facts.assignments] == [
        ("a", Literal(1)),
        ("b", Literal(2)),
        ("c", Literal(3)),
    ]


def test_unpacking_takes_by_position() -> None:
    """Names on the left take from an unknown value by position, after a star from its end."""
    facts = read("a, *b, c = x")

    assert [(entry.target, entry.value) for entry in facts.assignments] == [
        ("a", Index(X, Literal(0))),
        ("b", Index(X, Unknown("slice"))),
        ("c", Index(X, Literal(-1))),
    ]


def test_attribute_and_subscript_targets() -> None:
    """A target may be a member or an entry of something named."""
    facts = read('self.x = 1\nself.d["k"] = 2\na[b]["c"] = 3\nf().y = 4')

    assert [(entry.target, entry.key, entry.value) for entry in facts.assignments] == [
        ("self.x", None, Literal(1)),
        ("self.d[]", Literal("k"), Literal(2)),
        ("a[][]", Literal("c"), Literal(3)),
    ]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("x", X),
        ("a.B", Reference("a.B")),
        ('"a.B"', Reference("a.B")),
        ("Optional[x]", Index(Reference("Optional"), X)),
        ('Optional["x"]', Index(Reference("Optional"), X)),
        ('"Optional[x]"', Index(Reference("Optional"), X)),
        ('"x | None"', Choice((X, Literal(None)))),
        ("x | y | None", Choice((X, Y, Literal(None)))),
        ("dict[x, y]", Index(Reference("dict"), Sequence((X, Y)))),
        ("a.Map[x, y]", Index(Reference("a.Map"), Sequence((X, Y)))),
        ("Callable[[x], y]", Index(Reference("Callable"), Sequence((Sequence((X,)), Y)))),
        ('Literal["x", "y"]', Index(Reference("Literal"), Sequence((Literal("x"), Literal("y"))))),
        ('Annotated["x", f("y")]', Index(Reference("Annotated"), Sequence((X, CallResult(0))))),
        ('Annotated[x, "y"]', Index(Reference("Annotated"), Sequence((X, Literal("y"))))),
        ('"no type!"', Literal("no type!")),
        ('"a, b"', Literal("a, b")),
        ('"f(x)"', Literal("f(x)")),
        ("\"Optional['x']\"", Index(Reference("Optional"), X)),
        ('"1if x"', Literal("1if x")),
        ("None", Literal(None)),
    ],
)
def test_annotations(written: str, expected: object) -> None:
    """A type is a reference, an index or a choice, also when written as a text."""
    assert annotation(written) == expected


def test_text_inside_an_annotated_call_stays_text() -> None:
    """Only types are read from texts."""
    facts = read('x: Annotated[int, f("y")]')

    assert facts.calls[0].arguments == (Argument(None, Literal("y")),)


def test_walrus_in_comprehension_stands_in_its_block() -> None:
    """A named expression is assigned where it stands."""
    (found,) = assignments("[n for x in y if (n := f(x))]", "n")

    assert found.block == 0


@pytest.mark.parametrize("between", ["# why\n", "\\\n"])
def test_comments_and_continued_lines_may_stand_anywhere(between: str) -> None:
    """What stands between two parts of an expression changes nothing."""
    words = (
        "f ( a , k = b , * x ) . c [ 1 : 2 ] , { 1 : 2 , ** b } , not a , await g ( ) , a . b , x if a else - y , k = 1"
    )

    plain, broken = read(f"t({words})"), read(f"t({words.replace(' ', ' ' + between)})")

    assert [entry.arguments for entry in broken.calls] == [entry.arguments for entry in plain.calls]
    assert [entry.callee for entry in broken.calls] == [entry.callee for entry in plain.calls]


def test_comments_between_parameters_and_targets() -> None:
    """A comment is neither a parameter nor a target."""
    facts = read("def f(  # why\n    a,  # why\n    b=1): pass\n(  # why\n    x, y) = z")

    assert [entry.name for entry in facts.functions[0].parameters] == ["a", "b"]
    assert [entry.target for entry in facts.assignments] == ["x", "y"]


def test_equal_arguments_with_calls_are_told_apart() -> None:
    """Arguments written alike mean the same only when nothing in them has a place of its own."""
    facts = read("f(g(1))\nf(g(1))\nh(a, k=1)\nh(a, k=1)\nm(lambda: 1)\nm(lambda: 1)")

    f1, f2, h1, h2, m1, m2 = (entry.arguments for entry in facts.calls if entry.callee != Reference("g"))
    assert f1 != f2
    assert h1 == h2
    assert m1 != m2
