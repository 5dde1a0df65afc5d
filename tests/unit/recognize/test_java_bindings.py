"""Channels, stubs and clients that annotations bind by names of the configuration, in Java and Kotlin."""

from __future__ import annotations

from commlint.model.operations import Operation, Role
from commlint.model.values import ConfigRead, Literal, Value, show
from commlint.recognize.recognize import recognize
from tests.unit.programs import program_of
from tests.unit.recognize.test_java import operations


def setting(value: Value | None) -> tuple[str, object]:
    """The key an address is read from, and the text that holds where no file gives it."""
    assert isinstance(value, ConfigRead)
    return value.key, value.default.value if isinstance(value.default, Literal) else None


def channels(found: list[Operation]) -> list[tuple[str, object]]:
    return [setting(each.address.channel) for each in found]


def test_channels_of_spring_cloud_stream_that_an_interface_names() -> None:
    """The method that an annotation names makes the channel; without a name it is called like the method."""
    files = {
        "Channels": """
        import org.springframework.cloud.stream.annotation.Output;
        import org.springframework.messaging.MessageChannel;
        interface Channels { @Output("placed") MessageChannel orders(); @Output MessageChannel bills(); }
        """,
        "Shop": """
        import org.springframework.cloud.stream.annotation.StreamListener;
        class Shop {
            private final Channels channels;
            Shop(Channels channels) { this.channels = channels; }
            void place(Object order) { channels.orders().send(order); channels.bills().send(order); }
            @StreamListener("paid") void paid(Object event) {}
        }
        """,
    }

    assert channels(operations(Role.PRODUCER, **files)) == [
        ("spring.cloud.stream.bindings.placed.destination", "placed"),
        ("spring.cloud.stream.bindings.bills.destination", "bills"),
    ]
    assert channels(operations(Role.CONSUMER, **files)) == [("spring.cloud.stream.bindings.paid.destination", "paid")]


def test_beans_that_are_functions_are_bound_by_their_names() -> None:
    """A supplier sends, a consumer receives, a function does both; other beans do neither."""
    files = {
        "Streams": """
        import org.springframework.context.annotation.Bean;
        import java.util.function.*;
        class Streams {
            @Bean public Consumer<Order> ship() { return order -> {}; }
            @Bean public Function<Order, Bill> bill() { return order -> new Bill(order); }
            @Bean public Supplier<Tick> clock() { return () -> new Tick(); }
            @Bean public Clock time() { return new Clock(); }
        }
        """,
    }

    sent, received = operations(Role.PRODUCER, **files), operations(Role.CONSUMER, **files)

    prefix = "spring.cloud.stream.bindings"
    assert {key for key, _ in channels(received)} == {f"{prefix}.{name}-in-0.destination" for name in ("ship", "bill")}
    assert {key for key, _ in channels(sent)} == {f"{prefix}.{name}-out-0.destination" for name in ("clock", "bill")}


def test_emitters_and_methods_of_reactive_messaging() -> None:
    files = {
        "Shop": """
        import org.eclipse.microprofile.reactive.messaging.*;
        class Shop {
            @Channel("orders") Emitter<Order> emitter;
            void place(Order order) { emitter.send(order); }
            @Incoming("paid") @Outgoing("shipped") Parcel paid(Bill bill) { return new Parcel(bill); }
        }
        """,
    }

    sent = {key for key, _ in channels(operations(Role.PRODUCER, **files))}

    assert sent == {"mp.messaging.outgoing.orders.topic", "mp.messaging.outgoing.shipped.topic"}
    assert [key for key, _ in channels(operations(Role.CONSUMER, **files))] == ["mp.messaging.incoming.paid.topic"]


def test_a_stub_that_the_container_puts_into_a_field() -> None:
    """Its host is what the configuration says of the name, else the name."""
    caller = """
    import net.devh.boot.grpc.client.inject.GrpcClient;
    import stock.v1.StockGrpc;
    class Caller {
        @GrpcClient("inventory") private StockGrpc.StockBlockingStub stub;
        void go() { stub.getStock(null); }
    }
    """

    (call,) = operations(Role.CLIENT, Caller=caller)

    assert call.address.rpc == "Stock/getStock"
    assert setting(call.address.host)[0] == "grpc.client.inventory.address"


