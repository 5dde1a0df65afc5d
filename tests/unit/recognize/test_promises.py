"""What nobody waits for goes on by itself."""

from __future__ import annotations

from textwrap import dedent

from commlint.model.operations import Role
from commlint.recognize.recognize import recognize
from tests.unit.programs import program_of, url

REQUEST = """
    const express = require("express");
    const axios = require("axios");
    const app = express();

    app.post("/orders", async (req, res) => {
      axios.post("http://a/dropped", req.body).catch((error) => console.log(error));
      axios.get("http://a/plain");
      axios.get("http://a/named-again").then((res) => console.log(res));
      axios.get("http://a/answers").then((found) => res.send(found.data));
      await axios.get("http://a/awaited").catch((error) => console.log(error));
      const kept = axios.get("http://a/kept");
      answer(res);
      audit(req.body);
      return kept.then((found) => found.data);
    });

    async function answer(res) { res.send((await axios.get("http://a/in-answer")).data); }
    async function audit(entry) { await axios.post("http://a/in-audit", entry); }
"""


def test_a_promise_that_a_statement_drops_is_waited_for_by_nobody() -> None:
    """Unless what is chained to it answers the request; a parameter of another function of that name does not."""
    found = recognize(program_of({"app.js": dedent(REQUEST)})).operations
    styles = {url(each).rpartition("/")[2]: each.style for each in found if each.role is Role.CLIENT}

    assert {name for name, style in styles.items() if style == "spawned"} == {"dropped", "plain", "named-again"}


def test_an_asynchronous_function_runs_on_alone_unless_it_is_handed_the_response() -> None:
    """Who is handed the response as a whole may answer by it."""
    calls = recognize(program_of({"app.js": dedent(REQUEST)})).calls

    assert {(each.callee, each.kind) for each in calls} == {("app.js::answer", "call"), ("app.js::audit", "spawn")}


def test_coroutines_of_languages_that_wait_without_a_word_are_waited_for() -> None:
    """Kotlin calls what suspends like any function."""
    text = """
    import io.ktor.client.HttpClient
    import io.ktor.client.request.get

    class Orders(private val client: HttpClient) {
        suspend fun place() { load() }
        private suspend fun load() { client.get("http://stock/items") }
    }
    """

    assert {each.kind for each in recognize(program_of({"Orders.kt": dedent(text)})).calls} == {"call"}
