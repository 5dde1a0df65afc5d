"""Which findings a change has to do with."""

from __future__ import annotations

from commlint.check.touched import touched
from commlint.model.changes import Changes, Span
from commlint.model.findings import Finding, Level, Related
from commlint.model.operations import (
    Address,
    Confidence,
    FunctionNode,
    Operation,
    Policies,
    Policy,
    Role,
    State,
)
from commlint.model.places import Region
from commlint.model.system import Channel, ServiceOperation, System

ID = "orders/app.py::f#1"


def finding(*subjects: str, line: int = 10, related: tuple[Related, ...] = ()) -> Finding:
    region = Region("orders/app.py", line, 1, line, 9)
    return Finding("CL101", "x", Level.ERROR, Confidence.CERTAIN, "m", region, subjects, "", related)


def system(role: Role = Role.CLIENT, policies: Policies | None = None) -> System:
    raw = Operation(ID, role, "http", "lib", "orders/app.py::f", Region("orders/app.py", 10, 5, 14, 6), Address())
    return System(
        operations=(ServiceOperation(f"service:orders/{ID}", "orders", raw, "GET /", "", policies or Policies()),),
        functions=(FunctionNode("orders/app.py::f", Region("orders/app.py", 8, 1, 30, 1)),),
        channels=(Channel("channel:amqp:q", "q", "amqp", region=Region("queues.tf", 3, 1, 9, 2)),),
    )


def lines(first: int, last: int, path: str = "orders/app.py") -> Changes:
    return Changes({path: (Span(first, last),)})


def is_touched(fault: Finding, changes: Changes, whole: System | None = None) -> bool:
    return touched([fault], whole or system(), changes) == (fault,)


def test_a_line_of_the_site_or_of_the_whole_call() -> None:
    """The call ends four lines after the one that is shown."""
    assert is_touched(finding(), lines(10, 10))
    assert is_touched(finding(ID), lines(14, 14))
    assert not is_touched(finding(), lines(14, 14))
    assert not is_touched(finding(ID), lines(15, 40))
    assert not is_touched(finding(ID), lines(10, 10, "other/app.py"))


def test_a_line_taken_out_of_the_call() -> None:
    """A gap touches what it lies within, and not what stands beside it."""
    assert is_touched(finding(ID), Changes({"orders/app.py": (Span(13, 12),)}))
    assert not is_touched(finding(ID), Changes({"orders/app.py": (Span(10, 9),)}))
    assert not is_touched(finding(ID), Changes({"orders/app.py": (Span(15, 14),)}))


def test_hops_declarations_and_policies_elsewhere() -> None:
    """A chain is touched at any hop, a queue where it is declared, a call where its timeout is set."""
    hop = Related(Region("stock/app.py", 4), "stock waits")
    bound = Policies(timeout=Policy(State.SET, region=Region("settings.py", 7, 1, 7, 20)))

    assert is_touched(finding(related=(hop,)), lines(4, 4, "stock/app.py"))
    assert is_touched(finding("channel:amqp:q"), lines(5, 5, "queues.tf"))
    assert is_touched(finding(ID), lines(7, 7, "settings.py"), system(policies=bound))


def test_the_whole_handler_of_a_message() -> None:
    """What makes it safe to handle twice may stand anywhere in it; a call is only its own lines."""
    assert is_touched(finding(ID), lines(25, 25), system(Role.CONSUMER))
    assert not is_touched(finding(ID), lines(25, 25), system(Role.CLIENT))


def test_a_new_file_is_touched_as_a_whole() -> None:
    """Every line of it is new."""
    assert is_touched(finding(), Changes(new=frozenset({"orders/app.py"})))
