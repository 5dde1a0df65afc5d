"""What the shipped models recognize in Java: prefixes, declared clients, beans, fluent requests, brokers, gRPC."""

from __future__ import annotations

from commlint.model.operations import Operation, Role, State
from commlint.model.values import show
from commlint.recognize.recognize import recognize
from tests.unit.programs import program_of


def operations(role: Role, **files: str) -> list[Operation]:
    """The operations of a role in Java files of the package `shop`."""
    sources = {f"src/main/java/shop/{name}.java": f"package shop;\n{text}" for name, text in files.items()}
    return [each for each in recognize(program_of(sources)).operations if each.role is role]


def test_routes_stand_below_the_prefix_of_their_class() -> None:
    """A mapping of the class is a prefix of the methods; several paths are several endpoints."""
    found = operations(
        Role.SERVER,
        Stock="""
        import org.springframework.web.bind.annotation.*;
        @RestController @RequestMapping("/stock")
        class Stock {
            @GetMapping({"/{sku}", "/by-sku/{sku}"}) String one(@PathVariable String sku) { return sku; }
            @RequestMapping(method = RequestMethod.POST) void add() {}
        }
        """,
    )

    assert [(each.address.method, show(each.address.url)) for each in found] == [
        ("POST", "/stock"),
        ("GET", "/stock/by-sku/{sku}"),
        ("GET", "/stock/{sku}"),
    ]


def test_routes_of_an_interface_are_those_of_its_implementation() -> None:
    """An interface that nobody implements answers nothing; one that is implemented answers there."""
    found = operations(
        Role.SERVER,
        Api='import org.springframework.web.bind.annotation.*;\ninterface Api { @GetMapping("/a") void a(); }',
        Lone='import org.springframework.web.bind.annotation.*;\ninterface Lone { @GetMapping("/b") void b(); }',
        Here="class Here implements Api { public void a() {} }",
    )

    assert [(each.function, show(each.address.url)) for each in found] == [
        ("src/main/java/shop/Here.java::Here.a", "/a")
    ]


def test_calls_of_a_declared_client() -> None:
    """A method of a Feign client is a call where it is used, and no endpoint."""
    files = {
        "Stock": """
        import org.springframework.cloud.openfeign.FeignClient;
        import org.springframework.web.bind.annotation.*;
        @FeignClient(name = "inventory", path = "/api")
        interface Stock { @GetMapping("/stock/{sku}") String of(@PathVariable("sku") String sku); }
        """,
        "Orders": """
        class Orders {
            private final Stock stock;
            Orders(Stock stock) { this.stock = stock; }
            void place() { stock.of("a"); }
        }
        """,
    }

    (call,) = operations(Role.CLIENT, **files)

    assert operations(Role.SERVER, **files) == []
    assert call.function.endswith("Orders.place")
    assert (show(call.address.host), call.address.method, show(call.address.url)) == (
        "inventory", "GET", "/api/stock/{sku}",
    )  # fmt: skip


def test_a_bean_brings_the_policies_it_was_made_with() -> None:
    """What a bean method makes is what a field of its type holds: the timeout that was set there is known."""
    beans = """
        import org.springframework.boot.web.client.RestTemplateBuilder;
        import org.springframework.context.annotation.Bean;
        import org.springframework.web.client.RestTemplate;
        import java.time.Duration;
        class Beans {
            @Bean RestTemplate rest() { return %s; }
        }
    """
    caller = """
        import org.springframework.beans.factory.annotation.Autowired;
        import org.springframework.web.client.RestTemplate;
        class Caller {
            @Autowired private RestTemplate rest;
            String go() { return rest.getForObject("http://stock/a", String.class); }
        }
    """
    bounded = beans % "new RestTemplateBuilder().setReadTimeout(Duration.ofMillis(1500)).build()"

    (endless,) = operations(Role.CLIENT, Beans=beans % "new RestTemplate()", Caller=caller)
    (call,) = operations(Role.CLIENT, Beans=bounded, Caller=caller)

    assert endless.policies.timeout.state is State.UNSET
    assert call.policies.timeout.state is State.SET
    assert show(call.policies.timeout.value) == "1.5"


