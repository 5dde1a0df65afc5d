"""What JavaScript sends and receives, and how it settles it."""

from __future__ import annotations

import pytest

from commlint.model.operations import Role, State
from commlint.model.values import Literal, show
from commlint.recognize.recognize import recognize
from tests.unit.programs import only, program_of

_LISTENER = """
    import { Message, Stan } from "node-nats-streaming";
    export abstract class Listener {
        abstract subject: string;
        abstract queueGroupName: string;
        constructor(private client: Stan) {}
        abstract onMessage(data: unknown, message: Message): void;
        options() {
            return this.client.subscriptionOptions().setManualAckMode(true).setDurableName(this.queueGroupName);
        }
        listen() {
            const subscription = this.client.subscribe(this.subject, this.queueGroupName, this.options());
            subscription.on("message", (message: Message) => this.onMessage(message.getData(), message));
        }
    }
"""


def test_a_subclass_names_what_its_listener_hears() -> None:
    """Subject, group and manual acknowledgement come together for each class that derives from the listener."""
    tree = program_of(
        {
            "listener.ts": _LISTENER,
            "orders.ts": """
            import nats from "node-nats-streaming";
            import { Listener } from "./listener";
            enum Subjects { OrderPlaced = "order:placed" }
            class OrderPlacedListener extends Listener {
                subject: Subjects.OrderPlaced = Subjects.OrderPlaced;
                queueGroupName = "stock";
                onMessage(data: unknown, message: any) { message.ack(); }
            }
            new OrderPlacedListener(nats.connect("shop", "stock", { url: "http://nats:4222" })).listen();
        """,
        }
    )

    heard = only([each for each in recognize(tree).operations if each.role is Role.CONSUMER])

    assert heard.address.channel == Literal("order:placed")
    assert heard.address.group == Literal("stock")
    assert heard.policies.acknowledgement.value == Literal("manual")


def test_base_classes_outside_the_tree_send_and_receive_by_their_fields() -> None:
    """Publishers and listeners of a package of one's own tell the subject in a field, whoever makes them."""
    tree = program_of(
        {
            "orders/created-publisher.ts": """
            import { Publisher, Subjects } from "@shop/common";
            export class CreatedPublisher extends Publisher<Created> {
                subject: Subjects.OrderCreated = Subjects.OrderCreated;
            }
        """,
            "orders/app.ts": """
            import { connect } from "node-nats-streaming";
            import { CreatedPublisher } from "./created-publisher";
            export const place = () => new CreatedPublisher(connect("shop", "orders")).publish({ id: 1 });
        """,
            "stock/created-listener.ts": """
            import { Listener, Subjects } from "@shop/common";
            import { Message } from "node-nats-streaming";
            export class CreatedListener extends Listener<Created> {
                readonly subject = Subjects.OrderCreated;
                queueGroupName = "stock";
                async onMessage(data: Created["data"], message: Message) { message.ack(); }
            }
        """,
        }
    )

    found = sorted(recognize(tree).operations, key=lambda each: each.role)

    assert [(each.role, show(each.address.channel)) for each in found] == [
        (Role.CONSUMER, "OrderCreated"),
        (Role.PRODUCER, "OrderCreated"),
    ]
    assert found[0].function.endswith("CreatedListener.onMessage")


_STUB = """
import { Inject, Injectable } from "@nestjs/common";
import { STOCK, StockClient } from "./tokens";
@Injectable()
export class Orders {
    constructor(@Inject(STOCK) private readonly stock: StockClient) {}
    left = (sku: string) => this.stock.find({ sku });
}
"""


@pytest.mark.parametrize(
    ("module", "calls"),
    [
        ("const told = [{ provide: STOCK, useFactory: (c: ClientGrpc) => c.getService('Stock') }];", "Stock/find"),
        ("const told = [{ provide: OTHER, useFactory: (c: ClientGrpc) => c.getService('Stock') }];", ""),
        ("const told = [{ provide: STOCK, useValue: 3 }];", ""),
    ],
)
def test_what_a_module_provides_stands_where_its_token_is_asked_for(module: str, calls: str) -> None:
    """The place is promised an interface of the tree; the declaration may stand in a list that another takes in."""
    tree = program_of(
        {
            "tokens.ts": """
            export const STOCK = Symbol("STOCK");
            export const OTHER = Symbol("OTHER");
            export interface StockClient { find(request: object): Observable<object>; }
        """,
            "orders.ts": _STUB,
            "module.ts": f"""
            import {{ Module }} from "@nestjs/common";
            import {{ ClientGrpc }} from "@nestjs/microservices";
            import {{ OTHER, STOCK }} from "./tokens";
            import {{ Orders }} from "./orders";
            {module}
            @Module({{ providers: [Orders, ...told] }})
            export class AppModule {{}}
        """,
        }
    )

    assert [each.address.rpc for each in recognize(tree).operations] == ([calls] if calls else [])


