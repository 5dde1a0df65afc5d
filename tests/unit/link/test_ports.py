"""Ports that commands and code name."""

import pytest

from commlint.model.code import Argument, Assignment, CallFacts, CodeFacts
from commlint.model.places import Extent
from commlint.model.values import CallResult, Literal, Mapping, Reference, Value

from .builders import Files, edge_to


def call(callee: str, *arguments: Value, **named: Value) -> CallFacts:
    given = [Argument(None, value) for value in arguments] + [Argument(name, value) for name, value in named.items()]
    return CallFacts(Reference(callee), tuple(given), "", "", -1, -1, False, True, Extent(1, 1, 1, 9))


def side_by_side() -> Files:
    """`orders` calls localhost:8002; `stock` and `mail` are its neighbours."""
    files = Files()
    for name in ("orders", "stock", "mail"):
        files.build(name, name)
        files.endpoint(f"{name}/app.py::index", "GET", "/")
    files.get("orders/app.py::index", "http://localhost:8002/")
    return files


@pytest.mark.parametrize(
    "calls",
    [
        (call("app.run", port=Literal(8002)),),
        (call("uvicorn.run", Literal("app:app"), port=Literal(8002)),),
        (call("server.add_insecure_port", Literal("[::]:8002")),),
        (call("server.listen", Literal(8002)),),
        (call("server.listen", Mapping(((Literal("port"), Literal(8002)),))),),
        (call("server.rxListen", Literal(8002)),),
        (call("builder.UseUrls", Literal("https://*:8001;http://*:8002/")),),
        (call("Uri", Literal("http://localhost:8002")), call("NancyHost", CallResult(0))),
        (call("NettyServerBuilder.forPort", Literal(8002)),),
        (
            call("os.environ.get", Literal("PORT"), Literal("8002")),
            call("int", CallResult(0)),
            call("app.run", port=CallResult(1)),
        ),
    ],
)
def test_code_names_the_port_it_serves_on(calls: tuple[CallFacts, ...]) -> None:
    """A port given where serving starts, also as the default of a setting."""
    files = side_by_side()
    files.code["stock/app.py"] = CodeFacts("python", "app", calls=calls)

    assert edge_to(files.system(), "endpoint:stock:GET /").source_service == "orders"


@pytest.mark.parametrize(
    ("listened", "settings", "reached"),
    [
        ("config.port", [Mapping(((Literal("port"), Literal(8002)),))], True),
        ("config.web.port", [Mapping(((Literal("web"), Mapping(((Literal("port"), Literal(8002)),))),))], True),
        ("PORT", [Literal(8002)], True),
        ("config.port", [Mapping(((Literal("db"), Mapping(((Literal("port"), Literal(8002)),))),))], False),
        ("config.port", [Mapping(((Literal("port"), Literal(n)),)) for n in (8002, 9000)], False),
    ],
)
def test_settings_in_another_file_name_the_port(listened: str, settings: list[Value], reached: bool) -> None:
    """Where one file of the program alone tells it."""
    files = side_by_side()
    files.code["stock/app.py"] = CodeFacts("python", "app", calls=(call("server.listen", Reference(listened)),))
    for number, told in enumerate(settings):
        given = Assignment("PORT", told, None, None, "", "", "", -1, Extent(1, 1, 1, 9))
        files.module(f"stock/config{number}.py")
        files.code[f"stock/config{number}.py"] = CodeFacts("python", f"config{number}", assignments=(given,))

    found = {edge.target for edge in files.system().edges if edge.kind == "sync"}

    assert found == ({"endpoint:stock:GET /"} if reached else set())


def test_the_length_of_a_queue_is_no_port() -> None:
    """`socket.listen(100)` says how many may wait."""
    files = side_by_side()
    files.get("orders/app.py::other", "http://localhost:100/")
    files.code["stock/app.py"] = CodeFacts("python", "app", calls=(call("server.listen", Literal(100)),))

    assert [edge for edge in files.system().edges if edge.kind == "sync"] == []


def test_who_is_told_by_a_port_alone_must_answer_what_is_asked() -> None:
    """Many programs choose the same port; one that has no such path is not meant."""
    files = side_by_side()
    files.get("orders/app.py::other", "http://localhost:8002/elsewhere")
    files.code["stock/app.py"] = CodeFacts("python", "app", calls=(call("server.listen", Literal(8002)),))
    system = files.system()

    assert [edge.target for edge in system.edges if edge.kind == "sync"] == ["endpoint:stock:GET /"]
    assert [each.reason for each in system.unresolved] == [
        "localhost:8002 may be stock, which does not answer that path"
    ]


def test_a_gateway_that_is_told_by_a_port_passes_on_what_it_does_not_answer() -> None:
    """It need not have the path itself."""
    files = side_by_side()
    files.get("orders/app.py::other", "http://localhost:8002/elsewhere")
    files.route("stock", "", "/elsewhere", "mail")
    files.code["stock/app.py"] = CodeFacts("python", "app", calls=(call("server.listen", Literal(8002)),))

    reached = {edge.target_service for edge in files.system().edges if edge.source_service == "orders"}

    assert reached == {"stock"}


def test_a_call_to_ones_own_machine_goes_where_it_says_beside_its_url() -> None:
    """A sidecar is told the service apart from the URL; a name that no service has says nothing."""
    files = side_by_side()
    files.code["stock/app.py"] = CodeFacts("python", "app", calls=(call("server.listen", Literal(8002)),))
    files.get("orders/app.py::told", "http://localhost:3500/", host="mail")
    files.get("orders/app.py::lost", "http://localhost:8002/", host="nobody")
    system = files.system()

    targets = {edge.source.partition("::")[2]: edge.target_service for edge in system.edges if edge.kind == "sync"}

    assert targets == {"index#1": "stock", "told#0": "mail", "lost#0": "stock"}


def test_ports_of_clients_do_not_count() -> None:
    """The port of a broker connection is no port of one's own."""
    files = side_by_side()
    files.code["stock/app.py"] = CodeFacts("python", "app", calls=(call("pika.Parameters", port=Literal(8002)),))

    assert [edge for edge in files.system().edges if edge.kind == "sync"] == []


@pytest.mark.parametrize(
    "command",
    [
        ("uvicorn", "app:app", "--port", "8002"),
        ("uvicorn", "app:app", "--port=8002"),
        ("gunicorn", "-b", "0.0.0.0:8002", "app:app"),
        ("sh", "-c", "python manage.py runserver 0.0.0.0:8002"),
    ],
)
def test_commands_name_the_port(command: tuple[str, ...]) -> None:
    """A port given on the command line."""
    files = side_by_side()
    files.dockerfile("stock", command=command)
    files.dockerfile("orders")
    files.dockerfile("mail")

    assert edge_to(files.system(), "endpoint:stock:GET /").source_service == "orders"
