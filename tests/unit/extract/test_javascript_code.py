"""What code in JavaScript and TypeScript reads as: values, functions, classes, modules, chains and loops."""

from __future__ import annotations

from textwrap import dedent

import pytest

from commlint.extract.languages.typescript import TypeScriptReader
from commlint.model.code import Assignment, CodeFacts, FunctionFacts
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
    Unknown,
    Value,
)

A, B, X = Reference("a"), Reference("b"), Reference("x")


def read(text: str) -> CodeFacts:
    code, notices = TypeScriptReader().read("shop/app.ts", dedent(text).encode())
    assert notices == ()
    return code


def value(expression: str) -> Value:
    (found,) = [entry for entry in read(f"const it = {expression};").assignments if entry.target == "it"]
    assert found.value is not None
    return found.value


def assigned(text: str, target: str) -> Assignment:
    (found,) = [entry for entry in read(text).assignments if entry.target == target]
    return found


def function(text: str, name: str) -> FunctionFacts:
    return {entry.name: entry for entry in read(text).functions}[name]


def brought(text: str) -> list[tuple[str, str, str | None]]:
    return [(entry.local, entry.module, entry.name) for entry in read(text).imports]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("'a\\x41\\u{42}\\n'", Literal("aAB\n")),
        ("`http://${a}/x`", Template((Literal("http://"), A, Literal("/x")))),
        ("'http://' + a + '/x'", Template((Literal("http://"), A, Literal("/x")))),
        ("1_000", Literal(1000)),
        ("0x10", Literal(16)),
        ("5e3", Literal(5000)),
        ("-2.5", Literal(-2.5)),
        ("10n", Literal(10)),
        ("true", Literal(True)),
        ("null", Literal(None)),
        ("undefined", Literal(None)),
        ("a || 'b'", Choice((A, Literal("b")))),
        ("a ?? b", Choice((A, B))),
        ("c ? a : b", Choice((A, B))),
        ("a === b", Compute("==", (A, B))),
        ("!a", Compute("not", (A,))),
        ("a as unknown as string", A),
        ("a!", A),
        ("(<any>a)", A),
        ("a satisfies B", A),
        ("process.env.URL", Reference("process.env.URL")),
        ("process.env['URL']", Reference("process.env.URL")),
        ("a?.b!.c", Reference("a.b.c")),
        ("this.#client", Reference("this.client")),
        ("a['x-y']", Index(A, Literal("x-y"))),
        ("a[b]", Index(A, B)),
        ("[a, ...b]", Sequence((A, Element(B)), open=True)),
        ("{a, 'k-1': b, [x]: 1}", Mapping(((Literal("a"), A), (Literal("k-1"), B), (X, Literal(1))))),
        ("{...a, x: 1}", Mapping(((Unknown("spread"), A), (Literal("x"), Literal(1))), open=True)),
    ],
)
def test_values(written: str, expected: Value) -> None:
    """Expressions read as the algebra that all languages share."""
    assert value(written) == expected


def test_a_chain_over_several_lines_is_one_name() -> None:
    """Where a dotted name is broken makes no difference."""
    assert read("axios\n  .create\n  .call()").calls[0].callee == Reference("axios.create.call")


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("import a from 'm'", [("a", "m", "default")]),
        ("import * as a from 'm'", [("a", "m", None)]),
        ("import a, { b as c } from 'm'", [("a", "m", "default"), ("c", "m", "b")]),
        ("import type { T } from 'm'", [("T", "m", "T")]),
        ("import a = require('m')", [("a", "m", None)]),
        ("export { a as b } from './m'", [("b", "./m", "a")]),
        ("export * from './m'", [("*", "./m", "*")]),
        ("export * as a from './m'", [("a", "./m", None)]),
        ("const a = require('m')", [("a", "m", None)]),
        ("const { a, b: c } = require('m')", [("a", "m", "a"), ("c", "m", "b")]),
        ("const a = require('m').b", [("a", "m", "b")]),
        ("const a = await import('m')", [("a", "m", None)]),
        ("use('/x', require('./m'))", [("<require@1:11>", "./m", None)]),
    ],
)
def test_imports(statement: str, expected: list[tuple[str, str, str | None]]) -> None:
    """Names are brought in by imports, re-exports and requires of every form."""
    assert brought(statement) == expected


