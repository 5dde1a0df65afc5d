"""A program looked at part by part, by one process and by several."""

from __future__ import annotations

import pytest

from commlint import recognizing
from commlint.recognize.recognize import recognize
from commlint.recognizing import recognized
from commlint.resolve.program import Program
from tests.unit.programs import program_of

WRAPPER = """
    import requests

    def ask(host, path):
        return requests.get(f"http://{host}{path}", timeout=2)
"""
CALLER = """
    from .http import ask

    def stock():
        return ask("%s", "/stock")
"""
FILES = {
    "orders/http.py": WRAPPER,
    "orders/app.py": CALLER % "inventory",
    "billing/http.py": WRAPPER,
    "billing/app.py": CALLER % "ledger",
    "mail/app.py": "import requests\n\nrequests.post('http://smtp/mail')\n",
}
ISLANDS = (
    frozenset(("orders/http.py", "orders/app.py")),
    frozenset(("billing/http.py", "billing/app.py")),
    frozenset(("mail/app.py",)),
)


def parts() -> tuple[Program, ...]:
    return program_of(FILES).parts(ISLANDS)


def test_parts_say_together_what_the_whole_says() -> None:
    """Callers of a wrapper are found in its part, and what is found is told in the order of the whole."""
    assert recognized(parts(), 1) == recognize(program_of(FILES))


def test_the_number_of_processes_makes_no_difference(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers of other processes arrive as they would have been made here."""
    monkeypatch.setattr(recognizing, "CALLS_FOR_A_PROCESS", 1)

    assert recognized(parts(), 3) == recognized(parts(), 1)


def test_files_of_no_island_are_a_part_together() -> None:
    """No file is lost, and a program without any island is one part."""
    program = program_of(FILES)

    assert [len(part.own) for part in program.parts(ISLANDS[:1])] == [2, 3]
    assert [len(part.own) for part in program.parts(())] == [5]
