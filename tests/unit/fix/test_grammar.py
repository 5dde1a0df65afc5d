"""Edits of languages that are written through their grammar."""

from __future__ import annotations

import pytest

from commlint.fix.fix import edits
from commlint.model.findings import Finding, Fix, Level
from commlint.model.operations import Confidence
from commlint.model.places import Region


def fixed(path: str, source: str, call: str, name: str, value: str, needs: str = "", kind: str = "add-argument") -> str:
    """The text with the fix at the place where `call` stands."""
    start = source.index(call)
    before, inside = source[:start], source[: start + len(call)]
    region = Region(
        path,
        before.count("\n") + 1,
        start - before.rfind("\n"),
        inside.count("\n") + 1,
        len(inside) - inside.rfind("\n"),
    )
    fix = Fix(kind, region, name, value, needs)
    finding = Finding("CL101", "x", Level.ERROR, Confidence.CERTAIN, "m", region, (), "", fix=fix)
    (edit,) = edits([finding], lambda path: source) or (None,)
    return edit.after if edit else source


@pytest.mark.parametrize(
    ("source", "call", "name", "expected"),
    [
        ("axios.get(url)\n", "axios.get(url)", "arg:1/timeout", "axios.get(url, { timeout: 5000 })\n"),
        (
            "await axios.post(url)\n",
            "axios.post(url)",
            "arg:2/timeout",
            "await axios.post(url, undefined, { timeout: 5000 })\n",
        ),
        ("axios.get(url, {})\n", "axios.get(url, {})", "arg:1/timeout", "axios.get(url, { timeout: 5000 })\n"),
        (
            "axios.get(url, { headers })\n",
            "axios.get(url, { headers })",
            "arg:1/timeout",
            "axios.get(url, { timeout: 5000, headers })\n",
        ),
        (
            "axios({\n  method: 'get', // ü\n  url,\n})\n",
            "axios({\n  method: 'get', // ü\n  url,\n})",
            "arg:0/timeout",
            "axios({\n  timeout: 5000,\n  method: 'get', // ü\n  url,\n})\n",
        ),
    ],
)
def test_an_entry_of_the_options(source: str, call: str, name: str, expected: str) -> None:
    """The options are made where there are none, and laid out as they were where there are some."""
    for path in ("a.js", "a.ts", "a.tsx"):
        assert fixed(path, source, call, name, "5000") == expected


@pytest.mark.parametrize(
    ("source", "call", "name"),
    [
        ("axios.get(url, options)\n", "axios.get(url, options)", "arg:1/timeout"),
        ("axios.get(...all)\n", "axios.get(...all)", "arg:1/timeout"),
        ("axios.get(url, { timeout: 1 })\n", "axios.get(url, { timeout: 1 })", "arg:1/timeout"),
        ("axios.get(url, { 'timeout': 1 })\n", "axios.get(url, { 'timeout': 1 })", "arg:1/timeout"),
        ("const n = 1\n", "n = 1", "arg:1/timeout"),
    ],
)
def test_what_cannot_be_told_or_is_there_stays(source: str, call: str, name: str) -> None:
    """Options out of a variable may hold one already; a second run changes nothing."""
    assert fixed("a.js", source, call, name, "5000") == source


def test_options_that_a_constant_holds() -> None:
    """The entry goes where they are written, when that is one place."""
    options = "const options = { url };\naxios(options);\n"
    inner = "const o = {};\nfunction f() {\n  const o = {\n    url,\n  };\n  axios(o);\n}\n"
    open_ = "let o = {};\naxios(o);\n"
    given = "const o = {};\nconst f = ({ o }) => axios(o);\n"

    assert fixed("a.js", options, "axios(options)", "arg:0/timeout", "5") == options.replace("{ ", "{ timeout: 5, ")
    after = fixed("a.ts", inner, "axios(o)", "arg:0/timeout", "5")
    assert after == inner.replace("    url", "    timeout: 5,\n    url")
    assert fixed("a.ts", after, "axios(o)", "arg:0/timeout", "5") == after
    assert fixed("a.js", open_, "axios(o)", "arg:0/timeout", "5") == open_
    assert fixed("a.js", given, "axios(o)", "arg:0/timeout", "5") == given


GO = 'package a\n\nimport (\n\t"net/http"\n)\n\nvar c = %s\n'


