"""Questions to a system: chains, cycles, what a handler reaches."""

from commlint.graph import Chain, SystemGraph
from commlint.model.operations import Confidence, State
from commlint.model.system import ServiceOperation
from tests.unit.check.builders import UNSET, Builder, bound


class Row(Builder):
    """Services that call each other at one endpoint each."""

    def __init__(self, *names: str) -> None:
        super().__init__()
        self.entries = {name: self.endpoint(name, 1, f"/{name}") for name in names}
        for name in names:
            self.service(name)

    def hop(
        self, source: str, target: str, line: int = 5, entry: ServiceOperation | None = None, **flow: object
    ) -> None:
        call = self.call(source, line, target)
        self.flow(entry or self.entries[source], call, line, **flow)
        self.edge(call, self.entries[target])


def ways(graph: SystemGraph, longer_than: int = 3) -> list[str]:
    return [">".join(chain.services) for chain in graph.sync_chains(longer_than)]


def test_chain_goes_from_endpoint_to_endpoint() -> None:
    """Every hop starts at the endpoint the hop before has led to."""
    row = Row("a", "b", "c", "d")
    row.hop("a", "b")
    row.hop("b", "c")
    row.hop("c", "d")

    (chain,) = row.graph().sync_chains(longer_than=3)

    assert chain.services == ("a", "b", "c", "d")
    assert [place[1] for place in chain.places][-1] == "d answers GET /d"


def test_chain_is_only_told_from_its_beginning() -> None:
    """What is the end of a longer chain is not told again."""
    row = Row("a", "b", "c", "d")
    row.hop("a", "b")
    row.hop("b", "c")
    row.hop("c", "d")

    assert ways(row.graph(), 2) == ["a>b>c>d"]


def test_other_endpoint_of_a_service_is_another_way() -> None:
    """A service-level path that no request can take is no chain."""
    row = Row("a", "b", "c", "d")
    row.hop("a", "b")
    row.hop("b", "c", entry=row.endpoint("b", 20, "/other"))
    row.hop("c", "d")

    assert ways(row.graph()) == []


def test_spawned_work_breaks_a_chain() -> None:
    """Nobody waits behind a flow that does not block."""
    row = Row("a", "b", "c", "d")
    row.hop("a", "b")
    row.hop("b", "c", blocking=False)
    row.hop("c", "d")

    assert ways(row.graph()) == []


def test_service_with_unknown_endpoint_ends_a_chain() -> None:
    """It is counted, but nobody knows what it does."""
    row = Row("a", "b", "c", "d")
    row.hop("a", "b")
    call = row.call("b", 6, "c")
    row.flow(row.entries["b"], call, 6)
    row.edge(call, "service:c")
    row.hop("c", "d")

    assert ways(row.graph(), 2) == ["a>b>c"]


def test_database_is_no_hop() -> None:
    """Calls to infrastructure lengthen no chain."""
    row = Row("a", "b")
    row.service("store", "database")
    row.hop("a", "b")
    query = row.call("b", 6, "store", protocol="sql")
    row.flow(row.entries["b"], query, 6)
    row.edge(query, "service:store")

    assert ways(row.graph(), 1) == ["a>b"]


def test_call_that_nothing_leads_to_starts_a_chain() -> None:
    """A script or job waits as a request does."""
    row = Row("b", "c")
    row.edge(row.call("job", 3, "b"), row.entries["b"])
    row.hop("b", "c")

    assert ways(row.graph(), 2) == ["job>b>c"]


def test_gateway_is_on_the_way_but_not_counted() -> None:
    """It passes requests on and does no work of its own."""
    row = Row("b", "c")
    row.service("edge", "gateway")
    entry = row.endpoint("edge", 1, "/")
    call = row.call("edge", 2, "b")
    row.flow(entry, call, 2)
    row.edge(call, row.entries["b"])
    row.hop("b", "c")

    assert ways(row.graph(), 2) == []
    assert [chain.services for chain in row.graph().sync_chains(2, uncounted_kinds=())] == [("edge", "b", "c")]


def test_longest_of_several_ways_is_told() -> None:
    """One chain for each start."""
    row = Row("a", "b", "c", "d")
    row.hop("a", "b", 5)
    row.hop("a", "c", 6)
    row.hop("c", "b", 5)
    row.hop("b", "d", 5)

    assert ways(row.graph()) == ["a>c>b>d"]


