"""Keyword arguments are added, and nothing else is touched."""

from __future__ import annotations

import pytest

from commlint.fix.languages.python import PythonFixer
from commlint.model.findings import Fix
from commlint.model.places import Region


def mended(
    source: str, call: str, kind: str = "add-argument", name: str = "kw:timeout", value: str = "5", needs: str = ""
) -> str:
    """`source` with the call written as `call` mended; with `timeout=5`, unless told otherwise."""
    start = source.index(call)
    end = start + len(call)

    def place(at: int) -> tuple[int, int]:
        line = source.count("\n", 0, at)
        return line + 1, at - (source.rfind("\n", 0, at) + 1) + 1

    fix = Fix(kind, Region("app.py", *place(start), *place(end)), name, value, needs)
    return PythonFixer().apply(source, (fix,))


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("get(url)", "get(url, timeout=5)"),
        ("get( url , a = 1 )", "get( url , a = 1, timeout=5 )"),
        ("get()", "get(timeout=5)"),
        ("get(\n    url,\n    json=body,\n)", "get(\n    url,\n    json=body,\n    timeout=5,\n)"),
        ("get(\n    url\n)", "get(\n    url,\n    timeout=5\n)"),
        ("get(url, json=body)", "get(url, json=body, timeout=5)"),
    ],
)
def test_argument_is_laid_out_as_those_before_it(call: str, expected: str) -> None:
    """The new argument stands as the others do, and every other byte stays."""
    source = f"# a comment\nx = {call}.json()  # behind\n\n\ny = 1"

    assert mended(source, call) == source.replace(call, expected)


def test_inner_call_of_a_chain_is_meant() -> None:
    """Calls that start at the same place are told apart by their ends."""
    assert mended("session.get(url).json()\n", "session.get(url)") == "session.get(url, timeout=5).json()\n"


def test_second_time_changes_nothing() -> None:
    """A call that has the argument is left alone."""
    once = mended("get(url)\n", "get(url)")

    assert mended(once, "get(url, timeout=5)") == once


def test_text_that_does_not_parse_is_left_alone() -> None:
    """A broken file comes back as it is."""
    assert mended("get(url)\ndef (\n", "get(url)") == "get(url)\ndef (\n"


def test_line_ends_stay() -> None:
    """Windows line ends and a missing last one are kept."""
    assert mended("a = 1\r\nget(url)", "get(url)") == "a = 1\r\nget(url, timeout=5)"


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("nack(tag)", "nack(tag, requeue=False)"),
        ("nack(tag, requeue=True)", "nack(tag, requeue=False)"),
        ("nack(tag, False, True)", "nack(tag, False, False)"),
        ("nack(*all)", "nack(*all)"),
    ],
)
def test_an_argument_is_set_where_it_is_given(call: str, expected: str) -> None:
    """By its keyword, by its place, or behind the others; a call whose arguments are not known stays."""
    source = f"def f():\n    {call}  # why\n"

    after = mended(source, call, "set-argument", "kw:requeue|arg:2", "False")
    assert after == source.replace(call, expected)
    assert mended(after, expected, "set-argument", "kw:requeue|arg:2", "False") == after


def test_another_call_is_made_and_imported() -> None:
    """The arguments stay, and the import stands with the others."""
    source = '"""Doc."""\n\nimport time\n\n\nasync def f():\n    time.sleep(2 * n)  # a while\n'

    after = mended(source, "time.sleep(2 * n)", "replace-call", "", "await asyncio.sleep", "asyncio")
    assert after == source.replace("time.sleep(2 * n)", "await asyncio.sleep(2 * n)").replace(
        "import time\n", "import time\nimport asyncio\n"
    )


WRAP = ("wrap-call", "around", "await asyncio.to_thread", "asyncio")


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("get(url)", "await asyncio.to_thread(get, url)"),
        ("get()", "await asyncio.to_thread(get)"),
        ("s.get(\n        url,  # x\n    )", "await asyncio.to_thread(\n        s.get,\n        url,  # x\n    )"),
        ("(get(url))", "(await asyncio.to_thread(get, url))"),
    ],
)
def test_a_call_is_made_through_another(call: str, expected: str) -> None:
    """What was called becomes the first argument, laid out as the others."""
    source = f"import asyncio\n\n\nasync def f():\n    x = {call}\n"

    assert mended(source, call.strip("()") + ")" if call.startswith("(") else call, *WRAP) == source.replace(
        call, expected
    )


def test_more_is_asked_of_what_a_call_gives() -> None:
    """Awaiting binds less than asking."""
    source = "import asyncio\nasync def f():\n    return get(url).json()\n"

    assert "return (await asyncio.to_thread(get, url)).json()\n" in mended(source, "get(url)", *WRAP)


@pytest.mark.parametrize(
    "body",
    [
        "def f():\n    return get(url)\n",
        "async def f():\n    return lambda: get(url)\n",
        "async def f():\n    return all(get(url) for u in us)\n",
        "async def f():\n    def g():\n        return get(url)\n    return g\n",
    ],
)
def test_nothing_waits_where_it_cannot(body: str) -> None:
    """Outside a coroutine, in a function or generator inside it."""
    assert mended(body, "get(url)", *WRAP) == body


def test_a_call_with_two_faults_is_mended_of_both() -> None:
    """What it is given comes first, whatever the order of the fixes."""
    source = "import asyncio\nasync def f():\n    get(url)\n"
    place = Region("app.py", 3, 5, 3, 13)
    fixes = (Fix("wrap-call", place, *WRAP[1:]), Fix("add-argument", place, "kw:timeout", "5"))

    for order in (fixes, fixes[::-1]):
        after = PythonFixer().apply(source, order)
        assert "    await asyncio.to_thread(get, url, timeout=5)\n" in after
