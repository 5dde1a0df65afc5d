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
