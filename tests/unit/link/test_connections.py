"""Edges that only the deployment tells."""

from dataclasses import replace

from commlint.model.code import Argument, Assignment, CallFacts, CodeFacts, Exit
from commlint.model.deployments import CALLED, NOTHING_ELSE
from commlint.model.operations import Evidence
from commlint.model.places import Extent
from commlint.model.values import CallResult, ConfigRead, Literal, Reference

from .builders import HERE, Files, edge_to, env, pairs


def reads(*variables: str) -> CodeFacts:
    """Code that asks for environment variables in a way nothing understood."""
    calls = tuple(
        CallFacts(
            Reference("settings.get"), (Argument(None, Literal(name)),), "", "", -1, -1, False, True, Extent(1, 1, 1, 9)
        )
        for name in variables
    )
    return CodeFacts("python", "app", calls=calls)


def test_infrastructure_in_the_environment_is_a_connection() -> None:
    """A service that is given the address of a broker is connected to it."""
    files = Files()
    files.compose("orders", "orders", env={"BROKER": "amqp://guest@rabbit:5672/"})
    files.compose("rabbit", image="rabbitmq:3", kind="broker")

    edge = edge_to(files.system(), "service:rabbit")

    assert (edge.kind, edge.protocol, edge.source, edge.evidence) == ("connect", "amqp", "", (Evidence.DECLARED,))


def test_waiting_for_infrastructure_is_a_connection() -> None:
    """`depends_on` a database says it is used; on a service it says nothing."""
    files = Files()
    files.compose("orders", "orders", depends_on=("db", "stock"))
    files.compose("stock", "stock")
    files.compose("db", image="postgres", kind="database")

    assert pairs(files.system()) == [("orders", "service:db")]


def test_address_given_to_code_that_is_not_read_is_an_edge() -> None:
    """A service in another language is believed to use what it alone is given."""
    files = Files()
    files.compose("orders", "orders", env={"STOCK_ADDR": "stock:8000", "MODE": "stock"})
    files.compose("stock", "stock")

    assert pairs(files.system()) == [("orders", "service:stock")]


def test_addresses_all_services_take_over_are_no_edges() -> None:
    """A map of all addresses that everybody gets says nothing of who calls whom."""
    files = Files()
    for name in ("orders", "stock", "mail"):
        files.workload(name, f"x/{name}:1", path=f"{name}.yaml")
        files.bind(f"service:{name}", "*", ConfigRead("configmap:peers"), f"{name}.yaml")
    files.bind("configmap:peers", "STOCK_ADDR", "stock:8000", "config.yaml")

    assert pairs(files.system()) == []


def test_addresses_a_service_does_not_call_are_no_edges() -> None:
    """Allowed origins and links for people are no calls."""
    files = Files()
    files.compose("orders", "orders", env={"CORS_ORIGINS": "http://shop:80", "PUBLIC_URL": "http://shop:80"})
    files.compose("shop", "shop")

    assert pairs(files.system()) == []


def test_variable_the_code_reads_and_nothing_explains_is_an_edge() -> None:
    """In code that is read, an address counts when the code asks for it but no operation came of it."""
    files = Files()
    files.compose("orders", "orders", env={"STOCK_ADDR": "stock:8000", "MAIL_ADDR": "mail:8000"})
    files.compose("stock", "stock")
    files.compose("mail", "mail")
    files.endpoint("orders/app.py::index", "GET", "/")
    files.code["orders/app.py"] = reads("STOCK_ADDR")

    assert pairs(files.system()) == [("orders", "service:stock")]


def test_variable_that_is_only_kept_is_no_edge() -> None:
    """A setting nobody uses calls nobody; one that is used may be a call."""
    found = []
    for used in ((), (Exit("return", Reference("settings.STOCK"), "index", -1, HERE),)):
        files = Files()
        files.compose("orders", "orders", env={"STOCK_ADDR": "stock:8000"})
        files.compose("stock", "stock")
        files.endpoint("orders/app.py::index", "GET", "/")
        kept = Assignment("STOCK", CallResult(0), None, None, "", "", "", -1, HERE)
        files.code["orders/app.py"] = replace(reads("STOCK_ADDR"), assignments=(kept,), exits=used)
        found.append(pairs(files.system()))

    assert found == [[], [("orders", "service:stock")]]


def test_variable_that_is_read_as_a_member_is_read() -> None:
    """`process.env.STOCK_ADDR` names the variable as well as a text does."""
    files = Files()
    files.compose("orders", "orders", env={"STOCK_ADDR": "stock:8000"})
    files.compose("stock", "stock")
    files.endpoint("orders/app.py::index", "GET", "/")
    code = reads("OTHER")
    given = replace(code.calls[0], arguments=(Argument(None, Reference("process.env.STOCK_ADDR")),))
    files.code["orders/app.py"] = replace(code, calls=(given,))

    assert pairs(files.system()) == [("orders", "service:stock")]


