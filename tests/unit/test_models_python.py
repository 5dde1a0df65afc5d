"""What the shipped Python models make of code as it is really written."""

from __future__ import annotations

from commlint.model.operations import Operation, Role, State
from commlint.model.values import show
from tests.unit.programs import clients, only, recognized, url


def routes(**files: str) -> list[str]:
    return sorted(f"{o.address.method} {url(o)}" for o in recognized(**files).operations if o.role is Role.SERVER)


def timeouts(operations: list[Operation]) -> dict[str, str]:
    """Path of the URL → the bound in seconds, or its state."""
    return {
        url(each).rpartition("/")[2]: show(each.policies.timeout.value)
        if each.policies.timeout.state is State.SET
        else each.policies.timeout.state.value
        for each in operations
    }


def attempts(operations: list[Operation]) -> dict[str, str]:
    """Path of the URL → attempts in all, or the state of the retry policy."""
    told = {}
    for each in operations:
        policy = each.policies.retry.attempts
        told[url(each).rpartition("/")[2]] = show(policy.value) if policy.state is State.SET else policy.state.value
    return told


def test_requests_pairs_and_positions() -> None:
    """A pair of bounds is as long as its longer half, and none when a half is None; `request` takes it by position."""
    found = clients(
        app="""
        import requests

        s = requests.Session()
        s.get("http://a/pair", timeout=(3, 5))
        s.get("http://a/half", timeout=(3, None))
        s.request("GET", "http://a/ninth", None, None, None, None, None, None, 9)
        s.send(requests.Request("PUT", "http://a/sent").prepare(), timeout=4)
        """
    )

    assert timeouts(found) == {"pair": "5", "half": "unset", "ninth": "9", "sent": "4"}
    assert [each.address.method for each in found] == ["GET", "GET", "GET", "PUT"]


def test_requests_adapters_count_retries() -> None:
    """A number of retries is one attempt more; a session is as its adapters are."""
    found = clients(
        app="""
        import requests
        from requests.adapters import HTTPAdapter

        plain = requests.Session()
        plain.get("http://a/plain")
        again = requests.Session()
        again.mount("http://", HTTPAdapter(max_retries=4))
        again.get("http://a/again")
        """
    )

    assert attempts(found) == {"plain": "1", "again": "5"}
    assert timeouts(found) == {"plain": "unset", "again": "unset"}


def test_httpx_read_part_decides() -> None:
    """Of an httpx timeout the read part bounds the answer, else the default part."""
    found = clients(
        app="""
        import httpx

        endless = httpx.Client(timeout=httpx.Timeout(10, read=None))
        endless.get("http://a/endless")
        bounded = httpx.Client(timeout=httpx.Timeout(10, connect=3))
        bounded.get("http://a/bounded")
        """
    )

    assert timeouts(found) == {"endless": "unset", "bounded": "10"}


def test_aiohttp_zero_is_no_bound() -> None:
    """aiohttp takes 0 for no bound, and 300 s when nothing is given."""
    found = clients(
        app="""
        import aiohttp

        async def f():
            async with aiohttp.ClientSession("http://k") as s:
                await s.get("/default")
                await s.get("/zero", timeout=aiohttp.ClientTimeout(total=0))
        """
    )

    assert timeouts(found) == {"default": "300", "zero": "unset"}


def test_urllib_request_object() -> None:
    """A request object hands over its address and method; the bound stands at the call."""
    found = clients(
        app="""
        from urllib.request import Request, urlopen

        urlopen(Request("http://a/put", method="PUT"), timeout=2)
        urlopen("http://a/get")
        """
    )

    assert timeouts(found) == {"put": "2", "get": "unset"}
    assert found[0].address.method == "PUT"


def test_http_client_connection() -> None:
    """The host and the bound of a connection are given when it is made."""
    found = only(
        clients(
            app="""
            import http.client

            c = http.client.HTTPConnection("inventory", 80, 4)
            c.request("POST", "/stock")
            """
        )
    )

    assert show(found.address.host) == "inventory"
    assert show(found.policies.timeout.value) == "4"