def test_clients_of_micronaut_are_found_by_their_id_unless_a_file_gives_a_url() -> None:
    files = {
        "Stock": """
        import io.micronaut.http.annotation.Get;
        import io.micronaut.http.client.annotation.Client;
        @Client(id = "inventory", path = "/stock")
        public interface Stock { @Get("/{sku}") String get(String sku); }
        """,
        "Caller": """
        class Caller {
            private final Stock stock;
            Caller(Stock stock) { this.stock = stock; }
            void go() { stock.get("a"); }
        }
        """,
    }

    (call,) = operations(Role.CLIENT, **files)

    assert call.address.host == Literal("inventory")
    assert "micronaut.http.services.inventory.url" in repr(call.address.url)


def test_repositories_that_spring_data_answers_for() -> None:
    """The collection, and what is declared to search it; a repository that is kept inside answers nothing."""
    files = {
        "Items": """
        import org.springframework.data.jpa.repository.JpaRepository;
        import org.springframework.data.rest.core.annotation.RepositoryRestResource;
        @RepositoryRestResource(path = "items")
        interface Items extends JpaRepository<Item, Long> { Item findByCode(String code); }
        """,
        "Secrets": """
        import org.springframework.data.repository.CrudRepository;
        import org.springframework.data.rest.core.annotation.RepositoryRestResource;
        @RepositoryRestResource(path = "secrets", exported = false)
        interface Secrets extends CrudRepository<Secret, Long> {}
        """,
    }

    routes = [f"{each.address.method} {each.address.url!r}" for each in operations(Role.SERVER, **files)]

    assert len(routes) == 3
    assert [route.partition(" ")[0] for route in routes] == ["GET", "GET", "POST"]
    assert all("items" in route for route in routes)
    assert sum("/search/findByCode" in route for route in routes) == 1


def test_an_annotation_of_the_tree_stands_for_those_on_it() -> None:
    """What it is given may take the place of their addresses, so then they tell none."""
    files = {
        "OnOrders": """
        import org.springframework.kafka.annotation.KafkaListener;
        @KafkaListener(topics = "orders") public @interface OnOrders { String[] topics() default {}; }
        """,
        "Billing": """
        class Billing {
            @OnOrders void bill(String order) {}
            @OnOrders(topics = "returns") void give(String order) {}
        }
        """,
    }

    (found,) = operations(Role.CONSUMER, **files)

    assert found.address.channel == Literal("orders")
    assert found.function.endswith("Billing.bill")


def test_messages_of_axon_go_by_their_types() -> None:
    """A command, query or event goes to whoever takes its type; an event that only rebuilds state goes nowhere."""
    files = {
        "Place": "class Place {}",
        "Placed": "class Placed {}",
        "Order": """
        import org.axonframework.commandhandling.CommandHandler;
        import org.axonframework.eventsourcing.EventSourcingHandler;
        import org.axonframework.modelling.command.AggregateLifecycle;
        class Order {
            @CommandHandler Order(Place command) { AggregateLifecycle.apply(new Placed()); }
            @EventSourcingHandler void on(Placed event) {}
        }
        """,
        "Shop": """
        import org.axonframework.commandhandling.gateway.CommandGateway;
        import org.axonframework.modelling.saga.SagaEventHandler;
        class Shop {
            private CommandGateway gateway;
            void place() { gateway.sendAndWait(new Place()); }
            @SagaEventHandler(associationProperty = "id") void on(Placed event) {}
        }
        """,
    }

    assert [each.address.channel for each in operations(Role.PRODUCER, **files)] == [
        Literal("Placed"), Literal("Place"),
    ]  # fmt: skip
    assert [each.address.channel for each in operations(Role.CONSUMER, **files)] == [
        Literal("Place"), Literal("Placed"),
    ]  # fmt: skip


def test_topics_of_micronaut_are_what_their_class_makes_of_them() -> None:
    """A method of a client that names a topic sends where it is called; one of a listener receives."""
    files = {
        "Events": """
        import io.micronaut.configuration.kafka.annotation.*;
        @KafkaClient interface Events { @Topic("placed") void placed(String id); }
        """,
        "Shop": 'class Shop { private Events events; void place() { events.placed("a"); } }',
        "Listener": """
        import io.micronaut.configuration.kafka.annotation.*;
        @KafkaListener class Listener { @Topic("placed") void on(String id) {} }
        """,
    }

    (sent,) = operations(Role.PRODUCER, **files)
    (read,) = operations(Role.CONSUMER, **files)

    assert (sent.function.rpartition("::")[2], sent.address.channel) == ("Shop.place", Literal("placed"))
    assert (read.function.rpartition("::")[2], read.address.channel) == ("Listener.on", Literal("placed"))


