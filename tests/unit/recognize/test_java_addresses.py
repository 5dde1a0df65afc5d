"""Addresses that Java code puts together: builders of URLs, registries, maps of the configuration, gateways in code."""

from __future__ import annotations

import pytest

from commlint.model.operations import Operation, Role, State
from commlint.model.values import ConfigRead, Literal, Template, Value, show
from commlint.recognize.recognize import recognize
from tests.unit.programs import program_of

SHOP = """
    import org.springframework.web.client.RestTemplate;
    import org.springframework.web.util.UriComponentsBuilder;
    import org.springframework.http.RequestEntity;
    import org.springframework.cloud.client.discovery.DiscoveryClient;
    import org.springframework.cloud.client.ServiceInstance;
    import com.netflix.discovery.EurekaClient;
    import org.springframework.beans.factory.annotation.Autowired;
    import java.net.URI;
    class Shop {
        private final RestTemplate rest = new RestTemplate();
        @Autowired private DiscoveryClient registry;
        @Autowired private EurekaClient eureka;
        @Autowired private Settings settings;
        void go(String sku) { %s; }
    }
"""
SETTINGS = """
    import org.springframework.boot.context.properties.ConfigurationProperties;
    import java.util.Map;
    @ConfigurationProperties("services")
    class Settings { private Map<String, String> urls; public Map<String, String> getUrls() { return urls; } }
"""


def call(statement: str) -> Operation:
    """The one call that a statement of a shop makes."""
    files = {"src/main/java/shop/Shop.java": SHOP % statement, "src/main/java/shop/Settings.java": SETTINGS}
    sources = {path: f"package shop;\n{text}" for path, text in files.items()}
    (found,) = [each for each in recognize(program_of(sources)).operations if each.role is Role.CLIENT]
    return found


@pytest.mark.parametrize(
    ("expression", "url"),
    [
        ('UriComponentsBuilder.fromHttpUrl("http://stock/api").path("/items/{sku}").buildAndExpand(sku).toUriString()',
         "http://stock/api/items/{sku}"),
        ('UriComponentsBuilder.fromUriString("http://stock").pathSegment("items", "all").queryParam("a").toUriString()',
         "http://stock/items/all"),
        ('UriComponentsBuilder.newInstance().scheme("http").host("stock").port(8080).path("/items").toUriString()',
         "http://stock:8080/items"),
        ('registry.getInstances("stock").get(0).getUri() + "/items"', "http://stock/items"),
        ('registry.getInstances("stock").stream().findFirst().orElseThrow().getUri().toString() + "/items"',
         "http://stock/items"),
        ('eureka.getNextServerFromEureka("stock", false).getHomePageUrl() + "items"', "http://stock/items"),
    ],
)  # fmt: skip
def test_an_address_is_put_together(expression: str, url: str) -> None:
    """A builder of URLs is its text so far; an instance that a registry names is the service of that name."""
    found = call(f"rest.getForObject({expression}, String.class)")

    assert show(found.address.url) == url


def test_an_entry_of_a_map_of_the_configuration() -> None:
    """A map that the configuration fills holds the setting below its own name."""
    found = call('rest.getForObject(settings.getUrls().get("stock") + "/items", String.class)')

    expected: Value = Template((ConfigRead("services.urls.stock"), Literal("/items")))
    assert found.address.url == expected


def test_a_record_of_the_configuration_holds_another() -> None:
    """A record that the configuration fills may hold one that it fills in turn, below the name of the field."""
    settings = """
        package shop;
        import org.springframework.boot.context.properties.ConfigurationProperties;
        @ConfigurationProperties("services")
        record Settings(Stock stock) { record Stock(String baseUrl) {} }
    """
    shop = """
        package shop;
        import org.springframework.web.client.RestTemplate;
        import org.springframework.stereotype.Service;
        @Service class Shop {
            private final RestTemplate rest = new RestTemplate();
            private final Settings settings;
            Shop(Settings settings) { this.settings = settings; }
            void go() { rest.getForObject(settings.stock().baseUrl() + "/items", String.class); }
        }
    """
    files = {"src/main/java/shop/Settings.java": settings, "src/main/java/shop/Shop.java": shop}

    (found,) = [each for each in recognize(program_of(files)).operations if each.role is Role.CLIENT]

    assert "services.stock.baseUrl" in show(found.address.url)


def test_a_request_is_written_before_it_is_sent() -> None:
    """A request object says where it goes and by which method."""
    found = call('rest.exchange(RequestEntity.put(URI.create("http://stock/items")).build(), String.class)')

    assert (found.address.method, show(found.address.url)) == ("PUT", "http://stock/items")


