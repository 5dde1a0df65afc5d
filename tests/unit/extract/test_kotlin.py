"""Reading whole Kotlin files: what calls, classes, functions and texts say, and input that is no Kotlin."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commlint.codec import decode, encode
from commlint.extract.extract import sketch
from commlint.extract.languages.kotlin import KotlinReader
from commlint.extract.port import Sketch
from commlint.model.code import CallFacts, CodeFacts, FunctionFacts, ParameterFacts
from commlint.model.values import Attribute, CallResult, Literal, Mapping, Reference, Sequence, Value, show

WORDS = (
    *("class", "interface", "object", "fun", "val", "var", "if", "else", "when", "for", "in", "while", "do", "try"),
    *("catch", "finally", "return", "throw", "by", "lazy", "companion", "suspend", "is", "as", "this", "super", "null"),
    *("x", "Foo", "1", "2L", '"s"', '"$x/', '"${', "}", "{", "(", ")", "[", "]", "<", ">", "@A", "::", "?.", "!!"),
    *("?:", "->", "=", "+", ":", ";", ",", ".", "//", "/*", '"""', "\n", "é", "`a b`"),
)


def read(text: str) -> CodeFacts:
    return KotlinReader().read("a/A.kt", dedent(text).encode())[0]


def function(text: str, name: str = "f") -> FunctionFacts:
    return next(each for each in read(text).functions if each.name == name)


def calls(text: str) -> dict[str, CallFacts]:
    """The calls of a file by how their callee is written."""
    return {show(call.callee): call for call in read(text).calls}


def worth(expression: str) -> Value:
    """What an expression reads as."""
    value = read(f"val a = {expression}\n").assignments[-1].value
    assert value is not None
    return value


def test_package_and_imports() -> None:
    """A file says its package; names come in alone, under another name, or all at once."""
    found = read("package shop.orders\n\nimport a.b.C\nimport a.D as E\nimport a.c.*\n")

    assert found.module == "shop.orders"
    assert [(each.local, each.module, each.name) for each in found.imports] == [
        ("C", "a.b", "C"),
        ("E", "a", "D"),
        ("*", "a.c", "*"),
    ]


def test_a_sketch_names_what_is_imported() -> None:
    """Without parsing, the same names are told."""
    source = b"package shop.`in`\nimport a.b.C\nimport a.D as E\nimport a.c.*\n"

    assert sketch("A.kt", source) == Sketch(("a.D", "a.b.C", "a.c.*"), "shop.in")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ('"a\\n"', "a\n"),
        ('"$HOST/stock/${sku.id}?x=1"', "{HOST}/stock/{sku.id}?x=1"),
        ('"http://" + host + ":80"', "http://{host}:80"),
        ('"""a $b\\n"""', "a {b}\\n"),
        ("'c'", "c"),
        ("1_000L", "1000"),
        ("-2.5", "-2.5"),
        ("null", "None"),
        ("x ?: 5", "x | 5"),
        ("a?.b!!.c", "a.b.c"),
        ("x as Foo", "x"),
        ("Foo::class.java", "Foo"),
        ("::transform", "transform"),
        ("this::handle", "this.handle"),
        ('if (a) "x" else "y"', "x | y"),
        ("`odd name`", "odd name"),
    ],
)
def test_values(written: str, meant: str) -> None:
    """Expressions read as the values they stand for."""
    assert show(worth(written)) == meant


def test_an_escaped_dollar_is_one() -> None:
    """`"\\${a.b}"` is a placeholder for a framework and no template."""
    assert worth('"\\${stock.url:x}"') == Literal("${stock.url:x}")


def test_collections_written_out() -> None:
    """`listOf` and `mapOf` are the collection itself."""
    assert worth('listOf("a", B)') == Sequence((Literal("a"), Reference("B")))
    assert worth('mapOf("a" to 1)') == Mapping(((Literal("a"), Literal(1)),))
    assert worth("mapOf(more)") == Mapping((), open=True)


def test_a_lambda_behind_the_parentheses_is_an_argument() -> None:
    """However the parser nests it, it is the last argument of the one call."""
    found = read("fun f() { send(1, key = 2) { x -> x.done() } }")

    call = next(each for each in found.calls if show(each.callee) == "send")
    assert [(each.name, show(each.value)[:8]) for each in call.arguments] == [
        (None, "1"),
        ("key", "2"),
        (None, "<lambda@"),
    ]
    assert len([each for each in found.calls if show(each.callee) == "send"]) == 1


def test_a_lambda_without_parameters_has_one() -> None:
    """Its name is `it`."""
    found = read("fun f() { list.forEach { send(it) } }")

    assert [each.parameters for each in found.functions if "lambda" in each.name] == [
        (ParameterFacts("it", "positional", None, None),)
    ]


def test_apply_gives_the_object_it_sets_up() -> None:
    """What stands behind `apply` and `also` goes on with the same object."""
    value = worth("Client().apply { log() }")

    assert isinstance(value, CallResult)
    assert show(read("val a = Client().apply { log() }").calls[value.call].callee) == "Client"


def test_members_of_what_calls_give() -> None:
    """A chain of calls hangs together by the results, with type arguments seen through."""
    found = calls('val a = client.get().uri("/x").retrieve().awaitBody<Order>()')

    assert any(isinstance(call.callee, Attribute) and call.callee.name == "awaitBody" for call in found.values())
    assert any(argument.value == Literal("/x") for call in found.values() for argument in call.arguments)


