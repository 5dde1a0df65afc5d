from __future__ import annotations

from pathlib import Path

import pytest

COMPOSE = """
services:
  orders:
    build: ./orders
    environment:
      INVENTORY_URL: http://inventory:8000
  inventory:
    build: ./inventory
"""
ORDERS = """
import os
import requests

def create(sku):
    return requests.get(f"{os.environ['INVENTORY_URL']}/stock/{sku}")
"""
INVENTORY = """
from flask import Flask

app = Flask(__name__)

@app.get("/stock/<sku>")
def stock(sku):
    return {"left": 3}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Two services; one calls the other without a timeout."""
    root = tmp_path / "shop"
    for path, text in (
        ("compose.yaml", COMPOSE),
        ("orders/app.py", ORDERS),
        ("orders/Dockerfile", "FROM python\nCMD python app.py\n"),
        ("inventory/app.py", INVENTORY),
        ("inventory/Dockerfile", "FROM python\nCMD python app.py\n"),
    ):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    return root
