"""Producers, consumers and what decides whether a message is lost or handled twice."""

from __future__ import annotations

import pytest

from commlint.model.operations import Operation, Role, State
from commlint.model.values import show
from tests.unit.programs import number, recognized


def of(role: Role, **files: str) -> list[Operation]:
    return [each for each in recognized(**files).operations if each.role is role]


CONSUMER = """
import pika

connection = pika.BlockingConnection(pika.ConnectionParameters("rabbitmq"))
channel = connection.channel()
channel.queue_declare(queue="orders", durable=True{arguments})

def on_order(ch, method, properties, body):
    store(body)
    ch.basic_ack(delivery_tag=method.delivery_tag)

def store(body): ...

channel.basic_consume(queue="orders", on_message_callback=on_order{ack})
"""


def test_callback_is_the_handler() -> None:
    """A consumer belongs to its callback, and knows how it acknowledges."""
    (found,) = of(Role.CONSUMER, app=CONSUMER.format(arguments="", ack=""))

    assert found.function == "app.py::on_order"
    assert show(found.address.channel) == "orders"
    assert number(found.policies.acknowledgement.value) == "manual"


def test_automatic_acknowledgement() -> None:
    """auto_ack acknowledges before the work."""
    (found,) = of(Role.CONSUMER, app=CONSUMER.format(arguments="", ack=", auto_ack=True"))

    assert number(found.policies.acknowledgement.value) == "before"


def test_acknowledgement_in_the_callback() -> None:
    """What the callback does with the channel it is handed is an acknowledgement."""
    steps = recognized(app=CONSUMER.format(arguments="", ack="")).steps

    assert [(each.kind, each.function) for each in steps] == [("acknowledge", "app.py::on_order")]


def test_dead_letter_of_a_declared_queue() -> None:
    """A queue's arguments say whether failed messages have somewhere to go."""
    without = recognized(app=CONSUMER.format(arguments="", ack="")).channels
    given = ', arguments={"x-dead-letter-exchange": "dlx"}'
    with_one = recognized(app=CONSUMER.format(arguments=given, ack="")).channels

    assert [each.dead_letter.state for each in without] == [State.UNSET]
    assert [each.dead_letter.state for each in with_one] == [State.SET]


def test_publisher_class() -> None:
    """A publisher that takes the routing key is seen through, and its exchange is known from its constructor."""
    found = of(
        Role.PRODUCER,
        app="""
        import pika

        class Publisher:
            def __init__(self, exchange):
                self.exchange = exchange
                self.channel = pika.BlockingConnection(pika.URLParameters("amqp://rabbitmq")).channel()

            def publish(self, key, body):
                self.channel.basic_publish(exchange=self.exchange, routing_key=key, body=body)

        orders = Publisher("orders")

        def place(order):
            orders.publish("order.created", order)
        """,
    )

    assert [(each.function, show(each.address.exchange), show(each.address.routing_key)) for each in found] == [
        ("app.py::place", "orders", "order.created")
    ]


def test_handler_of_a_subclass() -> None:
    """A loop in a base class runs the handler and the topic of the class that is made."""
    recognition = recognized(
        base="""
        from kafka import KafkaConsumer

        class Worker:
            topic = ""

            def run(self):
                consumer = KafkaConsumer(self.topic, bootstrap_servers="kafka:9092", group_id="g")
                for message in consumer:
                    self.handle(message)

            def handle(self, message):
                raise NotImplementedError
        """,
        orders="""
        import requests
        from base import Worker

        class Orders(Worker):
            topic = "orders"

            def handle(self, message):
                requests.post("http://billing/pay", json=message.value, timeout=1)

        Orders().run()
        """,
    )

    consumers = [each for each in recognition.operations if each.role is Role.CONSUMER]
    assert [show(each.address.channel) for each in consumers] == ["[orders]"] or [
        show(each.address.channel) for each in consumers
    ] == ["orders"]
    assert ("base.py::Worker.run", "orders.py::Orders.handle") in {
        (each.caller, each.callee) for each in recognition.calls
    }


def test_spawned_work_is_told_apart() -> None:
    """A task and a thread do not make their starter wait."""
    calls = recognized(
        app="""
        import asyncio, threading, httpx, requests

        client = httpx.AsyncClient()

        async def notify():
            await client.post("http://mail/send")

        def push():
            requests.post("http://push/send", timeout=1)

        async def endpoint():
            asyncio.create_task(notify())
            threading.Thread(target=push).start()
            await notify()
        """
    ).calls

    assert sorted((each.callee, each.kind) for each in calls) == [
        ("app.py::notify", "call"),
        ("app.py::notify", "spawn"),
        ("app.py::push", "spawn"),
    ]