def test_a_client_behind_an_interface_of_the_tree() -> None:
    """A list of clients provides each by its name."""
    tree = program_of(
        {
            "client.ts": "export abstract class Client { abstract send(pattern: object, data: object): any; }\n",
            "app.ts": """
            import { Inject, Module } from "@nestjs/common";
            import { ClientsModule, Transport } from "@nestjs/microservices";
            import { Client } from "./client";
            class Orders {
                constructor(@Inject("STOCK") private readonly client: Client) {}
                left() { return this.client.send({ cmd: "left" }, {}); }
            }
            @Module({ imports: [ClientsModule.register([{ name: "STOCK", transport: Transport.TCP }])] })
            export class AppModule {}
        """,
        }
    )

    (sent,) = recognize(tree).operations

    assert (sent.effect, show(sent.address.channel)) == ("call", "left")
    assert sent.policies.timeout.state is State.UNSET


def test_a_static_field_that_a_static_method_sets() -> None:
    """What it begins as counts for nothing; what a method sets on an object is no field of the class."""
    tree = program_of(
        {
            "broker.ts": """
            import amqp, { Channel } from "amqplib";
            export class Broker {
                private static channel: Channel | null = null;
                static async start() { this.channel = await (await amqp.connect("amqp://broker")).createChannel(); }
                static send(queue: string) { this.channel.sendToQueue(queue, Buffer.from("{}")); }
            }
            export class Quiet {
                static channel = null;
                async start() { this.channel = await (await amqp.connect("amqp://broker")).createChannel(); }
                static send(queue: string) { this.channel.sendToQueue(queue, Buffer.from("{}")); }
            }
        """,
            "app.ts": "import { Broker, Quiet } from './broker';\nBroker.send('orders');\nQuiet.send('lost');\n",
        }
    )

    sent = only([each for each in recognize(tree).operations if each.role is Role.PRODUCER])

    assert sent.address.routing_key == Literal("orders")


def test_amqp_ts_binds_queues_to_exchanges_as_objects() -> None:
    """A queue without a name of its own gets what its exchange is sent."""
    found = recognize(
        program_of(
            {
                "send.js": """
            const amqp = require('amqp-ts');
            const connection = new amqp.Connection('amqp://rabbit');
            connection.declareExchange('user.added', 'fanout').send(new amqp.Message('{}'));
            """,
                "take.js": """
            const amqp = require('amqp-ts-async');
            const connection = new amqp.Connection('amqp://rabbit');
            const exchange = connection.declareExchange('user.added', 'fanout');
            const queue = connection.declareQueue('', { exclusive: true });
            queue.bind(exchange);
            queue.activateConsumer((message) => { message.ack(); }, { noAck: false });
            """,
            }
        )
    )

    assert [(each.role, show(each.address.exchange or each.address.channel)) for each in found.operations] == [
        (Role.PRODUCER, "user.added"),
        (Role.CONSUMER, ""),
    ]
    assert [show(each.exchange) for each in found.channels if each.kind == "binding"] == ["user.added"]
    assert [each.kind for each in found.steps] == ["acknowledge"]


def test_queues_of_nestjs_are_injected_by_name() -> None:
    """Bull and BullMQ: a processor is one of its queue, whichever of its methods take the jobs."""
    found = recognize(
        program_of(
            {
                "send.ts": """
            import { InjectQueue } from '@nestjs/bullmq';
            import { Queue } from 'bullmq';
            export class Sender { constructor(@InjectQueue('mails') private queue: Queue) {}
                async send() { await this.queue.add('send', {}); } }
            """,
                "take.ts": """
            import { Processor, WorkerHost } from '@nestjs/bullmq';
            @Processor('mails') export class Mails extends WorkerHost { async process(job) {} }
            """,
                "old.ts": """
            import { Processor, Process } from '@nestjs/bull';
            @Processor({ name: 'images' }) export class Images { @Process('resize') async resize(job) {} }
            """,
            }
        )
    ).operations

    assert [(each.role, each.protocol, show(each.address.channel)) for each in found if each.address.channel] == [
        (Role.CONSUMER, "redis", "images"),
        (Role.PRODUCER, "redis", "mails"),
        (Role.CONSUMER, "redis", "mails"),
    ]


@pytest.mark.parametrize(
    ("source", "protocol"),
    [
        (
            "const mqtt = require('mqtt'); const c = mqtt.connect('mqtt://b'); c.publish('t', 'x'); c.subscribe('t');",
            "mqtt",
        ),
        (
            "const k = require('kafka-node'); const c = new k.KafkaClient({});"
            " new k.Producer(c).send([{ topic: 't', messages: 'x' }], () => {});"
            " new k.Consumer(c, [{ topic: 't' }], {}).on('message', (m) => {});",
            "kafka",
        ),
        (
            "const k = require('kafka-node'); new k.HighLevelProducer(c).send([{ topic: 't' }]);"
            " const group = new k.ConsumerGroup({ groupId: 'g' }, 't'); group.on('message', (m) => {});",
            "kafka",
        ),
    ],
)
def test_further_brokers(source: str, protocol: str) -> None:
    """What is sent and taken has one channel."""
    found = recognize(program_of({"app.js": source})).operations

    assert sorted((each.role, each.protocol, show(each.address.channel)) for each in found) == [
        (Role.CONSUMER, protocol, "t"),
        (Role.PRODUCER, protocol, "t"),
    ]
