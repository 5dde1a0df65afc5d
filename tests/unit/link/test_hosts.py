"""Which service a host means."""

import pytest

from commlint.model.config import Config
from commlint.model.operations import Confidence
from commlint.model.values import ConfigRead, Parameter, Template, Value

from .builders import Files, env, pairs, text


def shop() -> Files:
    files = Files()
    files.compose("orders", "orders")
    files.compose("stock", "stock", aliases=("stock-main",), ports=((8001, 80),))
    return files


def reached(files: Files, *url: str | Value) -> tuple[str, Confidence] | str:
    """Where a GET in the code of `orders` leads and how sure that is, or the reason why nowhere."""
    files.get("orders/app.py::fetch", *url)
    system = files.system()
    edge = next((edge for edge in system.edges if edge.source), None)
    if edge is None:
        return system.unresolved[0].reason
    return (edge.target_service or edge.target, edge.confidence)


@pytest.mark.parametrize(
    "host", ["stock", "stock:80", "stock-main", "STOCK", "stock.service.consul", "stock-main.service.dc1.consul:80"]
)
def test_compose_names_and_aliases(host: str) -> None:
    """Name, alias, with or without port, in any case, as the catalogue of Consul has them too."""
    files = shop()
    files.endpoint("stock/app.py::index", "GET", "/")

    assert reached(files, f"http://{host}/") == ("stock", Confidence.CERTAIN)


@pytest.mark.parametrize(
    "host", ["stock", "stock.shop", "stock.shop.svc", "stock.shop.svc.cluster.local", "stock.shop.svc.acme.net"]
)
def test_kubernetes_dns_in_all_forms(host: str) -> None:
    """Service, namespace and cluster domain, as much of it as is written."""
    files = Files()
    files.workload("orders", "x/orders", namespace="shop")
    files.workload("stock", "x/stock", namespace="shop", selects=(("app", "stock"),))
    files.dockerfile("orders")

    assert reached(files, f"http://{host}:8080/a")[0] == "stock"


def test_namespace_tells_services_of_one_name_apart() -> None:
    """`api.billing` is the `api` of that namespace."""
    files = Files()
    files.workload("orders", "x/orders", namespace="shop")
    files.dockerfile("orders")
    files.compose("shop-api", "a", aliases=("api",), namespace="shop")
    files.compose("billing-api", "b", aliases=("api",), namespace="billing")

    assert reached(files, "http://api.billing/x")[0] == "billing-api"


def test_services_declared_beside_the_caller_go_first() -> None:
    """Of two systems in one tree, a host means the service of the same compose file."""
    files = Files()
    for system in ("one", "two"):
        files.compose("orders", f"{system}/orders", path=f"{system}/compose.yaml")
        files.compose("stock", f"{system}/stock", path=f"{system}/compose.yaml")
    files.get("two/orders/app.py::fetch", "http://stock/")

    (edge,) = files.system().edges

    assert edge.target == "service:two-stock"


def test_localhost_is_who_publishes_the_port() -> None:
    """A published port of a sibling is likely meant."""
    assert reached(shop(), "http://localhost:8001/") == ("stock", Confidence.LIKELY)


def test_localhost_without_such_a_port_says_so() -> None:
    """Nothing is guessed."""
    assert reached(shop(), "http://localhost:9999/") == "the host is localhost:9999, a port no service publishes"


def test_localhost_is_oneself_among_instances_of_one_program() -> None:
    """Of two containers that run the same code, each means itself by the port that both listen on."""
    files = Files()
    files.compose("first", "app", ports=((8000, 8000),))
    files.compose("second", "app", ports=((8001, 8000),))
    files.get("app/main.py::chain", "http://localhost:8000/")

    assert pairs(files.system()) == [("first", "service:first"), ("second", "service:second")]