def test_callback_given_early() -> None:
    """A handler that is set up with a callback calls it."""
    calls = recognized(
        app="""
        from functools import partial
        import aio_pika, httpx

        client = httpx.AsyncClient()

        class Bus:
            async def consume(self, queue_name, callback):
                connection = await aio_pika.connect_robust("amqp://rabbitmq")
                channel = await connection.channel()
                queue = await channel.declare_queue(queue_name)
                await queue.consume(partial(self._process, callback=callback))

            async def _process(self, message, callback):
                await callback(message)

        async def on_order(message):
            await client.post("http://billing/pay")

        async def main():
            await Bus().consume("orders", on_order)
        """
    ).calls

    assert ("app.py::Bus._process", "app.py::on_order") in {(each.caller, each.callee) for each in calls}


def test_helper_that_runs_what_it_is_given() -> None:
    """Who hands a function over is its caller; the users of a helper are not tied together."""
    calls = recognized(
        app="""
        import requests

        def run(work):
            work()

        def a():
            run(pay)

        def b():
            run(ship)

        def pay():
            requests.get("http://billing/pay", timeout=1)

        def ship():
            requests.get("http://shipping/ship", timeout=1)
        """
    ).calls

    assert {(each.caller, each.callee) for each in calls} == {
        ("app.py::a", "app.py::pay"),
        ("app.py::b", "app.py::ship"),
    }


def test_step_knows_its_clause() -> None:
    """A step in an exception handler carries the region of the innermost clause; one outside carries none."""
    found = recognized(
        app="""
import pika

def on_order(ch, method, properties, body):
    try:
        store(body)
        ch.basic_ack(method.delivery_tag)
    except ValueError:
        ch.basic_nack(method.delivery_tag, requeue=False)

channel = pika.BlockingConnection(pika.ConnectionParameters("rabbitmq")).channel()
channel.basic_consume(queue="orders", on_message_callback=on_order)
"""
    )

    clauses = {step.kind: step.clause.start_line if step.clause else None for step in found.steps}
    assert clauses == {"acknowledge": None, "reject": 8}


def test_generator_is_told_apart() -> None:
    """A function that yields is known as one: calling it runs nothing."""
    found = recognized(
        app="""
import requests

def pages():
    yield requests.get("http://shop/pages").json()

def page():
    return requests.get("http://shop/page").json()
"""
    )

    assert {node.id: node.is_generator for node in found.functions} == {"app.py::page": False, "app.py::pages": True}


def test_function_of_a_table_is_called() -> None:
    """What is picked from a table of functions by an open key is called where it is picked."""
    found = recognized(
        app="""
import requests

def stock():
    requests.get("http://stock")

def price():
    requests.get("http://price")

TABLE = {"stock": stock, "price": price}

def ask(kind):
    TABLE[kind]()

def ask_by_name(kind):
    handler = TABLE.get(kind)
    handler()
"""
    )

    called = {(edge.caller, edge.callee) for edge in found.calls if edge.caller.startswith("app.py::ask")}
    assert called == {
        ("app.py::ask", "app.py::price"),
        ("app.py::ask", "app.py::stock"),
        ("app.py::ask_by_name", "app.py::price"),
        ("app.py::ask_by_name", "app.py::stock"),
    }


def test_arguments_of_a_function_given_to_a_thread() -> None:
    """`to_thread(f, a)` and `add_task(f, a)` call `f(a)`: what the wrapper sends is told by who hands it over."""
    found = of(
        Role.PRODUCER,
        app="""
import asyncio
import kafka
from fastapi import BackgroundTasks

producer = kafka.KafkaProducer()

def send(topic, body=b""):
    producer.send(topic, body)

async def place():
    await asyncio.to_thread(send, "placed", b"1")

async def cancel(tasks: BackgroundTasks):
    tasks.add_task(send, "cancelled")
""",
    )

    assert sorted(show(each.address.channel) for each in found if each.address.channel) == ["cancelled", "placed"]


def test_streams_are_read_by_the_keys_of_a_mapping() -> None:
    """`xread` is given the position to read from for each stream."""
    (found,) = of(
        Role.CONSUMER,
        app="""
import redis

def work():
    streams = {"orders": "$", "stock": "0"}
    redis.Redis().xread(streams)
""",
    )

    assert found.address.channel is not None
    assert show(found.address.channel).count("orders") == show(found.address.channel).count("stock") == 1


LISTENING = """
import redis
listener = redis.Redis("queue").pubsub()
listener.subscribe(["log"])
for message in listener.listen():
    print(message)
"""
POLLING = """
from kafka import KafkaConsumer
for message in KafkaConsumer("log", group_id="printer"):
    print(message)
"""