def test_gateway_calls_what_it_routes_to() -> None:
    """A gateway that is a service has an edge to each target."""
    files = Files()
    files.compose("gateway", image="nginx", kind="gateway")
    files.compose("stock", "stock")
    files.route("gateway", "", "/stock", "stock")

    assert pairs(files.system()) == [("gateway", "service:stock")]


def test_code_goes_before_the_deployment() -> None:
    """A pair the code shows is not said twice."""
    files = Files()
    files.compose("orders", "orders", env={"STOCK_ADDR": "stock:8000"})
    files.compose("stock", "stock")
    files.get("orders/app.py::fetch", "http://stock/items")
    files.code["orders/app.py"] = reads("STOCK_ADDR")

    assert [edge.evidence for edge in files.system().edges] == [(Evidence.CODED,)]


def test_one_env_file_for_everybody_connects_nobody() -> None:
    """A dotenv file all services take over says what there is, not who uses it."""
    files = Files()
    files.compose("db", image="postgres", kind="database")
    for name in ("orders", "mail"):
        files.compose(name, name)
        files.bind(f"service:{name}", "*", ConfigRead("file:.env"), "compose.yaml", "compose")
    files.bind("file:.env", "DATABASE_URL", "postgresql://db/shop", ".env", "dotenv")

    assert pairs(files.system()) == []


def test_config_map_of_some_services_connects_them() -> None:
    """A map with the address of a database is given to those that use it."""
    files = Files()
    files.workload("db", "postgres", kind="database")
    for name in ("orders", "mail"):
        files.workload(name, f"x/{name}:1")
        files.bind(f"service:{name}", "*", ConfigRead("configmap:db"), "k8s.yaml")
    files.bind("configmap:db", "DATABASE_URL", "postgresql://db/shop", "config.yaml")

    assert pairs(files.system()) == [("mail", "service:db"), ("orders", "service:db")]


def jvm(files: Files, name: str, *uses: str) -> None:
    """A service whose build file names its libraries."""
    files._service("jvm-build", name, name, f"{name}/pom.xml", {"uses": uses})


def test_libraries_tell_infrastructure_there_is_one_of() -> None:
    """A client library needs a server; two of them leave open which."""
    files = Files()
    files.compose("orders", "orders")
    files.compose("registry", kind="registry")
    files.compose("rabbit", image="rabbitmq:3", kind="broker")
    files.compose("log", image="kafka", kind="broker")
    files.compose("a", image="postgres", kind="database")
    files.compose("b", image="postgres", kind="database")
    jvm(files, "orders", "registry", "amqp", "postgresql")

    assert pairs(files.system()) == [("orders", "service:rabbit"), ("orders", "service:registry")]


def test_waiting_for_what_no_library_is_for() -> None:
    """A service that only waits for a database does not use it."""
    files = Files()
    files.compose("orders", "orders", depends_on=("db",))
    files.compose("db", image="mysql", kind="database")
    jvm(files, "orders", "registry", NOTHING_ELSE)

    assert pairs(files.system()) == []


def test_peers_outside_that_the_framework_calls() -> None:
    """A mail host in settings is an external peer."""
    files = Files()
    files.compose("orders", "orders")
    for name, given in (("spring.mail.host", "smtp.example.com"), ("other.host", "nobody.example.com")):
        files.bind("settings:orders/application.yml", name, given, "orders/application.yml", "spring")
    key = f"{CALLED}spring.mail.host"
    files.bind("settings:orders/application.yml", key, ConfigRead("spring.mail.host"), "orders/application.yml")
    system = files.system()

    assert pairs(system) == [("orders", "external:smtp.example.com")]
    assert [each.name for each in system.externals] == ["smtp.example.com"]


def test_an_address_given_to_all_processes_of_one_code_base() -> None:
    """Its own address, which a service is given too, does not make its worker call it."""
    files = Files()
    for name in ("web", "worker"):
        files.compose(name, "shop", env={"MEDIA_HOST": "http://web:80"})
    files.code["shop/app.go"] = CodeFacts("go", "shop")

    assert pairs(files.system()) == []


def test_what_one_deployment_leaves_blank_another_says() -> None:
    """A value that is to be filled in is no value beside one that is given."""
    files = Files()
    files.compose("orders", "orders", env={"STOCK_URL": "http://stock:80"})
    files.workload("orders", env={"STOCK_URL": ""})
    files.compose("stock", "stock")
    files.get("orders/app.py::index", env("STOCK_URL"))

    assert ("orders", "service:stock") in pairs(files.system())
