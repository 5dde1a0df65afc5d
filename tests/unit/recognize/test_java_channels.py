"""Where messages of Java and Kotlin go: the channels that producers and consumers name."""

from __future__ import annotations

from commlint.model.operations import Role
from commlint.model.values import show
from commlint.recognize.recognize import recognize
from tests.unit.programs import program_of


def test_vertx_kafka() -> None:
    """A record names its topic, a stream of records is received where it is worked on."""
    source = """
        package shop;
        import io.vertx.reactivex.kafka.client.consumer.KafkaConsumer;
        import io.vertx.reactivex.kafka.client.producer.KafkaProducer;
        import io.vertx.reactivex.kafka.client.producer.KafkaProducerRecord;
        class Orders {
            private KafkaProducer<String, String> producer;
            void start() {
                producer = KafkaProducer.create(vertx, config());
                KafkaConsumer.<String, String>create(vertx, config()).subscribe("placed").toFlowable()
                    .filter(this::large).flatMapSingle(this::check).subscribe();
            }
            Single check(String order) { return producer.rxSend(KafkaProducerRecord.create("checked", order, "yes")); }
        }
        """

    found = recognize(program_of({"shop/Orders.java": source})).operations

    assert [(each.role, each.function.rpartition(".")[2], show(each.address.channel)) for each in found] == [
        (Role.CONSUMER, "check", "placed"),
        (Role.PRODUCER, "check", "checked"),
    ]


def test_eventuate_tram() -> None:
    """Events go to the channel called like the class of their aggregate, commands to one that is named."""
    files = {
        "orders/Order.java": "package shop.orders; public class Order {}",
        "orders/Events.java": """
        package shop.orders;
        import io.eventuate.tram.events.aggregates.AbstractAggregateDomainEventPublisher;
        import io.eventuate.tram.events.publisher.DomainEventPublisher;
        public class Events extends AbstractAggregateDomainEventPublisher<Order, OrderEvent> {
            public Events(DomainEventPublisher publisher) { super(publisher, Order.class, Order::getId); }
        }
        """,
        "orders/Orders.java": """
        package shop.orders;
        import io.eventuate.tram.events.publisher.DomainEventPublisher;
        import static io.eventuate.tram.commands.consumer.CommandWithDestinationBuilder.send;
        class Orders {
            private Events events;
            private DomainEventPublisher publisher;
            void place(Order order) {
                events.publish(order, placed());
                publisher.publish(Order.class, 1L, placed());
                send(new Reserve()).to("stock").build();
            }
        }
        """,
        "stock/Stock.java": """
        package shop.stock;
        import io.eventuate.tram.events.subscriber.DomainEventHandlersBuilder;
        import io.eventuate.tram.sagas.participant.SagaCommandHandlersBuilder;
        import io.eventuate.tram.spring.events.subscriber.annotations.EventuateDomainEventHandler;
        class Stock {
            Object events() {
                return DomainEventHandlersBuilder.forAggregateType("shop.orders.Order")
                    .onEvent(Placed.class, this::placed).andForAggregateType("shop.Customer")
                    .onEvent(Moved.class, this::moved).build();
            }
            Object commands() {
                return SagaCommandHandlersBuilder.fromChannel("stock").onMessage(R.class, this::hold).build();
            }
            void placed(Object event) {}
            void moved(Object event) {}
            void hold(Object command) {}
            @EventuateDomainEventHandler(subscriberId = "stock", channel = "shop.orders.Order")
            void paid(Object event) {}
        }
        """,
    }

    found = recognize(program_of(files)).operations

    assert [(each.role, each.function.rpartition(".")[2], show(each.address.channel)) for each in found] == [
        (Role.PRODUCER, "place", "shop.orders.Order"),
        (Role.PRODUCER, "place", "shop.orders.Order"),
        (Role.PRODUCER, "place", "stock"),
        (Role.CONSUMER, "hold", "stock"),
        (Role.CONSUMER, "moved", "shop.Customer"),
        (Role.CONSUMER, "paid", "shop.orders.Order"),
        (Role.CONSUMER, "placed", "shop.orders.Order"),
    ]


def test_streams_of_a_channel_that_a_class_is_given() -> None:
    """`@Channel` on a stream receives, on an emitter it says where that sends."""
    source = """
        package shop;
        import org.eclipse.microprofile.reactive.messaging.Channel;
        import org.eclipse.microprofile.reactive.messaging.Emitter;
        import io.smallrye.mutiny.Multi;
        class Prices {
            @Channel("prices") Multi<String> prices;
            @Channel("asked") Emitter<String> asked;
            public Multi<String> stream() { asked.send("now"); return prices; }
        }
        """

    found = recognize(program_of({"shop/Prices.java": source})).operations

    assert [(each.role, each.function.rpartition(".")[2]) for each in found] == [
        (Role.CONSUMER, "stream"),
        (Role.PRODUCER, "stream"),
    ]
