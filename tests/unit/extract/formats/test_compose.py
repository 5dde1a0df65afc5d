from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commlint.extract.formats.compose import ComposeReader
from commlint.model.declarations import Declarations
from commlint.model.deployments import Build, Port, ServiceDeclaration
from commlint.model.places import Extent
from commlint.model.values import ConfigRead, EnvironmentRead, Literal, Template, Value


def read(text: str, path: str = "compose.yaml") -> Declarations:
    declarations, notices = ComposeReader().read(path, dedent(text).encode())
    assert notices == ()
    return declarations


def service(text: str, name: str = "orders", path: str = "compose.yaml") -> ServiceDeclaration:
    return next(each for each in read(text, path).services if each.name == name)


def values(declarations: Declarations, scope: str = "service:orders") -> list[tuple[str, Value]]:
    return [(binding.name, binding.value) for binding in declarations.bindings if binding.scope == scope]


@pytest.mark.parametrize(
    ("path", "source", "expected"),
    [
        ("compose.yaml", b"", True),
        ("deploy/docker-compose.prod.yml", b"", True),
        ("compose.override.yaml", b"", True),
        ("stack.yml", b"services:\n  a:\n    image: b\n", True),
        ("stack.yml", b"services: {a: {image: b}}\n", True),
        ("stack.yml", b"services:\n  - docker\n", False),
        ("ci.yml", b"jobs:\n  a:\n    services:\n      db:\n        image: b\n", False),
        ("compose.yaml", b"apiVersion: v1\nkind: Service\n", False),
        ("compose.json", b"services:\n  a:\n    image: b\n", False),
        ("composer.yaml", b"", False),
        (".devcontainer/compose.yaml", b"services:\n  a:\n    image: b\n", False),
    ],
)
def test_claims(path: str, source: bytes, expected: bool) -> None:
    """A file counts by its name, or by services with images or builds; manifests of Kubernetes never do."""
    assert ComposeReader().claims(path, source) is expected


def test_service_stands_at_its_key() -> None:
    """The place of a service is its name in the file."""
    found = service("services:\n  orders:\n    image: shop/orders\n")

    assert (found.origin, found.image, found.extent) == ("compose", "shop/orders", Extent(2, 3, 2, 9))


@pytest.mark.parametrize(
    ("build", "path", "root", "dockerfile"),
    [
        ("./orders", "compose.yaml", "orders", "orders/Dockerfile"),
        ("../orders", "deploy/compose.yaml", "orders", "orders/Dockerfile"),
        (".", "compose.yaml", ".", "Dockerfile"),
        ("{context: orders, dockerfile: Dockerfile.prod}", "compose.yaml", "orders", "orders/Dockerfile.prod"),
        (
            "{context: ., dockerfile: services/orders/Dockerfile}",
            "c.yaml",
            "services/orders",
            "services/orders/Dockerfile",
        ),
        ("{context: ., dockerfile: /orders/Dockerfile}", "c.yaml", "orders", "orders/Dockerfile"),
        ("{context: ., dockerfile: docker/orders.Dockerfile}", "c.yaml", ".", "docker/orders.Dockerfile"),
        (
            "{context: ., dockerfile: orders/build/docker/Dockerfile}",
            "c.yaml",
            "orders",
            "orders/build/docker/Dockerfile",
        ),
        ("{context: src, dockerfile: orders/Dockerfile}", "c.yaml", "src/orders", "src/orders/Dockerfile"),
        ("{context: orders, dockerfile: ../Dockerfile}", "c.yaml", "orders", "Dockerfile"),
        ("{context: '${CODE:-src}/orders'}", "c.yaml", "src/orders", "src/orders/Dockerfile"),
        ("{context: ., dockerfile: '${ORDERS_DOCKERFILE}'}", "c.yaml", None, "${ORDERS_DOCKERFILE}"),
        ("'${PWD}/orders'", "deploy/c.yaml", "orders", "orders/Dockerfile"),
        ("{context: '${CODE}'}", "deploy/c.yaml", None, "deploy/${CODE}/Dockerfile"),
    ],
)
def test_source_root(build: str, path: str, root: str | None, dockerfile: str) -> None:
    """The code is in the build context, or deeper where its Dockerfile is; unknown while a variable is open."""
    found = service(f"services:\n  orders:\n    build: {build}\n", path=path)

    assert found.source_root == root
    assert found.build is not None
    assert found.build.dockerfile == dockerfile


def test_arguments_of_a_build() -> None:
    """What the Dockerfile is given for its ARGs."""
    found = service("services:\n  orders:\n    build: {context: ., args: {service: orders}}\n")

    assert found.build is not None
    assert found.build.arguments == (("service", "orders"),)


@pytest.mark.parametrize("build", ["../../outside", "https://example.com/orders.git"])
def test_build_from_elsewhere(build: str) -> None:
    """A context that is not in the tree states no root, and still no stock image."""
    found = service(f"services:\n  orders:\n    build: {build}\n    image: redis\n")

    assert (found.source_root, found.build, found.kind) == (None, None, "")


