"""CL105 on systems built by hand."""

from commlint.check.rules.sync_call_cycle import SyncCallCycle

from ..builders import Builder, found


def circle(*names: str) -> Builder:
    builder = Builder()
    entries = {name: builder.endpoint(name, 1, f"/{name}") for name in names}
    for source, target in zip(names, (*names[1:], names[0]), strict=True):
        call = builder.call(source, 5, target)
        builder.flow(entries[source], call, 5)
        builder.edge(call, entries[target])
    return builder


def test_circle_is_told_once_from_the_first_by_name() -> None:
    """Wherever the walk begins, the finding is the same."""
    (finding,) = found(SyncCallCycle(), circle("orders", "billing"))

    assert finding.message == "billing and orders wait for each other"
    assert str(finding.region) == "billing/app.py:5"
    assert finding.subjects == ("service:billing", "service:orders")


def test_row_without_way_back_is_silent() -> None:
    """A chain is no circle."""
    builder = circle("a", "b", "c")
    del builder.parts["edges"][-1]

    assert found(SyncCallCycle(), builder) == []


def test_three_services_are_all_named() -> None:
    """Every service of the circle is in the message."""
    (finding,) = found(SyncCallCycle(), circle("a", "b", "c"))

    assert finding.message == "a, b and c wait for each other"
    assert finding.services == ("a", "b", "c")
