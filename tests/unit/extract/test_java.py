"""What the Java reader understands of types, members, statements and expressions."""

from __future__ import annotations

from textwrap import dedent

import pytest

from commlint.extract.languages.java import JavaReader
from commlint.model.code import CodeFacts
from commlint.model.values import (
    Attribute,
    CallResult,
    Choice,
    Compute,
    Index,
    Literal,
    Reference,
    Sequence,
    Template,
    Unknown,
    Value,
)

A, B = Reference("a"), Reference("b")


def read(text: str) -> CodeFacts:
    """The facts of a correct file."""
    code, notices = JavaReader().read("shop/App.java", dedent(text).encode())
    assert notices == ()
    return code


def inside(statements: str) -> CodeFacts:
    """The facts of a method `run` of a class `App` with these statements."""
    return read(f"class App {{ void run() {{\n{statements}\n}} }}")


def value(expression: str) -> Value:
    """What an expression is worth."""
    found = inside(f"var it = {expression};").assignments[-1].value
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("written", "content"),
    [
        ('"text"', "text"),
        (r'"tab\tand \"quotes\" é \101"', 'tab\tand "quotes" é A'),
        ("'c'", "c"),
        ('"a" + "b" + 1', "ab1"),
        ('"""\n    two\n      lines\n    """', "two\n  lines\n"),
        ("42", 42),
        ("1_000L", 1000),
        ("0x10", 16),
        ("0b101", 5),
        ("017", 15),
        ("1.5f", 1.5),
        ("-3", -3),
        ("true", True),
        ("null", None),
        ('String.format("%s-%d%%", "a", 1)', "a-1%"),
        ('String.format("%2$s%1$s", "a", "b")', "ba"),
        ('"%s".formatted("a")', "a"),
        ('(String) "seen through"', "seen through"),
    ],
)
def test_constants(written: str, content: object) -> None:
    """Texts, text blocks, numbers and formats with nothing open in them are literals."""
    assert value(written) == Literal(content)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("written", "worth"),
    [
        ("a.b.c", Reference("a.b.c")),
        ("this.a", Reference("this.a")),
        ("App.this.a", Reference("App.a")),
        ('"http://" + a + "/x"', Template((Literal("http://"), A, Literal("/x")))),
        ('String.format("%s/x", a)', Template((A, Literal("/x")))),
        ("a ? b : 1", Choice((B, Literal(1)))),
        ("a[0]", Index(A, Literal(0))),
        ('new String[] {"x", a}', Sequence((Literal("x"), A))),
        ("a + b", Compute("+", (A, B))),
        ("!a", Compute("not", (A,))),
        ("this::run", Reference("this.run")),
        ("Order::new", Reference("Order")),
        ("Order.class", Reference("Order")),
        ("List.<String>of()", CallResult(0)),
        ("switch (a) { case ONE -> 1; default -> { yield b; } }", Choice((Literal(1), B))),
        ("new int[3]", Unknown("an array made elsewhere")),
    ],
)
def test_expressions(written: str, worth: Value) -> None:
    """What is not constant keeps its shape."""
    assert value(written) == worth


def test_calls_and_fluent_chains() -> None:
    """A call on a name is called by that name, one on a result is a member of it; `new` is a call of the type."""
    code = inside("client.get().uri(a).retrieve(); new Order<>(b); super.run();")

    assert [call.callee for call in code.calls] == [
        Reference("client.get"),
        Attribute(CallResult(0), "uri"),
        Attribute(CallResult(1), "retrieve"),
        Reference("Order"),
        Reference("super.run"),
    ]
    assert [call.used for call in code.calls] == [True, True, False, False, False]


def test_lambdas_are_functions() -> None:
    """A lambda is a function with its parameters, whatever its body is."""
    code = inside("use(x -> go(x), (a, b) -> { return a; }, () -> go());")

    lambdas = [each for each in code.functions if "<lambda" in each.name]
    assert [tuple(each.name for each in one.parameters) for one in lambdas] == [("x",), ("a", "b"), ()]
    assert [one.value for one in code.exits] == [CallResult(0), A, CallResult(1)]


def test_nameless_classes_derive() -> None:
    """A class written where its object is made is a type of its own below the named one."""
    code = inside("go(new Task() { public void run() { work(); } });")

    nameless = next(each for each in code.types if "<class" in each.name)
    assert nameless.bases == (Reference("Task"),)
    assert code.calls[1].callee == Reference(nameless.name)
    assert code.calls[0].function == f"{nameless.name}.run"


