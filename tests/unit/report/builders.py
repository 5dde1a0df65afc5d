"""Small hand-built systems and reports."""

from __future__ import annotations

from commlint.model.findings import Finding, Level, Related, Report, RuleInfo, Summary
from commlint.model.operations import Address, Confidence, Evidence, Operation, Policies, Policy, Role, State
from commlint.model.places import Region
from commlint.model.system import (
    Channel,
    Edge,
    Endpoint,
    External,
    Flow,
    Observed,
    Service,
    ServiceOperation,
    System,
    UnresolvedCall,
)
from commlint.model.values import Literal

CODED = (Evidence.CODED,)
PLACE = Region("gateway/app.py", 12, 12, 12, 24)


def operation(service: str, number: int, role: Role, protocol: str, label: str, path: str = "") -> ServiceOperation:
    """Operation `number` of `service`, at line `number` of its app.py."""
    where = path or f"{service}/app.py"
    raw = Operation(f"{where}::f#{number}", role, protocol, "lib", f"{where}::f", Region(where, number), Address())
    return ServiceOperation(f"service:{service}/{raw.id}", service, raw, label, "", Policies())


def endpoint(of: ServiceOperation, method: str, path: str) -> Endpoint:
    """The endpoint that a server operation is."""
    raw = of.operation
    return Endpoint(f"endpoint:{of.service}:{method} {path}", of.service, raw.protocol, method, path, of.id, raw.region)


def edge(
    kind: str,
    source: ServiceOperation,
    target: str,
    target_service: str = "",
    confidence: Confidence = Confidence.CERTAIN,
    observed: Observed | None = None,
) -> Edge:
    """The edge that starts at operation `source`."""
    return Edge(
        id=f"edge:{source.id}->{target}",
        kind=kind,
        protocol=source.operation.protocol,
        source=source.id,
        target=target,
        source_service=source.service,
        target_service=target_service,
        region=source.operation.region,
        confidence=confidence,
        evidence=CODED if observed is None else (Evidence.CODED, Evidence.OBSERVED),
        observed=observed,
    )


def shop() -> System:
    """
    gateway calls orders, orders calls stock and an outside bank, reads a database and sends `orders.created`;
    billing receives that; mail sends `mails` that nobody receives.
    """
    checkout = operation("gateway", 10, Role.SERVER, "http", "POST /checkout")
    order = operation("gateway", 12, Role.CLIENT, "http", "POST /orders")
    orders = operation("orders", 20, Role.SERVER, "http", "POST /orders")
    reserve = operation("orders", 22, Role.CLIENT, "grpc", "shop.Stock/Reserve")
    pay = operation("orders", 23, Role.CLIENT, "http", "POST /charge")
    insert = operation("orders", 24, Role.CLIENT, "sql", "insert orders")
    created = operation("orders", 25, Role.PRODUCER, "amqp", "orders.created")
    stock = operation("stock", 30, Role.SERVER, "grpc", "shop.Stock/Reserve")
    bill = operation("billing", 40, Role.CONSUMER, "amqp", "orders.created")
    mail = operation("mail", 50, Role.PRODUCER, "redis", "mails")
    post_checkout = endpoint(checkout, "POST", "/checkout")
    post_orders = endpoint(orders, "POST", "/orders")
    reserve_stock = endpoint(stock, "", "shop.Stock/Reserve")
    channel = "channel:amqp:orders.created"
    return System(
        services=tuple(
            Service(name, kind, (name,), aliases, (Region("compose.yaml", line),))
            for name, kind, aliases, line in (
                ("billing", "service", (), 2),
                ("gateway", "gateway", (), 4),
                ("mail", "service", (), 6),
                ("orders", "service", ("order-service",), 8),
                ("orders-db", "database", (), 10),
                ("rabbit", "broker", (), 12),
                ("stock", "service", (), 14),
            )
        ),
        operations=(checkout, order, orders, reserve, pay, insert, created, stock, bill, mail),
        endpoints=(post_checkout, post_orders, reserve_stock),
        channels=(
            Channel(
                channel,
                "orders.created",
                "amqp",
                "queue",
                Region("billing/app.py", 39),
                dead_letter=Policy(State.UNSET),
                redelivery_limit=Policy(State.SET, Literal(5)),
            ),
            Channel("channel:redis:mails", "mails", "redis", "stream"),
        ),
        externals=(External("external:bank.example", "bank.example"),),
        edges=(
            edge("sync", order, post_orders.id, "orders", observed=Observed(100, 2, 0.1, 0.2, 0.3)),
            edge("sync", reserve, reserve_stock.id, "stock"),
            edge("sync", pay, "external:bank.example"),
            edge("sync", insert, "service:orders-db", "orders-db"),
            edge("send", created, channel),
            edge("receive", bill, channel, confidence=Confidence.LIKELY),
            edge("send", mail, "channel:redis:mails"),
        ),
        flows=(
            Flow("gateway", checkout.id, order.id, (Region("gateway/app.py", 11),)),
            Flow("orders", orders.id, reserve.id, ()),
            Flow("orders", orders.id, created.id, (), blocking=False, in_loop=Region("orders/app.py", 21)),
        ),
        unresolved=(
            UnresolvedCall(pay.id, "orders", Region("orders/app.py", 60), "GET ?", "host unknown", "set [hosts] X"),
        ),
    )


def finding(
    code: str = "CL101",
    name: str = "call-without-timeout",
    level: Level = Level.ERROR,
    message: str = "POST /orders waits for ever",
    region: Region = PLACE,
    **more: object,
) -> Finding:
    """A finding of gateway, certain unless said otherwise."""
    fields: dict[str, object] = {
        "confidence": Confidence.CERTAIN,
        "subjects": (),
        "help": "give it a timeout",
        "service": "gateway",
        "fingerprint": "f00d",
    }
    return Finding(code, name, level, message=message, region=region, **(fields | more))  # type: ignore[arg-type]


def chain() -> Finding:
    """A finding whose related places are hops."""
    return finding(
        "CL104",
        "deep-sync-chain",
        Level.WARNING,
        "gateway waits for 3 services in a row",
        Region("gateway/app.py", 12, 5, 12, 5),
        confidence=Confidence.LIKELY,
        fingerprint="c4a1",
        help="",
        related=(
            Related(Region("gateway/app.py", 12, 5), "gateway: POST /orders"),
            Related(Region("orders/app.py", 22, 9, 22, 20), "orders: shop.Stock/Reserve"),
        ),
    )


def report(*findings: Finding) -> Report:
    """A report with a source line for each place in gateway/app.py."""
    return Report(
        version="0.1.0",
        findings=findings,
        rules=(RuleInfo("CL101", "call-without-timeout", Level.ERROR, "A call without a bound.", "**Why** it hangs."),),
        summary=Summary(files=12, services=5, endpoints=3, channels=2, edges=7, unresolved=1, suppressed=2),
        sources=(("gateway/app.py", 12, "    order = requests.post(url)"),),
    )
