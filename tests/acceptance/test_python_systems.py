"""Small trees from source to edges: habits of Python systems that once hid an edge or showed a false one."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from commlint.model.config import Config
from commlint.pipeline import Request, analyse

Pair = tuple[str, str]


def edges(root: Path, files: dict[str, str]) -> set[Pair]:
    """Who calls or sends to whom in a tree of these files; a message goes from its sender to each receiver."""
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(dedent(text))
    system = analyse(Request(root, Config(), jobs=1))
    found = {(edge.source_service, edge.target_service) for edge in system.edges if edge.kind == "sync"}
    for send in system.edges:
        for receive in system.edges:
            if send.kind == "send" and receive.kind == "receive" and send.target == receive.target:
                found.add((send.source_service, receive.source_service))
    return {(source, target) for source, target in found if target and source != target}


def compose(*services: str, **more: str) -> str:
    """A compose file that builds each service from the folder of its name; `more` are further lines of one."""
    lines = ["services:"]
    for name in services:
        lines += [f"  {name}:", f"    build: {{context: ., dockerfile: {name}/Dockerfile}}"]
        lines += [f"    {line}" for line in dedent(more.get(name, "")).strip().splitlines()]
    return "\n".join(lines) + "\n"


KAFKA = """
from confluent_kafka import Consumer, Producer

class Sender:
    def __init__(self, servers):
        self.producer = Producer({"bootstrap.servers": servers})

    def publish(self, topic, event):
        self.producer.produce(topic=topic, value=event)

class Receiver:
    def __init__(self, servers, topics):
        self.consumer = Consumer({"bootstrap.servers": servers})
        self.consumer.subscribe(topics)

    def run(self, handler):
        while True:
            handler(self.consumer.poll(1.0))
