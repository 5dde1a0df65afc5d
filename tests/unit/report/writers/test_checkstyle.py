"""Checkstyle XML."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from hypothesis import given, settings
from hypothesis import strategies as st

from commlint.model.findings import Report
from commlint.model.places import Region
from commlint.report.escaping import visible
from commlint.report.report import render
from tests.unit.report.builders import chain, finding, report

ANYTHING = st.text(st.characters(codec=None))


def test_findings_stand_under_their_file() -> None:
    """One element a file, with line, column, severity and the rule as source."""
    root = ET.fromstring(render(report(finding(), chain(), finding(region=Region("a.py", 3))), "checkstyle"))

    assert [(file.get("name"), len(file)) for file in root] == [("a.py", 1), ("gateway/app.py", 2)]
    assert root[0][0].attrib == {
        "line": "3",
        "column": "1",
        "severity": "error",
        "message": "POST /orders waits for ever (give it a timeout)",
        "source": "commlint.CL101",
    }


@settings(deadline=None)
@given(ANYTHING, ANYTHING)
def test_whatever_a_tree_holds_the_document_is_well_formed(path: str, message: str) -> None:
    """Control characters, markup and lone surrogates included."""
    document = render(Report("1", (finding(message=message, region=Region(path)),)), "checkstyle")

    assert [file.get("name") for file in ET.fromstring(document.encode())] == [visible(path)]
