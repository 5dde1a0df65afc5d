"""Blocks of Kotlin that run on an object, that are handed one, or whose result a call gives back."""

from __future__ import annotations

import pytest

from commlint.model.operations import Operation, Role
from commlint.model.values import show
from commlint.recognize.recognize import recognize
from tests.unit.programs import program_of


def operations(role: Role, body: str) -> list[Operation]:
    """The operations of a role in one Kotlin file."""
    source = f"package shop\n{body}"
    return [each for each in recognize(program_of({"shop/Shop.kt": source})).operations if each.role is role]


REST = """
import org.springframework.web.client.RestTemplate
class Shop {{
    private val rest = RestTemplate()
    fun getForObject(url: String) = url
    fun go() {{
        {}
    }}
}}
"""


@pytest.mark.parametrize(
    "statement",
    [
        'rest.run { getForObject("http://stock/a", String::class.java) }',
        'with(rest) { getForObject("http://stock/a", String::class.java) }',
        'rest.apply { getForObject("http://stock/a", String::class.java) }',
        'rest.also { it.getForObject("http://stock/a", String::class.java) }',
        'rest.let { client -> client.getForObject("http://stock/a", String::class.java) }',
        '"http://stock".let { rest.getForObject("$it/a", String::class.java) }',
        'rest.getForObject(with("http://stock") { this + "/a" }.let { "http://stock/a" }, String::class.java)',
    ],
)
def test_a_block_runs_on_an_object(statement: str) -> None:
    """Plain names in the block are members of the object, before those of the class around; `it` is the object."""
    (call,) = operations(Role.CLIENT, REST.format(statement))

    assert show(call.address.url) == "http://stock/a"


def test_a_name_that_the_object_does_not_have() -> None:
    """What the object has no member for is looked up as if there were no block."""
    assert operations(Role.CLIENT, REST.format('rest.apply { other("http://stock/a") }')) == []


def test_an_object_is_set_up_by_a_block() -> None:
    """A consumer that is made and subscribed in one expression reads what it was subscribed to."""
    (read,) = operations(
        Role.CONSUMER,
        """
        import org.apache.kafka.clients.consumer.KafkaConsumer
        fun main() {
            val consumer = KafkaConsumer<String, ByteArray>(props).apply {
                subscribe(listOf("orders"))
            }
            consumer.use {
                while (true) { consumer.poll(timeout).forEach { handle(it) } }
            }
        }
        """,
    )

    assert show(read.address.channel) == "[orders]"


def test_a_block_runs_on_what_a_library_hands_over() -> None:
    """The block of a route of Spring Cloud Gateway runs on what the route is chosen by."""
    (route,) = operations(
        Role.CLIENT,
        """
        import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder
        class Routes {
            fun routes(builder: RouteLocatorBuilder) = builder.routes {
                route("stock") {
                    path("/stock/**")
                    uri("lb://stock")
                }
            }
        }
        """,
    )

    assert show(route.address.host) == "lb://stock"
