"""A program looked at part by part, by one process and by several."""

from __future__ import annotations

import multiprocessing

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


def test_every_part_is_taken_by_one_process() -> None:
    """Processes share one order: what one has taken no other takes, and nothing is left."""
    turn = multiprocessing.get_context("fork").Value("i", 0)
    first, second = recognizing._taken((2, 0, 1), turn), recognizing._taken((2, 0, 1), turn)

    assert [next(first), next(second), next(first), *second, *first] == [2, 0, 1]


def test_what_a_lost_process_had_taken_is_looked_at_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that ends before its time costs time and no result."""
    monkeypatch.setattr(recognizing, "CALLS_FOR_A_PROCESS", 1)
    monkeypatch.setattr(recognizing, "_work", lambda parts, order, turn, told: [next(recognizing._taken(order, turn))])

    assert recognized(parts(), 3) == recognized(parts(), 1)
