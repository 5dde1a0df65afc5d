"""CL104 on systems built by hand."""

from itertools import pairwise

from commlint.check.rules.deep_sync_chain import DeepSyncChain

from ..builders import Builder, found


def row(*names: str, gateway: bool = False) -> Builder:
    """Services in a row, each calling the next."""
    builder = Builder()
    entries = {name: builder.endpoint(name, 1, f"/{name}") for name in names}
    for number, name in enumerate(names):
        builder.service(name, "gateway" if gateway and not number else "service")
    for source, target in pairwise(names):
        call = builder.call(source, 5, target)
        builder.flow(entries[source], call, 5)
        builder.edge(call, entries[target])
    return builder


def test_more_services_than_allowed_are_flagged_with_every_hop() -> None:
    """The primary place is the first call; the hops follow in order."""
    (finding,) = found(DeepSyncChain(), row("a", "b", "c", "d"))

    assert finding.message == "GET /a of a waits through 4 services in a row: a → b → c → d"
    assert str(finding.region) == "a/app.py:5"
    assert [str(entry.region) for entry in finding.related] == ["a/app.py:5", "b/app.py:5", "c/app.py:5", "d/app.py:1"]


def test_three_services_are_silent() -> None:
    """The limit itself is allowed."""
    assert found(DeepSyncChain(), row("a", "b", "c")) == []


def test_limit_and_gateways_are_options() -> None:
    """A gateway counts only when asked for."""
    assert found(DeepSyncChain(), row("a", "b", "c", "d", gateway=True)) == []
    assert len(found(DeepSyncChain(count_gateways=True), row("a", "b", "c", "d", gateway=True))) == 1
    assert len(found(DeepSyncChain(max_services=2), row("a", "b", "c"))) == 1


def test_starts_that_share_every_call_are_one_finding() -> None:
    """Two endpoints that run the same code need mending once."""
    builder = row("a", "b", "c", "d")
    call = next(entry for entry in builder.parts["operations"] if entry.service == "a" and entry.target)
    builder.flow(builder.endpoint("a", 2, "/again"), call, 5)

    (finding,) = found(DeepSyncChain(), builder)

    assert finding.message.startswith("GET /a of a and 1 more waits")