@pytest.mark.parametrize("script", [LISTENING, POLLING])
def test_a_script_receives_where_it_loops(script: str) -> None:
    """A consumer needs no function: what runs when the file is started is the handler."""
    (found,) = of(Role.CONSUMER, app=script)

    assert found.function == "app.py::<module>"
    assert show(found.address.channel).strip("[]") == "log"


NAMEKO = """
from nameko.rpc import rpc, RpcProxy

class Carts:
    name = "carts"
    stock = RpcProxy("stock")

    @rpc
    def show(self, cart):
        return self.stock.reserve(cart)
"""


def test_remote_calls_of_nameko_meet_by_service_and_method() -> None:
    """A method is known by the name its class gives the service; a proxy calls any method of the service it is for."""
    assert [show(each.address.channel) for each in of(Role.CONSUMER, app=NAMEKO)] == ["carts.show"]
    assert [show(each.address.channel) for each in of(Role.PRODUCER, app=NAMEKO)] == ["stock.reserve"]


def test_cluster_proxy_of_nameko_names_the_service() -> None:
    """The attribute of a cluster's proxy is the service that is called."""
    source = """
from nameko.standalone.rpc import ClusterRpcProxy

def show(cart):
    with ClusterRpcProxy({"AMQP_URI": "amqp://rabbit"}) as rpc:
        return rpc.carts.present(cart)
"""

    assert [show(each.address.channel) for each in of(Role.PRODUCER, app=source)] == ["carts.present"]


def test_a_message_that_only_wakes_is_not_acknowledged_too_early() -> None:
    """What is popped and not looked at ends a wait: nothing is known to be lost before it is processed."""
    source = """
import redis

client = redis.Redis("cache")

def wait(key):
    {}client.blpop([key], timeout=5)
    return load(key)

def load(key): ...
"""
    waking = of(Role.CONSUMER, app=source.format(""))
    working = of(Role.CONSUMER, app=source.format("item = "))

    assert [each.policies.acknowledgement.state for each in waking] == [State.UNKNOWN]
    assert [number(each.policies.acknowledgement.value) for each in working] == ["before"]


def test_a_class_that_a_library_finds_by_its_name() -> None:
    """The command line of arq names a plain class; its jobs are consumers. The pool of senders is set from outside."""
    worker = """
from arq.connections import RedisSettings

async def send_mail(ctx, to): ...

class WorkerSettings:
    functions = [send_mail]
"""
    pool = "from typing import Optional\nfrom arq.connections import ArqRedis\npool: Optional[ArqRedis] = None\n"
    api = "import pool\nasync def post():\n    await pool.pool.enqueue_job('send_mail', 'x')\n"
    operations = recognized(worker=worker, pool=pool, api=api).operations

    assert [(each.role, show(each.address.channel), each.function) for each in operations] == [
        (Role.PRODUCER, "send_mail", "api.py::post"),
        (Role.CONSUMER, "send_mail", "worker.py::send_mail"),
    ]


def test_jobs_of_a_decorator_that_derives_from_one_of_a_library() -> None:
    """A class of the project's own, or its options given early, turns a function into a job all the same."""
    app = """
from functools import partial
from rq.decorators import job as rq_job

class Recording(rq_job): ...

job = partial(Recording, connection=None)

@job("mail")
def send(to): ...

def view():
    send.delay("x")
"""
    found = [(each.role, show(each.address.channel)) for each in recognized(app=app).operations]

    assert found == [(Role.CONSUMER, "app.send"), (Role.PRODUCER, "app.send")]


def test_a_loop_that_stands_in_no_function_is_a_consumer() -> None:
    """A script receives where it is started; what it does after a failure is told apart."""
    app = """
from kafka import KafkaConsumer
import requests

for message in KafkaConsumer("orders", group_id="mails"):
    try:
        requests.post("http://mail/send")
    except Exception:
        requests.post("http://alarm/")
"""
    found = [(each.role, each.function, each.rescues) for each in recognized(app=app).operations]

    assert found == [
        (Role.CONSUMER, "app.py::<module>", False),
        (Role.CLIENT, "app.py::<module>", False),
        (Role.CLIENT, "app.py::<module>", True),
    ]


def test_streams_of_a_connection_that_an_object_mapper_makes() -> None:
    """redis-om hands out a client of redis-py; what it stores of models is set by their keys."""
    app = """
from redis_om import HashModel, get_redis_connection

redis = get_redis_connection(host="cache")

class Order(HashModel):
    total: float

def place(total):
    order = Order(total=total)
    order.save()
    redis.xadd("orders", order.dict())
"""
    found = [(each.role, each.effect, show(each.address.channel)) for each in recognized(app=app).operations]

    assert found == [(Role.CLIENT, "set", ""), (Role.PRODUCER, "send", "orders")]
