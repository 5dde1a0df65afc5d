"""Functions and classes of Python."""

from commlint.model.code import ParameterFacts
from commlint.model.places import Extent
from commlint.model.values import CallResult, Literal, Reference

from .reading import A, read


def test_parameters() -> None:
    """Every form of parameter is told with its type and its default."""
    facts = read("def f(a, /, b: int = 1, *rest: str, c, d: X = y(), **options): pass")

    assert facts.functions[0].parameters == (
        ParameterFacts("a", "positional", None, None),
        ParameterFacts("b", "positional", Reference("int"), Literal(1)),
        ParameterFacts("rest", "variadic", Reference("str"), None),
        ParameterFacts("c", "keyword", None, None),
        ParameterFacts("d", "keyword", Reference("X"), CallResult(0)),
        ParameterFacts("options", "options", None, None),
    )


def test_bare_star_starts_keyword_parameters() -> None:
    """After a bare star parameters go by name only."""
    facts = read("def f(a, *, b): pass")

    assert [(entry.name, entry.form) for entry in facts.functions[0].parameters] == [
        ("a", "positional"),
        ("b", "keyword"),
    ]


def test_qualified_names_and_owners() -> None:
    """A name tells the definitions around it; only a method has an owner."""
    facts = read(
        """
        def f():
            def g(): pass
        class X:
            def m(self):
                def h(): pass
            class Y:
                def n(self): pass
        """
    )

    assert [(entry.name, entry.owner) for entry in facts.functions] == [
        ("f", ""),
        ("f.g", ""),
        ("X.m", "X"),
        ("X.m.h", ""),
        ("X.Y.n", "X.Y"),
    ]
    assert [entry.name for entry in facts.types] == ["X", "X.Y"]


def test_second_definition_of_a_name_is_numbered() -> None:
    """Of two definitions with one name both are kept, with what stands in them."""
    facts = read("def f(): a()\ndef f(): b()\nclass X:\n    def m(self): pass\nclass X:\n    def m(self): pass")

    assert [entry.name for entry in facts.functions] == ["f", "f#2", "X.m", "X#2.m"]
    assert [entry.name for entry in facts.types] == ["X", "X#2"]
    assert [entry.function for entry in facts.calls] == ["f", "f#2"]


def test_flags_and_return_type() -> None:
    """A function tells whether it is async, a generator, and what it returns."""
    facts = read('async def f() -> "X":\n    def g(): yield 1\n    return 1')

    assert [(entry.is_async, entry.is_generator, entry.returns) for entry in facts.functions] == [
        (True, False, Reference("X")),
        (False, True, None),
    ]


def test_decorators_stand_at_the_definition() -> None:
    """A decorator call belongs to the scope that defines, not to the function."""
    facts = read('class X:\n    @a\n    @b.get("/x")\n    def m(self): pass')

    assert facts.functions[0].decorators == (A, CallResult(0))
    assert (facts.calls[0].function, facts.calls[0].owner) == ("", "X")


def test_defaults_stand_at_the_definition() -> None:
    """A default is evaluated where the function is defined."""
    facts = read("def f():\n    def g(a=h()): pass")

    assert facts.calls[0].function == "f"


def test_class() -> None:
    """A class tells its bases, its keywords and its decorators."""
    facts = read("@a(1)\nclass X(b.Y, Generic[T], metaclass=M): pass")

    found = facts.types[0]
    assert [getattr(entry, "name", "index") for entry in found.bases] == ["b.Y", "index"]
    assert found.keywords == (("metaclass", Reference("M")),)
    assert found.decorators == (CallResult(0),)


def test_extent_starts_at_the_definition_itself() -> None:
    """Decorators stand outside the extent."""
    facts = read("@a\ndef f():\n    pass\n@a\nclass X:\n    pass")

    assert facts.functions[0].extent == Extent(2, 1, 3, 9)
    assert facts.types[0].extent == Extent(5, 1, 6, 9)


def test_calls_of_a_class_body_have_an_owner() -> None:
    """A call in a class body knows the class, one in a method does not."""
    facts = read("class X:\n    a = f()\n    def m(self): g()")

    assert [(entry.owner, entry.function) for entry in facts.calls] == [("X", ""), ("", "X.m")]
