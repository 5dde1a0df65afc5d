"""CL303 on systems built by hand."""

from commlint.check.rules.blocking_call_in_async import BlockingCallInAsync

from ..builders import Builder, found, lines_of


def test_blocking_client_in_a_coroutine_is_flagged() -> None:
    """The message names the call, the library and the coroutine."""
    builder = Builder()
    builder.code("orders", "stock", (3, 9), is_async=True)
    builder.call("orders", 5, "inventory/stock", function_name="stock")

    (finding,) = found(BlockingCallInAsync(), builder)

    assert finding.message == "GET inventory/stock through requests blocks the thread that stock shares with others"
    assert str(finding.region) == "orders/app.py:5"


def test_plain_function_is_silent() -> None:
    """A framework runs it in a thread."""
    builder = Builder()
    builder.code("orders", "stock", (3, 9))
    builder.call("orders", 5, function_name="stock")

    assert found(BlockingCallInAsync(), builder) == []


def test_awaitable_spawned_and_offloaded_calls_are_silent() -> None:
    """None of them holds the loop."""
    builder = Builder()
    builder.code("orders", "stock", (3, 9), is_async=True)
    for line, style in enumerate(("awaitable", "spawned", "offloaded"), 4):
        builder.call("orders", line, function_name="stock", style=style)

    assert found(BlockingCallInAsync(), builder) == []


def test_way_from_the_coroutine_is_related() -> None:
    """The blocking call may stand several plain functions down."""
    builder = Builder()
    builder.code("orders", "handler", (3, 9), is_async=True)
    builder.calls("orders", "handler", "outer", 5)
    builder.calls("orders", "outer", "inner", 15)
    builder.call("orders", 25, function_name="inner")

    (finding,) = found(BlockingCallInAsync(), builder)

    assert [entry.region.start_line for entry in finding.related] == [5, 15]
    assert finding.message.endswith("the thread that handler shares with others")


def test_function_that_runs_in_a_thread_is_silent() -> None:
    """`to_thread` is the cure."""
    builder = Builder()
    builder.code("orders", "handler", (3, 9), is_async=True)
    builder.calls("orders", "handler", "inner", 5, "offload")
    builder.call("orders", 25, function_name="inner")

    assert found(BlockingCallInAsync(), builder) == []


def test_database_calls_of_a_function_are_told_once() -> None:
    """The driver is what to change; calls of other services are told each for itself."""
    builder = Builder()
    builder.code("orders", "save", (3, 9), is_async=True)
    for line, protocol in ((4, "sql"), (5, "sql"), (6, "http"), (7, "http")):
        builder.call("orders", line, protocol, function_name="save", protocol=protocol, library=protocol)

    findings = found(BlockingCallInAsync(), builder)

    assert lines_of(findings) == ["orders/app.py:4", "orders/app.py:6", "orders/app.py:7"]
    assert [str(entry.region) for entry in findings[0].related] == ["orders/app.py:5"]


def test_blocking_sleep_is_flagged_and_awaited_sleep_is_not() -> None:
    """Sleep stops the loop as a call does."""
    builder = Builder()
    builder.code("orders", "handler", (3, 9), is_async=True)
    builder.step("orders", 5, "sleep", function_name="handler", library="time")
    builder.step("orders", 6, "sleep", function_name="handler", style="awaitable")

    assert lines_of(found(BlockingCallInAsync(), builder)) == ["orders/app.py:5"]
