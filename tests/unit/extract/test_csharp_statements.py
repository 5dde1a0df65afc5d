"""How C#'s statements read: blocks, branches, loops, exceptions, exits."""

from commlint.model.values import CallResult, Compute, Element, Literal, Reference

from .csharp_reading import A, X, body, read


def test_branches_know_their_first() -> None:
    """`else if` and `else` are branches of the same choice."""
    code = body("if (a) { F(); } else if (b) G(); else { H(); }")

    assert [(each.kind, each.of) for each in code.blocks] == [("branch", -1), ("branch", 0), ("branch", 0)]
    assert [each.block for each in code.calls] == [0, 1, 2]


def test_switch_sections_are_branches() -> None:
    """Each section is one, with what it is compared with."""
    code = body("switch (a) { case 1: F(); break; case Order o when o.Good: G(); break; default: H(); break; }")

    assert [(each.kind, each.value) for each in code.blocks] == [
        ("branch", Literal(1)),
        ("branch", Reference("Order")),
        ("branch", None),
    ]


def test_loops() -> None:
    """`foreach` goes through something; `while`, `do` and a `for` without end test a condition."""
    code = body(
        "foreach (var x in a) F(x); for (var i = 0; i < 3; i++) G(); while (a) H(); do { } while (b); for (;;) { }"
    )

    assert [(each.kind, each.value) for each in code.blocks] == [
        ("loop", A),
        ("loop", Compute("<", (Reference("i"), Literal(3)))),
        ("while", A),
        ("while", Reference("b")),
        ("while", Literal(True)),
    ]
    assert [each.value for each in code.assignments if each.target == "x"] == [Element(A)]


def test_exceptions() -> None:
    """What is caught, and what runs whatever happens, know their `try`."""
    code = body("try { F(); } catch (Timeout e) when (e.Again) { G(); } catch { H(); } finally { I(); }")

    assert [(each.kind, each.value, each.of) for each in code.blocks] == [
        ("try", None, -1),
        ("except", Reference("Timeout"), 0),
        ("except", None, 0),
        ("finally", None, 0),
    ]
    assert [each.annotation for each in code.assignments if each.target == "e"] == [Reference("Timeout")]


def test_using_is_open_until_the_end() -> None:
    """A declaration holds to the end of the block around it, a statement to that of its own."""
    code = body("using var a = Open(); F(); using (var b = Other()) { G(); } H();")

    assert [(each.kind, each.value) for each in code.blocks] == [("with", CallResult(0)), ("with", CallResult(2))]
    assert [each.block for each in code.calls] == [-1, 0, 0, 1, 0]


def test_exits() -> None:
    """Every way out of a function, `throw` in an expression included."""
    code = body(
        "foreach (var x in a) { if (x) break; else continue; } if (b) throw new E(); return x ?? throw new F();"
    )

    assert [each.kind for each in code.exits] == ["break", "continue", "raise", "raise", "return"]
    assert code.exits[-1].value == X


def test_generators() -> None:
    """`yield return` gives one by one."""
    (function,) = read("class A { IEnumerable<int> F() { yield return 1; } }").functions

    assert function.is_generator


def test_both_sides_of_a_condition_of_the_compiler_are_read() -> None:
    """Which of them is compiled is not known."""
    code = body("\n#if DEBUG\nF();\n#else\nG();\n#endif\n")

    assert [each.callee for each in code.calls] == [Reference("F"), Reference("G")]


def test_top_level_statements_are_the_body_of_the_file() -> None:
    """A program without a class."""
    code = read('var app = Build();\napp.MapGet("/", () => 1);\nvoid Local() { }')

    assert [each.function for each in code.calls] == ["", ""]
    assert [each.name for each in code.functions if "<" not in each.name] == ["Local"]