def test_grpc_stub_is_as_its_channel() -> None:
    """A stub has the target of its channel and waits as its channel does, wherever the generated code lies."""
    found = clients(
        app="""
        import grpc
        from acme.protos import shop_pb2_grpc

        stub = shop_pb2_grpc.InventoryStub(grpc.insecure_channel("inventory:50051"))
        stub.GetStock(1)

        async def f():
            async with grpc.aio.insecure_channel("inventory:50051") as channel:
                await shop_pb2_grpc.InventoryStub(channel).GetStock(1, timeout=2)
        """
    )

    told = [(each.address.rpc, show(each.address.host), each.style, each.policies.timeout.state) for each in found]
    assert sorted(told) == [
        ("Inventory/GetStock", "inventory:50051", "awaitable", State.SET),
        ("Inventory/GetStock", "inventory:50051", "blocking", State.UNSET),
    ]


def test_retry_libraries() -> None:
    """How often a call is tried: what is told, what the library does by itself, and what is bounded in time only."""
    found = clients(
        app="""
        import backoff, requests, retry, stamina, tenacity

        @tenacity.retry
        def a(): requests.get("http://a/for-ever")

        @tenacity.retry(stop=tenacity.stop_after_attempt(3), wait=tenacity.wait_exponential())
        def b(): requests.get("http://a/three")

        @tenacity.retry(stop=tenacity.stop_after_delay(5))
        def c(): requests.get("http://a/in-time")

        def d():
            for attempt in tenacity.Retrying(stop=tenacity.stop_after_attempt(4)):
                with attempt:
                    requests.get("http://a/four")

        @backoff.on_exception(backoff.expo, OSError, max_tries=5)
        def e(): requests.get("http://a/five")

        @stamina.retry(on=OSError)
        def f(): requests.get("http://a/ten")

        @retry.retry(tries=2)
        def g(): requests.get("http://a/two")
        """
    )

    assert attempts(found) == {
        "for-ever": "unset",
        "three": "3",
        "in-time": "unknown",
        "four": "4",
        "five": "5",
        "ten": "10",
        "two": "2",
    }


def test_breakers() -> None:
    """A circuit breaker as decorator, as object that decorates, and around a block."""
    found = clients(
        app="""
        import circuitbreaker, pybreaker, requests

        breaker = pybreaker.CircuitBreaker()

        @circuitbreaker.circuit
        def a(): requests.get("http://a/b")

        @breaker
        def b(): requests.get("http://a/b")

        def c():
            with breaker.calling():
                requests.get("http://a/b")

        def d(): requests.get("http://a/b")
        """
    )

    told = {each.function.partition("::")[2]: each.policies.breaker.state for each in found}
    assert told == {"a": State.SET, "b": State.SET, "c": State.SET, "d": State.UNKNOWN}


def test_what_runs_in_a_thread() -> None:
    """Every way to hand a blocking function to a thread, and what is left running."""
    found = recognized(
        app="""
        import anyio, asyncio, requests, threading
        from asgiref.sync import sync_to_async
        from fastapi import BackgroundTasks
        from starlette.concurrency import run_in_threadpool

        def work():
            requests.get("http://a/b")

        async def waits():
            await asyncio.to_thread(work)
            await asyncio.get_running_loop().run_in_executor(None, work)
            await run_in_threadpool(work)
            await sync_to_async(work)()
            await anyio.to_thread.run_sync(work)

        def leaves(tasks: BackgroundTasks):
            tasks.add_task(work)
            threading.Thread(target=work).start()
        """
    )

    kinds = [(each.caller.partition("::")[2], each.kind) for each in found.calls]
    assert kinds == [("waits", "offload")] * 5 + [("leaves", "spawn")] * 2


def test_settings_libraries_read_the_environment() -> None:
    """Readers of settings are environment reads with their defaults."""
    found = clients(
        app="""
        import os, requests
        from decouple import config
        from environs import Env
        from urllib.parse import urljoin

        env = Env()
        requests.get(env.str("A_URL", "http://a") + "/1")
        requests.get(config("B_URL", default="http://b") + "/2")
        requests.get(urljoin(os.environ["C_URL"], "/3"))
        requests.get("/".join([os.getenv("D_URL", "http://d").rstrip("/"), "4"]))
        """
    )

    assert [url(each) for each in found] == ["{$A_URL}/1", "{$B_URL}/2", "{$C_URL}/3", "{$D_URL}/4"]


