"""How C#'s calls, objects and lambdas read."""

import pytest

from commlint.model.values import Attribute, CallResult, Literal, Mapping, Reference, Unknown

from .csharp_reading import A, B, X, assignments, body, call, read


def test_arguments_by_position_and_by_name() -> None:
    """Modifiers of arguments say nothing."""
    found = call("Send(a, ref b, timeout: 5);", "Send")

    assert [(each.name, each.value) for each in found.arguments] == [(None, A), (None, B), ("timeout", Literal(5))]


def test_type_arguments_are_kept_at_the_call() -> None:
    """The name is seen through them."""
    found = call("services.AddScoped<IClock, List<Clock>>();", "AddScoped")

    assert found.callee == Reference("services.AddScoped")
    assert found.types[0] == Reference("IClock")


@pytest.mark.parametrize(
    "written",
    ["await client.GetAsync(a);", "await client?.GetAsync(a);", "await client.GetAsync(a).ConfigureAwait(false);"],
)
def test_awaited_calls(written: str) -> None:
    """`await` means the whole chain, null tests and the choice of a context included."""
    assert call(written, "GetAsync").awaited
    assert not call(written, "GetAsync").blocked


@pytest.mark.parametrize(
    "written",
    [
        "var r = client.GetAsync(a).Result;",
        "client.GetAsync(a).Wait();",
        "var r = client.GetAsync(a).GetAwaiter().GetResult();",
        "var r = client.GetAsync(a).ConfigureAwait(false).GetAwaiter().GetResult();",
    ],
)
def test_waiting_for_a_promise_blocks(written: str) -> None:
    """The call is the one whose result the thread waits for; what waits is no call of its own."""
    code = body(written)

    assert [each.callee for each in code.calls] == [Reference("client.GetAsync")]
    assert code.calls[0].blocked


def test_objects_are_calls_of_their_type() -> None:
    """What braces set are keyword arguments."""
    found = call('new HttpClient(a) { Timeout = TimeSpan.FromSeconds(5), BaseAddress = new Uri("x") };', "HttpClient")

    assert [(each.name, each.value) for each in found.arguments] == [
        (None, A),
        ("Timeout", CallResult(0)),
        ("BaseAddress", CallResult(1)),
    ]


def test_nested_braces_are_mappings() -> None:
    """A collection that is filled while its object is made."""
    found = call('new Request { Headers = { { "a", "b" } } };', "Request")

    assert found.arguments[0].value == Mapping(((Literal("a"), Literal("b")),))


@pytest.mark.parametrize(
    "text",
    [
        "class A { HttpClient c = new() { Timeout = x }; }",
        "class A { HttpClient C { get; } = new() { Timeout = x }; }",
        "class A { HttpClient c; void F() { c = new() { Timeout = x }; } }",
        "class A { void F() { HttpClient c = new() { Timeout = x }; } }",
        "class A { HttpClient F() => new() { Timeout = x }; }",
        "class A { async Task<HttpClient> F() { return new() { Timeout = x }; } }",
    ],
)
def test_new_without_a_type_is_of_the_type_that_is_wanted(text: str) -> None:
    """Fields, properties, locals and results say it."""
    (found,) = read(text).calls

    assert found.callee == Reference("HttpClient")
    assert [(each.name, each.value) for each in found.arguments] == [("Timeout", X)]


def test_new_without_a_type_that_is_told_is_unknown() -> None:
    """An argument's type stands at the function that takes it."""
    assert isinstance(call("Send(new());", "Send").arguments[0].value, CallResult)
    assert isinstance(body("Send(new());").calls[0].callee, Unknown)


def test_chains_are_members_of_results() -> None:
    """A call on what a call gives."""
    code = body("Make().Send(a);")

    assert [each.callee for each in code.calls] == [Reference("Make"), Attribute(CallResult(0), "Send")]


def test_results_that_nobody_reads() -> None:
    """A call that stands alone is not used."""
    code = body("Send(a); var r = Read(b); return Last();")

    assert [each.used for each in code.calls] == [False, True, True]


def test_lambdas_are_functions_of_their_own() -> None:
    """Their bodies run when they are called; they are passed by reference."""
    code = body("Run(async (int p) => { await Send(p); }, q => Read(q));")
    first, second = (each for each in code.functions if "<lambda" in each.name)

    assert (first.is_async, [each.name for each in first.parameters]) == (True, ["p"])
    assert [each.name for each in second.parameters] == ["q"]
    assert [each.function for each in code.calls[:2]] == [first.name, second.name]
    assert code.calls[2].arguments[0].value == Reference(first.name.rpartition(".")[2])


def test_local_functions_are_nested() -> None:
    """They are found by their plain name in the function around."""
    code = body("void Local(int x) { Send(x); } Local(1);")

    assert "Shop.Run.Local" in [each.name for each in code.functions]
    assert assignments("void Local(int x) { x = 1; }", "x")[0].function == "Shop.Run.Local"
