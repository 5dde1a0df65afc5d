"""Where calls stand in the course of their functions."""

from __future__ import annotations

from textwrap import dedent

from commlint.model.operations import Operation
from tests.unit.programs import clients, recognized, url


def calls(text: str) -> dict[str, Operation]:
    """The HTTP calls of one Python file by the last part of their URLs."""
    return {url(each).rpartition("/")[2]: each for each in clients(app=dedent(text))}


def test_calls_on_two_branches_exclude_each_other() -> None:
    """What comes before or after the choice goes with both."""
    found = calls(
        """
        import requests

        def f(x):
            requests.get("http://a/before")
            if x:
                requests.get("http://a/one")
            elif x is None:
                requests.get("http://a/other")
            requests.get("http://a/after")
        """
    )

    assert found["one"].course.excludes(found["other"].course)
    assert found["other"].course.excludes(found["one"].course)
    for name in ("before", "after"):
        assert not found[name].course.excludes(found["one"].course)


def test_branch_that_leaves_excludes_what_follows() -> None:
    """One that goes on does not, nor does one that leaves another function."""
    found = calls(
        """
        import requests

        def f(x):
            if x == 1:
                requests.get("http://a/raises")
                raise ValueError
            if x == 2:
                requests.get("http://a/goes-on")
            with lock:
                if x == 3:
                    with lock:
                        return requests.get("http://a/returns")
            requests.get("http://a/last")
        """
    )

    last = found["last"].course
    assert found["raises"].course.excludes(last)
    assert found["raises"].course.excludes(found["goes-on"].course)
    assert not found["goes-on"].course.excludes(last)
    # Inside the with block what follows the choice is left, too, but what follows the block may be reached by it.
    assert not found["returns"].course.excludes(found["goes-on"].course)


def test_promises_that_nobody_waits_for_run_beside_what_follows() -> None:
    """Awaited at its place, a call is over before the next begins."""
    found = calls(
        """
        import asyncio
        import httpx

        async def f(client: httpx.AsyncClient):
            await client.get("http://a/awaited")
            await asyncio.gather(client.get("http://a/one"), client.get("http://a/other"))
            await asyncio.wait_for(client.get("http://a/bounded"), 2)
        """
    )

    assert not found["awaited"].course.beside
    assert found["one"].course.beside
    assert found["other"].course.beside
    assert not found["bounded"].course.beside


def test_coroutines_of_the_program_are_promises() -> None:
    """The call of the function tells whether anybody waits."""
    text = """
        import asyncio
        import httpx

        async def get():
            async with httpx.AsyncClient() as client:
                await client.get("http://a/b")

        async def waits():
            await get()

        async def goes_on():
            await asyncio.gather(get(), get())
        """
    edges = recognized(app=dedent(text)).calls

    beside = {(edge.caller, edge.course.beside) for edge in edges if edge.callee == "app.py::get"}
    assert beside == {("app.py::waits", False), ("app.py::goes_on", True)}


def test_work_handed_to_a_pool_through_a_wrapper_is_spawned() -> None:
    """Nobody waits for it, though the wrapper itself waits."""
    found = calls(
        """
        from concurrent.futures import ThreadPoolExecutor

        import requests

        pool = ThreadPoolExecutor()

        def tell(url):
            requests.post(url, timeout=5)

        def f():
            pool.submit(tell, "http://a/handed-over")
            tell("http://a/called")
        """
    )

    assert found["handed-over"].style == "spawned"
    assert found["called"].style == "blocking"
