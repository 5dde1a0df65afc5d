"""The schemas in docs/ are those of the types."""

from __future__ import annotations

from pathlib import Path

import pytest

from commlint.report.schemas import documents

DOCS = Path(__file__).resolve().parents[3] / "docs"


@pytest.mark.parametrize("name", sorted(documents()))
def test_the_schema_kept_in_the_docs_is_the_one_of_the_types(name: str) -> None:
    """`commlint.report.schemas.documents()` gives the text that belongs into docs/."""
    assert (DOCS / name).read_text(encoding="utf-8") == documents()[name]
