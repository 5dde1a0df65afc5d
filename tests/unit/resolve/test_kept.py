"""What code keeps in objects that a library hands around."""

from commlint.model.operations import Role
from commlint.model.values import show

from ..programs import clients, only, recognized

MAIN = """
from contextlib import asynccontextmanager
from fastapi import FastAPI
import httpx

@asynccontextmanager
async def lifespan(app: FastAPI):
    app.state.client = httpx.AsyncClient(base_url="{url}", timeout=3)
    yield
    app.state.client = None

app = FastAPI(lifespan=lifespan)
"""
VIEW = """
from fastapi import APIRouter, Depends, Request

router = APIRouter()

def client(request: Request):
    return request.app.state.client

@router.get("/")
async def view(client=Depends(client)):
    return await client.get("/stock")
"""


def test_the_state_of_an_application_is_what_its_start_puts_there() -> None:
    """A request leads to the application it came in at, and that to the client made when it started."""
    found = only(clients(main=MAIN.format(url="http://stock"), views=VIEW))

    assert show(found.address.url) == "http://stock/stock"


def test_each_program_of_a_tree_has_a_state_of_its_own() -> None:
    """What is put there nearest to the place that asks counts, whatever other programs do."""
    files = {}
    for name in ("orders", "carts"):
        files[f"{name}__main"] = MAIN.format(url=f"http://{name}-stock") + "import shared\n"
        files[f"{name}__views"] = VIEW
    found = [each for each in recognized(shared="", **files).operations if each.role is Role.CLIENT]

    assert {(each.function.split("/")[0], show(each.address.url)) for each in found} == {
        ("orders", "http://orders-stock/stock"),
        ("carts", "http://carts-stock/stock"),
    }


def test_a_member_that_nothing_puts_there_is_not_known() -> None:
    """Nothing is guessed from the name."""
    assert clients(views=VIEW.replace("state.client", "state.other")) == []
