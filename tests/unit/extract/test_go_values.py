"""How Go's expressions read."""

from __future__ import annotations

import pytest

from commlint.model.code import Argument
from commlint.model.values import (
    Attribute,
    CallResult,
    Compute,
    Element,
    Index,
    Literal,
    Mapping,
    Output,
    Reference,
    Sequence,
    Template,
    Unknown,
    Value,
)

from .go_reading import A, B, X, annotation, assignments, call, inside, read, value


@pytest.mark.parametrize(
    ("text", "worth"),
    [
        ('"a\\n\\x41\\u00e9"', "a\nAé"),
        ("`a\\n`", "a\\n"),
        ("'c'", "c"),
        ("1_000", 1000),
        ("0x1F", 31),
        ("0b11", 3),
        ("0o17", 15),
        ("017", 15),
        ("2.5e3", 2500.0),
        ("-3", -3),
        ("true", True),
        ("nil", None),
        ('"a" + "b"', "ab"),
    ],
)
def test_constants(text: str, worth: object) -> None:
    """Texts, numbers and truth values are literals."""
    assert value(text) == Literal(worth)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["1e999", "2i", "99999999999999999999"])
def test_numbers_that_json_cannot_carry(text: str) -> None:
    """They are unknown."""
    assert isinstance(value(text), Unknown)


@pytest.mark.parametrize(
    ("text", "worth"),
    [
        ("&x", X),
        ("*x", X),
        ("(x)", X),
        ("x.(pkg.Type)", X),
        ("[]byte(x)", X),
        ("string(x)", X),
        ("x[:]", X),
        ("x.y.z", Reference("x.y.z")),
        ("<-x", Element(X)),
        ("x[a]", Index(X, A)),
        ("x * 2", Compute("*", (X, Literal(2)))),
        ("a || b", Compute("or", (A, B))),
        ("!a", Compute("not", (A,))),
        ('"http://" + x + "/a"', Template((Literal("http://"), X, Literal("/a")))),
        ("f().y", Attribute(CallResult(0), "y")),
    ],
)
def test_operators(text: str, worth: Value) -> None:
    """Pointers, conversions and type assertions are seen through."""
    assert value(text) == worth


@pytest.mark.parametrize(
    ("text", "worth"),
    [
        ("[]string{a, b}", Sequence((A, B))),
        ("[...]int{1}", Sequence((Literal(1),))),
        ('map[string]int{"k": x}', Mapping(((Literal("k"), X),))),
        ('bson.M{"k": x}', Mapping(((Literal("k"), X),))),
        ("struct{ A int }{A: x}", Mapping(((Literal("A"), X),))),
        ("make(map[string]int, 3)", Mapping((), open=True)),
        ("append([]string{a}, b)", Sequence((A, B))),
        ("append(x, a)", Sequence((Element(X), A), open=True)),
    ],
)
def test_collections(text: str, worth: Value) -> None:
    """Lists are sequences; maps, and structs without a name, are mappings."""
    assert value(text) == worth


def test_a_struct_literal_is_a_call_of_its_type() -> None:
    """With the fields as keyword arguments."""
    made = call('x := &http.Client{Timeout: a, Name: "n"}', "http.Client")

    assert made.arguments == (Argument("Timeout", A), Argument("Name", Literal("n")))
    assert call("x := T{a, b}", "T").arguments == (Argument(None, A), Argument(None, B))
    assert call("x := new(T)", "T").arguments == ()


def test_elements_without_their_type_have_that_of_the_list() -> None:
    """`[]T{{…}}` makes objects of T, and so does a map of them."""
    code = inside('x := []T{{A: 1}, {A: 2}}\ny := map[string]*T{"k": {A: 3}}')

    assert [entry.callee for entry in code.calls] == [Reference("T")] * 3


def test_an_address_given_away_may_be_filled() -> None:
    """`f(&x.y, a)` may leave a value in x.y."""
    (filled,) = assignments("f(&x.y, a)", "x.y")

    assert filled.value == Output(0, 0)


def test_type_arguments_do_not_hide_a_call() -> None:
    """`pkg.Get[int, string](a)` is a call of pkg.Get."""
    assert call("x := pkg.Get[int, string](a)", "pkg.Get").arguments == (Argument(None, A),)


@pytest.mark.parametrize(
    ("text", "worth"),
    [
        ("*http.Client", Reference("http.Client")),
        ("[]*T", Sequence((Reference("T"),), open=True)),
        ("chan T", Sequence((Reference("T"),), open=True)),
        ("map[string]T", Mapping(((Reference("string"), Reference("T")),), open=True)),
        ("List[T]", Index(Reference("List"), Reference("T"))),
    ],
)
def test_types(text: str, worth: Value) -> None:
    """Pointers are seen through; types of many hold the type of one."""
    assert annotation(text) == worth


def test_spread_arguments() -> None:
    """`xs...` gives all of a list."""
    assert call("f(a, x...)", "f").arguments == (Argument(None, A), Argument(None, X, "*"))


def test_constants_in_a_list_repeat_the_one_before() -> None:
    """With the number of their line."""
    code = read("const (\n\tA = iota\n\tB\n\t_\n\tD\n)\n")

    found = {entry.target: entry.value for entry in code.assignments}
    assert found == {"A": Literal(0), "B": Literal(1), "D": Literal(3)}
