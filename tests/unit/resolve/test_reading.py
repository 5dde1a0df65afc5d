"""Which source files are worth parsing."""

from __future__ import annotations

from commlint.resolve.reading import wanted
from tests.unit.programs import catalogue

TREE = {
    "app/api.py": ("fastapi", "app.service"),
    "app/service.py": ("app.clients", "app.rules"),
    "app/clients.py": ("requests", "app.settings"),
    "app/settings.py": ("dataclasses",),
    "app/rules.py": (),
    "reports/pdf.py": ("math", "reports.fonts"),
    "reports/fonts.py": (),
}


def test_ways_and_values_are_read() -> None:
    """Files that communicate, those that lead to them, and those that hold their values."""
    assert wanted(TREE, catalogue()) >= {"app/api.py", "app/service.py", "app/clients.py", "app/settings.py"}


def test_what_cannot_matter_is_not_read() -> None:
    """Files with no way to or from communication are never parsed."""
    assert not wanted(TREE, catalogue()) & {"reports/pdf.py", "reports/fonts.py"}


def test_generated_stubs_are_a_sign() -> None:
    """Importing a generated stub is a sign of communication, whatever it is called."""
    assert "shop/stock.py" in wanted({"shop/stock.py": ("shop.inventory_pb2_grpc",)}, catalogue())
