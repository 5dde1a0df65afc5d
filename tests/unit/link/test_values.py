"""Values as one service sees them, told by the address of a call."""

import pytest

from commlint.model.config import Config, ServiceConfig
from commlint.model.values import (
    Choice,
    Compute,
    ConfigRead,
    EnvironmentRead,
    Literal,
    Parameter,
    Sequence,
    Template,
    Value,
)

from .builders import Files, env, site_of


def targets(files: Files, url: Value) -> list[str]:
    """Where a GET to `url` in the code of `orders` leads."""
    call = files.get("orders/app.py::fetch", url)
    system = files.system()
    found = [edge.target for edge in system.edges if edge.source == site_of(system, call).id]
    return found or [line.reason for line in system.unresolved]


def with_orders(**variables: object) -> Files:
    files = Files()
    files.compose("orders", "orders", env=variables)
    return files


def test_deployment_gives_a_variable_its_value() -> None:
    """What the compose file says goes before the default in the code."""
    files = with_orders(STOCK="http://stock.example.com")

    assert targets(files, env("STOCK", "http://localhost:1")) == ["external:stock.example.com"]


def test_what_is_added_to_an_address_is_its_path() -> None:
    """`baseUrl + name` is a text when an address is asked for, though neither operand shows it."""
    files = with_orders(STOCK="http://stock.example.com:8080")
    added = Compute("+", (env("STOCK"), Parameter("fetch.name")))

    assert targets(files, added) == ["external:stock.example.com"]


def test_default_in_code_holds_when_the_deployment_is_silent() -> None:
    """Nothing given: the code's own default."""
    assert targets(with_orders(), env("STOCK", "http://stock.example.com")) == ["external:stock.example.com"]


def test_configuration_goes_before_the_deployment() -> None:
    """`[services.orders.environment]` settles it."""
    files = with_orders(STOCK="http://old.example.com")
    files.config = Config(services={"orders": ServiceConfig(environment={"STOCK": "http://new.example.com"})})

    assert targets(files, env("STOCK")) == ["external:new.example.com"]


@pytest.mark.parametrize(
    "command",
    [
        ("/app", "-stock", "http://s.example.com"),
        ("/app", "--stock=http://s.example.com"),
        ("sh", "-c", "/app --stock http://s.example.com"),
    ],
)
def test_command_gives_a_flag_its_value(command: tuple[str, ...]) -> None:
    """With one hyphen or two, as a word of its own or behind an equals sign; it goes before the default in the code."""
    files = Files()
    files.compose("orders", "orders", command=command)

    assert targets(files, ConfigRead("--stock", Literal("http://localhost:1"))) == ["external:s.example.com"]


def test_flag_that_is_not_given_holds_its_default() -> None:
    """Neither a flag without a value nor a variable of that name gives it one."""
    files = Files()
    files.compose("orders", "orders", command=("/app", "-stock", "-v"), env={"STOCK": "http://other.example.com"})

    assert targets(files, ConfigRead("--stock", Literal("http://s.example.com"))) == ["external:s.example.com"]


def test_configuration_gives_a_flag_its_value() -> None:
    """What the ledger proposes for a flag binds it."""
    files = with_orders()
    files.config = Config(services={"orders": ServiceConfig(environment={"--stock": "http://s.example.com"})})

    assert targets(files, ConfigRead("--stock")) == ["external:s.example.com"]


def test_image_gives_what_the_deployment_does_not() -> None:
    """ENV of the Dockerfile counts less than compose and more than the code."""
    files = with_orders(A="http://a.compose.example")
    files.dockerfile("orders", env={"A": "http://a.image.example", "B": "http://b.image.example"})

    assert targets(files, env("A")) == ["external:a.compose.example"]
    assert "external:b.image.example" in targets(files, env("B", "http://b.code.example"))


def test_dotenv_beside_the_code_counts_least_of_all_files() -> None:
    """A `.env` file in the service's folder gives what no deployment does."""
    files = with_orders()
    files.bind("file:orders/.env", "STOCK", "http://stock.example.com", "orders/.env", "dotenv")

    assert targets(files, env("STOCK")) == ["external:stock.example.com"]


def test_a_dotenv_file_for_one_environment_goes_before_the_sample() -> None:
    """`.env.development` is what somebody runs with, `.env.example` what somebody might; a slash less is no matter."""
    files = with_orders()
    files.bind("file:orders/.env.example", "STOCK", "http://sample.example.com", "orders/.env.example", "dotenv")
    files.bind("file:orders/.env.development", "STOCK", "http:/dev.example.com", "orders/.env.development", "dotenv")

    assert targets(files, env("STOCK")) == ["external:dev.example.com"]


def test_the_name_of_a_variable_says_more_than_a_port_of_one_machine() -> None:
    """`process.env.MAIL_SERVICE_URL || 'http://localhost:8001'`, where somebody else publishes that port."""
    files = Files()
    files.compose("orders", "orders")
    files.compose("mail", "mail")
    files.compose("stock", "stock", ports=((8001, 8000),))

    assert targets(files, EnvironmentRead("MAIL_SERVICE_URL", Literal("http://localhost:8001"))) == ["service:mail"]
    assert targets(files, EnvironmentRead("OTHER_URL", Literal("http://localhost:8001"))) == ["service:stock"]


def test_sample_stands_for_a_dotenv_file_kept_out_of_the_repository() -> None:
    """`.env.example` says what `.env` would, also above the folder of the code."""
    files = with_orders()
    files.bind("file:.env.example", "STOCK", "http://stock.example.com", ".env.example", "dotenv")

    assert targets(files, env("STOCK")) == ["external:stock.example.com"]