def test_a_gateway_passes_on_what_it_answers_itself() -> None:
    """A port of this machine that nobody is known to listen on is not the caller's, though it answers that path too."""
    files = Files()
    for name in ("gateway", "orders", "stock"):
        files.build(name, name)
    files.endpoint("gateway/app.py::orders", "GET", "/orders")
    files.endpoint("orders/app.py::orders", "GET", "/orders")
    files.endpoint("stock/app.py::stock", "GET", "/stock")
    files.get("gateway/app.py::orders", "http://localhost:8002/orders")
    files.get("orders/app.py::orders", "http://localhost:8003/stock")

    assert pairs(files.system()) == [
        ("gateway", "endpoint:orders:GET /orders"),
        ("orders", "endpoint:stock:GET /stock"),
    ]


def test_localhost_that_several_may_be_stays_open() -> None:
    """Two services that publish one port in different files are not chosen between."""
    files = shop()
    files.compose("mail", "mail", ports=((8001, 80),))

    assert reached(files, "http://localhost:8001/") == "localhost:8001 may be any of mail, stock"


def test_public_hosts_are_external() -> None:
    """What no service answers is a node of its own."""
    files = shop()

    assert reached(files, "https://api.stripe.com/v1/charges") == ("external:api.stripe.com", Confidence.CERTAIN)
    assert [(node.id, node.kind) for node in files.system().externals] == [("external:api.stripe.com", "external")]


@pytest.mark.parametrize(
    "host",
    [
        "stock-luu7kai33a-uc.a.run.app",
        "stock-1234567.europe-west1.run.app",
        "stock.internal.niceriver-7.westeurope.azurecontainerapps.io",
        "stock.azurewebsites.net",
        "stock.internal",
    ],
)
def test_hosts_of_platforms_name_their_services(host: str) -> None:
    """A host that a platform makes of the name of a service is that service, where the system has one of the name."""
    assert reached(shop(), f"https://{host}/items") == ("stock", Confidence.LIKELY)
    assert reached(shop(), f"https://{host.replace('stock', 'others')}/items")[0].startswith("external:")


def test_what_the_sidecar_is_asked_for_itself_leads_to_no_service() -> None:
    """Health, state and secrets are matters of Dapr; what is invoked through it is not."""
    assert reached(shop(), "http://localhost:3500/v1.0/state/store/7")[0] == "external:dapr"
    assert reached(shop(), "http://localhost:3500/v1.0/invoke/stock/method/items")[0] == "stock"


def test_suffix_in_the_host_does_no_harm() -> None:
    """`stock-service` is likely the only service with that stem."""
    assert reached(shop(), "http://stock-service/") == ("stock", Confidence.LIKELY)


def test_placeholders_are_no_hosts() -> None:
    """`[PROJECT_ID]` in a sample deployment is nobody."""
    assert reached(shop(), "http://x.[project].internal/") == "the host x.[project].internal is a placeholder"


def test_configuration_binds_a_variable_or_host() -> None:
    """`[hosts]` says what nothing else does."""
    files = shop()
    files.config = Config(hosts={"$WAREHOUSE": "stock", "legacy:8080": "stock"})

    assert reached(files, env("WAREHOUSE"), "/items") == ("stock", Confidence.LIKELY)
    assert reached(files, "http://legacy:8080/") == ("stock", Confidence.LIKELY)


def test_configuration_goes_before_a_guess() -> None:
    """A default of localhost is only a guess."""
    files = shop()
    files.config = Config(hosts={"$WAREHOUSE": "orders"})
    files.endpoint("orders/app.py::index", "GET", "/")

    assert reached(files, env("WAREHOUSE", "http://localhost:8001")) == ("orders", Confidence.CERTAIN)


def test_variable_name_tells_when_no_value_is_given() -> None:
    """STOCK_SERVICE_URL without a value is likely `stock`."""
    assert reached(shop(), env("STOCK_SERVICE_URL"), "/items") == ("stock", Confidence.LIKELY)


def test_variable_named_after_the_folder_of_a_service() -> None:
    """USERS_SERVICE_URL is likely the service whose code is in `users/`, whatever prefix its name has."""
    files = shop()
    files.compose("acme-users", "backend/users")

    assert reached(files, env("USERS_SERVICE_URL"), "/items") == ("acme-users", Confidence.LIKELY)


