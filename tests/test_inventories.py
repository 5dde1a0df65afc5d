"""
Literate cases of the inventories: files of a small system in Markdown, then what `commlint channels` lists of them.

A case is a `##` section of `inventories/FORMAT.md`, written like the cases of rules; its block `channels` has a line
for each row. `make accept` writes down what is listed now; look at the difference before you keep it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from commlint.pipeline import Request, analyse
from commlint.report.channels import channel_rows
from commlint.store.config import load_config
from tests.test_cases import FILE, Case, sections

INVENTORIES = Path(__file__).parent / "inventories"
ACCEPT = bool(os.environ.get("COMMLINT_ACCEPT"))
CHANNELS = re.compile(r"^```channels\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
SHOWN = ("target", "max_receive", "visibility_s", "senders", "receivers")

ALL = [case for path in sorted(INVENTORIES.glob("*.md")) for case in sections(path)[1]]


def listed(case: Case, folder: Path) -> str:
    """A line for each channel: its place, what it is, where its dead letters go, and what else is known."""
    for path, text in case.files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    system = analyse(Request(folder, load_config(folder).config, jobs=1))
    lines = []
    for row in channel_rows(system):
        more = [f"{name}={_cell(row[name])}" for name in SHOWN if row[name] not in (None, ())]
        place = f"{row['path']}:{row['line']}-{row['end_line']}"
        lines.append(
            " ".join([place, f"{row['broker']}", f"{row['kind']}", f"{row['name']}: {row['dead_letter']}", *more])
        )
    return "".join(f"{line}\n" for line in lines)


def _cell(value: object) -> str:
    return ",".join(value) if isinstance(value, tuple) else f"{value:g}" if isinstance(value, float) else str(value)


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.rule}: {case.title}")
def test_inventory(case: Case, tmp_path: Path) -> None:
    """What is listed is what the case says."""
    found = listed(case, tmp_path)
    said = CHANNELS.search(case.text)
    expected = said["text"] if said else ""

    if ACCEPT and found != expected:
        path = INVENTORIES / f"{case.rule}.md"
        bare = CHANNELS.sub("", case.text).rstrip("\n")
        last = path.read_text("utf-8").endswith(case.text)
        path.write_text(
            path.read_text("utf-8").replace(case.text, f"{bare}\n```channels\n{found}```\n" + ("" if last else "\n")),
            encoding="utf-8",
        )
    else:
        assert found == expected


def test_every_case_has_files() -> None:
    """A case nothing reads is a mistake."""
    assert ALL
    assert all(FILE.search(case.text) for case in ALL)
