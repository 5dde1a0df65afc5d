"""Functions and the calls between them."""

from commlint.graph import CodeGraph
from commlint.graph.code import WAITS
from commlint.model.operations import CallEdge, FunctionNode
from commlint.model.places import Region


def calls(*edges: str) -> list[CallEdge]:
    """`a>b` is a call, `a~b` spawned, `a^b` run in a thread."""
    kinds = {">": "call", "~": "spawn", "^": "offload"}
    return [CallEdge(edge[0], edge[2], Region("a.py", number), kinds[edge[1]]) for number, edge in enumerate(edges, 1)]


def functions(coroutines: str) -> list[FunctionNode]:
    return [FunctionNode(name, Region("a.py"), True) for name in coroutines]


def test_reachable_follows_only_the_kinds_asked_for() -> None:
    """Spawned work is left out when only waiting counts."""
    graph = CodeGraph((), calls("a>b", "b^c", "b~d"))

    assert graph.reachable("a") == {"a", "b", "c", "d"}
    assert graph.reachable("a", WAITS) == {"a", "b", "c"}


def test_reachable_does_not_enter_what_is_closed() -> None:
    """Handlers of other messages are borders."""
    graph = CodeGraph((), calls("a>b", "b>c"))

    assert graph.reachable("a", not_into={"b"}) == {"a"}


def test_circles_end() -> None:
    """Functions that call each other are visited once."""
    graph = CodeGraph((), calls("a>b", "b>a"))

    assert graph.reachable("a") == graph.callers("a") == {"a", "b"}


def test_coroutine_above_is_the_nearest_on_the_same_thread() -> None:
    """The way from the coroutine is given outermost first."""
    graph = CodeGraph(functions("az"), calls("z>a", "a>b", "b>c"))

    way = graph.coroutine_above("c")

    assert way is not None
    assert [(call.caller, call.callee) for call in way] == [("a", "b"), ("b", "c")]
    assert graph.coroutine_above("a") == ()


def test_work_in_a_thread_has_no_coroutine_above() -> None:
    """Offloaded and spawned functions do not run on the loop's thread."""
    graph = CodeGraph(functions("a"), calls("a^b", "b>c"))

    assert graph.coroutine_above("c") is None


def test_way_does_not_lead_through_a_generator() -> None:
    """A framework may iterate over it in a thread, as it does for streamed responses."""
    stream = FunctionNode("b", Region("a.py"), is_generator=True)
    graph = CodeGraph([*functions("a"), stream], calls("a>b", "b>c"))

    assert graph.coroutine_above("b") is None
    assert graph.coroutine_above("c") is None
