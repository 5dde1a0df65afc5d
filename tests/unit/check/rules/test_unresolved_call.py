"""CL903 on systems built by hand."""

from commlint.check.rules.unresolved_call import UnresolvedCall

from ..builders import Builder, found


def test_reason_and_hint_are_told() -> None:
    """The hint is the line that would bind it."""
    builder = Builder()
    builder.unresolved("orders", 7, "GET $URL/stock", "$URL has no value", '[hosts] "$URL" = "inventory"')

    (finding,) = found(UnresolvedCall(), builder)

    assert finding.message == "GET $URL/stock leads nowhere known: $URL has no value"
    assert finding.help == '[hosts] "$URL" = "inventory"'


def test_site_of_several_services_is_told_once() -> None:
    """Shared code is one finding."""
    builder = Builder()
    for service in ("orders", "billing"):
        entry = builder.unresolved(service, 7, "GET ?", "it is not visible", "")
        builder.parts["unresolved"][-1] = type(entry)(
            f"service:{service}/lib.py::f#1",
            service,
            builder.parts["unresolved"][0].region,
            "GET ?",
            "it is not visible",
            "",
        )

    (finding,) = found(UnresolvedCall(), builder)

    assert finding.services == ("billing", "orders")
    assert finding.subjects == ("lib.py::f#1",)
