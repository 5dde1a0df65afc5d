"""Scores of edges and findings, and what is worse than before."""

from __future__ import annotations

from typing import Any

import pytest
from bench.accuracy.edges import score_edges
from bench.accuracy.findings import score_findings, sheet
from bench.accuracy.names import Names
from bench.accuracy.results import Results, worse


def truth(*edges: tuple[str, str], **more: Any) -> dict[str, Any]:
    services = [
        {"name": "orders", "kind": "service", "aliases": ["shop-orders"]},
        {"name": "stock", "kind": "service"},
        {"name": "mail", "kind": "service", "optional": True},
        {"name": "db", "kind": "database"},
    ]
    told = [{"from": source, "to": target, "category": "business", "static": True} for source, target in edges]
    return {"services": services, "edges": [*told, *more.get("open", ())]}


def graph(*edges: tuple[str, str], unresolved: tuple[str, ...] = ()) -> dict[str, Any]:
    services = [{"name": name, "kind": "service", "aliases": []} for name in ("shop-orders", "stock", "mail", "extra")]
    operations = [{"service": "shop-orders", "role": "client", "file": "a.go"}]
    return {
        "services": [*services, {"name": "db", "kind": "database"}],
        "edges": [{"source": source, "target": target} for source, target in edges],
        "operations": operations,
        "unresolved": [{"service": "shop-orders", "reason": reason} for reason in unresolved],
    }


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("orders", "orders"),
        ("Shop_Orders", "orders"),
        ("orders-service", "orders"),
        ("registry/shop/stock:1.2", "stock"),
        ("http://stock.svc.cluster.local", "stock"),
        ("payments", None),
    ],
)
def test_a_service_is_found_by_any_of_its_names(name: str, expected: str | None) -> None:
    """Case, separators, images and words that only say `service` make no difference."""
    assert Names(truth()["services"]).meant([name]) == expected


def test_a_name_that_may_mean_two_means_none() -> None:
    """It is no guess which."""
    names = Names([{"name": "user-api", "kind": "service"}, {"name": "user-service", "kind": "service"}])

    assert names.meant(["user"]) is None
    assert names.meant(["user-api"]) == "user-api"


def test_edges_are_found_false_or_missed() -> None:
    """By directed pairs; databases and calls of oneself do not count, optional services neither way."""
    told = graph(("shop-orders", "stock"), ("stock", "extra"), ("stock", "mail"), ("stock", "db"), ("stock", "stock"))

    score = score_edges(truth(("orders", "stock"), ("stock", "orders")), told)

    assert (score.found, score.false, score.misses) == (
        1,
        ["stock → ?extra"],
        {"stock → orders": "found the other way round"},
    )
    assert score.languages == {"Go": [1, 0, 0], "no code": [0, 1, 1]}


def test_why_an_edge_was_missed() -> None:
    """As far as what was told shows it."""
    wanted = truth(("orders", "stock"))
    lost = {**graph(), "services": graph()["services"][:1]}

    def why(told: dict[str, Any]) -> str:
        return score_edges(wanted, told).misses["orders → stock"]

    assert why(graph(unresolved=("the host is the parameter `url` of f()",))) == "unresolved: the host is the parameter"
    assert why(graph(("shop-orders", "extra"))) == "the caller calls others only"
    assert why(lost) == "callee not found"
    assert why({**graph(), "operations": []}) == "nothing seen that the caller sends"


LABELS = {
    "rules": ["timeout"],
    "scope": ["shop"],
    "sites": [
        {"path": "shop/a.py", "line": 3, "rule": "timeout", "verdict": "violation", "why": "none given"},
        {"path": "shop/a.py", "line": 20, "rule": "timeout", "verdict": "ok", "why": "session"},
        {"path": "shop/a.py", "line": 30, "rule": "timeout", "verdict": "unknown"},
        {
            "path": "shop/b.py",
            "line": 9,
            "rule": "timeout",
            "verdict": "violation",
            "alt": [{"path": "shop/c.py", "line": 1}],
        },
    ],
}


def finding(path: str, line: int, code: str = "CL101", confidence: str = "certain") -> dict[str, Any]:
    return {"code": code, "path": path, "line": line, "end_line": line, "confidence": confidence, "message": "m"}


def test_findings_against_labels() -> None:
    """A site counts once, near lines and other places too; what no label explains within the scope is false."""
    told = [
        finding("shop/a.py", 4),
        finding("shop/a.py", 3),
        finding("shop/a.py", 20),
        finding("shop/a.py", 30),
        finding("shop/a.py", 50),
        finding("shop/a.py", 60, confidence="possible"),
        finding("shop/a.py", 70, code="CL201"),
        finding("elsewhere/a.py", 1),
        finding("shop/c.py", 1),
    ]

    score = score_findings(LABELS, told)["timeout"]

    assert score.found == 2
    assert score.false == ["shop/a.py:50: not labelled", "shop/a.py:20: session"]
    assert score.misses == []
    assert score_findings(LABELS, ())["timeout"].misses == ["shop/a.py:3: none given", "shop/b.py:9: "]


def test_a_sheet_is_a_label_file_without_verdicts() -> None:
    """What was told stands beside what is to be said of it."""
    made = sheet([finding("shop/a.py", 4), finding("shop/b.py", 1, code="CL202")], ["CL101"])

    assert (made["rules"], made["scope"]) == (["timeout"], ["shop/a.py"])
    assert [(site["path"], site["line"], site["verdict"], site["told"]) for site in made["sites"]] == [
        ("shop/a.py", 4, "", "m")
    ]


def test_what_is_worse_than_a_run_that_was_kept() -> None:
    """Each edge and site that was right and is not now, and nothing that was wrong before."""
    wanted = truth(("orders", "stock"))
    good = Results(
        {"shop": score_edges(wanted, graph(("shop-orders", "stock")))},
        {"shop": score_findings(LABELS, [finding("shop/a.py", 3)])},
    )
    bad = Results({"shop": score_edges(wanted, graph(("stock", "extra")))}, {"shop": score_findings(LABELS, ())})

    assert worse(good, Results.from_json(good.to_json())) == []
    assert worse(bad, good) == [
        "shop: orders → stock is missed now: leads elsewhere",
        "shop: stock → ?extra is made up now",
        "shop: timeout: missed now: shop/a.py:3: none given",
    ]
    assert worse(good, bad) == []
