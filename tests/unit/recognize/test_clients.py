"""HTTP clients as code really holds them, and what their address and timeout are."""

from __future__ import annotations

import pytest

from commlint.model.operations import Role, State
from commlint.model.values import show
from tests.unit.programs import clients, number, only, recognized, url


def test_module_function() -> None:
    """A plain call of a library function is a client operation, with the library's default as timeout."""
    found = only(clients(app='import requests\nrequests.get("http://inventory/stock")'))

    assert url(found) == "http://inventory/stock"
    assert found.address.method == "GET"
    assert found.policies.timeout.state is State.UNSET


def test_renamed_import() -> None:
    """The name a library is imported under makes no difference."""
    found = only(clients(app='from requests import post as send\nsend("http://a/b", timeout=3)'))

    assert found.address.method == "POST"
    assert number(found.policies.timeout.value) == 3


def test_session_in_another_module() -> None:
    """A session kept in a module global is the same object where it is imported."""
    found = only(
        clients(
            shop__http="import requests\nsession = requests.Session()",
            shop__app='from shop.http import session\n\ndef f():\n    return session.get("http://a/b").json()',
        )
    )

    assert found.region.path == "shop/app.py"
    assert found.policies.timeout.state is State.UNSET


def test_timeout_of_the_client_object() -> None:
    """The timeout given to the constructor holds for the calls on the object, wherever it is kept."""
    found = only(
        clients(
            app="""
            import httpx

            class Inventory:
                def __init__(self, base, timeout=2.5):
                    self._client = httpx.Client(base_url=base, timeout=timeout)

                def stock(self, sku):
                    return self._client.get(f"/stock/{sku}")

            inventory = Inventory("http://inventory:8000")
            """
        )
    )

    assert url(found).startswith("http://inventory:8000/stock/")
    assert number(found.policies.timeout.value) == 2.5
    assert found.policies.timeout.source == "client"


def test_library_default_is_a_bound() -> None:
    """httpx waits five seconds when nothing is said."""
    found = only(clients(app='import httpx\nhttpx.get("http://a/b")'))

    assert found.policies.timeout.state is State.SET
    assert number(found.policies.timeout.value) == 5


def test_none_switches_the_bound_off() -> None:
    """An explicit None is no bound, even where the library has a default."""
    found = only(clients(app='import httpx\nhttpx.get("http://a/b", timeout=None)'))

    assert found.policies.timeout.state is State.UNSET


def test_structured_timeout() -> None:
    """A timeout object is as long as its longest part."""
    found = only(
        clients(
            app="""
            import aiohttp

            async def f():
                async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=7)) as session:
                    async with session.get("http://a/b") as response:
                        return await response.json()
            """
        )
    )

    assert number(found.policies.timeout.value) == 7


def test_options_of_unknown_origin() -> None:
    """Options from outside may hold a timeout, so it is unknown."""
    found = only(clients(app='import requests\n\ndef f(**options):\n    requests.get("http://a/b", **options)'))

    assert found.policies.timeout.state is State.UNKNOWN


def test_options_known_at_the_caller() -> None:
    """Options that every caller gives are read there."""
    found = only(
        clients(
            app="""
            import requests

            def fetch(url, **options):
                return requests.get(url, **options)

            def stock():
                return fetch("http://inventory/stock", timeout=4)
            """
        )
    )

    assert found.function == "app.py::stock"
    assert number(found.policies.timeout.value) == 4


def test_wrapper_is_seen_through_per_caller() -> None:
    """A wrapper that takes service, path and timeout means another call for each caller."""
    found = clients(
        shop__http="""
        import requests

        URLS = {"inventory": "http://inventory:8000", "billing": "http://billing:9000"}

        def call(service, path, timeout=None):
            return requests.get(f"{URLS[service]}{path}", timeout=timeout)
        """,
        shop__app="""
        from shop.http import call

        def check():
            return call("inventory", "/check", timeout=2)

        def invoice():
            return call("billing", "/invoices")
        """,
    )

    told = {each.function: (url(each), each.policies.timeout.state) for each in found}
    assert told == {
        "shop/app.py::check": ("http://inventory:8000/check", State.SET),
        "shop/app.py::invoice": ("http://billing:9000/invoices", State.UNSET),
    }
    assert all(each.region.path == "shop/http.py" and each.via for each in found)


WRAPPED = """
import functools
import pybreaker
import requests

breaker = pybreaker.CircuitBreaker()

def traced(function):
    @functools.wraps(function)
    def run(*args, **kwargs):
        return function(*args, **kwargs)
    return run

def fetch(*args, **kwargs):
    return requests.get(*args, **kwargs)

@traced
def traced_fetch(*args, **kwargs):
    return requests.get(*args, **kwargs)

def plain(url):
    return requests.get(url)
"""


