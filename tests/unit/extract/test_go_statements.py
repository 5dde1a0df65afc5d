"""How Go's statements and definitions read."""

from __future__ import annotations

from commlint.model.code import Block
from commlint.model.values import CallResult, Compute, Element, Index, Literal, Mapping, Reference, Sequence, Unknown

from .go_reading import A, B, X, assignments, call, inside, read


def blocks(text: str) -> list[Block]:
    return list(inside(text).blocks)


def test_several_results_are_taken_apart() -> None:
    """Each name is given one of the results of the call."""
    code = inside("a, err := f()\nx, y = y, x\nv, ok := m[k]")
    found = {entry.target: entry.value for entry in code.assignments}

    assert found["a"] == Index(CallResult(0), Literal(0))
    assert found["err"] == Index(CallResult(0), Literal(1))
    assert found["x"] == Reference("y")
    assert found["y"] == X
    assert found["v"] == Index(Reference("m"), Reference("k"))
    assert isinstance(found["ok"], Unknown)


def test_results_with_names_are_returned_by_a_bare_return() -> None:
    """They are variables of their types."""
    code = read("func f() (res *T, err error) {\n\treturn\n}")

    assert [entry.value for entry in code.exits] == [Sequence((Reference("res"), Reference("err")))]
    assert next((entry.target, entry.annotation) for entry in code.assignments) == ("res", Reference("T"))


def test_what_is_set() -> None:
    """Fields, entries, and what a pointer leads to."""
    code = inside('s.a.b = x\nm["k"] = x\n*p = x\nn += x\n_ = x')

    assert [(e.target, e.key, e.augmented) for e in code.assignments] == [
        ("s.a.b", None, ""),
        ("m[]", Literal("k"), ""),
        ("p", None, ""),
        ("n", None, "+"),
    ]


def test_goroutines_are_calls_of_go() -> None:
    """With the call they start as the argument."""
    code = inside("go a.b(x)\ngo func() { c() }()")

    started = [(entry.callee, entry.inside) for entry in code.calls]
    assert started == [
        (Reference("a.b"), 1),
        (Reference("go"), -1),
        (Reference("c"), -1),
        (Reference("<lambda@4:4>"), 4),
        (Reference("go"), -1),
    ]


def test_what_is_deferred_stands_in_a_finally() -> None:
    """It runs on every way out."""
    code = inside("defer a()")

    assert code.blocks[code.calls[0].block].kind == "finally"


def test_handling_an_error_is_an_except() -> None:
    """`if err != nil` alone or with more is told from other branches."""
    found = blocks("if err != nil { a() }\nif x && dialErr != nil { a() }\nif x != nil { a() } else { b() }")

    assert [block.kind for block in found] == ["except", "except", "branch", "branch"]
    assert found[3].of == 2


def test_branches_of_one_choice() -> None:
    """An else-if belongs to the first branch."""
    first, second, last = blocks("if a { } else if b { } else { }")

    assert (first.value, second.value, last.value) == (A, B, None)
    assert (first.of, second.of, last.of) == (-1, 0, 0)


def test_loops() -> None:
    """Over data, counting, waiting, and for ever."""
    found = blocks("for _, v := range x { }\nfor i := 0; i < 3; i++ { }\nfor a { }\nfor { }")

    assert [(block.kind, block.value) for block in found] == [
        ("loop", X),
        ("loop", Literal(3)),
        ("while", A),
        ("while", Literal(True)),
    ]


def test_names_of_a_range() -> None:
    """The first is a key or what a channel carries, the second a value."""
    code = inside("for k, v := range x { }\nfor m := range ch { }")

    found = {entry.target: entry.value for entry in code.assignments}
    assert found["k"] == Element(X)
    assert found["v"] == Index(X, Unknown("any key"))
    assert found["m"] == Element(Reference("ch"))


def test_receiving_in_a_select_is_a_loop_over_the_channel() -> None:
    """Each case is a branch of one choice."""
    code = inside("select {\ncase m := <-ch:\n\ta(m)\ncase out <- x:\ndefault:\n\tb()\n}")

    assert [(block.kind, block.value, block.of) for block in code.blocks] == [
        ("branch", None, -1),
        ("loop", Reference("ch"), -1),
        ("branch", None, 0),
        ("branch", None, 0),
    ]
    assert code.calls[0].block == 1


def test_switches() -> None:
    """Cases compare; a switch over a type gives the name that type."""
    code = inside("switch x {\ncase 1:\n\ta()\ndefault:\n}\nswitch v := x.(type) {\ncase *T:\n\tb(v)\n}")

    assert code.blocks[0].value == Compute("==", (X, Literal(1)))
    assert code.blocks[2].value == Compute("is", (X, Reference("T")))
    assert [entry.annotation for entry in code.assignments] == [Reference("T")]


def test_methods_belong_to_the_type_of_their_receiver() -> None:
    """It is their first parameter."""
    (method,) = read(
        "func (s *Server[T]) Get(ctx context.Context, ids ...int) (*T, error) { return nil, nil }"
    ).functions

    assert (method.name, method.owner) == ("Server.Get", "Server")
    assert [(p.name, p.form) for p in method.parameters] == [
        ("s", "positional"),
        ("ctx", "positional"),
        ("ids", "variadic"),
    ]
    assert method.returns == Sequence((Reference("T"), Reference("error")))


def test_structs_embed_and_have_fields() -> None:
    """An embedded type is a base and a field of its name; tags are mappings."""
    code = read('type Server struct {\n\t*Base\n\tpb.Stub\n\tAddr, Host string `env:"ADDR" d:"a b"`\n}')

    assert code.types[0].bases == (Reference("Base"), Reference("pb.Stub"))
    fields = {entry.target: entry for entry in code.assignments}
    assert list(fields) == ["Base", "Stub", "Addr", "Host"]
    assert fields["Addr"].owner == "Server"
    assert fields["Addr"].value is None
    assert fields["Addr"].decorators == (Mapping(((Literal("env"), Literal("ADDR")), (Literal("d"), Literal("a b")))),)


def test_interfaces_are_abstract() -> None:
    """Their methods have no body and no receiver."""
    code = read("type Store interface {\n\tio.Closer\n\tGet(id string) (*T, error)\n}")

    (entry,), (method,) = code.types, code.functions
    assert entry.is_abstract
    assert entry.bases == (Reference("io.Closer"),)
    assert (method.name, method.owner, method.is_abstract) == ("Store.Get", "Store", True)
    assert [parameter.name for parameter in method.parameters] == ["id"]


def test_functions_without_a_name_are_references() -> None:
    """They are functions named by their place."""
    (entry,) = assignments("g := func(a int) error { return h(a) }", "g")

    assert entry.value == Reference("<lambda@3:6>")
    assert call("g := func(a int) error { return h(a) }", "h").function == "f.<lambda@3:6>"


def test_panics_leave() -> None:
    """As an exception does."""
    assert [(entry.kind, entry.value) for entry in inside("panic(x)").exits] == [("raise", X)]
