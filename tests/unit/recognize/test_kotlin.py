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


def test_routes_of_a_block() -> None:
    """The block of a router is a router; a path, or any predicate, may nest others."""
    found = operations(
        Role.SERVER,
        """
        import org.springframework.web.reactive.function.server.coRouter
        class Routes(private val handler: Handler) {
            fun routes() = coRouter {
                GET("/stock/{sku}", handler::get)
                "/api".nest {
                    POST("/stock", handler::add)
                    accept(JSON).nest {
                        PUT("/stock/{sku}") { handler.add(it) }
                    }
                }
            }
        }
        class Handler {
            fun get(request: Any) = request
            fun add(request: Any) = request
        }
        """,
    )

    assert sorted((each.address.method, show(each.address.url)) for each in found) == [
        ("GET", "/stock/{sku}"),
        ("POST", "/api/stock"),
        ("PUT", "/api/stock/{sku}"),
    ]


def test_routes_of_ktor_below_others() -> None:
    """A route of Ktor stands below the paths of the routes around it, and asks its own configuration."""
    text = """
        import io.ktor.client.*
        import io.ktor.client.request.*
        import io.ktor.server.application.*
        import io.ktor.server.routing.*
        fun Application.main(client: HttpClient) {
            val stock = environment.config.property("stock.url").getString()
            routing {
                route("/orders") {
                    get { call.respond(client.get("$stock/items")) }
                    route("/{id}") {
                        delete("/lines") { call.respond(id) }
                    }
                }
            }
        }
    """
    routes = operations(Role.SERVER, text)
    (call,) = operations(Role.CLIENT, text)

    assert sorted((each.address.method, show(each.address.url)) for each in routes) == [
        ("DELETE", "/orders/{id}/lines"),
        ("GET", "/orders"),
    ]
    assert "stock.url" in show(call.address.url)


def test_a_url_that_a_block_builds() -> None:
    """A URL written as a function of a builder is what the function gives back."""
    (call,) = operations(
        Role.CLIENT,
        """
        import org.springframework.web.client.RestClient
        class Shop {
            private val client = RestClient.create("http://stock")
            fun go() = client.get().uri { it.path("/items/{sku}").queryParam("a", 1).build() }.retrieve()
        }
        """,
    )

    assert show(call.address.url) == "http://stock/items/{sku}"


def test_what_a_container_gives_is_told_by_the_type() -> None:
    """`get<Config>()` and `get()` where a type is written give what is asked for, as Koin does."""
    source = """
        package shop
        import io.ktor.server.config.ApplicationConfig
        import io.ktor.client.*
        import org.koin.dsl.module
        val shop = module {
            single {
                val config = get<ApplicationConfig>()
                Stock(config.property("stock.url").getString(), get())
            }
            single { Prices(get(), get()) }
        }
        class Stock(val url: String, private val http: HttpClient) { suspend fun all() = http.get("$url/all") }
        class Prices(private val http: HttpClient, config: ApplicationConfig) {
            private val url: String = config.property("prices.url").getString()
            suspend fun all() = http.get("$url/all")
        }
        """

    found = recognize(program_of({"shop/Shop.kt": source})).operations

    assert [show(each.address.url) for each in found] == ["{${prices.url}}/all", "{${stock.url}}/all"]


def test_beans_that_say_no_type_are_of_what_their_body_gives() -> None:
    """`@Bean fun client() = …` provides what the expression makes."""
    source = """
        package shop
        import org.springframework.context.annotation.Bean
        import org.springframework.context.annotation.Configuration
        import org.springframework.stereotype.Component
        import org.springframework.web.reactive.function.client.WebClient
        @Configuration
        class Clients {
            @Bean
            fun client() = WebClient.builder().baseUrl("http://stock").build()
        }
        @Component
        class Stock(private val client: WebClient) {
            fun all(): Mono<String> { return client.get().uri("/all").retrieve().bodyToMono(String::class.java) }
        }
        """

    (found,) = recognize(program_of({"shop/Shop.kt": source})).operations

    assert show(found.address.url) == "http://stock/all"
    assert found.policies.timeout.state is State.UNSET