@pytest.mark.parametrize(
    "call",
    [
        'fetch("http://stock/items")',
        'traced_fetch("http://stock/items")',
        'breaker.call(plain, "http://stock/items")',
        'breaker.call(fetch, "http://stock/items")',
    ],
)
def test_arguments_that_are_passed_on_as_a_whole_are_those_of_the_caller(call: str) -> None:
    """By the function itself, by one it is decorated with, and by a breaker that it is given to."""
    found = {url(each) for each in clients(app=f"{WRAPPED}\ndef start():\n    {call}\n")}

    assert "http://stock/items" in found


def test_three_levels_of_wrappers() -> None:
    """Arguments flow through three functions."""
    found = only(
        clients(
            app="""
            import requests

            def low(method, url, timeout):
                return requests.request(method, url, timeout=timeout)

            def middle(url, timeout):
                return low("POST", url, timeout)

            def high(path):
                return middle("http://billing" + path, 9)

            def endpoint():
                return high("/pay")
            """
        )
    )

    assert url(found) == "http://billing/pay"
    assert found.address.method == "POST"
    assert number(found.policies.timeout.value) == 9


def test_environment_and_default() -> None:
    """An environment read keeps its name and default for the service that runs it."""
    found = only(
        clients(
            app="""
            import os, requests
            BASE = os.environ.get("INVENTORY_URL", "http://inventory:8000")
            requests.get(BASE + "/stock", timeout=float(os.getenv("TIMEOUT", "3")))
            """
        )
    )

    assert url(found) == "{$INVENTORY_URL}/stock"
    assert found.policies.timeout.state is State.SET


def test_settings_class() -> None:
    """A field of a settings class is an environment read with the class's prefix."""
    found = only(
        clients(
            app="""
            import requests
            from pydantic_settings import BaseSettings, SettingsConfigDict

            class Settings(BaseSettings):
                model_config = SettingsConfigDict(env_prefix="SHOP_")
                inventory_url: str = "http://inventory:8000"

            settings = Settings()
            requests.get(f"{settings.inventory_url}/stock", timeout=1)
            """
        )
    )

    assert url(found) == "{$SHOP_INVENTORY_URL}/stock"


def test_overriding_session_decides() -> None:
    """A session class that sets the timeout in `request` bounds all its calls."""
    found = only(
        clients(
            app="""
            import requests

            class Bounded(requests.Session):
                def request(self, *args, **kwargs):
                    kwargs.setdefault("timeout", 5)
                    return super().request(*args, **kwargs)

            session = Bounded()
            session.get("http://a/b")
            """
        )[:1]
    )

    assert found.policies.timeout.state is State.SET


def test_mounted_adapter_makes_it_unknown() -> None:
    """A session with an adapter of the project's own may be bounded there."""
    found = clients(
        app="""
        import requests
        from requests.adapters import HTTPAdapter

        class TimeoutAdapter(HTTPAdapter):
            def send(self, request, **kwargs):
                return super().send(request, timeout=5, **kwargs)

        session = requests.Session()
        session.mount("http://", TimeoutAdapter())

        def f():
            return session.get("http://a/b")
        """
    )

    assert [each.policies.timeout.state for each in found if each.address.method == "GET"] == [State.UNKNOWN]


def test_deadline_around_the_call() -> None:
    """A deadline around the call bounds it."""
    found = clients(
        app="""
        import asyncio, httpx

        client = httpx.AsyncClient(timeout=None)

        async def a():
            return await asyncio.wait_for(client.get("http://a/b"), 3)

        async def b():
            async with asyncio.timeout(2):
                return await client.get("http://a/b")
        """
    )

    assert [number(each.policies.timeout.value) for each in found] == [3, 2]
    assert {each.policies.timeout.source for each in found} == {"context"}


def test_injected_parameter() -> None:
    """A parameter a framework fills from a function is what that function returns."""
    found = only(
        clients(
            app="""
            import httpx
            from fastapi import Depends, FastAPI

            app = FastAPI()

            def get_client():
                return httpx.AsyncClient(base_url="http://inventory", timeout=None)

            @app.get("/orders")
            async def orders(client: httpx.AsyncClient = Depends(get_client)):
                return await client.get("/stock")
            """
        )
    )

    assert url(found) == "http://inventory/stock"
    assert found.policies.timeout.state is State.UNSET