GATEWAY = """
    package gateway;
    import org.springframework.cloud.gateway.route.RouteLocator;
    import org.springframework.cloud.gateway.route.builder.RouteLocatorBuilder;
    import org.springframework.context.annotation.Bean;
    class Routes {
        @Bean RouteLocator routes(RouteLocatorBuilder builder) {
            return builder.routes()
                .route("stock", r -> r.path("/stock/**").filters(f -> f.stripPrefix(1)).uri("lb://stock"))
                .route(r -> r.path("/bills/**").uri("http://billing:8080"))
                .build();
        }
    }
"""
MVC = """
    package gateway;
    import static org.springframework.cloud.gateway.server.mvc.handler.GatewayRouterFunctions.route;
    import static org.springframework.cloud.gateway.server.mvc.handler.HandlerFunctions.http;
    import static org.springframework.cloud.gateway.server.mvc.filter.LoadBalancerFilterFunctions.lb;
    import org.springframework.context.annotation.Bean;
    import org.springframework.web.servlet.function.*;
    class Routes {
        @Bean RouterFunction<ServerResponse> stock() {
            return route("stock").route(RequestPredicates.path("/stock/**"), http()).filter(lb("stock")).build();
        }
        @Bean RouterFunction<ServerResponse> bills() {
            return route("bills").GET("/bills/**", http("http://billing:8080")).build();
        }
    }
"""


@pytest.mark.parametrize(
    ("source", "hosts"),
    [(GATEWAY, ["lb://stock", "http://billing:8080"]), (MVC, ["stock", "http://billing:8080"])],
)
def test_routes_of_a_gateway_in_code(source: str, hosts: list[str]) -> None:
    """A route that a gateway is given in code leads to another service."""
    found = recognize(program_of({"src/main/java/gateway/Routes.java": source})).operations

    assert sorted(show(each.address.host) for each in found if each.role is Role.CLIENT) == sorted(hosts)


BUILDERS = """
    package shop;
    import org.springframework.boot.web.client.RestTemplateBuilder;
    import org.springframework.stereotype.Service;
    import org.springframework.web.client.*;
    @Service class Shop {
        private final RestClient client;
        private final RestTemplate template;
        Shop(RestClient.Builder clients, RestTemplateBuilder templates) {
            this.client = clients.baseUrl("http://stock").build();
            this.template = templates.build();
        }
        void go() { client.get().uri("/a").retrieve(); template.getForObject("http://stock/b", String.class); }
    }
"""
CUSTOMIZER = """
    package shop;
    import org.springframework.boot.web.client.RestClientCustomizer;
    import org.springframework.context.annotation.Bean;
    class Beans {
        @Bean RestClientCustomizer customizer() { return builder -> builder.requestFactory(ours()); }
    }
"""


def test_builders_that_the_framework_hands_out() -> None:
    """They wait without bound, as those do that code makes; what a customizer of the tree does to them is not known."""
    files = {"src/main/java/shop/Shop.java": BUILDERS}
    plain = [each for each in recognize(program_of(files)).operations if each.role is Role.CLIENT]
    custom = recognize(program_of({**files, "src/main/java/shop/Beans.java": CUSTOMIZER})).operations

    assert [each.policies.timeout.state for each in plain] == [State.UNSET, State.UNSET]
    assert [each.policies.timeout.state is State.UNSET for each in custom if each.role is Role.CLIENT] == [False, True]


def test_a_port_that_is_given_beside_the_host() -> None:
    """Vert.x takes the port as an argument of its own."""
    source = """
        package shop;
        import io.vertx.ext.web.client.WebClient;
        class Shop {
            private static final int PORT = 3000;
            private WebClient web = WebClient.create(null);
            void go() { web.get(PORT, "localhost", "/stock").send(); }
        }
        """

    (found,) = recognize(program_of({"shop/Shop.java": source})).operations

    assert (show(found.address.host), show(found.address.url)) == ("localhost:3000", "/stock")


def test_rest_clients_known_by_the_whole_name_of_their_interface() -> None:
    """MicroProfile reads the address below the name of the interface with its package."""
    files = {
        "shop/Stock.java": """
        package shop;
        import org.eclipse.microprofile.rest.client.inject.RegisterRestClient;
        import jakarta.ws.rs.*;
        @Path("/stock") @RegisterRestClient interface Stock { @GET String all(); }
        """,
        "shop/Shop.java": """
        package shop;
        import org.eclipse.microprofile.rest.client.inject.RestClient;
        class Shop {
            @RestClient Stock stock;
            Runnable look = () -> { stock.all(); };
        }
        """,
    }

    (found,) = recognize(program_of(files)).operations

    assert found.function.startswith("shop/Shop.java::Shop.<lambda@")
    assert "shop.Stock" in show(found.address.url)