def test_config_maps_are_taken_over_whole_or_by_key() -> None:
    """`envFrom` brings all keys, with its prefix; `valueFrom` one of them."""
    files = Files()
    files.workload("orders", "x/orders:1")
    files.dockerfile("orders")
    files.bind("service:orders", "APP_*", ConfigRead("configmap:peers"), "k8s.yaml")
    files.bind("service:orders", "ONE", ConfigRead("configmap:peers/STOCK"), "k8s.yaml")
    files.bind("configmap:peers", "STOCK", "http://stock.example.com", "config.yaml")

    assert targets(files, env("APP_STOCK")) == ["external:stock.example.com"]
    assert "external:stock.example.com" in targets(files, env("ONE"))


def test_single_names_go_before_whole_maps() -> None:
    """A variable stated by itself beats the same name in a map that is taken over."""
    files = Files()
    files.workload("orders", "x/orders:1")
    files.dockerfile("orders")
    files.bind("service:orders", "STOCK", "http://own.example.com", "k8s.yaml")
    files.bind("service:orders", "*", ConfigRead("configmap:peers"), "k8s.yaml")
    files.bind("configmap:peers", "STOCK", "http://map.example.com", "config.yaml")

    assert targets(files, env("STOCK")) == ["external:own.example.com"]


def test_overlays_are_alternatives() -> None:
    """Two deployments that differ give two targets."""
    files = Files()
    files.workload("orders", "x/orders:1", path="base.yaml", env={"STOCK": "http://one.example.com"})
    files.workload("orders", "x/orders:1", path="prod.yaml", env={"STOCK": "http://two.example.com"})
    files.dockerfile("orders")

    assert targets(files, env("STOCK")) == ["external:one.example.com", "external:two.example.com"]


def test_compose_variables_come_from_where_compose_runs() -> None:
    """`${DOMAIN}` in a compose file is read from the `.env` beside it, not from the service's environment."""
    files = with_orders(STOCK=Template((Literal("http://"), EnvironmentRead("DOMAIN"))), DOMAIN="inner.example.com")
    files.bind("file:.env", "DOMAIN", "outer.example.com", ".env", "dotenv")

    assert targets(files, env("STOCK")) == ["external:outer.example.com"]


def test_kubernetes_variables_come_from_the_same_service() -> None:
    """`$(HOST)` in a manifest is another variable of the same pod."""
    given = {"HOST": "stock.example.com", "STOCK": Template((Literal("http://"), EnvironmentRead("HOST")))}
    files = Files()
    files.workload("orders", "x/orders:1", env=given)
    files.dockerfile("orders")

    assert targets(files, env("STOCK")) == ["external:stock.example.com"]


def test_a_variable_given_by_itself_stays_open() -> None:
    """A circle ends as a reason."""
    files = Files()
    files.workload("orders", "x/orders:1", env={"A": EnvironmentRead("B"), "B": EnvironmentRead("A")})
    files.dockerfile("orders")

    assert targets(files, env("A")) == ["the host is given by itself"]


def test_choices_and_lists_are_alternatives_and_null_is_none() -> None:
    """`url or "http://b"` with a null on one branch leads where the others lead."""
    a, b = Literal("http://a.example.com"), Literal("http://b.example.com")
    url = Choice((Literal(None), a, Sequence((b,))))

    assert targets(with_orders(), url) == ["external:a.example.com", "external:b.example.com"]


def test_settings_are_found_as_variables() -> None:
    """A property `stock.url` may come as STOCK_URL."""
    files = with_orders(STOCK_URL="http://stock.example.com")

    assert targets(files, ConfigRead("stock.url")) == ["external:stock.example.com"]


def test_what_nothing_gives_says_so() -> None:
    """The reason names the variable."""
    files = with_orders()

    assert targets(files, env("STOCK")) == ["the host comes from $STOCK, which no deployment file gives a value"]


def test_variables_handed_through_come_from_where_compose_runs() -> None:
    """A name without a value in a compose file is what `.env` says, in terms of its other lines."""
    files = with_orders(STOCK=EnvironmentRead("STOCK"))
    files.bind("file:.env", "HOST", "stock.example.com", ".env", "dotenv")
    files.bind("file:.env", "STOCK", Template((Literal("http://"), EnvironmentRead("HOST"))), ".env", "dotenv")

    assert targets(files, env("STOCK")) == ["external:stock.example.com"]


def test_variables_handed_through_from_nowhere_leave_the_default() -> None:
    """A name without a value anywhere is as if it were not there."""
    files = with_orders(STOCK=EnvironmentRead("STOCK"))

    assert targets(files, env("STOCK", "http://stock.example.com")) == ["external:stock.example.com"]


def test_what_stands_in_for_a_variable_holds_only_without_it() -> None:
    """A helper that reads a variable or falls back says both; the deployment decides."""
    either = Choice((EnvironmentRead("STOCK"), Literal("http://fallback.example.com")))

    assert targets(with_orders(STOCK="http://stock.example.com"), either) == ["external:stock.example.com"]
    assert targets(with_orders(), either) == ["external:fallback.example.com"]


def test_an_empty_default_is_no_value() -> None:
    """`STOCK_URL: str = ""` says that somebody has to give it; before other text an empty prefix is one."""
    assert targets(with_orders(), env("STORE_URL", "")) == [
        "the host comes from $STORE_URL, which no deployment file gives a value"
    ]
    assert targets(with_orders(), Template((env("SCHEME", ""), Literal("http://stock.example.com")))) == [
        "external:stock.example.com"
    ]