@pytest.mark.parametrize("name", ["REACT_APP_STOCK_URL", "VITE_STOCK_API_URL", "NEXT_PUBLIC_STOCK_BASE_URL"])
def test_a_setting_of_a_page_names_a_service_behind_what_its_build_tool_asks_for(name: str) -> None:
    """Tools put only variables with their prefix into pages."""
    assert reached(shop(), env(name), "/items") == ("stock", Confidence.LIKELY)


@pytest.mark.parametrize("setting", ["ServiceUrls:StockApi", "Stock:Url", "Clients:Stock:BaseAddress"])
def test_setting_names_a_service_by_the_last_part_of_its_key(setting: str) -> None:
    """The sections around it say nothing of the service."""
    assert reached(shop(), ConfigRead(setting), "/items") == ("stock", Confidence.LIKELY)


def test_setting_names_a_service_without_what_all_names_begin_with() -> None:
    """`Shop.Services.Stock.API` is the `StockApi` of a setting when its siblings begin alike."""
    files = Files()
    files.compose("orders", "orders")
    for name in ("Stock", "Billing", "Mail"):
        files.compose(f"Shop.Services.{name}.API", name)

    assert reached(files, ConfigRead("Urls:StockApi"), "/items") == ("Shop.Services.Stock.API", Confidence.LIKELY)


def test_variable_name_does_not_overrule_a_value() -> None:
    """A known external host stays external, whatever the variable is called."""
    assert reached(shop(), env("STOCK_URL", "https://stock.example.com")) == (
        "external:stock.example.com",
        Confidence.CERTAIN,
    )


def test_port_in_a_file_goes_before_the_name_of_its_setting() -> None:
    """What a file gives is what the program gets; a port in code, for when nobody gives one, is a developer's."""
    files = shop()
    files.compose("mail", "mail")

    assert reached(files, env("MAIL_URL", "http://localhost:8001")) == ("mail", Confidence.LIKELY)

    given = shop()
    given.compose("mail", "mail")
    given.bind("file:orders/.env", "MAIL_URL", "http://localhost:8001", "orders/.env", "dotenv")

    assert reached(given, env("MAIL_URL", "http://localhost:8001")) == ("stock", Confidence.LIKELY)


def test_first_label_tells_when_only_the_domain_is_open() -> None:
    """`stock.{namespace}.svc` is `stock`."""
    host = Template((text("http://stock."), Parameter("namespace"), text(".svc/items")))

    assert reached(shop(), host) == ("stock", Confidence.LIKELY)


def test_ingress_routes_by_longest_prefix_and_rewrites() -> None:
    """A public host leads through the ingress to the service and the path it sees."""
    files = shop()
    files.compose("catalogue", "catalogue")
    files.endpoint("stock/app.py::items", "GET", "/items")
    files.route("edge", "shop.example.com", "/", "catalogue")
    files.route("edge", "shop.example.com", "/stock", "stock", rewrite="/")
    files.get("orders/app.py::fetch", "https://shop.example.com/stock/items")

    (edge,) = files.system().edges

    assert edge.target == "endpoint:stock:GET /items"


def test_a_page_asks_the_gateway_it_came_through() -> None:
    """What sends `/` to the page and `/stock` elsewhere gets the request for `/stock/items`."""
    files = shop()
    files.compose("gateway", "gateway")
    files.compose("site", "site", kind="frontend")
    files.route("gateway", "", "/", "site")
    files.route("gateway", "", "/stock", "stock")
    files.get("site/src/api.ts::load", "/stock/items")

    assert ("site", "endpoint:gateway:GET /stock/items") in pairs(files.system())


def test_a_page_behind_an_ingress_reaches_the_service_of_the_path() -> None:
    """An ingress is no service of the system."""
    files = shop()
    files.compose("site", "site", kind="frontend")
    files.endpoint("stock/app.py::items", "GET", "/items")
    files.route("edge", "shop.example.com", "/", "site")
    files.route("edge", "shop.example.com", "/stock", "stock", rewrite="/")
    files.get("site/src/api.ts::load", "/stock/items")

    assert pairs(files.system()) == [("site", "endpoint:stock:GET /items")]


