"""
The demo system from files to findings: what is told of `fixtures/systems/shop`, with the trace that was recorded of it.

`shop.findings.txt` holds what is told now; `make accept` writes it anew. The table in the README of the shop says what
has to be told, and what must not.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from commlint import gather
from commlint.codec import encode
from commlint.model.operations import Evidence, Role
from commlint.pipeline import Request, Result, run
from commlint.store.config import load_config
from tests.acceptance.seeded import SHOP
from tests.test_cases import ACCEPT, shown

TOLD = Path(__file__).parent / "shop.findings.txt"
DELETED_FIRST = ("CL201", "notifications/notifications/receipts.py:17")

EDGES = """
analytics     http  orders
analytics     kafka <order-events
analytics     kafka >order-events.dead
inventory     http  supplier
inventory     kafka >stock-updates
notifications http  push.example
notifications kafka <order-events
notifications smtp  smtp.mailrelay.example
notifications sqs   <receipts
orders        amqp  >shipments.cancelled
orders        amqp  >shipments.readdressed
orders        amqp  >shipments.requested
orders        grpc  inventory
orders        http  payments
orders        http  shipping
orders        kafka >order-events
payments      http  api.paystone.example
payments      http  orders
payments      sqs   >receipts
shipping      amqp  <shipments.cancelled
shipping      amqp  <shipments.readdressed
shipping      amqp  <shipments.requested
shipping      grpc  inventory
shipping      http  api.carrier.example
shipping      sqs   <returns
storefront    grpc  inventory
storefront    http  analytics
storefront    http  orders
storefront    http  payments
storefront    kafka <stock-updates
storefront    sqs   >returns
"""
"""Who reaches whom by what, infrastructure left aside; `>` sends to a channel and `<` receives from one."""


def edges(given: Result, *evidence: Evidence) -> set[str]:
    """The edges that rest on any of the evidence, as `EDGES` writes them."""
    names = {each.id: each.name for each in (*given.system.channels, *given.system.externals)}
    infrastructure = {each.name for each in given.system.services if not each.roots}
    marks = {"send": ">", "receive": "<"}
    return {
        f"{edge.source_service:13} {edge.protocol:5} "
        f"{marks.get(edge.kind, '')}{edge.target_service or names[edge.target]}"
        for edge in given.system.edges
        if edge.kind != "connect" and edge.target_service not in infrastructure and {*evidence} & {*edge.evidence}
    }


def test_findings_are_those_written_down() -> None:
    """Code, place, related places and message of every finding are what they were when somebody last looked."""
    told = "".join(shown(finding) for finding in SHOP.result().report.findings)

    if ACCEPT:
        TOLD.write_text(told, encoding="utf-8")
    assert told == TOLD.read_text(encoding="utf-8")


def test_what_is_deleted_before_the_work_is_not_done_twice() -> None:
    """A message that is gone before the mail is sent is lost at worst (CL203), and never comes again (CL201)."""
    assert DELETED_FIRST not in SHOP.told()


def test_edges_in_code() -> None:
    """Who reaches whom is read from code and deployment files alone, whole and without surplus."""
    assert edges(SHOP.result(traced=False), Evidence.CODED, Evidence.DECLARED) == set(EDGES.strip().splitlines())


def test_edges_in_the_trace_are_edges_in_code() -> None:
    """The trace agrees with the code, but for a redirect and a callback."""
    surplus = edges(SHOP.result(), Evidence.OBSERVED) - set(EDGES.strip().splitlines())

    assert surplus == {"storefront    http  shipping", "supplier      http  storefront"}


def test_route_behind_an_alias_of_a_dependency_reaches_its_calls() -> None:
    """`Inventory = Annotated[InventoryClient, Depends(get_inventory)]` is as good as the annotation it stands for."""
    operations = {each.id: each for each in SHOP.result().system.operations}
    reached = {
        operations[flow.exit].label
        for flow in SHOP.result().system.flows
        if operations[flow.entry].label == "GET /api/products/cart"
        and operations[flow.exit].operation.role is Role.CLIENT
    }

    assert reached == {"shop.inventory.v1.Inventory/ListStock"}


def test_code_is_valid() -> None:
    """All Python files of the shop compile."""
    for path in sorted(SHOP.root.rglob("*.py")):
        compile(path.read_text("utf-8"), str(path), "exec")


def test_bytes_are_the_same_however_it_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One process or two, without a cache, with an empty one and with a full one."""
    expected = _bytes(SHOP.result(traced=False))
    config = load_config(SHOP.root).config
    cached = Request(SHOP.root, config, tmp_path / "cache", jobs=1)

    assert _bytes(run(cached)) == expected
    assert _bytes(run(cached)) == expected
    monkeypatch.setattr(gather, "BYTES_FOR_A_PROCESS", 1000)
    monkeypatch.setattr(gather, "FILES_AT_ONCE", 5)
    assert _bytes(run(Request(SHOP.root, config, jobs=2))) == expected


def _bytes(given: Result) -> tuple[bytes, bytes]:
    return encode(given.system), encode(given.report)