def test_types() -> None:
    """Classes, interfaces, records and enums with what they derive from, annotations and what is abstract."""
    code = read(
        """
        package shop.orders;
        import shop.base.*;
        import static shop.Names.HOST;

        @RestController @RequestMapping(path = {"/a", "/b"})
        abstract class Orders extends Base<Order> implements Api, Closeable {
            @Value("${url}") private String url;
            Orders(@Qualifier("slow") Client client, String... more) { super(client); this.client = client; }
            abstract void run();
        }
        interface Api { String PATH = "/x"; void run(); default void stop() {} }
        record Line(@NotNull String sku, int count) {}
        enum Queue { ORDERS("orders"), OTHER("other") { void f() {} }; final String name;
            Queue(String n) { name = n; } }
        """
    )

    assert code.module == "shop.orders"
    assert [(each.local, each.module, each.name) for each in code.imports] == [
        ("*", "shop.base", "*"),
        ("HOST", "shop.Names", "HOST"),
    ]
    orders, api, line, _queue, nameless = code.types
    assert orders.bases == (Index(Reference("Base"), Reference("Order")), Reference("Api"), Reference("Closeable"))
    assert orders.decorators[0] == Reference("RestController")
    assert (orders.is_abstract, api.is_abstract, line.is_abstract) == (True, True, False)
    assert nameless.bases == (Reference("Queue"),)
    assert code.calls[0].arguments[0].value == Sequence((Literal("/a"), Literal("/b")))
    functions = {each.name: each for each in code.functions}
    assert functions["Orders.<init>"].parameters[0].decorators == (CallResult(2),)
    assert [each.form for each in functions["Orders.<init>"].parameters] == ["positional", "variadic"]
    assert {name for name, each in functions.items() if each.is_abstract} == {"Orders.run", "Api.run"}
    assert [each.name for each in functions["Line.<init>"].parameters] == ["sku", "count"]
    fields = {(each.owner, each.target) for each in code.assignments if each.owner}
    assert {("Orders", "url"), ("Api", "PATH"), ("Line", "sku"), ("Queue", "ORDERS"), ("Queue", "name")} <= fields


def test_overloads_have_numbers() -> None:
    """Methods of one name are told apart by the order they are written in."""
    code = read("class A { void f() {} void f(int a) {} A() {} A(int a) { this(); } }")

    assert [each.name for each in code.functions] == ["A.f", "A.f#2", "A.<init>", "A.<init>#2"]
    assert code.calls[0].callee == Reference("this.<init>")


def test_blocks() -> None:
    """Loops, branches, resources and handlers stand as blocks around what is in them."""
    code = inside(
        """
        for (Order each : orders) go();
        for (int i = 0; i < 3; i++) go();
        for (;;) { break; }
        do { go(); } while (a);
        if (a) go(); else if (b) go(); else go();
        try (var c = open()) { go(); } catch (IOException | Late e) { go(); } finally { go(); }
        synchronized (a) { go(); }
        switch (a) { case 1: go(); break; default: go(); }
        """
    )

    assert [(block.kind, block.of) for block in code.blocks] == [
        ("loop", -1), ("loop", -1), ("while", -1), ("while", -1), ("branch", -1), ("branch", 4), ("branch", 4),
        ("with", -1), ("try", -1), ("except", 8), ("finally", 8), ("with", -1), ("branch", -1), ("branch", 12),
    ]  # fmt: skip
    assert code.blocks[1].value == Literal(3)
    assert code.blocks[9].value == Sequence((Reference("IOException"), Reference("Late")))
    assert code.blocks[8].parent == 7


@pytest.mark.parametrize(
    "source",
    [
        "class A { void f() { " + "(" * 5000 + "1" + ")" * 5000 + "; } }",
        "class A { void f() { " + "if (a) { " * 3000 + "}" * 3000 + " } }",
        "class A { void f() { int x = " + " + ".join(["a"] * 5000) + "; } }",
        "class A { " * 3000 + "}" * 3000,
        "class A { Runnable r = " + "() -> { return " * 500 + "1" + "; }" * 500 + "; }",
        "class A { List<" * 1 + "List<" * 3000 + "A" + ">" * 3001 + " x; }",
    ],
)
def test_hostile_nesting(source: str) -> None:
    """What nests deeper than people write is a notice, and the rest is read."""
    code, notices = JavaReader().read("A.java", (source + "\nclass Last {}").encode())

    assert notices
    assert code.language == "java"


def test_a_long_row_of_else_if_is_read() -> None:
    """A row of a thousand `else if` is one choice and no nesting."""
    row = " else ".join(f"if (a == {number}) go();" for number in range(1000))
    code = inside(row)

    assert len(code.blocks) == 1000
    assert {block.of for block in code.blocks[1:]} == {0}


def test_broken_code_is_used_as_far_as_it_goes() -> None:
    """A syntax error and bytes that are no UTF-8 are notices; what stands around them is read."""
    code, notices = JavaReader().read("A.java", b'class A { void f() { go("\xff"); } void g( { } void h() { go(); } }')

    assert len(notices) == 2
    assert len(code.calls) >= 1


def test_sketch() -> None:
    """Package and imports are told without parsing."""
    sketch = JavaReader().sketch("A.java", b"// x\npackage a.b;\nimport c.D;\nimport static c.E.*;\nclass A {}")

    assert (sketch.module, sketch.imports) == ("a.b", ("c.D", "c.E.*"))
