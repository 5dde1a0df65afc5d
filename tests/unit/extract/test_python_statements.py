"""Assignments, imports, exits and blocks of Python."""

import pytest

from commlint.model.code import Import
from commlint.model.places import Extent
from commlint.model.values import CallResult, Choice, Compute, Element, Index, Literal, Reference, Sequence, Unknown

from .reading import A, B, C, X, assignments, read


def test_chained_assignment() -> None:
    """Every name of a chain takes the same value, in the order written."""
    facts = read("a = b = f()")

    assert [(entry.target, entry.value) for entry in facts.assignments] == [("a", CallResult(0)), ("b", CallResult(0))]


def test_annotated_assignment_and_declaration() -> None:
    """An annotation stands beside its value; a bare declaration has none."""
    facts = read("a: X = 1\nself.b: Y")

    assert [(entry.target, entry.value, entry.annotation) for entry in facts.assignments] == [
        ("a", Literal(1), Reference("X")),
        ("self.b", None, Reference("Y")),
    ]


@pytest.mark.parametrize(("written", "operator"), [("a += 1", "+"), ("a **= 1", "**"), ("a |= 1", "|")])
def test_augmented_assignment(written: str, operator: str) -> None:
    """An augmented assignment keeps its operator without the equals sign."""
    (found,) = assignments(written, "a")

    assert (found.augmented, found.value) == (operator, Literal(1))


def test_augmented_entry() -> None:
    """An entry may be augmented too."""
    (found,) = assignments('a["k"] += b', "a[]")

    assert (found.augmented, found.key, found.value) == ("+", Literal("k"), B)


def test_fields_have_an_owner() -> None:
    """What a class body assigns belongs to the class, also inside a function."""
    facts = read("class X:\n    a: int = 1\n    class Y:\n        b = 2\ndef f():\n    class Z:\n        c = 3")

    assert [(entry.target, entry.owner, entry.function) for entry in facts.assignments] == [
        ("a", "X", ""),
        ("b", "X.Y", ""),
        ("c", "f.Z", "f"),
    ]


def test_global_name_is_assigned_in_the_module() -> None:
    """After `global`, an assignment is one of the module's, in that function only."""
    facts = read("def f():\n    global a\n    a = 1\n    b = 2\ndef g():\n    a = 3")

    assert [(entry.target, entry.function) for entry in facts.assignments] == [("a", ""), ("b", "f"), ("a", "g")]


def test_nonlocal_name_is_assigned_where_it_lives() -> None:
    """After `nonlocal`, an assignment is one of the nearest function around that has the name."""
    facts = read("def f():\n    a = 1\n    def g():\n        def h():\n            nonlocal a\n            a = 2")

    assert [(entry.target, entry.function) for entry in facts.assignments] == [("a", "f"), ("a", "f")]


def test_type_alias() -> None:
    """A type statement assigns the type."""
    (found,) = assignments("type A = b | None", "A")

    assert found.value == Choice((B, Literal(None)))


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("import a", [("a", "a", None, 0)]),
        ("import a.b", [("a", "a.b", None, 0)]),
        ("import a.b as c, d", [("c", "a.b", None, 0), ("d", "d", None, 0)]),
        ("from a.b import c", [("c", "a.b", "c", 0)]),
        ("from ..a import b as c", [("c", "a", "b", 2)]),
        ("from . import (a,\n  b as c,  # why\n)", [("a", "", "a", 1), ("c", "", "b", 1)]),
        ("from . import a", [("a", "", "a", 1)]),
        ("from a import *", [("*", "a", "*", 0)]),
        ("from __future__ import annotations", [("annotations", "__future__", "annotations", 0)]),
        ("from .a import a", [("a", "a", "a", 1)]),
    ],
)
def test_imports(written: str, expected: list[tuple[str, str, str | None, int]]) -> None:
    """Every form of import tells the local name, the module, the name in it and the level."""
    found = read(written).imports

    assert [(entry.local, entry.module, entry.name, entry.level) for entry in found] == expected


def test_import_inside_a_function() -> None:
    """An import knows the function it stands in."""
    assert read("def f():\n    import a").imports == (Import("a", "a", None, 0, "f", Extent(2, 5, 2, 13)),)


def test_conditional_imports_are_all_kept() -> None:
    """Type checking blocks and fallbacks are imports like any other."""
    facts = read("if TYPE_CHECKING:\n    import a\ntry:\n    import b\nexcept ImportError:\n    b = None\n    import c")

    assert [entry.local for entry in facts.imports] == ["a", "b", "c"]


def test_exits() -> None:
    """Statements that leave keep their value and their block."""
    facts = read(
        """
        def f():
            for x in a:
                if x: continue
                break
            raise E(1) from c
            return a, b
            return
        """
    )

    assert [(entry.kind, entry.value, entry.block) for entry in facts.exits] == [
        ("continue", None, 1),
        ("break", None, 0),
        ("raise", CallResult(0), -1),
        ("return", Sequence((A, B)), -1),
        ("return", None, -1),
    ]


def test_yields() -> None:
    """A yield is an exit; `yield from` gives the elements of its operand."""
    facts = read("def f():\n    yield a\n    x = yield\n    yield from b")

    assert [(entry.kind, entry.value) for entry in facts.exits] == [
        ("yield", A),
        ("yield", None),
        ("yield", Element(B)),
    ]
    assert facts.functions[0].is_generator


def test_branches() -> None:
    """Each side of an if is a branch; the condition stands outside; the others point to the first."""
    facts = read("if f(): a()\nelif g(): b()\nelse: c()")

    assert [(entry.kind, entry.value, entry.of) for entry in facts.blocks] == [
        ("branch", CallResult(0), -1),
        ("branch", CallResult(2), 0),
        ("branch", None, 0),
    ]
    assert [entry.block for entry in facts.calls] == [-1, 0, -1, 1, 2]


