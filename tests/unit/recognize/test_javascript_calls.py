"""HTTP clients of JavaScript: what their address and timeout are."""

from __future__ import annotations

from commlint.model.operations import Operation, Role, State
from commlint.recognize.recognize import recognize
from tests.unit.programs import number, only, program_of, url


def call(source: str) -> Operation:
    """The one call that a file makes."""
    tree = program_of({"app.ts": source})
    return only([each for each in recognize(tree).operations if each.role is Role.CLIENT])


def test_a_bound_in_milliseconds_with_a_word_for_none() -> None:
    """A number that stands for no word is a number of its unit; zero is no bound."""
    bounded = call("import axios from 'axios';\naxios.get('http://stock/a', { timeout: 2000 });")
    waiting = call("import axios from 'axios';\naxios.get('http://stock/a', { timeout: 0 });")

    assert url(bounded) == "http://stock/a"
    assert number(bounded.policies.timeout.value) == 2000
    assert bounded.policies.timeout.scale == 0.001
    assert waiting.policies.timeout.state is State.UNSET


def test_an_instance_with_a_base() -> None:
    """What an instance was made with holds for its calls."""
    found = call(
        "import axios from 'axios';\n"
        "const http = axios.create({ baseURL: process.env.STOCK_URL, timeout: 500 });\n"
        "export const left = async (sku: string) => (await http.get(`/stock/${sku}`)).data;\n"
    )

    assert url(found).startswith("{$STOCK_URL}/stock/") or url(found).startswith("$STOCK_URL/stock/")
    assert number(found.policies.timeout.value) == 0.5
