"""Bounds of Java and Kotlin calls: how an object came to be decides which of them hold."""

from __future__ import annotations

import pytest

from commlint.model.operations import Operation, Role, State
from commlint.model.values import ConfigRead, show
from commlint.recognize.recognize import recognize
from tests.unit.programs import only, program_of

REST = """
import org.springframework.beans.factory.annotation.*;
import org.springframework.boot.web.client.RestTemplateBuilder;
import org.springframework.http.client.*;
import org.springframework.http.converter.json.MappingJackson2HttpMessageConverter;
import org.springframework.web.client.*;
import java.net.http.*;
import java.net.*;
import java.time.Duration;
import java.util.*;
"""


def call(text: str, *others: str) -> Operation:
    """The one call to another service in Java classes of a package."""
    sources = {f"src/shop/C{number}.java": f"package shop;\n{each}" for number, each in enumerate((text, *others))}
    found = recognize(program_of(sources)).operations
    return only([each for each in found if each.role is Role.CLIENT and each.protocol in ("http", "grpc")])


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ("new RestTemplate()", State.UNSET),
        ("new RestTemplate(List.of(new MappingJackson2HttpMessageConverter()))", State.UNSET),
        ("new RestTemplate(factory())", State.SET),
        ("new RestTemplate(connecting())", State.UNSET),
        ("new RestTemplateBuilder().setConnectTimeout(Duration.ofSeconds(2)).build()", State.UNSET),
        ("new RestTemplateBuilder().setReadTimeout(Duration.ofSeconds(2)).build()", State.SET),
    ],
)
def test_what_bounds_the_answer_of_a_template(made: str, expected: State) -> None:
    """Converters bound nothing, and a bound on connecting none on the answer."""
    found = call(
        f"""{REST}
        class Stock {{
            private final RestTemplate rest = {made};
            static SimpleClientHttpRequestFactory factory() {{
                var made = new SimpleClientHttpRequestFactory();
                made.setReadTimeout(3000);
                return made;
            }}
            static SimpleClientHttpRequestFactory connecting() {{
                var made = new SimpleClientHttpRequestFactory();
                made.setConnectTimeout(3000);
                return made;
            }}
            void level() {{ rest.getForObject("http://stock/levels", String.class); }}
        }}
        """
    )

    assert found.policies.timeout.state is expected


def test_settings_are_for_what_the_container_hands_out() -> None:
    """A template that code makes by itself is not set up by settings; one of the builder that is handed out is."""
    own = call(
        f'{REST} class Stock {{ void level() {{ new RestTemplate().getForObject("http://stock", int.class); }} }}'
    )
    handed = call(
        f"""{REST}
        class Stock {{
            private final RestTemplate rest;
            Stock(RestTemplateBuilder builder) {{ rest = builder.build(); }}
            void level() {{ rest.getForObject("http://stock", int.class); }}
        }}
        """
    )

    assert (own.policies.timeout.state, own.policies.timeout.value) == (State.UNSET, None)
    assert isinstance(handed.policies.timeout.value, ConfigRead)


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ('@Autowired Stock(@Value("${url}") String url)', State.UNSET),
        ("Stock()", State.UNSET),
        ("Stock(String url)", State.UNKNOWN),
    ],
)
def test_a_constructor_that_leaves_the_work_to_another(first: str, expected: State) -> None:
    """A container uses the decorated constructor, else the one that asks for nothing; of others it is not known."""
    found = call(
        f"""{REST}
        class Stock {{
            private final RestClient client;
            {first} {{ this(RestClient.create()); }}
            protected Stock(RestClient client) {{ this.client = client; }}
            void level() {{ client.get().uri("http://stock/levels").retrieve(); }}
        }}
        """
    )

    assert found.policies.timeout.state is expected


