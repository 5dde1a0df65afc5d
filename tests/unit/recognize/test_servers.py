"""Endpoints with the prefixes they are mounted under, and the functions that answer them."""

from __future__ import annotations

from commlint.model.operations import Role
from tests.unit.programs import recognized, url


def routes(**files: str) -> list[str]:
    operations = recognized(**files).operations
    return sorted(f"{each.address.method} {url(each)}" for each in operations if each.role is Role.SERVER)


def test_fastapi_routers() -> None:
    """A router's own prefix and the one it is included under both count."""
    found = routes(
        orders__app="""
        from fastapi import FastAPI
        from orders.routes import router

        app = FastAPI()
        app.include_router(router, prefix="/api/v1")
        """,
        orders__routes="""
        from fastapi import APIRouter

        router = APIRouter(prefix="/orders")

        @router.get("/{order_id}")
        async def read(order_id: int): ...

        @router.post("")
        async def create(): ...
        """,
    )

    assert found == ["GET /api/v1/orders/{order_id}", "POST /api/v1/orders"]


def test_flask_blueprints_and_methods() -> None:
    """A route answers each of its methods; GET when none is named."""
    found = routes(
        app="""
        from flask import Blueprint, Flask

        bp = Blueprint("stock", __name__, url_prefix="/stock")

        @bp.route("/<sku>", methods=["GET", "PUT"])
        def one(sku): ...

        app = Flask(__name__)
        app.register_blueprint(bp)

        @app.route("/health")
        def health(): ...
        """
    )

    assert found == ["GET /health", "GET /stock/<sku>", "PUT /stock/<sku>"]


def test_django_urls() -> None:
    """Included URL modules and class views are followed."""
    found = routes(
        shop__urls="""
        from django.urls import include, path

        urlpatterns = [path("api/", include("shop.orders.urls"))]
        """,
        shop__orders__urls="""
        from django.urls import path
        from shop.orders.views import OrderView, ping

        urlpatterns = [path("orders/<int:pk>/", OrderView.as_view()), path("ping", ping)]
        """,
        shop__orders__views="""
        from django.views import View

        class OrderView(View):
            def get(self, request, pk): ...
            def delete(self, request, pk): ...

        def ping(request): ...
        """,
    )

    assert found == [" api/ping", "DELETE api/orders/<int:pk>/", "GET api/orders/<int:pk>/"]


def test_grpc_servicer() -> None:
    """The methods of a servicer are the endpoints of its service."""
    operations = recognized(
        server="""
        import grpc
        import shop_pb2_grpc

        class Inventory(shop_pb2_grpc.InventoryServicer):
            def GetStock(self, request, context): ...

        server = grpc.server(None)
        shop_pb2_grpc.add_InventoryServicer_to_server(Inventory(), server)
        """
    ).operations

    assert {(each.role, each.address.rpc) for each in operations} == {(Role.SERVER, "Inventory/GetStock")}


def test_folder_named_like_a_library() -> None:
    """A folder of the tree that is called like a library does not stand for it."""
    found = routes(
        auth__entrypoints__fastapi____init__="",
        orders__app="""
        from fastapi import APIRouter

        router = APIRouter()

        @router.get("/orders")
        def read(): ...
        """,
    )

    assert found == ["GET /orders"]