@pytest.mark.parametrize(
    ("statement", "target", "expected"),
    [
        ("export default a", "default", A),
        ("export default function f() {}", "default", Reference("f")),
        ("export default class C {}", "default", Reference("C")),
        ("export { a as b }", "b", A),
        ("module.exports = { a }", "module.exports", Mapping(((Literal("a"), A),))),
        ("exports.a = b", "exports.a", B),
        ("exports = module.exports = a", "module.exports", A),
        ("exports.f = () => 1", "exports.f", Reference("<f@1:13>")),
        ("export = a", "module.exports", A),
    ],
)
def test_exports(statement: str, target: str, expected: Value) -> None:
    """What a file exports under another name, or as a whole, is an assignment."""
    assert assigned(statement, target).value == expected


def test_functions_are_called_by_the_name_they_are_kept_in() -> None:
    """A function kept in a constant is that name; one under a key or argument has a name of its place."""
    code = read("const f = async (a) => a;\nuse({ g() {}, h: function () {} }, () => 1);\nclass C { i = () => 2 }")

    assert [(entry.name, entry.owner) for entry in code.functions] == [
        ("f", ""),
        ("<g@2:7>", ""),
        ("<h@2:18>", ""),
        ("<lambda@2:36>", ""),
        ("C.i", "C"),
    ]
    assert [entry.target for entry in code.assignments] == []
    assert code.functions[0].is_async


def test_patterns() -> None:
    """What a pattern takes apart is a member, an entry or the default."""
    code = read("const { a, b: { c }, d = 1, ...e } = x, [f, , g = 2] = y, [h] = [3];")
    found = {entry.target: entry.value for entry in code.assignments}

    assert found == {
        "a": Reference("x.a"),
        "c": Reference("x.b.c"),
        "d": Choice((Reference("x.d"), Literal(1))),
        "e": X,
        "f": Index(Reference("y"), Literal(0)),
        "g": Choice((Index(Reference("y"), Literal(2)), Literal(2))),
        "h": Literal(3),
    }


def test_parameters() -> None:
    """Patterns, defaults, types and rests among the parameters are told apart."""
    text = "function f(a: A, { b, c = 1 }: O = {}, d?: string, ...e) { return b }"
    facts = function(text, "f")

    assert [(each.name, each.form, each.annotation, each.default) for each in facts.parameters] == [
        ("a", "positional", Reference("A"), None),
        ("<1>", "positional", Reference("O"), Mapping(())),
        ("d", "positional", Reference("string"), None),
        ("e", "variadic", None, None),
    ]
    assert assigned(text, "b").value == Attribute(Reference("<1>"), "b")


def test_names_live_where_they_are_declared() -> None:
    """An assignment without a declaration sets the name of the scope around, and knows where it stands."""
    code = read(
        "let channel;\nasync function open() {\n  const c = await make();\n  channel = c;\n  let own; own = 1;\n}"
    )
    found = {entry.target: (entry.function, entry.within) for entry in code.assignments}

    assert found == {"c": ("open", ""), "channel": ("", "open"), "own": ("open", "")}


def test_promise_chain_reads_as_the_calls_it_makes() -> None:
    """What `then` is given runs with what the promise gives; `catch` and `finally` leave that as it is."""
    code = read("const r = get(u).then((x) => use(x)).catch(log).then(done);")
    callees = [entry.callee for entry in code.calls]

    assert callees == [
        Reference("get"),
        Reference("use"),
        Reference("<lambda@1:23>"),
        Reference("log"),
        Reference("done"),
    ]
    assert code.calls[2].arguments[0].value == CallResult(0)
    assert code.calls[4].arguments[0].value == CallResult(2)
    assert code.calls[0].awaited


def test_functions_run_for_each_element() -> None:
    """`map` and its like are loops over data, and run what they are given with each element."""
    code = read("const r = items.map((i) => get(i));")

    assert [(block.kind, block.value) for block in code.blocks] == [("comprehension", Reference("items"))]
    assert (code.calls[1].callee, code.calls[1].block) == (Reference("<lambda@1:21>"), 0)
    assert code.calls[1].arguments[0].value == Element(Reference("items"))
    assert code.assignments[-1].value == Sequence((CallResult(1),), open=True)


