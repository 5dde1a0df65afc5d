"""What the shipped models recognize in Kotlin."""

from __future__ import annotations

from commlint.model.operations import Operation, Role, State
from commlint.model.values import show
from commlint.recognize.recognize import recognize
from tests.unit.programs import program_of


def operations(role: Role, text: str) -> list[Operation]:
    """The operations of a role in one Kotlin file."""
    program = program_of({"src/main/kotlin/shop/Shop.kt": f"package shop\n{text}"})
    return [each for each in recognize(program).operations if each.role is role]


KTOR = """
import io.ktor.client.*
import io.ktor.client.engine.cio.*
import io.ktor.client.request.*
import io.ktor.server.application.*
import io.ktor.server.routing.*

fun Application.main() {
    val client = HttpClient(CIO) { expectSuccess = true }
    routing {
        get("/customers") { call.respond(emptyList()) }
        post("/customers/{id}") { client.get("http://accounts/accounts") }
    }
}
"""


def test_routes_and_calls_of_ktor() -> None:
    """`get` of a client is a call, `get` below `routing` a route; how long a call waits depends on the engine."""
    (call,) = operations(Role.CLIENT, KTOR)
    routes = operations(Role.SERVER, KTOR)

    assert (call.address.method, show(call.address.url)) == ("GET", "http://accounts/accounts")
    assert call.policies.timeout.state is State.UNKNOWN
    assert [(each.address.method, show(each.address.url)) for each in routes] == [
        ("GET", "/customers"),
        ("POST", "/customers/{id}"),
    ]