def test_build_stage() -> None:
    """The target stage is kept with the build."""
    found = service("services:\n  orders:\n    build: {context: a, target: worker}\n")

    assert found.build == Build("a", "a/Dockerfile", "worker")


def test_kind_of_stock_image() -> None:
    """A stock image tells what the service is; a build never does."""
    text = "services:\n  a: {image: 'postgres:16'}\n  orders: {image: 'postgres:16', build: db}\n"

    assert service(text, "a").kind == "database"
    assert service(text).kind == ""


def test_aliases() -> None:
    """Container name, host name, network aliases and links of others are names of the service."""
    found = service(
        """
        services:
          orders:
            image: shop/orders
            container_name: shop-orders
            hostname: orders.local
            networks:
              back: {aliases: [ordering]}
              front:
          web:
            image: shop/web
            links: ["orders:orders-api", stock]
        """
    )

    assert found.aliases == ("ordering", "orders-api", "orders.local", "shop-orders")


def test_alias_with_an_open_variable_is_no_alias() -> None:
    """A name that nobody can know before compose runs is left out."""
    found = service("services:\n  orders: {image: a, container_name: '${P}-orders', hostname: '${H:-ord}'}\n")

    assert found.aliases == ("ord",)


@pytest.mark.parametrize(
    ("ports", "expected"),
    [
        ("['8080:80']", (Port(80, 8080),)),
        ("[80]", (Port(80),)),
        ("['127.0.0.1:8080:80/tcp']", (Port(80, 8080),)),
        ("['[::1]:8080:80']", (Port(80, 8080),)),
        ("['9000-9001:8000-8001']", (Port(8000, 9000), Port(8001, 9001))),
        ("['${PORT:-8080}:80']", (Port(80, 8080),)),
        ("['${PORT}:80']", (Port(80),)),
        ("['${PORT}']", ()),
        ("[{target: 80, published: '8080', name: http}]", (Port(80, 8080, "http"),)),
        ("[{target: 80}]", (Port(80),)),
        ("[22:22]", (Port(22, 22),)),
        ("['nonsense', '99999:99999', '']", ()),
        ("'8080:80'", (Port(80, 8080),)),
    ],
)
def test_ports(ports: str, expected: tuple[Port, ...]) -> None:
    """Short and long forms, ranges and defaults give the port inside and the one on the host."""
    assert service(f"services:\n  orders:\n    image: a\n    ports: {ports}\n").ports == expected


def test_exposed_ports_join_published_ones() -> None:
    """`expose` adds what `ports` did not already say."""
    found = service("services:\n  orders: {image: a, ports: ['8080:80'], expose: [80, '9000-9001']}\n")

    assert found.ports == (Port(80, 8080), Port(9000), Port(9001))


def test_huge_port_range_is_bounded() -> None:
    """A range of all ports does not become all ports."""
    found = service("services:\n  orders: {image: a, ports: ['1-65535:1-65535']}\n")

    assert len(found.ports) == 100


def test_environment_of_both_forms() -> None:
    """Map and list say the same; text stays text, and references are Values."""
    expected: list[tuple[str, Value]] = [
        ("URL", Template((Literal("http://"), EnvironmentRead("HOST", Literal("stock")), Literal(":80")))),
        ("DEBUG", Literal("true")),
        ("PORT", Literal("8080")),
        ("TOKEN", EnvironmentRead("TOKEN")),
        ("EMPTY", Literal("")),
    ]
    as_map = read(
        """
        services:
          orders:
            image: a
            environment:
              URL: http://${HOST:-stock}:80
              DEBUG: true
              PORT: 8080
              TOKEN:
              EMPTY: ""
        """
    )
    as_list = read(
        """
        services:
          orders:
            image: a
            environment:
              - URL=http://${HOST:-stock}:80
              - DEBUG=true
              - PORT=8080
              - TOKEN
              - EMPTY=
        """
    )

    assert values(as_map) == expected
    assert values(as_list) == expected


def test_binding_stands_at_its_key() -> None:
    """The place of a variable is its line."""
    found = read("services:\n  orders:\n    image: a\n    environment:\n      URL: b\n").bindings[0]

    assert (found.origin, found.extent) == ("compose", Extent(5, 7, 5, 10))


def test_env_files_come_before_the_environment() -> None:
    """Files are taken over whole, relative to the root, and beaten by single variables, which come later."""
    found = read(
        """
        services:
          orders:
            image: a
            environment: {A: "1"}
            env_file: [../common.env, {path: orders.env, required: false}]
          stock: {image: b, env_file: .env}
        """,
        path="deploy/compose.yaml",
    )

    assert values(found) == [
        ("*", ConfigRead("file:common.env")),
        ("*", ConfigRead("file:deploy/orders.env")),
        ("A", Literal("1")),
    ]
    assert values(found, "service:stock") == [("*", ConfigRead("file:deploy/.env"))]


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ("command: python -m orders", ("python", "-m", "orders")),
        ("command: [python, -m, orders]", ("python", "-m", "orders")),
        ("entrypoint: ['/run', 'it']\n    command: web", ("/run", "it", "web")),
        ("command: worker --queue ${QUEUE:-orders}", ("worker", "--queue", "orders")),
        ("command:", ()),
    ],
)
def test_command(entries: str, expected: tuple[str, ...]) -> None:
    """Entrypoint and command are one list of words."""
    assert service(f"services:\n  orders:\n    image: a\n    {entries}\n").command == expected


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ("depends_on: [stock, db]", ("db", "stock")),
        ("depends_on: {db: {condition: service_healthy}}", ("db",)),
        ("links: ['db:database', stock]", ("db", "stock")),
    ],
)
def test_dependencies(entries: str, expected: tuple[str, ...]) -> None:
    """Both forms of `depends_on`, and links, say what must be there."""
    assert service(f"services:\n  orders:\n    image: a\n    {entries}\n").depends_on == expected


