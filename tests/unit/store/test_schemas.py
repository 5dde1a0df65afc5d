from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from commlint.store.baseline import baseline_schema
from commlint.store.catalogue import model_schema
from commlint.store.config import config_schema

DOCS = Path(__file__).resolve().parents[3] / "docs"


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("config.schema.json", config_schema()),
        ("library-model.schema.json", model_schema()),
        ("baseline.schema.json", baseline_schema()),
    ],
)
def test_published_schemas_are_those_of_the_types(name: str, schema: dict[str, Any]) -> None:
    """The schemas in docs/ are what the types say; `make docs` writes them."""
    assert json.loads((DOCS / name).read_text("utf-8")) == schema
