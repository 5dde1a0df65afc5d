"""Gateways that have configuration files of their own: nginx, Apache, Envoy, Kong."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commlint.extract.extract import extract
from commlint.extract.formats.apache import ApacheReader
from commlint.extract.formats.caddy import CaddyReader
from commlint.extract.formats.compose import ComposeReader
from commlint.extract.formats.consul import ConsulReader
from commlint.extract.formats.envoy import EnvoyReader
from commlint.extract.formats.haproxy import HaproxyReader
from commlint.extract.formats.kong import KongReader
from commlint.extract.formats.nginx import NginxReader
from commlint.extract.formats.traefik import TraefikReader
from commlint.extract.port import FormatReader
from commlint.link.matching import rewritten
from commlint.model.declarations import Declarations
from commlint.model.traffic import RouteMatch
from commlint.model.values import Choice, EnvironmentRead, Literal, Template, Unknown, Value

Way = tuple[str, str, Value | None, str | None]


def read(reader: FormatReader, text: str, path: str = "edge/nginx.conf") -> Declarations:
    source = dedent(text).encode()
    assert reader.claims(path, source)
    declarations, notices = reader.read(path, source)
    assert notices == ()
    return declarations


def ways(declarations: Declarations) -> list[Way]:
    """Host, path, address and rewrite of every route."""
    return [(each.host, each.path, each.address, each.rewrite) for each in declarations.routes]


def nginx(inside: str, around: str = "") -> Declarations:
    return read(NginxReader(), f"http {{\n{around}\nserver {{\n{inside}\n}}\n}}\n")


def test_location_of_nginx() -> None:
    """A location passes on what begins with its path, with the bound of the nearest block."""
    found = nginx(
        "server_name shop.io;\nproxy_read_timeout 30s;\nlocation /api/ { proxy_pass http://orders:8080; }",
        "proxy_read_timeout 5s;",
    )
    (rule,) = found.traffic

    assert ways(found) == [("shop.io", "/api/", Literal("orders:8080"), None)]
    assert (rule.hosts, rule.matches, rule.timeout) == (
        ("shop.io",),
        (RouteMatch("/api/", "prefix"),),
        (Literal(30.0),),
    )
    assert (rule.extent.start_line, rule.destinations, rule.gateways) == (6, ("orders",), ("",))


@pytest.mark.parametrize(
    ("location", "path", "address", "rewrite"),
    [
        ("location /a { proxy_pass http://x/; }", "/a", Literal("x"), "/"),
        ("location /a/ { proxy_pass http://x/v1/; }", "/a/", Literal("x"), "/v1/"),
        ("location = /a { proxy_pass http://x; }", "/a", Literal("x"), None),
        ("location ~ ^/a/(.*)$ { proxy_pass http://x; }", "/", Literal("x"), None),
        ("location /a { set $up http://x:80; proxy_pass $up; }", "/a", Literal("x:80"), None),
        ("location /a { proxy_pass http://$host_of; }", "/a", Unknown("the variable $host_of of nginx"), None),
        ("location /a { proxy_pass http://${ORDERS}; }", "/a", EnvironmentRead("ORDERS"), None),
        (
            "location /a { proxy_pass http://${ORDERS}:80/; }",
            "/a",
            Template((EnvironmentRead("ORDERS"), Literal(":80"))),
            "/",
        ),
        ("location /a { grpc_pass grpc://x:50051; }", "/a", Literal("x:50051"), None),
        ("location / { location /a { proxy_pass http://x; } }", "/a", Literal("x"), None),
        ("location /a { if ($request_method = POST) { proxy_pass http://x; } }", "/a", Literal("x"), None),
    ],
)
def test_what_nginx_passes_on(location: str, path: str, address: Value, rewrite: str | None) -> None:
    """Paths behind the host replace the prefix, variables are those of the file or of the environment."""
    assert ways(nginx(location)) == [("", path, address, rewrite)]


@pytest.mark.parametrize(
    "location",
    [
        "location /a { rewrite ^/a/(.*)$ /$1 break; proxy_pass http://x; }",
        "location ~ ^/a/(.*)$ { proxy_pass http://x/$1$is_args$args; }",
    ],
)
def test_path_that_a_pattern_makes(location: str) -> None:
    """The groups of a pattern stand in the path behind a gateway."""
    (route,) = nginx(location).routes

    assert rewritten("/a/items/7", route) == "/items/7"


def test_upstream_by_method() -> None:
    """The method of a request is part of the name of an upstream, or a map makes an address of it."""
    found = nginx(
        "location /a { proxy_pass http://orders_$request_method; }\nlocation /b { proxy_pass http://$side; }",
        "upstream orders_GET { server query:80; }\nupstream orders_POST { server command:80; }\n"
        "map $request_method $side { default query; POST command; }",
    )

    assert [(each.path, each.match.methods, each.address) for each in found.routes] == [
        ("/a", ("GET",), Literal("query:80")),
        ("/a", ("POST",), Literal("command:80")),
        ("/b", (), Literal("query")),
        ("/b", ("POST",), Literal("command")),
    ]


def test_upstreams_and_tries_of_nginx() -> None:
    """Each server of an upstream is a way; nginx counts all tries."""
    found = nginx(
        "location / { proxy_pass http://all; proxy_next_upstream error timeout; proxy_next_upstream_tries 3; }",
        "upstream all { server a:80; server b:80; }",
    )

    assert [way[2] for way in ways(found)] == [Literal("a:80"), Literal("b:80")]
    assert (found.traffic[0].retries, found.traffic[0].retry_on) == (Literal(2), "error,timeout")


def test_part_of_nginx_without_a_server() -> None:
    """A file that another one takes in."""
    found = read(NginxReader(), "location /a { proxy_pass http://x; }\n", "edge/conf.d/a.conf")

    assert ways(found) == [("", "/a", Literal("x"), None)]


def test_location_without_a_pass_is_none() -> None:
    """Files and redirects go nowhere."""
    assert nginx("location / { root /srv; }\nlocation /a { proxy_pass http://x; }").traffic[0].name == "/a"


@pytest.mark.parametrize("path", ["edge/nginx.conf", "web/default.conf.template", "nginx/site"])
def test_names_of_nginx(path: str) -> None:
    """Files are known by what they say."""
    assert NginxReader().claims(path, b"location / { proxy_pass http://x; }")
    assert not NginxReader().claims(path, b"server { root /srv; }")


def test_apache() -> None:
    """Reverse proxies with their bounds; what only speaks of the way back is none."""
    found = read(
        ApacheReader(),
        """
        ProxyTimeout 20
        ProxyPass /orders http://orders:8080/orders
        ProxyPassReverse /orders http://orders:8080/orders
        ProxyPass /stock http://stock:8080/ timeout=5
        <Location /mail>
          ProxyPass http://mail/
        </Location>
        """,
    )

    assert ways(found) == [
        ("", "/orders", Literal("orders:8080"), None),
        ("", "/stock", Literal("stock:8080"), "/"),
        ("", "/mail", Literal("mail"), "/"),
    ]
    assert [rule.timeout for rule in found.traffic] == [(Literal(20.0),), (Literal(5.0),), (Literal(20.0),)]
    assert [rule.extent.start_line for rule in found.traffic] == [3, 5, 7]


def test_names_that_apache_defines() -> None:
    """What `Define` gives a name stands where the name does, in quotes or not."""
    found = read(
        ApacheReader(),
        """
        Define ORDERS "/orders"
        ProxyPass "${ORDERS}" "http://localhost:8080"
        """,
    )

    assert ways(found) == [("", "/orders", Literal("localhost:8080"), "/")]
    assert [rule.extent.start_line for rule in found.traffic] == [3]


HAPROXY = """
    defaults
      timeout server 30s
      retries 3
    frontend public
      bind *:80
      acl is_api path_beg /api
      acl shop hdr(host) -i shop.io
      use_backend orders if is_api shop
      use_backend mail if { path /mail } METH_POST or { path_reg ^/m[0-9] }
      use_backend stock if { method GET HEAD }  # all that only looks
      default_backend web
    backend orders
      http-request replace-path /api/(.*) /\\1
      timeout server 2000
      server a orders:8080 check
      server b "${SPARE}:8080" check
    backend mail
      server a mail:80
    backend stock
      server a stock:80
    backend web
      server a web:80
    """


def test_haproxy() -> None:
    """Conditions are matches, what they ask besides is not known; a backend says its bound, or the defaults do."""
    found = read(HaproxyReader(), HAPROXY, "edge/haproxy.cfg")

    assert [(rule.hosts, rule.matches, rule.destinations) for rule in found.traffic] == [
        (("shop.io",), (RouteMatch("/api", "prefix"),), ("orders", "${SPARE}")),
        (("*",), (RouteMatch("/mail", "exact", (), True), RouteMatch("^/m[0-9].*", "pattern")), ("mail",)),
        (("*",), (RouteMatch(methods=("GET", "HEAD")),), ("stock",)),
        (("*",), (), ("web",)),
    ]
    assert [rule.timeout for rule in found.traffic] == [(Literal(number),) for number in (2.0, 30.0, 30.0, 30.0)]
    assert [rule.extent.start_line for rule in found.traffic] == [9, 10, 11, 12]
    assert found.routes[0].address == Literal("orders:8080")
    assert found.routes[1].address == Template((EnvironmentRead("SPARE"), Literal(":8080")))
    assert rewritten("/api/items", found.routes[0]) == "/items"


CADDY = """
    shop.io {
      encode gzip
      @writes {
        method POST PUT
        path /orders/*
      }
      reverse_proxy @writes orders:8080
      handle_path /stock/* {
        reverse_proxy http://stock:80 {
          lb_retries 2
          fail_duration 30s
          transport http {
            response_header_timeout 5s
          }
        }
      }
      handle {
        reverse_proxy {$WEB:web}:3000
      }
    }
    """


def test_caddy() -> None:
    """Sites with what they hand over; `handle_path` takes its prefix off."""
    found = read(CaddyReader(), CADDY, "edge/Caddyfile")
    first, second, third = found.traffic

    assert (first.hosts, first.matches) == (("shop.io",), (RouteMatch("/orders/", "prefix", ("POST", "PUT")),))
    assert (second.timeout, second.retries, second.outlier_detection) == ((Literal(5.0),), Literal(2), True)
    assert (second.destinations, third.matches) == (("stock",), ())
    assert [(each.path, each.rewrite, each.address) for each in found.routes] == [
        ("/orders/", None, Literal("orders:8080")),
        ("/stock", "/", Literal("stock:80")),
        ("/", None, Template((EnvironmentRead("WEB", Literal("web")), Literal(":3000")))),
    ]


def test_caddy_without_braces() -> None:
    """A single site needs none."""
    found = read(CaddyReader(), ":80\nreverse_proxy /api/* api:8080 {\n}\n", "Caddyfile")

    assert [(each.path, each.address) for each in found.routes] == [("/api/", Literal("api:8080"))]


ENVOY = """
    static_resources:
      listeners:
      - filter_chains:
        - filters:
          - typed_config:
              route_config:
                virtual_hosts:
                - name: shop
                  domains: ["*"]
                  routes:
                  - match: {prefix: /orders}
                    route:
                      cluster: orders
                      timeout: 2s
                      prefix_rewrite: /
                      retry_policy: {retry_on: 5xx, num_retries: 3, per_try_timeout: 0.5s}
                  - match: {path: /stock}
                    route: {cluster: stock}
                  - match: {prefix: /}
                    redirect: {https_redirect: true}
      clusters:
      - name: orders
        outlier_detection: {}
        load_assignment:
          endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address: {address: orders, port_value: 80}}}}]}]
      - name: stock
        load_assignment:
          endpoints:
          - lb_endpoints:
            - endpoint: {address: {socket_address: {address: "${STOCK_HOST}", port_value: 80}}}
            - endpoint: {address: {socket_address: {address: other, port_value: 80}}}
    """


def test_envoy() -> None:
    """Routes with what they state, and the endpoints of their clusters."""
    found = read(EnvoyReader(), ENVOY, "edge/envoy.yaml")
    first, second = found.traffic

    assert (first.timeout, first.per_try, first.retries, first.retry_on, first.outlier_detection) == (
        (Literal(2.0),), Literal(0.5), Literal(3), "5xx", True,
    )  # fmt: skip
    assert (second.timeout, second.retries, second.outlier_detection) == ((), None, None)
    stock = Choice((Template((EnvironmentRead("STOCK_HOST"), Literal(":80"))), Literal("other:80")))
    assert ways(found) == [("", "/orders", Literal("orders:80"), "/"), ("", "/stock", stock, None)]


def test_envoy_as_json_writes_it() -> None:
    """Keys in two spellings say the same."""
    text = ENVOY
    for key in ("static_resources", "virtual_hosts", "prefix_rewrite", "load_assignment", "lb_endpoints", "port_value"):
        first, *rest = key.split("_")
        text = text.replace(key, first + "".join(map(str.capitalize, rest)))

    assert ways(read(EnvoyReader(), text, "edge/envoy.yaml")) == ways(read(EnvoyReader(), ENVOY, "edge/envoy.yaml"))


def test_kong() -> None:
    """A route takes its path off unless it says otherwise, and milliseconds are seconds."""
    found = read(
        KongReader(),
        """
        _format_version: "3.0"
        services:
        - name: orders
          url: http://orders:8080
          read_timeout: 5000
          retries: 2
          routes:
          - {name: all, paths: [/orders], methods: [get]}
          - {paths: [/raw], strip_path: false, hosts: [x.io]}
        """,
        "edge/kong.yml",
    )
    first, second = found.traffic

    assert ways(found) == [("", "/orders", Literal("http://orders:8080"), "/"), ("x.io", "/raw", Literal("http://orders:8080"), None)]  # noqa: E501  # fmt: skip
    assert (first.matches, first.timeout, first.retries) == ((RouteMatch("/orders", "prefix", ("GET",)),), (Literal(5.0),), Literal(2))  # noqa: E501  # fmt: skip
    assert (second.hosts, second.name) == (("x.io",), "orders")


@pytest.mark.parametrize(
    "reader", [NginxReader(), ApacheReader(), EnvoyReader(), KongReader()], ids=lambda each: each.name
)
@given(text=st.text(alphabet=st.sampled_from("{}; \n\"'$/:#-aplocs_"), max_size=200))
def test_total(reader: FormatReader, text: str) -> None:
    """Whatever a file holds, something is answered."""
    declarations, _ = reader.read("edge/a.conf", text.encode())

    assert declarations.format == reader.name


def test_traefik_file() -> None:
    """A router leads to the first server of its service; middlewares take prefixes off and try again."""
    found = read(
        TraefikReader(),
        """
        http:
          routers:
            orders:
              rule: Host(`x.io`) && PathPrefix(`/orders`)
              service: orders
              middlewares: [strip, again]
          middlewares:
            strip: {stripPrefix: {prefixes: [/orders]}}
            again: {retry: {attempts: 3}}
          services:
            orders: {loadBalancer: {servers: [{url: "http://orders:8080"}]}}
        """,
        "edge/dynamic.yml",
    )
    (rule,) = found.traffic

    assert ways(found) == [("x.io", "/orders", Literal("orders:8080"), "/")]
    assert (rule.hosts, rule.matches, rule.retries) == (("x.io",), (RouteMatch("/orders", "prefix"),), Literal(2))


@pytest.mark.parametrize(
    "labels",
    [
        """
              - traefik.http.routers.o.rule=PathPrefix(`/orders`)
              - traefik.http.routers.o.middlewares=strip@docker
              - traefik.http.middlewares.strip.stripprefix.prefixes=/orders
              - traefik.http.services.o.loadbalancer.server.port=8080
        """,
        """
              traefik.http.routers.o.rule: PathPrefix(`/orders`)
              traefik.http.routers.o.middlewares: strip
              traefik.http.middlewares.strip.stripprefix.prefixes: /orders
              traefik.http.services.o.loadbalancer.server.port: "8080"
        """,
    ],
)
def test_traefik_labels(labels: str) -> None:
    """Labels of a container say how it is reached."""
    text = f"""
        services:
          orders:
            image: x
            labels:{labels}
        """
    found = read(ComposeReader(), text, "compose.yaml")

    assert ways(found) == [("", "/orders", Literal("orders:8080"), "/")]
    assert [(rule.kind, rule.gateways) for rule in found.traffic] == [("traefik", ("traefik",))]


def test_traefik_labels_are_read_by_the_service_of_its_image() -> None:
    """The routes are those of the gateway by whatever name it is deployed."""
    text = """
        services:
          proxy:
            image: docker.io/traefik:v3.1
          orders:
            image: x
            labels: ["traefik.http.routers.o.rule=PathPrefix(`/orders`)"]
        """
    found = read(ComposeReader(), text, "compose.yaml")

    assert [route.gateway for route in found.routes] == ["proxy"]
    assert [rule.gateways for rule in found.traffic] == [("proxy",)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("edge/nginx.conf", "server { " + "location / { " * 5_000 + "proxy_pass http://x;" + "}" * 5_001),
        ("edge/Caddyfile", "a {\n" * 5_000 + "reverse_proxy x:1\n" + "}\n" * 5_000),
        ("edge/haproxy.cfg", "backend a\n server a b:1\n" * 20_000),
        ("edge/haproxy.cfg", "# backend\n" * 200_000 + "backend a\n server a b:1\n"),
    ],
)
def test_more_than_anybody_writes(path: str, text: str) -> None:
    """Files of gateways are read up to a limit, and that is told."""
    assert len(extract(path, text.encode()).notices) == 1


@pytest.mark.parametrize(
    "text",
    [
        """
        Kind = "service-router"
        Name = "stock"
        Routes = [
          { Match { HTTP { PathPrefix = "/v1" } }  // as the first version of HCL allows it
            Destination { Service = "old", RequestTimeout = "5s", NumRetries = 2 } },
        ]
        """,
        """
        kind = "service-router", name = "stock"
        routes {
          match = { http = { path_prefix = "/v1" } }
          destination = { service = "old", request_timeout = "5s", num_retries = 2 }
        }
        routes { destination { service = "stock" } }
        """,
        """
        {"Kind": "service-router", "Name": "stock", "Routes": [{
           "Match": {"HTTP": {"PathPrefix": "/v1"}},
           "Destination": {"Service": "old", "RequestTimeout": "5s", "NumRetries": 2}}]}
        """,
        """
        config_entries { bootstrap = [ { kind = "service-router", name = "stock", routes = [
          { match { http { path_prefix = "/v1" } }
            destination { service = "old" request_timeout = "5s" num_retries = 2 } }
        ] } ] }
        """,
    ],
)
def test_routers_of_consul(text: str) -> None:
    """A configuration entry says the same in any of the ways Consul takes it."""
    found = read(ConsulReader(), text, "central/router.json" if '":' in text else "central/router.hcl")

    rule = found.traffic[0]
    assert (rule.hosts, rule.matches, rule.destinations) == (("stock",), (RouteMatch("/v1", "prefix"),), ("old",))
    assert (rule.timeout, rule.retries, rule.gateways) == ((Literal(5.0),), Literal(2), ("mesh",))
    route = found.routes[0]
    assert (route.host, route.path, route.target) == ("stock", "/v1", "old")


def test_defaults_of_consul() -> None:
    """Hosts that fail are ejected where the defaults of a service, or a resolver's bound, say something."""
    defaults = """
        Kind = "service-defaults"
        Name = "web"
        UpstreamConfig = { Overrides = [{ Name = "stock", PassiveHealthCheck { MaxFailures = 5 } }] }
        """
    resolver = 'Kind = "service-resolver"\nName = "stock"\nRequestTimeout = "3s"\n'
    (ejecting,) = read(ConsulReader(), defaults, "defaults.hcl").traffic
    (bounding,) = read(ConsulReader(), resolver, "resolver.hcl").traffic

    assert (ejecting.hosts, ejecting.outlier_detection, ejecting.extent.start_line) == (("stock",), True, 4)
    assert (bounding.hosts, bounding.timeout, bounding.extent.start_line) == (("stock",), (Literal(3.0),), 3)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a={" * 5000, [2]),
        ('b "x" {' * 5000, [2]),
        ("a = " + "[" * 5000, [2]),
        ("a = 1\n" * 60_000, [33334]),
        ("a = <<A\n" * 5000, []),
    ],
)
def test_entries_without_end_are_cut(text: str, lines: list[int]) -> None:
    """What is nested too deeply, or too much, ends with a notice; a text that nothing ends is one text."""
    declarations, notices = ConsulReader().read("a.hcl", f'Kind = "service-router"\n{text}'.encode())

    assert (declarations.traffic, [notice.line for notice in notices]) == ((), lines)
