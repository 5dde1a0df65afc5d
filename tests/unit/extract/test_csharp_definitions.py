"""How C#'s types and members read."""

from commlint.model.code import FunctionFacts
from commlint.model.values import CallResult, Index, Literal, Reference

from .csharp_reading import X, function, read


def test_types_with_bases_and_attributes() -> None:
    """Type arguments of bases are kept, attributes are decorators, interfaces are abstract."""
    (kind,) = read('[ApiController] [Route("api/x")] partial class A : Base<int>, IFoo { }').types
    (face,) = read("interface IFoo { }").types

    assert kind.bases == (Index(Reference("Base"), Reference("int")), Reference("IFoo"))
    assert kind.decorators == (Reference("ApiControllerAttribute"), CallResult(0), Reference("partial"))
    assert (kind.is_abstract, face.is_abstract) == (False, True)


def test_nested_types_bear_the_name_of_the_outer_one() -> None:
    """As they are written in code."""
    assert [each.name for each in read("class A { class B { void F() { } } }").types] == ["A", "A.B"]


def test_attributes_bear_their_full_names() -> None:
    """`[HttpGet]` is `[HttpGetAttribute]`, so that no member is taken for it; named values are keyword arguments."""
    code = read('class A { [HttpGet("{id}", Name = "x")] void F() { } }')

    assert code.calls[0].callee == Reference("HttpGetAttribute")
    assert [(each.name, each.value) for each in code.calls[0].arguments] == [
        (None, Literal("{id}")),
        ("Name", Literal("x")),
    ]
    assert code.functions[0].decorators == (CallResult(0),)


def test_fields_and_automatic_properties_are_fields() -> None:
    """With their types, values and attributes."""
    code = read('class A { [Key] int a = 1, b; public string Name { get; set; } = "x"; }')

    assert [(each.target, each.owner, each.value) for each in code.assignments] == [
        ("a", "A", Literal(1)),
        ("b", "A", None),
        ("Name", "A", Literal("x")),
    ]
    assert code.assignments[0].decorators == (Reference("KeyAttribute"),)


def test_computed_properties_are_functions() -> None:
    """What they give is what their body returns."""
    code = read("class A { string Url => x; int N { get { return 1; } set { n = value; } } }")

    assert [each.name for each in code.functions] == ["A.Url", "A.N", "A.set_N"]
    assert code.functions[0].decorators == (Reference("property"),)
    assert [each.value for each in code.exits] == [X, Literal(1)]
    assert [each.target for each in code.assignments] == ["this.n"]


def test_constructors_run_others() -> None:
    """`: base(…)` and `: this(…)` are calls in the constructor."""
    code = read("class A : B { A(int x) : base(x) { } A() : this(1) { } }")

    assert [each.name for each in code.functions] == ["A.constructor", "A.constructor#2"]
    assert [each.callee for each in code.calls] == [Reference("base.constructor"), Reference("this.constructor")]


def test_primary_constructors_are_constructors_and_fields() -> None:
    """Parameters behind the name of a class or record are there in every method."""
    code = read("class A(HttpClient client, [Key] int n = 1) : B(client) { } record R(string Name);")

    assert [each.name for each in code.functions] == ["A.constructor", "R.constructor"]
    assert [each.name for each in code.functions[0].parameters] == ["client", "n"]
    assert [(each.target, each.owner) for each in code.assignments if each.owner] == [
        ("client", "A"),
        ("n", "A"),
        ("Name", "R"),
    ]
    assert [each.value for each in code.assignments if each.target == "this.client"] == [Reference("client")]
    assert code.calls[0].callee == Reference("base.constructor")


def test_methods() -> None:
    """Promises are what they promise; a method without a body is abstract."""
    found = function("class A { async Task<List<Order>> F(int a, params int[] rest) => await G(); }", "A.F")
    face = function("interface A { Task F(); }", "A.F")

    assert found.is_async
    assert found.returns == Index(Reference("List"), Reference("Order"))
    assert [(each.name, each.form) for each in found.parameters] == [("a", "positional"), ("rest", "variadic")]
    assert face.is_abstract


def test_extension_methods_mark_what_they_extend() -> None:
    """Their first parameter stands before the dot of a call."""
    found = function("static class A { public static void F(this Order o, int n = 2) { } }", "A.F")

    assert found.decorators == (Reference("static"),)
    assert found.parameters[0].decorators == (Reference("this"),)
    assert found.parameters[1].default == Literal(2)


def test_members_of_an_enum_are_their_names() -> None:
    """As they are printed."""
    code = read("enum Topic { Orders, Stock = 5 }")

    assert [(each.target, each.value) for each in code.assignments] == [
        ("Orders", Literal("Orders")),
        ("Stock", Literal("Stock")),
    ]


def test_unusual_members_keep_their_bodies() -> None:
    """Destructors, operators, indexers and accessors of events."""
    code = read(
        """
        class A {
            ~A() { F(); }
            public static A operator +(A a, A b) => G();
            public int this[int i] => H(i);
            static A() { I(); }
        }
        """
    )

    assert [each.callee for each in code.calls] == [Reference(name) for name in "FGHI"]
    assert len({each.function for each in code.calls}) == 4
    assert all(isinstance(each, FunctionFacts) for each in code.functions)


def test_a_declared_field_is_a_member() -> None:
    """Also where it is declared above."""
    code = read("class A { int n; A(int x) { n = x; } }")

    assert [each.target for each in code.assignments] == ["n", "this.n"]