"""


def test_wrapper_of_a_shared_folder_on_the_search_path(tmp_path: Path) -> None:
    """Each service that makes a receiver of the shared wrapper gets the topics it names itself, and no other."""
    tree = {
        "compose.yaml": compose("orders", "mail", "stock", "board", board="ports: ['9000:9000']"),
        "board/Dockerfile": "FROM python\n",
        "shared/__init__.py": "",
        "shared/kafka_client.py": KAFKA,
        "orders/main.py": """
            from kafka_client import Sender
            sender = Sender("kafka:9092")
            def place(order):
                sender.publish("orders.placed", order)
        """,
        "mail/main.py": """
            from kafka_client import Receiver
            Receiver("kafka:9092", ["orders.placed"]).run(print)
        """,
        "stock/main.py": """
            from kafka_client import Receiver, Sender
            def main():
                receiver = Receiver("kafka:9092", topics=["stock.counted"])
                receiver.run(print)
        """,
    }
    for name in ("orders", "mail", "stock"):
        copied = f"FROM python\nCOPY shared /app/shared\nCOPY {name} /app\nENV PYTHONPATH=/app/shared:/app\n"
        tree[f"{name}/Dockerfile"] = copied
    tree["compose.yaml"] += "  whole:\n    build: .\n"
    tree["Dockerfile"] = "FROM python\nCMD python tool.py\n"

    assert edges(tmp_path, tree) == {("orders", "mail")}


def test_queues_and_callbacks_of_a_table(tmp_path: Path) -> None:
    """A loop over the entries of a mapping consumes each of its queues; `getattr` finds the callback."""
    tree = {
        "compose.yaml": compose("users", "mail"),
        "users/Dockerfile": "FROM python\n",
        "mail/Dockerfile": "FROM python\n",
        "users/app.py": """
            import pika
            channel = pika.BlockingConnection(pika.URLParameters("amqp://rabbit")).channel()
            channel.basic_publish(exchange="", routing_key="welcome", body=b"")
        """,
        "mail/app.py": """
            import pika

            class Consumer:
                CALLBACKS = {"welcome": "on_welcome"}

                def __init__(self):
                    self.channel = pika.BlockingConnection(pika.URLParameters("amqp://rabbit")).channel()

                def on_welcome(self, channel, method, properties, body):
                    print(body)

                def consume(self):
                    for queue, callback in self.CALLBACKS.items():
                        self.channel.basic_consume(queue=queue, on_message_callback=getattr(self, callback))

            Consumer().consume()
        """,
    }

    assert edges(tmp_path, tree) == {("users", "mail")}


def test_scripts_side_by_side_without_any_deployment(tmp_path: Path) -> None:
    """Files that are each started to receive are services of their own, the server with what it alone imports."""
    worker = """
        from confluent_kafka import Consumer, Producer
        producer = Producer({{}})
        consumer = Consumer({{}})
        consumer.subscribe(["{taken}"])
        def run():
            while True:
                producer.produce("{sent}", consumer.poll(1.0).value())
        if __name__ == "__main__":
            run()
    """
    tree = {
        "dough.py": worker.format(taken="ordered", sent="rolled"),
        "oven.py": worker.format(taken="rolled", sent="baked"),
        "shop.py": """
            from confluent_kafka import Consumer, Producer
            producer = Producer({})
            def order():
                producer.produce("ordered", b"")
            def load():
                consumer = Consumer({})
                consumer.subscribe(["baked"])
                while True:
                    consumer.poll(1.0)
        """,
        "app.py": """
            from flask import Flask
            import shop
            app = Flask(__name__)
            @app.post("/orders")
            def place():
                shop.order()
            if __name__ == "__main__":
                shop.load()
                app.run()
        """,
    }

    assert edges(tmp_path, tree) == {("app", "dough"), ("dough", "oven"), ("oven", "app")}


def test_an_image_that_compose_names_by_itself(tmp_path: Path) -> None:
    """`project_web` is what compose calls the image of `web`; the start module of the worker is not run by `web`."""
    tree = {
        "compose.yaml": """
            services:
              web:
                build: ./web
                command: [./start.sh]
              events:
                image: project_web
                command: python -m app.events
        """,
        "web/Dockerfile": "FROM python\nCOPY . .\n",
        "web/app/__init__.py": "",
        "web/app/main.py": """
            import pika
            def publish():
                channel = pika.BlockingConnection(pika.URLParameters("amqp://rabbit")).channel()
                channel.basic_publish(exchange="", routing_key="copies", body=b"")
        """,
        "web/app/events.py": """
            import pika
            def copy(channel, method, properties, body):
                print(body)
            def main():
                channel = pika.BlockingConnection(pika.URLParameters("amqp://rabbit")).channel()
                channel.basic_consume(queue="copies", on_message_callback=copy)
            if __name__ == "__main__":
                main()
        """,
    }

    assert ("web", "events") in edges(tmp_path, tree)
    assert ("events", "web") not in edges(tmp_path, tree)


LISTENER = """
import os
import pika

class Client:
    def __init__(self):
        self.channel = None
        self.exchange = None
        self.handlers = {}

    def setup(self, host, exchange):
        self.channel = pika.BlockingConnection(pika.ConnectionParameters(host)).channel()
        self.exchange = exchange

    def publish(self, key, body):
        self.channel.basic_publish(exchange=self.exchange, routing_key=key, body=body)

    def on(self, key, handler):
        self.handlers[key] = handler

    def dispatch(self, channel, method, properties, body):
        self.handlers[method.routing_key](body)

    def listen(self):
        queue = self.channel.queue_declare(queue="", exclusive=True)
        for key in self.handlers:
            self.channel.queue_bind(exchange=self.exchange, queue=queue.method.queue, routing_key=key)
        self.channel.basic_consume(queue=queue.method.queue, on_message_callback=self.dispatch)

def make():
    client = Client()
    client.setup("rabbit", os.environ["EXCHANGE"])
    return client
