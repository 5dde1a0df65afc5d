"""What JavaScript sends and receives, and how it settles it."""

from __future__ import annotations

from commlint.model.operations import Role
from commlint.model.values import Literal
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
