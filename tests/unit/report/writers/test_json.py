"""The public JSON of findings."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from commlint.model.facts import Notice
from commlint.model.findings import Level, Report
from commlint.report.report import render
from commlint.report.schemas import documents
from tests.unit.report.builders import chain, finding, report

VALIDATOR = Draft202012Validator(json.loads(documents()["report.schema.json"]))


def test_a_finding_carries_its_place_its_hops_and_its_fingerprint() -> None:
    """Everything a program needs stands in the finding itself."""
    text = render(report(chain()), "json")

    assert json.loads(text)["findings"] == [
        {
            "code": "CL104",
            "name": "deep-sync-chain",
            "level": "warning",
            "confidence": "likely",
            "message": "gateway waits for 3 services in a row",
            "path": "gateway/app.py",
            "line": 12,
            "column": 5,
            "end_line": 12,
            "end_column": 5,
            "service": "gateway",
            "services": ["gateway"],
            "subjects": [],
            "fingerprint": "c4a1",
            "help": "",
            "related": [
                {
                    "path": "gateway/app.py",
                    "line": 12,
                    "column": 5,
                    "message": "gateway: POST /orders",
                    "end_line": 1,
                    "end_column": 1,
                },
                {
                    "path": "orders/app.py",
                    "line": 22,
                    "column": 9,
                    "message": "orders: shop.Stock/Reserve",
                    "end_line": 22,
                    "end_column": 20,
                },
            ],
            "line_hash": "",
        }
    ]


def test_the_document_names_its_version_its_tool_and_the_counts() -> None:
    """Readers can tell what wrote the document and how much it covers."""
    document = json.loads(render(report(finding(), finding(level=Level.NOTE), chain()), "json"))

    assert document["version"] == 1
    assert document["tool"] == {"name": "commlint", "version": "0.1.0"}
    assert document["summary"] == {
        "errors": 1,
        "warnings": 1,
        "notes": 1,
        "files": 12,
        "services": 5,
        "endpoints": 3,
        "channels": 2,
        "edges": 7,
        "unresolved": 1,
        "suppressed": 2,
    }


def test_the_document_fits_its_schema() -> None:
    """What is rendered validates against what is published."""
    full = report(finding(services=("gateway", "orders")), chain())

    VALIDATOR.validate(json.loads(render(full, "json")))


@settings(deadline=None)
@given(st.text(st.characters(codec=None)), st.text(st.characters(codec=None)))
def test_any_text_survives_as_valid_utf8(message: str, path: str) -> None:
    """Control characters and lone surrogates of a tree neither break the document nor reach a terminal."""
    fault = finding(message=message)
    text = render(Report("1", (fault,), (Notice(path, 1, message),)), "json")

    restored = json.loads(text.encode("utf-8"))["findings"][0]["message"]
    assert restored == "".join("\ufffd" if "\ud800" <= one <= "\udfff" else one for one in message)
    assert not any((ord(one) < 32 and one != "\n") or one in "\x7f\x9b\u202e" for one in text)


def test_the_same_report_gives_the_same_bytes() -> None:
    """Rendering holds no state."""
    assert render(report(chain(), finding()), "json") == render(report(chain(), finding()), "json")
