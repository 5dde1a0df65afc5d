"""What expressions mean across files: names, members, values and callers."""

from __future__ import annotations

from commlint.model.values import Reference, Unknown, show
from commlint.resolve.entities import External, Frame, Function, Made, Object, Scope
from tests.unit.programs import program


def worth(name: str, path: str = "app.py", line: int = 0, function: str = "", **files: str) -> str:
    """What a name is worth at the end of a file, or of a function in it."""
    return show(program(**files).value(Reference(name), Scope(Frame(path, function), line)))


def test_constant_through_packages() -> None:
    """A constant is found through re-exports of packages and star imports."""
    found = worth(
        "URL",
        app="from shop.config import URL",
        shop__config____init__="from .base import *",
        shop__config__base='HOST = "inventory"\nURL = "http://" + HOST + ":8000"',
    )

    assert found == "http://inventory:8000"


def test_import_that_may_fail() -> None:
    """Of two imports of a name the one that the tree has is meant."""
    found = worth(
        "URL",
        app="try:\n    from missing import URL\nexcept ImportError:\n    from settings import URL",
        settings='URL = "http://a"',
    )

    assert found == "http://a"


def test_later_assignment_hides_earlier_ones() -> None:
    """A place sees back to the nearest assignment that always runs before it."""
    source = 'url = "a"\nurl = "b"\nif flag:\n    url = "c"\nuse(url)\nurl = "d"'

    assert worth("url", app=source, line=5) == "c | b"


def test_other_branch_is_not_seen() -> None:
    """What the other branch of the same choice assigns does not reach a place."""
    source = 'if flag:\n    url = "a"\n    use(url)\nelse:\n    url = "b"\n'
    tree = program(app=source)
    block = next(call.block for call in tree.file("app.py").code.calls)

    assert show(tree.value(Reference("url"), Scope(Frame("app.py"), 3, block))) == "a"


def test_text_is_built_of_what_is_known() -> None:
    """Format strings, joins and augmented text keep known and open parts apart."""
    source = """
    import os

    def url(sku):
        base = os.environ["BASE"]
        path = "/stock"
        path += "/{}".format(sku)
        return f"{base}{path}"

    found = url("a1")
    """

    assert worth("found", app=source) == "{$BASE}/stock/a1"


def test_enum_and_table() -> None:
    """An entry of a table under an enum member's value is followed."""
    source = """
    from enum import Enum

    class Peer(Enum):
        STOCK = "stock"
        MAIL = "mail"

    URLS = {"stock": "http://stock", "mail": "http://mail"}
    found = URLS[Peer.MAIL.value]
    """

    assert worth("found", app=source) == "http://mail"


def test_value_that_depends_on_itself() -> None:
    """A circle of definitions ends as unknown."""
    assert worth("a", app="from other import b as a", other="from app import a as b") in (
        "?",
        "builtins.a",
        "app.a",
        "a",
    )


def test_property_and_inheritance() -> None:
    """A property of a base class reads what the subclass gave to the base's constructor."""
    source = """
    class Base:
        def __init__(self, host):
            self.host = host

        @property
        def url(self):
            return f"http://{self.host}"

    class Orders(Base):
        def __init__(self):
            super().__init__("orders")

    found = Orders().url
    """

    assert worth("found", app=source) == "http://orders"


def test_data_class_fields() -> None:
    """A field of a data class is what the constructor call gave, by position or by name."""
    source = """
    from dataclasses import dataclass

    @dataclass
    class Peer:
        name: str
        url: str = "http://nowhere"

    found = Peer("stock", url="http://stock").url
    """

    assert worth("found", app=source) == "http://stock"


def test_annotation_tells_the_type() -> None:
    """A parameter that nobody binds has the type it is annotated with, and stays open."""
    tree = program(app="import requests\n\ndef f(session: requests.Session): ...")

    found = tree.lookup("session", Scope(Frame("app.py", "f")))

    assert found[0] == Made("requests.Session")
    assert len(found) == 2


def test_callers_are_resolved_not_guessed() -> None:
    """Only calls that mean the function are its callers, whatever else bears its name."""
    tree = program(
        app="from a import run\nimport b\n\ndef f():\n    run()\n\ndef g():\n    b.run()",
        a="def run(): ...",
        b="def run(): ...",
    )

    callers = tree.callers(Function("a.py", "run"))

    assert [tree.file(path).code.calls[number].function for path, number in callers] == ["f"]


def test_objects_a_class_is_made_of() -> None:
    """The makers of a class include those of its subclasses."""
    tree = program(app="class A: ...\nclass B(A): ...\nx = A()\ny = B()")
    owner = next(each.type for each in tree.lookup("x", Scope(Frame("app.py"))) if isinstance(each, Object))

    assert [each.type.name for each in tree.makers(owner)] == ["A", "B"]


def test_standard_library_is_not_looked_for_in_the_tree() -> None:
    """A file called like a module of the standard library does not stand for it."""
    tree = program(app="import logging\n", logging="x = 1")

    assert tree.lookup("logging", Scope(Frame("app.py"))) == (External("logging"),)


def test_reason_of_the_unknown() -> None:
    """What is not known says why."""
    tree = program(app='table = {"a": 1}\nfound = table["b"]')

    assert tree.value(Reference("found"), Scope(Frame("app.py"))) == Unknown("no entry 'b'")


def test_settings_of_django_are_the_names_of_the_settings_module() -> None:
    """The start script of a project tells its settings module; each project of a tree has its own."""
    view = "from django.conf import settings\nURL = settings.STOCK_URL"
    start = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")'

    found = [
        worth(
            "URL",
            path=f"{project}/pages/views.py",
            orders__pages__views=view,
            orders__manage=start,
            orders__shop__settings='STOCK_URL = "http://stock"',
            portal__pages__views=view,
            portal__manage=start,
            portal__shop__settings='STOCK_URL = "http://stock-of-portal"',
        )
        for project in ("orders", "portal")
    ]

    assert found == ["http://stock", "http://stock-of-portal"]
