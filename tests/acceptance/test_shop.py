"""
The demo system from files to findings: what is told of `fixtures/systems/shop`, with the trace that was recorded of it.

`shop.findings.txt` holds what is told now; `make accept` writes it anew. The table in the README of the shop says what
has to be told, and what must not.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from commlint import gather
from commlint.check.rule import all_rules
from commlint.codec import encode
from commlint.model.operations import Evidence, Role
from commlint.pipeline import Request, Result, run
from commlint.store.config import load_config
from tests.test_cases import ACCEPT, shown

ROOT = Path(__file__).parents[2]
SHOP = ROOT / "fixtures" / "systems" / "shop"
TRACE = ROOT / "fixtures" / "traces" / "shop.otlp.jsonl"
TOLD = Path(__file__).parent / "shop.findings.txt"
ROW = re.compile(r"^\| (?P<code>CL\d+) \| `(?P<fault>[^`]+)` \| `(?P<twin>[^`]+)` \|", re.MULTILINE)
ROWS = [
    (found["code"], found["fault"], found["twin"]) for found in ROW.finditer((SHOP / "README.md").read_text("utf-8"))
]
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


# Rules about what stands around the code; `fixtures/systems/mesh` shows them.
AROUND = frozenset((
    "CL106", "CL110", "CL211", "CL212", "CL601", "CL602", "CL603", "CL604", "CL605",
))  # fmt: skip
# Silent until somebody says that a system is complete; the cases do.
SAID = frozenset(("CL210",))
# Rules about what only traces show; the recorded one holds nothing of the kind, their cases do.
TRACED = frozenset(("CL502", "CL503", "CL504", "CL505", "CL506", "CL507", "CL508"))


@cache
def result(traced: bool = True) -> Result:
    """A fresh run over the shop with its own configuration."""
    return run(Request(SHOP, load_config(SHOP).config, jobs=1, traces=(str(TRACE),) if traced else ()))


def told_places() -> set[tuple[str, str]]:
    """Rule and place of every finding, the trace included."""
    return {(finding.code, str(finding.region)) for finding in result().report.findings}


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
    told = "".join(shown(finding) for finding in result().report.findings)

    if ACCEPT:
        TOLD.write_text(told, encoding="utf-8")
    assert told == TOLD.read_text(encoding="utf-8")


@pytest.mark.parametrize(("code", "fault", "twin"), ROWS)
def test_fault_is_told_and_its_twin_is_not(code: str, fault: str, twin: str) -> None:
    """The wrong way is found at its place, and the right way of doing the same is left alone."""
    places = told_places()

    assert (code, fault) in places
    assert (code, twin) not in places


def test_nothing_else_is_told() -> None:
    """Every finding is one of the faults the shop was given."""
    seeded = {(code, fault) for code, fault, _ in ROWS}

    assert told_places() <= seeded


def test_what_is_deleted_before_the_work_is_not_done_twice() -> None:
    """A message that is gone before the mail is sent is lost at worst (CL203), and never comes again (CL201)."""
    assert DELETED_FIRST not in told_places()


def test_twins_are_lines_of_code() -> None:
    """A twin that has moved away would be silent for nothing."""
    for _, _, twin in ROWS:
        path, _, line = twin.partition(":")
        assert (SHOP / path).read_text("utf-8").splitlines()[int(line) - 1].strip()


def test_every_rule_has_a_fault_in_the_shop() -> None:
    """The demo shows all that is looked for in code; it has no mesh and no infrastructure code."""
    assert {code for code, _, _ in ROWS} == {rule.code for rule in all_rules()} - AROUND - SAID - TRACED


def test_edges_in_code() -> None:
    """Who reaches whom is read from code and deployment files alone, whole and without surplus."""
    assert edges(result(traced=False), Evidence.CODED, Evidence.DECLARED) == set(EDGES.strip().splitlines())


def test_edges_in_the_trace_are_edges_in_code() -> None:
    """The trace agrees with the code, but for a redirect and a callback."""
    surplus = edges(result(), Evidence.OBSERVED) - set(EDGES.strip().splitlines())

    assert surplus == {"storefront    http  shipping", "supplier      http  storefront"}


def test_route_behind_an_alias_of_a_dependency_reaches_its_calls() -> None:
    """`Inventory = Annotated[InventoryClient, Depends(get_inventory)]` is as good as the annotation it stands for."""
    operations = {each.id: each for each in result().system.operations}
    reached = {
        operations[flow.exit].label
        for flow in result().system.flows
        if operations[flow.entry].label == "GET /api/products/cart"
        and operations[flow.exit].operation.role is Role.CLIENT
    }

    assert reached == {"shop.inventory.v1.Inventory/ListStock"}


def test_code_is_valid() -> None:
    """All Python files of the shop compile."""
    for path in sorted(SHOP.rglob("*.py")):
        compile(path.read_text("utf-8"), str(path), "exec")


def test_bytes_are_the_same_however_it_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One process or two, without a cache, with an empty one and with a full one."""
    expected = _bytes(result(traced=False))
    config = load_config(SHOP).config
    cached = Request(SHOP, config, tmp_path / "cache", jobs=1)

    assert _bytes(run(cached)) == expected
    assert _bytes(run(cached)) == expected
    monkeypatch.setattr(gather, "BYTES_FOR_A_PROCESS", 1000)
    monkeypatch.setattr(gather, "FILES_AT_ONCE", 5)
    assert _bytes(run(Request(SHOP, config, jobs=2))) == expected


def _bytes(given: Result) -> tuple[bytes, bytes]:
    return encode(given.system), encode(given.report)