"""


def test_clients_that_are_set_up_and_told_what_to_listen_to(tmp_path: Path) -> None:
    """Exchanges set by a method and handlers kept in a table are known by what callers hand over."""
    shared = "environment: {EXCHANGE: central}"
    tree = {"compose.yaml": compose("auth", "accounts", "ledger", auth=shared, accounts=shared, ledger=shared)}
    for name in ("auth", "accounts", "ledger"):
        tree[f"{name}/Dockerfile"] = "FROM python\n"
        tree[f"{name}/client.py"] = LISTENER
    tree["auth/main.py"] = """
        from client import Client, make

        class UserCreated:
            def __init__(self, client: Client):
                self.client: Client = client

            def publish(self, body):
                self.client.publish("user:created", body)

        UserCreated(make()).publish(b"")
    """
    tree["accounts/main.py"] = """
        from client import make
        client = make()
        client.on("user:created", print)
        client.listen()
    """
    tree["ledger/main.py"] = """
        from client import make
        client = make()
        client.on("account:closed", print)
        client.listen()
    """

    assert edges(tmp_path, tree) == {("auth", "accounts")}


def test_routes_of_a_gateway_class_of_its_own(tmp_path: Path) -> None:
    """A decorator calls the service it was given, through options passed on as a whole."""
    tree = {
        "compose.yaml": compose("gateway", "goods", gateway="environment: {GOODS_URL: 'http://goods:8000'}"),
        "gateway/Dockerfile": "FROM python\n",
        "goods/Dockerfile": "FROM python\n",
        "goods/main.py": """
            from fastapi import FastAPI
            app = FastAPI()
            @app.get("/goods")
            def goods(): ...
        """,
        "gateway/core.py": """
            import httpx
            from fastapi import FastAPI, Request

            class Gateway(FastAPI):
                def route(self, method, path, base):
                    register = getattr(super(), method)
                    def wrapper(function):
                        @register(path)
                        async def inner(request: Request):
                            async with httpx.AsyncClient() as client:
                                return await client.request(method, base + str(request.url.path))
                        return inner
                    return wrapper

                def get(self, **options):
                    return self.route(method="get", **options)
        """,
        "gateway/main.py": """
            import os
            from core import Gateway
            app = Gateway()
            @app.get(path="/goods", base=os.environ["GOODS_URL"])
            async def goods(): ...
        """,
    }

    assert edges(tmp_path, tree) == {("gateway", "goods")}


def test_one_dockerfile_for_services_in_folders_of_their_names(tmp_path: Path) -> None:
    """What the image holds beside those folders is shared: its consumers are run by whoever calls them."""
    built = "build: {context: ., dockerfile: Dockerfile}"
    tree = {
        "compose.yaml": f"services:\n  user-service: {{{built}}}\n  mail-service: {{{built}}}\n",
        "Dockerfile": "FROM python\nARG SERVICE\nCOPY services ./services\nCOPY src ./src\n",
        "src/__init__.py": "",
        "src/bus.py": """
            from typing import Optional
            from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

            class Publisher:
                def __init__(self):
                    self.producer = AIOKafkaProducer(bootstrap_servers="kafka:9092")

                async def publish(self, event, topic: Optional[str] = None):
                    topic = topic or f"{event.kind.lower()}.events"
                    await self.producer.send_and_wait(topic, event)

            class Listener:
                def __init__(self, topics):
                    self.topics = topics
                    self.consumer = None

                async def start(self):
                    self.consumer = AIOKafkaConsumer(*self.topics, bootstrap_servers="kafka:9092")

                async def run(self):
                    async for message in self.consumer:
                        print(message)
        """,
        "services/user-service/main.py": """
            from dataclasses import dataclass
            from src.bus import Publisher

            @dataclass
            class Event:
                kind: str = ""

            publisher = Publisher()

            async def register():
                await publisher.publish(Event(kind="User"))
        """,
        "services/mail-service/main.py": """
            from src.bus import Listener

            async def main():
                listener = Listener(["user.events"])
                await listener.start()
                await listener.run()
        """,
    }

    assert edges(tmp_path, tree) == {("user-service", "mail-service")}