def test_nested_routers() -> None:
    """Prefixes of nested routers, sub-applications and lists of routes add up."""
    found = routes(
        fast="""
        from fastapi import APIRouter, FastAPI

        outer, inner = APIRouter(prefix="/outer"), APIRouter(prefix="/inner")

        @inner.get("/z")
        def z(): ...

        outer.include_router(inner, prefix="/p")
        app = FastAPI()
        app.include_router(outer)
        """,
        star="""
        from starlette.applications import Starlette
        from starlette.routing import Mount, Route

        def h(request): ...

        app = Starlette(routes=[Mount("/m", routes=[Route("/y", h, methods=["POST"])])])
        """,
        web="""
        from aiohttp import web

        async def h(request): ...

        sub = web.Application()
        sub.add_routes([web.put("/d", h)])
        web.Application().add_subapp("/sub", sub)
        """,
    )

    assert found == ["GET /outer/p/inner/z", "POST /m/y", "PUT /sub/d"]


def test_flask_prefix_given_at_registration_replaces() -> None:
    """The prefix of a registration replaces that of the blueprint; an api adds its own behind."""
    found = routes(
        app="""
        from flask import Blueprint, Flask
        from flask_restful import Api, Resource
        import flask_restx

        bp = Blueprint("x", __name__, url_prefix="/own")
        api = Api(bp, prefix="/v1")

        class Stock(Resource):
            def get(self): ...

        api.add_resource(Stock, "/stock", "/stocks")
        app = Flask(__name__)
        app.register_blueprint(bp, url_prefix="/other")

        rx = flask_restx.Api(app)
        cats = flask_restx.Namespace("cats")
        rx.add_namespace(cats, path="/kittens")

        @cats.route("/<id>")
        class Cat(flask_restx.Resource):
            def get(self, id): ...
        """
    )

    assert found == ["GET /kittens/<id>", "GET /other/v1/stock", "GET /other/v1/stocks"]


def test_rest_framework_view_sets() -> None:
    """A model view set answers what it does not write; a plain one only what it writes."""
    found = routes(
        urls="""
        from django.urls import include, path
        from rest_framework import viewsets
        from rest_framework.routers import DefaultRouter

        class Users(viewsets.ReadOnlyModelViewSet):
            queryset = None

        class Things(viewsets.ViewSet):
            def create(self, request): ...

        router = DefaultRouter()
        router.register("users", Users)
        router.register("things", Things, basename="thing")
        urlpatterns = [path("api/", include(router.urls))]
        """
    )

    assert found == ["GET api/users", "GET api/users/{pk}/", "POST api/things"]


def test_other_servers() -> None:
    """Routes of the smaller frameworks, with methods told by names of members."""
    found = routes(
        app="""
        import bottle, falcon, tornado.web
        from quart import Quart
        from sanic import Blueprint, Sanic

        class Item:
            def on_get(self, request, response): ...

        falcon.App().add_route("/falcon", Item())

        @bottle.route("/bottle", method="POST")
        def b(): ...

        class Main(tornado.web.RequestHandler):
            def get(self): ...

        tornado.web.Application([tornado.web.url("/tornado", Main)])

        quart = Quart(__name__)

        @quart.put("/quart")
        async def q(): ...

        bp = Blueprint("s", url_prefix="/sanic")

        @bp.delete("/x")
        async def s(request): ...

        Sanic("s").blueprint(bp)
        """
    )

    assert found == ["DELETE /sanic/x", "GET /falcon", "GET /tornado", "POST /bottle", "PUT /quart"]


def test_graphql_over_requests_has_no_bound() -> None:
    """A blocking GraphQL transport waits as requests does; an asynchronous one is bounded by gql."""
    found = clients(
        app="""
        import gql
        from gql.transport.aiohttp import AIOHTTPTransport
        from gql.transport.requests import RequestsHTTPTransport

        gql.Client(transport=RequestsHTTPTransport(url="http://g/blocking")).execute("{a}")
        gql.Client(transport=AIOHTTPTransport(url="http://g/asynchronous")).execute("{a}")
        """
    )

    assert timeouts(found) == {"blocking": "unset", "asynchronous": "10"}


def test_instrumentation_names_its_library() -> None:
    """What is instrumented, and where trace context is handed on."""
    found = recognized(
        app="""
        from opentelemetry.instrumentation.requests import RequestsInstrumentor
        from opentelemetry.propagate import inject

        RequestsInstrumentor().instrument()
        inject({})
        """
    ).steps

    assert [(each.kind, each.detail) for each in found] == [("instrument", "requests"), ("instrument", "inject")]