@pytest.mark.parametrize("imported", ["import shop.stock.StockGrpc;", "import shop.stock.*;"])
def test_generated_stubs_may_be_imported_by_a_star(imported: str) -> None:
    """What a contract generates is known by its name in a package that is taken in whole, too."""
    found = call(
        f"""
        import io.grpc.ManagedChannelBuilder;
        {imported}
        class Stock {{
            private final StockGrpc.StockBlockingStub stub;
            Stock() {{ stub = StockGrpc.newBlockingStub(ManagedChannelBuilder.forAddress("stock", 9090).build()); }}
            void level() {{ stub.level(null); }}
        }}
        """
    )

    assert (found.protocol, found.policies.timeout.state) == ("grpc", State.UNSET)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("client.level()", State.UNSET),
        ("client.level().timeout(Duration.ofSeconds(2))", State.SET),
        ("client.level().map(each -> each).timeout(Duration.ofSeconds(2))", State.SET),
        ("client.level().transform(each -> breaker.run(each))", State.UNKNOWN),
        ("choose() ? client.level() : client.level().timeout(Duration.ofSeconds(2))", State.UNKNOWN),
    ],
)
def test_a_response_may_be_bounded_where_it_is_used(asked: str, expected: State) -> None:
    """What gives a response back leaves its bound to its callers; what some of them do not bound is not known."""
    found = call(
        """
        import org.springframework.web.reactive.function.client.WebClient;
        import reactor.core.publisher.Mono;
        class Client {
            Mono<String> level() {
                return WebClient.create("http://stock").get().uri("/levels").retrieve().bodyToMono(String.class);
            }
        }
        """,
        f"""
        import java.time.Duration;
        import reactor.core.publisher.Mono;
        class Orders {{
            private final Client client = new Client();
            Mono<String> order() {{ return {asked}; }}
        }}
        """,
    )

    assert found.policies.timeout.state is expected


@pytest.mark.parametrize("asked", ["@RequiredArgsConstructor class Orders {", "class Orders { @Autowired"])
@pytest.mark.parametrize(
    ("beans", "expected"),
    [
        ("", State.UNSET),
        ("@Bean RestClientHttpServiceGroupConfigurer all() { return groups -> bounded(groups); }", State.SET),
    ],
)
def test_clients_that_spring_makes_of_annotated_interfaces(asked: str, beans: str, expected: State) -> None:
    """A group of clients is bounded by its settings, or by a bean that sets up all groups."""
    found = call(
        f"""
        import org.springframework.context.annotation.*;
        import org.springframework.web.client.support.RestClientHttpServiceGroupConfigurer;
        import org.springframework.web.service.registry.ImportHttpServices;
        @Configuration @ImportHttpServices(group = "stock", types = {{StockClient.class}})
        class Clients {{ {beans} }}
        """,
        """
        import org.springframework.web.service.annotation.GetExchange;
        interface StockClient { @GetExchange("/levels") String levels(); }
        """,
        f"""
        import lombok.RequiredArgsConstructor;
        import org.springframework.beans.factory.annotation.Autowired;
        {asked} private StockClient stock; void order() {{ stock.levels(); }} }}
        """,
    )

    assert found.policies.timeout.state is expected
    assert show(found.address.url) == "{${spring.http.serviceclient.stock.base-url}}/levels"


def test_a_bean_of_a_generated_type_is_found_by_those_who_import_its_package_whole() -> None:
    """Two files mean the same generated type, whether they import it by its name or with all of its package."""
    found = call(
        """
        import io.grpc.ManagedChannelBuilder;
        import shop.stock.StockGrpc;
        import org.springframework.context.annotation.*;
        @Configuration class Stubs {
            @Bean StockGrpc.StockBlockingStub stub() {
                return StockGrpc.newBlockingStub(ManagedChannelBuilder.forAddress("stock", 9090).build());
            }
        }
        """,
        """
        import org.springframework.stereotype.*;
        import shop.stock.*;
        @Service record Orders(StockGrpc.StockBlockingStub stub) { void order() { stub.level(null); } }
        """,
    )

    assert (show(found.address.host), found.policies.timeout.state) == ("stock", State.UNSET)


def test_generated_code_in_the_tree_is_known_by_its_names() -> None:
    """What the compiler of a contract wrote is not read: its stubs are those of the contract."""
    found = call(
        """
        import java.util.*;
        /** */
        @javax.annotation.Generated(value = "by gRPC proto compiler (version 1.15.0)", comments = "Source: stock.proto")
        public final class StockGrpc {
            public static StockBlockingStub newBlockingStub(io.grpc.Channel channel) { return null; }
            public static final class StockBlockingStub {
                public Level level(Sku request) { return blockingUnaryCall(getChannel(), request); }
            }
        }
        """,
        """
        import io.grpc.ManagedChannelBuilder;
        import shop.StockGrpc.*;
        class Orders {
            @GrpcClient("stock") private StockBlockingStub stub;
            void order() { StockGrpc.newBlockingStub(ManagedChannelBuilder.forTarget("stock").build()).level(null); }
        }
        """,
    )

    assert (found.address.rpc, found.policies.timeout.state) == ("Stock/level", State.UNSET)