def test_anchors_and_merge_keys() -> None:
    """A fragment merged into a service is as if written there."""
    found = read(
        """
        x-common: &common
          image: shop/all
          environment: &env {BROKER: amqp://mq}
        services:
          orders:
            <<: *common
            command: orders
            environment: {<<: *env, NAME: orders}
        """
    )

    assert found.services[0].image == "shop/all"
    assert values(found) == [("NAME", Literal("orders")), ("BROKER", Literal("amqp://mq"))]


def test_extends_in_the_same_file() -> None:
    """A service takes over what it extends; its own entries win, lists add up."""
    text = """
        services:
          base:
            image: shop/base
            environment: [A=1, B=1]
            ports: ['80']
          orders:
            extends: {service: base}
            image: shop/orders
            environment: {B: "2"}
            ports: ['81']
          late:
            extends: orders
    """

    assert service(text).image == "shop/orders"
    assert service(text).ports == (Port(80), Port(81))
    assert values(read(text)) == [("A", Literal("1")), ("B", Literal("2"))]
    assert service(text, "late").image == "shop/orders"


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{service: base, file: ../other.yaml}", "../other.yaml is outside of what is read; nothing was taken in"),
        ("nobody", '"orders" extends "nobody", which this file does not have'),
        ("orders", '"orders" extends itself, or too many others'),
    ],
)
def test_extends_that_cannot_be_followed(entry: str, message: str) -> None:
    """What cannot be taken in is told with its line, and the rest of the service is kept."""
    source = f"services:\n  orders:\n    image: a\n    extends: {entry}\n"

    declarations, notices = ComposeReader().read("compose.yaml", source.encode())

    assert [each.image for each in declarations.services] == ["a"]
    assert [(notice.line, notice.message) for notice in notices] == [(4, message)]


def test_long_chain_of_extends_is_survived() -> None:
    """A thousand services that extend one another end with a notice, not with an error."""
    lines = [f"  s{n}: {{extends: s{n + 1}}}" for n in range(1000)]
    source = "services:\n" + "\n".join(lines) + "\n  s1000: {image: a}\n"

    declarations, notices = ComposeReader().read("compose.yaml", source.encode())

    assert len(declarations.services) == 1001
    assert declarations.services[-2].image == "a"
    assert notices


def test_project_and_profiles() -> None:
    """The project is the namespace; a service with a profile is a service."""
    found = service("name: shop\nservices:\n  orders: {image: a, profiles: [full]}\n")

    assert found.namespace == "shop"


def test_first_format_has_services_at_the_top() -> None:
    """A file without `services` and `version` declares what has an image or a build."""
    found = read("orders:\n  build: orders\nnetworks:\n  back: {}\n")

    assert [each.name for each in found.services] == ["orders"]


def test_broken_part_costs_itself() -> None:
    """Entries of a wrong shape are passed over, the others are kept."""
    found = read(
        "services:\n  orders: [wrong]\n  stock: {image: a, ports: {a: b}, environment: 5, build: [x]}\n  web:\n"
    )

    assert [(each.name, each.ports) for each in found.services] == [("stock", ())]


@settings(deadline=None)
@given(st.text(alphabet="services:\n imageobuildt-[]{}'\"${}0189,&*<", max_size=200))
def test_any_text_is_survived(text: str) -> None:
    """Whatever the file holds, there is an answer."""
    declarations, _ = ComposeReader().read("compose.yaml", f"services:\n  a:\n   {text}".encode())

    assert declarations.format == "compose"


def test_networks_among_the_services_are_none() -> None:
    """A slip of indentation makes no service."""
    text = "services:\n  orders:\n    image: x\n  networks:\n    default:\n      driver: bridge\n"
    declarations, _ = ComposeReader().read("compose.yaml", text.encode())

    assert [each.name for each in declarations.services] == ["orders"]


def test_mounts() -> None:
    """Files and folders of the tree, and no volumes of the platform."""
    text = """
    services:
      edge:
        image: nginx
        volumes:
          - ./conf/${NGINX:-nginx.conf}:/etc/nginx/nginx.conf:ro
          - {type: bind, source: ./conf.d, target: /etc/nginx/conf.d}
          - data:/var/lib/data
          - /etc/hosts:/etc/hosts
    """
    declarations, _ = ComposeReader().read("deploy/compose.yaml", text.encode())

    assert declarations.services[0].mounts == ("deploy/conf/nginx.conf", "deploy/conf.d")