def test_methods_that_are_only_called_like_loops() -> None:
    """`find` with a filter is a query, not a loop."""
    code = read("repository.find({ id: 1 }); users.filter(active);")

    assert code.blocks == ()
    assert [entry.callee for entry in code.calls] == [Reference("repository.find"), Reference("users.filter")]


CLASS = """
@Controller('orders')
export class Orders extends Base implements Api {
  private readonly url: string = process.env.URL || 'u';
  static #made = 0;
  constructor(@Inject('X') private readonly http: HttpService, public name?: string) { super(http); }
  @Get(':id')
  async find(@Param('id') id: string): Promise<Order | null> { return this.http.get(id); }
  get client() { return this.http; }
  static of() { return new Orders(); }
}
"""


def test_classes() -> None:
    """Bases, decorators, fields, constructor fields, getters and static methods."""
    code = read(CLASS)
    (entry,) = code.types
    methods = {each.name: each for each in code.functions}

    assert (entry.name, entry.bases, entry.decorators) == (
        "Orders",
        (Reference("Base"), Reference("Api")),
        (CallResult(0),),
    )
    assert [(each.target, each.value, each.function, each.owner) for each in code.assignments] == [
        ("url", Choice((Reference("process.env.URL"), Literal("u"))), "", "Orders"),
        ("made", Literal(0), "", "Orders"),
        ("this.http", Reference("http"), "Orders.constructor", ""),
        ("this.name", Reference("name"), "Orders.constructor", ""),
    ]
    assert methods["Orders.constructor"].parameters[0].decorators == (CallResult(1),)
    assert methods["Orders.find"].decorators == (CallResult(3),)
    assert methods["Orders.find"].returns == Choice((Reference("Order"), Literal(None)))
    assert methods["Orders.client"].decorators == (Reference("property"),)
    assert methods["Orders.of"].decorators == (Reference("static"),)
    assert {call.callee for call in code.calls if call.function == "Orders.constructor"} == {
        Reference("super.constructor")
    }


def test_interfaces_and_enumerations() -> None:
    """An interface has methods without a body; members of an enumeration have values."""
    code = read("interface Api extends Base { get(id: string): Promise<Item>; url: string }\nenum E { A = 'a', B }")
    methods = {each.name: each for each in code.functions}

    assert [(each.name, each.is_abstract) for each in code.types] == [("Api", True), ("E", False)]
    assert (methods["Api.get"].is_abstract, methods["Api.get"].returns) == (True, Reference("Item"))
    assert [(each.target, each.value, each.owner) for each in code.assignments] == [
        ("url", None, "Api"),
        ("A", Literal("a"), "E"),
        ("B", Literal(1), "E"),
    ]


@pytest.mark.parametrize(
    ("statement", "kinds"),
    [
        ("if (a) f(); else if (b) g(); else h()", ["branch", "branch", "branch"]),
        ("switch (a) { case 1: f(); break; default: g() }", ["branch", "branch"]),
        ("for (const a of b) f(a)", ["loop"]),
        ("for await (const a of b) { f(a) }", ["loop"]),
        ("for (let i = 0; i < list.length; i++) f(list[i])", ["loop"]),
        ("for (let i = 0; i < 3; i++) f()", ["while"]),
        ("while (a) f()", ["while"]),
        ("do { f() } while (a)", ["while"]),
        ("try { f() } catch (e) { g() } finally { h() }", ["try", "except", "finally"]),
    ],
)
def test_blocks(statement: str, kinds: list[str]) -> None:
    """What runs under which condition, how often, and after what went wrong."""
    code = read(statement)

    assert [block.kind for block in code.blocks] == kinds
    assert all(call.block >= 0 for call in code.calls)


def test_awaited_and_used() -> None:
    """A call is awaited or not, and unused only as a statement of its own."""
    code = read("async function m() { await a(); b(); const r = await c(); return d(); }")

    assert [(each.awaited, each.used) for each in code.calls] == [
        (True, False),
        (False, False),
        (True, True),
        (False, True),
    ]