def test_extent_of_a_first_branch_ends_with_its_body() -> None:
    """The first branch does not cover the others."""
    facts = read("if a:\n    b\nelse:\n    c")

    assert [entry.extent for entry in facts.blocks] == [Extent(1, 1, 2, 6), Extent(3, 1, 4, 6)]


@pytest.mark.parametrize("prefix", ["", "async "])
def test_for_loop(prefix: str) -> None:
    """A loop encloses target and body, not what it goes through; its else points to it."""
    facts = read(f"{prefix}for a, b in f(): g()\nelse: h()")

    assert [(entry.kind, entry.value, entry.of) for entry in facts.blocks] == [
        ("loop", CallResult(0), -1),
        ("else", None, 0),
    ]
    assert [entry.block for entry in facts.calls] == [-1, 0, 1]
    assert [(entry.target, entry.value, entry.block) for entry in facts.assignments] == [
        ("a", Index(Element(CallResult(0)), Literal(0)), 0),
        ("b", Index(Element(CallResult(0)), Literal(1)), 0),
    ]


def test_while_loop() -> None:
    """A while tests its condition each time round, so the condition stands inside."""
    facts = read("while f(): g()")

    assert [(entry.kind, entry.value) for entry in facts.blocks] == [("while", CallResult(0))]
    assert [entry.block for entry in facts.calls] == [0, 0]


@pytest.mark.parametrize(
    "text", ["with f() as a, g() as b: h()", "async with f() as a, g() as b: h()", "with (f() as a, g() as b): h()"]
)
def test_with_items_nest(text: str) -> None:
    """Each item is a with block inside the one before it."""
    facts = read(text)

    assert [(entry.kind, entry.value, entry.parent) for entry in facts.blocks] == [
        ("with", CallResult(0), -1),
        ("with", CallResult(1), 0),
    ]
    assert [entry.block for entry in facts.calls] == [-1, 0, 1]
    assert [(entry.target, entry.value, entry.block) for entry in facts.assignments] == [
        ("a", CallResult(0), 0),
        ("b", CallResult(1), 1),
    ]


def test_with_unpacks_its_target() -> None:
    """A tuple after `as` is taken apart."""
    facts = read("with f() as (a, b): pass")

    assert [(entry.target, entry.value) for entry in facts.assignments] == [
        ("a", Index(CallResult(0), Literal(0))),
        ("b", Index(CallResult(0), Literal(1))),
    ]


def test_try_statement() -> None:
    """Handlers, else and finally are blocks of their own that point to the try."""
    facts = read("try: a()\nexcept E as e: b()\nexcept (F, G.H): c()\nexcept: d()\nelse: f()\nfinally: g()")

    assert [(entry.kind, entry.value, entry.of) for entry in facts.blocks] == [
        ("try", None, -1),
        ("except", Reference("E"), 0),
        ("except", Sequence((Reference("F"), Reference("G.H"))), 0),
        ("except", None, 0),
        ("else", None, 0),
        ("finally", None, 0),
    ]
    assert [entry.block for entry in facts.calls] == [0, 1, 2, 3, 4, 5]
    assert [(entry.target, entry.value, entry.block) for entry in facts.assignments] == [("e", Reference("E"), 1)]


def test_exception_groups() -> None:
    """`except*` is an except block."""
    facts = read("try: a()\nexcept* E as e: b()")

    assert [(entry.kind, entry.value) for entry in facts.blocks] == [("try", None), ("except", Reference("E"))]


def test_blocks_start_anew_in_a_function() -> None:
    """The blocks of a function are its own."""
    facts = read("if a:\n    def f():\n        while b: g()\n    h()")

    assert [(entry.kind, entry.parent, entry.function) for entry in facts.blocks] == [
        ("branch", -1, ""),
        ("while", -1, "f"),
    ]
    assert [(entry.block, entry.function) for entry in facts.calls] == [(1, "f"), (0, "")]


def test_match_cases_are_branches() -> None:
    """A case tests the subject against its pattern and its guard; the last one may take all."""
    facts = read('match x:\n    case "a" | "b": f()\n    case A.B if c: g()\n    case _: h()')

    assert [(entry.kind, entry.value, entry.of) for entry in facts.blocks] == [
        ("branch", Compute("match", (X, Choice((Literal("a"), Literal("b"))))), -1),
        ("branch", Compute("and", (Compute("match", (X, Reference("A.B"))), C)), 0),
        ("branch", None, 0),
    ]
    assert [entry.block for entry in facts.calls] == [0, 1, 2]


def test_match_captures() -> None:
    """A captured name is assigned: the subject where it takes all of it, else something unknown."""
    facts = read(
        'match x:\n    case {"k": a, **b}: pass\n    case T(m=c) as d: pass\n    case [-1, *e]: pass\n    case f: pass'
    )

    assert [(entry.target, entry.value, entry.block) for entry in facts.assignments] == [
        ("a", Unknown("pattern"), 0),
        ("b", Unknown("pattern"), 0),
        ("c", Unknown("pattern"), 1),
        ("d", X, 1),
        ("e", Unknown("pattern"), 2),
        ("f", X, 3),
    ]


def test_class_pattern_is_compared_by_its_name() -> None:
    """A class pattern tests for the class."""
    facts = read("match x:\n    case (a.T(m=1)): pass\n    case -1: pass")

    assert [entry.value for entry in facts.blocks] == [
        Compute("match", (X, Reference("a.T"))),
        Compute("match", (X, Literal(-1))),
    ]
