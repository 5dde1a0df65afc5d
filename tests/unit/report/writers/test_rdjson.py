"""Reviewdog's diagnostic format."""

from __future__ import annotations

import json

from commlint.model.findings import Report
from commlint.model.places import Region
from commlint.report.report import render
from tests.unit.report.builders import chain, finding, report


def test_a_diagnostic_has_message_place_severity_and_code() -> None:
    """Hops are related locations; a place whose line is not known has no columns."""
    document = json.loads(render(report(chain()), "rdjson"))

    assert document["source"] == {"name": "commlint"}
    (diagnostic,) = document["diagnostics"]
    assert diagnostic["severity"] == "WARNING"
    assert diagnostic["code"] == {"value": "CL104"}
    assert diagnostic["location"] == {"path": "gateway/app.py", "range": {"start": {"line": 12, "column": 5}}}
    assert diagnostic["relatedLocations"][1]["location"]["range"] == {"start": {"line": 22}}


def test_columns_count_bytes() -> None:
    """A letter of two bytes before the place moves it by one."""
    fault = finding(region=Region("a.py", 1, 4, 1, 6))

    (diagnostic,) = json.loads(render(Report("1", (fault,), sources=(("a.py", 1, "äb call"),)), "rdjson"))[
        "diagnostics"
    ]
    assert diagnostic["location"]["range"] == {"start": {"line": 1, "column": 5}, "end": {"line": 1, "column": 7}}
