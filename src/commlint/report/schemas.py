"""The JSON Schemas of the public documents, generated from the types that write them."""

from __future__ import annotations

from typing import Any

import msgspec

from commlint.report.escaping import to_json
from commlint.report.graph_v1 import GraphV1
from commlint.report.report_v1 import ReportV1

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def documents() -> dict[str, str]:
    """File name → text of each schema, as kept in `docs/`."""
    return {
        "graph.schema.json": _schema(GraphV1, "commlint graph, version 1"),
        "report.schema.json": _schema(ReportV1, "commlint report, version 1"),
    }


def _schema(root: type[msgspec.Struct], title: str) -> str:
    schema: dict[str, Any] = msgspec.json.schema(root)
    return to_json({"$schema": _DIALECT, "title": title, **schema})