@pytest.mark.parametrize(
    "routes",
    [
        pytest.param((), id="nobody is known to stand before it"),
        pytest.param((("gateway", "/stock", "stock"),), id="the page does not come through it"),
        pytest.param((("gateway", "/", "site"),), id="the page itself is asked"),
    ],
)
def test_a_path_without_a_host_stays_open(routes: tuple[tuple[str, str, str], ...]) -> None:
    """Nothing is guessed."""
    files = shop()
    files.compose("gateway", "gateway")
    files.compose("site", "site", kind="frontend")
    for gateway, path, target in routes:
        files.route(gateway, "", path, target)
    files.get("site/src/api.ts::load", "/stock/items")

    assert [call.reason for call in files.system().unresolved] == ["the address is a path without a host"]


@pytest.mark.parametrize(("variable", "service"), [("USER_SERVICE_URL", "users"), ("CATEGORIES_URL", "category")])
def test_variable_name_in_another_number(variable: str, service: str) -> None:
    """One of them may speak of many."""
    files = shop()
    files.compose(service, service)

    assert reached(files, env(variable), "/") == (service, Confidence.LIKELY)


def test_a_number_of_a_private_network_is_told_by_its_port() -> None:
    """The machine that runs the containers publishes what one of them answers; any other number is outside."""
    assert reached(shop(), "http://172.17.0.1:8001/") == ("stock", Confidence.LIKELY)
    assert reached(shop(), "http://10.2.3.4:9999/")[0] == "external:10.2.3.4"
    assert reached(shop(), "http://8.8.8.8:8001/")[0] == "external:8.8.8.8"


def test_localhost_is_oneself_where_oneself_answers_what_is_asked() -> None:
    """Each container listens on one port; what the service behind the published one does not answer is one's own."""
    files = Files()
    files.compose("orders", "orders", ports=((8000, 8000),))
    files.compose("stock", "stock", ports=((8001, 8000),))
    files.endpoint("orders/app.py::index", "GET", "/orders")
    files.endpoint("stock/app.py::index", "GET", "/products/{id}")
    files.get("stock/worker.py::look", "http://localhost:8000/products/7")
    files.get("stock/worker.py::ask", "http://localhost:8000/orders")

    found = {(edge.source_service, edge.target_service) for edge in files.system().edges}

    assert found == {("stock", "stock"), ("stock", "orders")}


def test_localhost_on_a_port_nobody_tells_is_who_alone_answers() -> None:
    """Started by hand, a service is told by what it answers; what two answer stays open."""
    files = Files()
    files.compose("orders", "orders")
    for name in ("stock", "old_stock"):
        files.compose(name, name)
        files.endpoint(f"{name}/app.py::check", "GET", "/check/{id}")
    files.endpoint("stock/app.py::index", "GET", "/products/{id}")
    files.get("orders/app.py::look", "http://localhost:8000/products/7")
    files.get("orders/app.py::check", "http://localhost:8000/check/7")

    system = files.system()

    assert [(edge.source_service, edge.target_service) for edge in system.edges] == [("orders", "stock")]
    assert [each.reason for each in system.unresolved] == ["the host is localhost:8000, a port no service publishes"]


def test_a_page_asks_who_alone_answers() -> None:
    """Nobody is known to stand before it, and one service has the path."""
    files = shop()
    files.compose("site", "site", kind="frontend")
    files.endpoint("stock/app.py::items", "GET", "/api/items/{id}")
    files.get("site/src/api.ts::load", "/api/items/7")

    assert pairs(files.system()) == [("site", "endpoint:stock:GET /api/items/{id}")]


def test_routes_of_openshift_are_called_by_the_service() -> None:
    """`stock-shop.apps.…` is the route of `stock` in the namespace `shop`."""
    assert reached(shop(), "http://stock-shop.apps.ocp4.example.com/a") == ("stock", Confidence.LIKELY)