def test_chains_through_a_cycle_end() -> None:
    """A hop back to where the request already waits is not walked again."""
    row = Row("a", "b", "c")
    row.hop("a", "b")
    row.hop("b", "c")
    row.hop("c", "a")

    assert ways(row.graph(), 2) == ["a>b>c"]


def test_confidence_of_a_chain_is_that_of_its_weakest_hop() -> None:
    """One guess on the way makes the whole a guess."""
    row = Row("a", "b", "c")
    row.hop("a", "b")
    call = row.call("b", 5, "c")
    row.flow(row.entries["b"], call, 5)
    row.edge(call, row.entries["c"], confidence=Confidence.POSSIBLE)

    (chain,) = row.graph().sync_chains(2)

    assert chain.confidence is Confidence.POSSIBLE


def test_request_that_comes_back_is_a_cycle() -> None:
    """One cycle for a group of services, told from the first by name."""
    row = Row("a", "b", "c")
    row.hop("b", "c")
    row.hop("c", "a")
    row.hop("a", "b")

    (cycle,) = row.graph().sync_cycles()

    assert cycle.services == ("a", "b", "c")
    assert cycle.chain.hops[0].source == "a"


def test_way_back_to_another_endpoint_is_a_cycle() -> None:
    """The service waits already, whatever endpoint the request comes back to."""
    row = Row("a", "b")
    row.hop("a", "b")
    call = row.call("b", 5, "a")
    row.flow(row.entries["b"], call, 5)
    row.edge(call, row.endpoint("a", 20, "/other"))

    assert [cycle.services for cycle in row.graph().sync_cycles()] == [("a", "b")]


def test_mutual_calls_no_request_passes_are_no_cycle() -> None:
    """The endpoint that is called is not the one that calls."""
    row = Row("a", "b")
    row.hop("a", "b")
    call = row.call("b", 25, "a")
    row.flow(row.endpoint("b", 20, "/other"), call, 25)
    row.edge(call, row.endpoint("a", 20, "/other"))

    assert row.graph().sync_cycles() == ()


def test_service_that_calls_itself_is_no_cycle() -> None:
    """A hop from a service to itself is left to others."""
    row = Row("a")
    row.hop("a", "a")

    assert row.graph().sync_cycles() == ()


def test_two_groups_are_two_cycles() -> None:
    """Groups that do not meet are told apart."""
    row = Row("a", "b", "x", "y")
    for source, target in ("ab", "ba", "xy", "yx"):
        row.hop(source, target)

    assert [cycle.services for cycle in row.graph().sync_cycles()] == [("a", "b"), ("x", "y")]


def test_steps_of_other_handlers_are_not_reached() -> None:
    """A handler that calls another handler does not take over its acknowledgements."""
    builder = Builder()
    first = builder.consumer("a", 1, "one", function_name="first")
    builder.consumer("a", 2, "two", function_name="second")
    builder.calls("a", "first", "second", 3)
    builder.step("a", 4, "reject", "requeue", function_name="second")

    assert builder.graph().steps_reached(first.operation.function) == ()


def test_limit_on_the_channel_or_the_consumer_counts() -> None:
    """Set beats unset, unset beats unknown."""
    builder = Builder()
    builder.channel("limited", redelivery_limit=bound(5))
    builder.channel("free", redelivery_limit=UNSET)
    limited, free, unknown = (
        builder.consumer("a", line, name) for line, name in enumerate(("limited", "free", "far"), 1)
    )
    graph = builder.graph()

    found = [graph.redelivery_is_limited(consumer) for consumer in (limited, free, unknown)]

    assert found == [State.SET, State.UNSET, State.UNKNOWN]


def test_many_services_in_layers_are_walked_once() -> None:
    """The number of ways may be beyond counting; the answer still comes."""
    names = [f"{layer}{number}" for layer in "abcdefghij" for number in range(6)]
    row = Row(*names)
    for layer, below in zip("abcdefghi", "bcdefghij", strict=True):
        for source in range(6):
            for target in range(6):
                row.hop(f"{layer}{source}", f"{below}{target}", 10 + target)

    chains: list[Chain] = list(row.graph().sync_chains(9))

    assert [len(chain.services) for chain in chains] == [10] * 6