def test_values_of_the_configuration() -> None:
    """A placeholder in a field and a class of properties are reads of the configuration."""
    found = operations(
        Role.CLIENT,
        Settings="""
        import org.springframework.boot.context.properties.ConfigurationProperties;
        @ConfigurationProperties("shop")
        class Settings { private String priceUrl; public String getPriceUrl() { return priceUrl; } }
        """,
        Caller="""
        import org.springframework.beans.factory.annotation.Value;
        import org.springframework.web.client.RestTemplate;
        class Caller {
            @Value("${stock.url:http://stock}") private String url;
            private final Settings settings;
            private final RestTemplate rest = new RestTemplate();
            Caller(Settings settings) { this.settings = settings; }
            void go() { rest.delete(url + "/a"); rest.delete(settings.getPriceUrl() + "/b"); }
        }
        """,
    )

    assert sorted(show(each.address.url) for each in found) == ["{${shop.priceUrl}}/b", "{${stock.url}}/a"]


def test_a_request_written_step_by_step() -> None:
    """What a fluent request was made with stands before it, what bounds it behind."""
    client = """
        import org.springframework.web.reactive.function.client.WebClient;
        import java.time.Duration;
        class Caller {
            private final WebClient client = WebClient.builder().baseUrl("http://stock").build();
            void go() { client.get().uri("/a").retrieve().bodyToMono(String.class)%s.block(); }
        }
    """

    (endless,) = operations(Role.CLIENT, Caller=client % "")
    (bounded,) = operations(Role.CLIENT, Caller=client % ".timeout(Duration.ofSeconds(2))")

    assert (endless.address.method, show(endless.address.url)) == ("GET", "http://stock/a")
    assert endless.policies.timeout.state is State.UNSET
    assert (bounded.policies.timeout.state, show(bounded.policies.timeout.value)) == (State.SET, "2")


def test_overloads_are_told_apart() -> None:
    """Of several methods of a name the one that takes the arguments is run."""
    found = operations(
        Role.CLIENT,
        Caller="""
        import org.springframework.web.client.RestTemplate;
        class Caller {
            private final RestTemplate rest = new RestTemplate();
            void go() { call("a"); }
            void call(String path) { call(path, "http://stock/"); }
            void call(String path, String host) { rest.delete(host + path); }
        }
        """,
    )

    assert [show(each.address.url) for each in found] == ["http://stock/{Caller.call.path}"]


def test_messages() -> None:
    """Templates send, annotated methods receive; a placeholder names the channel."""
    files = {
        "Sender": """
        import org.springframework.kafka.core.KafkaTemplate;
        class Sender {
            private final KafkaTemplate<String, String> kafka;
            Sender(KafkaTemplate<String, String> kafka) { this.kafka = kafka; }
            void go() { kafka.send("orders", "x"); }
        }
        """,
        "Receiver": """
        import org.springframework.kafka.annotation.KafkaListener;
        class Receiver { @KafkaListener(topics = "${topic:orders}", groupId = "mail") void on(String text) {} }
        """,
    }

    (sent,) = operations(Role.PRODUCER, **files)
    (received,) = operations(Role.CONSUMER, **files)

    assert show(sent.address.channel) == "orders"
    assert (show(received.address.channel), show(received.address.group)) == ("${topic}", "mail")


def test_grpc_stubs_and_servers() -> None:
    """Generated methods may have any name; a deadline set on the stub bounds the call."""
    files = {
        "Caller": """
        import io.grpc.ManagedChannelBuilder;
        import stock.v1.StockGrpc;
        import java.util.concurrent.TimeUnit;
        class Caller {
            void go() {
                var channel = ManagedChannelBuilder.forTarget("stock:9000").build();
                var stub = StockGrpc.newBlockingStub(channel);
                stub.getStock(null);
                stub.withDeadlineAfter(500, TimeUnit.MILLISECONDS).getStock(null);
            }
        }
        """,
        "Server": """
        import io.grpc.stub.StreamObserver;
        import stock.v1.StockGrpc;
        class Server extends StockGrpc.StockImplBase { public void getStock(Object a, StreamObserver<Object> b) {} }
        """,
    }

    calls = operations(Role.CLIENT, **files)
    (answer,) = operations(Role.SERVER, **files)

    assert [(each.address.rpc, show(each.address.host)) for each in calls] == [("Stock/getStock", "stock:9000")] * 2
    assert [each.policies.timeout.state for each in calls] == [State.UNSET, State.SET]
    assert show(calls[1].policies.timeout.value) == "0.5"
    assert answer.address.rpc == "Stock/getStock"
