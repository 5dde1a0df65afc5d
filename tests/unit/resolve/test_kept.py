"""What code keeps in objects that a library hands around."""

import pytest

from commlint.model.operations import Role
from commlint.model.values import ConfigRead, EnvironmentRead, Literal, Unknown, show

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


FLAGS = """
import argparse
import httpx

parser = argparse.ArgumentParser()
group = parser.add_argument_group("peers")
group.add_argument("-s", "--stock-url", default="http://stock")
parser.add_argument("--pay", dest="pay_url")
args = parser.parse_args()
"""


def test_an_argument_of_the_command_line_is_a_setting_with_a_default() -> None:
    """`--stock-url` is `stock_url` of what the parser gives."""
    call = only(clients(app=FLAGS + "httpx.get(args.stock_url)"))

    assert call.address.url == ConfigRead("--stock-url", Literal("http://stock"))


def test_the_name_an_argument_is_kept_by_may_be_told() -> None:
    """`dest` goes before the option."""
    call = only(clients(app=FLAGS + "httpx.get(args.pay_url)"))

    assert call.address.url == ConfigRead("--pay")


CONFIGURED = """
import httpx
from flask import Flask, current_app
from settings import Production, BY_NAME

app = Flask(__name__)
app.config.{by}

@app.route("/")
def index():
    httpx.get(current_app.config{asked})
"""
SETTINGS = """
import os

class Base:
    STOCK = os.getenv("STOCK_URL", "http://stock")

class Production(Base):
    pass

BY_NAME = {"prod": Production}
"""


@pytest.mark.parametrize("by", ["from_object(Production)", 'from_object("settings.Production")'])
@pytest.mark.parametrize("asked", ['["STOCK"]', '.get("STOCK")'])
def test_the_configuration_of_an_application_has_what_a_class_has(by: str, asked: str) -> None:
    """Inherited members too, and whichever way the entry is asked for."""
    call = only(clients(settings=SETTINGS, app=CONFIGURED.format(by=by, asked=asked)))

    assert call.address.url == EnvironmentRead("STOCK_URL", Literal("http://stock"))


@pytest.mark.parametrize("by", ['from_mapping(STOCK="http://stock")', 'update({"STOCK": "http://stock"})'])
def test_the_configuration_of_an_application_has_what_a_mapping_has(by: str) -> None:
    call = only(clients(settings=SETTINGS, app=CONFIGURED.format(by=by, asked='["STOCK"]')))

    assert show(call.address.url) == "http://stock"


def test_a_class_without_the_entry_leaves_it_open() -> None:
    """Nothing is made up for an entry that no source has."""
    call = only(clients(settings=SETTINGS, app=CONFIGURED.format(by="from_object(Production)", asked='["PAY"]')))

    assert "PAY" not in show(call.address.url)
    assert isinstance(call.address.url, Unknown)