def test_flask_configuration() -> None:
    """A value put into the application's configuration is read where it is asked for."""
    found = only(
        clients(
            app="""
            import os, requests
            from flask import Flask

            def create_app():
                app = Flask(__name__)
                app.config["BALANCES"] = "http://{}/balances".format(os.environ.get("BALANCES_ADDR"))
                app.config["WAIT"] = 4

                @app.route("/home")
                def home():
                    return requests.get(app.config["BALANCES"], timeout=app.config["WAIT"])

                return app
            """
        )
    )

    assert url(found) == "http://{$BALANCES_ADDR}/balances"
    assert number(found.policies.timeout.value) == 4


def test_loop_over_data() -> None:
    """A call in a loop over data knows its loop; a retry loop is of another kind."""
    found = clients(
        app="""
        import requests

        def each(items):
            for item in items:
                requests.post("http://a/b", json=item, timeout=1)

        def again():
            for attempt in range(3):
                try:
                    return requests.get("http://a/b", timeout=1)
                except OSError:
                    continue
        """
    )

    assert {each.function: each.loop and each.loop.kind for each in found} == {
        "app.py::each": "data",
        "app.py::again": "retry",
    }


def test_configuration_of_the_current_application() -> None:
    """The application that a library keeps for the request has the configuration of the one in the tree."""
    found = only(
        clients(
            app="""
            import os, requests
            from flask import Flask, current_app

            app = Flask(__name__)
            app.config["STOCK"] = os.environ["STOCK_URL"]

            @app.route("/home")
            def home():
                return requests.get(current_app.config.get("STOCK") + "/all", timeout=1)
            """
        )
    )

    assert url(found) == "{$STOCK_URL}/all"


def test_generated_methods_in_small_letters() -> None:
    """A proto file may name its methods as Python does; who imports the stub is looked at whatever they are called."""
    found = only(
        clients(
            app="""
            import grpc
            from shop.customers_pb2_grpc import CustomersStub

            stub = CustomersStub(grpc.insecure_channel("customers:50051"))

            def fetch(request):
                return stub.get_customer(request)
            """
        )
    )

    assert found.address.rpc == "Customers/get_customer"


def test_subclasses_say_where_their_base_calls() -> None:
    """A base whose method calls for its subclasses calls each of their addresses, by the call that runs it."""
    base = "import requests\nclass Base:\n    url: str\n    def run(self):\n        return requests.post(self.url)\n"
    more = {
        f"part{number}": f"from base import Base\nclass Part{number}(Base):\n    url = 'http://part{number}/'\n"
        "    def go(self):\n        return self.run()\n"
        for number in range(1, 11)
    }
    found = sorted(url(each) for each in clients(base=base, **more))

    assert found == sorted(f"http://part{number}/" for number in range(1, 11))


STOCK = """
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.ext.asyncio import AsyncSession
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()

class Item(db.Model):
    pass

def query(session: Session):
    item = session.query(Item).filter(Item.id == 1).first()
    {change}
    session.commit()

async def executed(session: AsyncSession):
    item = (await session.execute(select(Item))).scalar_one()
    {change}
    await session.commit()

def flask():
    item = Item.query.get(1)
    {change}
    db.session.commit()
"""


@pytest.mark.parametrize("change", ["item.stock -= 1", "item.stock = item.stock - 1"])
def test_an_object_that_is_changed_by_what_it_held_is_counted_when_the_session_commits(change: str) -> None:
    found = [each for each in clients(app=STOCK.format(change=change)) if each.effect == "increment"]

    assert {each.function: each.style for each in found} == {
        "app.py::query": "blocking",
        "app.py::executed": "awaitable",
        "app.py::flask": "blocking",
    }


@pytest.mark.parametrize("change", ["item.stock = 5", "total.count += 1", "pass"])
def test_a_commit_that_counts_nothing_is_no_operation(change: str) -> None:
    """What is set comes out the same, and an object of one's own is not the session's."""
    text = STOCK.format(change=f"total = Total(); {change}") + "\nclass Total:\n    count = 0\n"

    assert {each.effect for each in clients(app=text)} == {"read"}


def test_a_queue_of_aio_pika_knows_its_name() -> None:
    """`queue.name` is what it was declared as."""
    found = recognized(
        app="""
from aio_pika import Message, connect

async def send(name, body):
    connection = await connect("amqp://broker")
    channel = await connection.channel()
    queue = await channel.declare_queue(name, durable=True)
    await channel.default_exchange.publish(Message(body), routing_key=queue.name)

async def start():
    await send("videos", b"1")
"""
    )

    (sent,) = [each for each in found.operations if each.role is Role.PRODUCER]
    assert show(sent.address.channel or sent.address.routing_key) == "videos"