def test_a_primary_constructor_runs_the_initializers() -> None:
    """Its parameters are seen by fields and `init`; those with `val` are fields themselves."""
    found = read(
        """
        class Stock(private val http: Client, base: String) : Base(base), Closeable {
            private val url = base + "/stock"
            init { start(url) }
            fun get() = http.get(url)
        }
        """
    )
    made = next(each for each in found.functions if each.name == "Stock.<init>")
    within = {(each.target, show(each.value)) for each in found.assignments if each.function == "Stock.<init>"}

    assert [each.name for each in made.parameters] == ["http", "base"]
    assert within == {("this.http", "http"), ("this.url", "base + /stock")} or within == {
        ("this.http", "http"),
        ("this.url", "{base}/stock"),
    }
    assert {show(each.callee) for each in found.calls if each.function == "Stock.<init>"} == {"super.<init>", "start"}
    assert [show(base) for base in found.types[0].bases] == ["Base", "Closeable"]


def test_annotations_of_parameters_and_fields() -> None:
    """They stand on what they are written on, with their arguments."""
    found = read('class A(@Value("x") val url: String) {\n    @Autowired\n    lateinit var b: B\n}\n')
    on_field = next(each.decorators for each in found.assignments if each.target == "b")
    on_parameter = found.functions[0].parameters[0].decorators[0]

    assert on_field == (Reference("Autowired"),)
    assert isinstance(on_parameter, CallResult)
    assert found.calls[on_parameter.call].arguments[0].value == Literal("x")


def test_annotations_of_functions() -> None:
    """A handler carries its route; its parameters theirs."""
    found = function('@GetMapping("/a")\nsuspend fun f(@PathVariable id: String, vararg more: Int = x): A? = null')

    assert isinstance(found.decorators[0], CallResult)
    assert found.is_async
    assert [(each.name, each.form, each.decorators) for each in found.parameters] == [
        ("id", "positional", (Reference("PathVariable"),)),
        ("more", "variadic", ()),
    ]
    assert found.returns == Reference("A")


def test_what_has_no_body_is_abstract() -> None:
    """A function of an interface, and the interface itself."""
    found = read("interface Repo : Base<A> {\n    fun all(): List<A>\n\n    fun one() = 1\n}\n")

    assert found.types[0].is_abstract
    assert {each.name: each.is_abstract for each in found.functions} == {"Repo.all": True, "Repo.one": False}


def test_companions_belong_to_the_class_around() -> None:
    """Constants and functions of a companion are found by the name of its class."""
    found = read('class A {\n    companion object {\n        const val T = "t"\n        fun of() = A()\n    }\n}\n')

    assert [(each.target, each.owner) for each in found.assignments] == [("T", "A")]
    assert [each.name for each in found.functions] == ["A.of"]


def test_a_getter_is_a_property() -> None:
    """What it gives is what the field is worth."""
    found = function("class A {\n    val url: String\n        get() = base()\n}\n", "A.url")

    assert found.decorators == (Reference("property"),)


def test_blocks() -> None:
    """Loops, branches and handlers are told with what they go over, test and catch."""
    found = read(
        """
        fun f() {
            for ((id, _) in orders) { send(id) }
            while (true) { poll() }
            try { risky() } catch (e: IOException) { retry() } finally { close() }
            when (x) { 1, 2 -> a(); is Foo -> b(); else -> throw Bad() }
            if (x) a() else if (y) b() else c()
        }
        """
    )
    kinds = [(block.kind, show(block.value)) for block in found.blocks]

    assert kinds == [
        ("loop", "orders"),
        ("while", "True"),
        ("try", ""),
        ("except", "IOException"),
        ("finally", ""),
        ("branch", "x match 1 match 2"),
        ("branch", "x match Foo"),
        ("branch", ""),
        ("branch", "x"),
        ("branch", "y"),
        ("branch", ""),
    ]
    assert [block.of for block in found.blocks] == [-1, -1, -1, 2, 2, -1, 5, 5, -1, 8, 8]
    assert [each.kind for each in found.exits] == ["raise"]


def test_results_that_nobody_uses() -> None:
    """A call as a statement is not used; the last one of a lambda is what the lambda gives."""
    used = {name: call.used for name, call in calls("fun f() {\n    a()\n    run { b() }\n    return c()\n}").items()}

    assert used == {"a": False, "b": True, "run": False, "c": True}


@pytest.mark.parametrize(
    "source",
    [
        b"class {{{",
        b"fun f( { \xff\xfe",
        b"(" * 5_000,
        b"val a = " + b"f(" * 3_000 + b")" * 3_000,
        b"class A {" * 400,
        b"fun f() { " + b"if (x) { " * 500,
        'val é = "$ü"'.encode(),
        b'"${' * 2_000,
    ],
)
def test_whatever_it_is_it_is_read(source: bytes) -> None:
    """Input that is no Kotlin, or too deep, gives facts and notices, and never a failure."""
    facts, _ = KotlinReader().read("a.kt", source)

    assert decode(encode(facts), CodeFacts) == facts


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=60))
def test_any_row_of_words_is_read_the_same_twice(words: list[str]) -> None:
    """Reading is total and depends on nothing but the bytes."""
    source = " ".join(words).encode()

    assert KotlinReader().read("a.kt", source) == KotlinReader().read("a.kt", source)