@pytest.mark.parametrize(
    ("made", "missing"),
    [
        ("HttpClient.create()", True),
        ("HttpClient.create().option(null, 3000)", True),
        ("HttpClient.create().responseTimeout(Duration.ofSeconds(5))", False),
        ("HttpClient.create().tcpConfiguration(each -> each.doOnConnected(null))", False),
        ("HttpClient.from(TcpClient.create())", False),
    ],
)
def test_what_bounds_a_connector(made: str, missing: bool) -> None:
    """A response timeout bounds; what is done to the connection itself may."""
    found = call(
        f"""
        import java.time.Duration;
        import org.springframework.http.client.reactive.ReactorClientHttpConnector;
        import org.springframework.web.reactive.function.client.WebClient;
        import reactor.netty.http.client.HttpClient;
        import reactor.netty.tcp.TcpClient;
        class Stock {{
            private final WebClient client =
                WebClient.builder().clientConnector(new ReactorClientHttpConnector({made})).build();
            void level() {{ client.get().uri("http://stock").retrieve().toBodilessEntity().block(); }}
        }}
        """
    )

    assert (found.policies.timeout.state is State.UNSET) is missing


def test_a_rest_client_waits_like_the_template_it_is_made_of() -> None:
    """A client may be made of a template that is bounded."""
    found = call(
        f"""{REST}
        class Stock {{
            private final RestTemplate rest = new RestTemplateBuilder().setReadTimeout(Duration.ofSeconds(2)).build();
            void level() {{ RestClient.create(rest).get().uri("http://stock").retrieve(); }}
        }}
        """
    )

    assert found.policies.timeout.state is State.SET


@pytest.mark.parametrize(
    "around",
    [
        'Mono<String> order() { return breakers.create("stock").run(level(), each -> Mono.empty()); }',
        '@TimeLimiter(name = "stock") Mono<String> order() { return level(); }',
    ],
)
def test_time_limits_of_spring_cloud_and_resilience4j(around: str) -> None:
    """What a breaker of Spring Cloud runs, and what a time limiter stands on, is cut off after a second."""
    sources = {
        "src/shop/Orders.java": f"""
        package shop;
        import io.github.resilience4j.timelimiter.annotation.TimeLimiter;
        import org.springframework.cloud.client.circuitbreaker.ReactiveCircuitBreakerFactory;
        import org.springframework.web.reactive.function.client.WebClient;
        import reactor.core.publisher.Mono;
        class Orders {{
            private final ReactiveCircuitBreakerFactory breakers;
            Orders(ReactiveCircuitBreakerFactory breakers) {{ this.breakers = breakers; }}
            {around}
            private Mono<String> level() {{
                return WebClient.create("http://stock").get().uri("/levels").retrieve().bodyToMono(String.class);
            }}
        }}
        """
    }
    recognition = recognize(program_of(sources))

    (edge,) = [each for each in recognition.calls if each.callee.endswith("Orders.level")]
    assert edge.deadline.state is State.SET


def test_properties_of_jaxrs_clients_bound_what_they_name() -> None:
    """A limit on connecting bounds no answer; one on reading does, and a key that is not known may."""

    def state(property: str) -> State:
        source = f"""
            package shop;
            import javax.ws.rs.client.*;
            class Shop {{
                void go(String key) {{
                    Client client = ClientBuilder.newClient();
                    client.property({property}, 10000);
                    client.target("http://stock/all").request().header("a", "b").build("GET").invoke();
                }}
            }}
            """
        (found,) = recognize(program_of({"shop/Shop.java": source})).operations
        return found.policies.timeout.state

    assert state('"http.connection.timeout"') is State.UNSET
    assert state('"http.receive.timeout"') is State.SET
    assert state("key") is State.UNKNOWN