def test_a_client_is_mapped_by_the_interface_it_derives_from() -> None:
    """A method that a declared client writes again without a mapping is mapped as the base says."""
    files = {
        "Api": """
        import io.micronaut.http.annotation.Get;
        interface Api { @Get("/{id}") String find(String id); }
        """,
        "Documents": """
        import io.micronaut.http.client.annotation.Client;
        @Client(id = "documents", path = "/documents")
        interface Documents extends Api { @Override String find(String id); }
        """,
        "Shop": 'class Shop { private Documents documents; void go() { documents.find("a"); } }',
    }

    (call,) = operations(Role.CLIENT, **files)

    assert (call.address.method, str(call.address.host)) == ("GET", str(Literal("documents")))


def test_routes_that_are_functions() -> None:
    """Routes of a builder, below a path in it, and of predicates one after the other."""
    files = {
        "Routes": """
        import org.springframework.context.annotation.Bean;
        import org.springframework.web.reactive.function.server.*;
        import static org.springframework.web.reactive.function.server.RequestPredicates.*;
        import static org.springframework.web.reactive.function.server.RouterFunctions.route;
        class Routes {
            @Bean RouterFunction<ServerResponse> one(Handler h) {
                return route(GET("/a/{id}").and(accept(JSON)), h::get).andRoute(POST("/a"), h::add);
            }
            @Bean RouterFunction<ServerResponse> two(Handler h) {
                return RouterFunctions.route()
                    .GET("/b", h::get)
                    .path("/c", b -> b.GET("/{id}", h::get).POST("", accept(JSON), h::add))
                    .DELETE("/b/{id}", h::add)
                    .build();
            }
        }
        """,
        "Handler": "class Handler { Object get(Object r) { return r; } Object add(Object r) { return r; } }",
    }
    found = operations(Role.SERVER, **files)

    assert sorted(
        (each.address.method, show(each.address.url), each.function.rpartition(".")[2]) for each in found
    ) == [
        ("DELETE", "/b/{id}", "add"),
        ("GET", "/a/{id}", "get"),
        ("GET", "/b", "get"),
        ("GET", "/c/{id}", "get"),
        ("POST", "/a", "add"),
        ("POST", "/c", "add"),
    ]


def test_references_of_dubbo() -> None:
    """A field of an interface calls whoever provides it; a class that provides one answers by all its methods."""
    files = {
        "api/Stock.java": "package shop.api; public interface Stock { int count(String sku); }",
        "orders/Orders.java": """
        package shop.orders;
        import org.apache.dubbo.config.annotation.DubboReference;
        import shop.api.Stock;
        class Orders {
            @DubboReference(timeout = 500) private Stock stock;
            void place(String sku) { stock.count(sku); }
        }
        """,
        "stock/StockImpl.java": """
        package shop.stock;
        import org.apache.dubbo.config.annotation.DubboService;
        import shop.api.Stock;
        @DubboService public class StockImpl implements Stock {
            @Override public int count(String sku) { return 1; }
        }
        """,
    }

    found = recognize(program_of(files)).operations

    assert [(each.role, each.protocol, each.address.rpc) for each in found] == [
        (Role.CLIENT, "rpc", "Stock/count"),
        (Role.SERVER, "rpc", "Stock/count"),
    ]
    assert (show(found[0].policies.timeout.value), found[0].policies.timeout.scale) == ("500", 0.001)


def test_grpc_of_helidon() -> None:
    """An interface with a channel calls the service that it names, a class answers under its own name."""
    files = {
        "orders/Payments.java": """
        package shop.orders;
        import io.helidon.grpc.api.Grpc;
        @Grpc.GrpcService("PaymentGrpc") @Grpc.GrpcChannel("payment")
        interface Payments { @Grpc.Unary String authorize(String request); }
        """,
        "orders/Orders.java": """
        package shop.orders;
        import io.helidon.grpc.api.Grpc;
        class Orders {
            @Grpc.GrpcProxy Payments payments;
            void place() { payments.authorize("x"); }
        }
        """,
        "payment/PaymentGrpc.java": """
        package shop.payment;
        import io.helidon.grpc.api.Grpc;
        @Grpc.GrpcService
        public class PaymentGrpc { @Grpc.Unary public String authorize(String request) { return ""; } }
        """,
    }

    found = recognize(program_of(files)).operations

    assert [(each.role, each.address.rpc) for each in found] == [
        (Role.CLIENT, "PaymentGrpc/authorize"),
        (Role.SERVER, "PaymentGrpc/authorize"),
    ]
    assert setting(found[0].address.host)[0] == "grpc.client.channels.payment.host"