@pytest.mark.parametrize(
    ("literal", "expected"),
    [
        ("http.Client{}", "http.Client{Timeout: 5 * time.Second}"),
        ("&http.Client{}", "&http.Client{Timeout: 5 * time.Second}"),
        ("http.Client{Transport: t}", "http.Client{Timeout: 5 * time.Second, Transport: t}"),
        (
            "&http.Client{\n\tTransport: t,\n}",
            "&http.Client{\n\tTimeout: 5 * time.Second,\n\tTransport: t,\n}",
        ),
    ],
)
def test_a_field_of_a_struct_literal(literal: str, expected: str) -> None:
    """The import it needs is added once."""
    after = fixed("a.go", GO % literal, literal, "kw:Timeout", "5 * time.Second", "time")

    assert after == (GO % expected).replace('"net/http"\n', '"net/http"\n\t"time"\n')
    assert fixed("a.go", after, expected, "kw:Timeout", "5 * time.Second", "time") == after


def test_imports_of_go_that_stand_alone_or_nowhere() -> None:
    """Behind the last import, or behind the package."""
    alone = 'package a\n\nimport "net/http"\n\nvar c = http.Client{}\n'
    none = "package a\n\nvar c = http.Client{}\n"
    field = "http.Client{Timeout: time.Second}"

    after = fixed("a.go", alone, "http.Client{}", "kw:Timeout", "time.Second", "time")
    assert after == f'package a\n\nimport "net/http"\nimport "time"\n\nvar c = {field}\n'
    after = fixed("a.go", none, "http.Client{}", "kw:Timeout", "time.Second", "time")
    assert after == f'package a\n\nimport "time"\n\nvar c = {field}\n'


def test_a_named_argument_of_csharp() -> None:
    """Behind the others; once."""
    source = "class A { void F() { c.Get(new R { Id = 1 }, cancellationToken: t); } }\n"
    call = "c.Get(new R { Id = 1 }, cancellationToken: t)"
    after = fixed("A.cs", source, call, "kw:deadline", "D(5)")

    assert after == source.replace("cancellationToken: t)", "cancellationToken: t, deadline: D(5))")
    assert fixed("A.cs", after, call[:-1] + ", deadline: D(5))", "kw:deadline", "D(5)") == after


def test_a_call_on_the_receiver_of_java() -> None:
    """The stub with a deadline makes the call."""
    source = "class A {\n  void f() {\n    var r = stub.get(q);\n  }\n}\n"

    after = fixed("A.java", source, "stub.get(q)", "before:withDeadlineAfter", "5000, Unit.MILLIS")
    assert after == source.replace("stub.get", "stub.withDeadlineAfter(5000, Unit.MILLIS).get")


def test_a_fix_that_would_break_the_file_is_none() -> None:
    """Whatever a value holds, the file still parses."""
    assert fixed("a.js", "axios.get(url)\n", "axios.get(url)", "arg:1/timeout", "}(") == "axios.get(url)\n"


BOUND = "{bounded}, {cancel} := context.WithTimeout({given}, time.Second)\ndefer {cancel}()"


def with_scope(body: str, call: str) -> str:
    source = f'package a\n\nimport (\n\t"context"\n)\n\n{body}'
    after = fixed("a.go", source, call, "scope:0/bounded", BOUND, "context time", "add-scope")
    return after.partition(")\n\n")[2]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "func f(ctx context.Context) error {\n\treturn c.Get(ctx, 1)\n}\n",
            "func f(ctx context.Context) error {\n\tbounded, cancel := context.WithTimeout(ctx, time.Second)\n"
            "\tdefer cancel()\n\treturn c.Get(bounded, 1)\n}\n",
        ),
        (
            "func f() {\n\tcancel := 1\n\tif err := c.Get(r.Context(), 1); err != nil {\n\t}\n}\n",
            "func f() {\n\tcancel := 1\n\tbounded2, cancel2 := context.WithTimeout(r.Context(), time.Second)\n"
            "\tdefer cancel2()\n\tif err := c.Get(bounded2, 1); err != nil {\n\t}\n}\n",
        ),
    ],
)
def test_statements_before_that_of_the_call(body: str, expected: str) -> None:
    """The call is given a new name in the place of the argument, one that the function has not."""
    assert with_scope(body, body[body.index("c.Get") : body.index(" 1)") + 3]) == expected


def test_statements_that_are_put_off_stand_in_no_loop() -> None:
    """They would pile up until the function ends; in a function made in the loop they do not."""
    inside = "func f() {\n\tfor {\n\t\tc.Get(ctx)\n\t}\n}\n"
    made = "func f() {\n\tfor {\n\t\tfunc() {\n\t\t\tc.Get(ctx)\n\t\t}()\n\t}\n}\n"

    assert with_scope(inside, "c.Get(ctx)") == inside
    assert "\t\t\tdefer cancel()\n\t\t\tc.Get(bounded)\n" in with_scope(made, "c.Get(ctx)")
