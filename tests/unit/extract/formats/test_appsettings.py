from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commlint.extract.formats.appsettings import AppSettingsReader
from commlint.model.declarations import Declarations
from commlint.model.deployments import PORT, PROFILES
from commlint.model.values import Choice, ConfigRead, Literal, Sequence, Value


def read(text: str, path: str = "orders/appsettings.json") -> Declarations:
    declarations, notices = AppSettingsReader().read(path, text.encode())
    assert notices == ()
    return declarations


def routes(text: str, path: str = "gateway/appsettings.json") -> list[tuple[str, Value | None, str | None]]:
    return [(route.path, route.address, route.rewrite) for route in read(text, path).routes]


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("a/appsettings.json", "", True),
        ("a/appsettings.Development.json", "", True),
        ("a/Properties/launchSettings.json", "", True),
        ("a/ocelot.json", '{"Routes": [{"DownstreamPathTemplate": "/"}]}', True),
        ("a/configuration.json", "{}", False),
        ("a/package.json", "", False),
    ],
)
def test_claims(path: str, text: str, expected: bool) -> None:
    """Files are known by their names, gateways by what they say too."""
    assert AppSettingsReader().claims(path, text.encode()) is expected


def test_keys_are_joined_by_colons() -> None:
    """Comments, tabs and a comma at the end do no harm, and lines are told."""
    found = read('{\n\t// why\n\t"A": {"B": "http://x/y", "C": ["u", "v"],}, /* no */\n\t"D": 5\n}\n').bindings

    assert [(each.name, each.value, each.extent.start_line) for each in found if each.name != PROFILES] == [
        ("A:B", Literal("http://x/y"), 3),
        ("A:C", Sequence((Literal("u"), Literal("v"))), 3),
        ("A:C:0", Literal("u"), 3),
        ("A:C:1", Literal("v"), 3),
        ("D", Literal("5"), 4),
    ]


def test_environment_of_a_file() -> None:
    """`appsettings.Development.json` holds where that is the environment."""
    found = read('{"A": 1}', "a/appsettings.Development.json").bindings

    assert [each.profile for each in found if each.name == "A"] == ["development"]


def test_ports_of_a_launch() -> None:
    """All ports a developer starts the program on."""
    text = '{"profiles": {"x": {"applicationUrl": "https://localhost:5001;http://localhost:5000"}}}'
    (found,) = read(text, "a/Properties/launchSettings.json").bindings

    assert (found.name, found.value) == (PORT, Sequence((Literal("5001"), Literal("5000"))))


def test_ocelot() -> None:
    """The fixed beginnings of both templates say what becomes of the path."""
    text = """{"Routes": [{
      "UpstreamPathTemplate": "/api/o/{everything}", "DownstreamPathTemplate": "/o/{everything}",
      "DownstreamHostAndPorts": [{"Host": "orders", "Port": 80}]}]}"""
    found = read(text, "gateway/ocelot.json")

    assert routes(text) == [("/api/o", Literal("orders:80"), "/o")]
    assert [(each.kind, each.source_root) for each in found.services] == [("gateway", "gateway")]
    # Keys of the configuration are the same in upper and lower case.
    assert routes(text.replace("stream", "Stream").replace('Host"', 'host"')) == routes(text)


@pytest.mark.parametrize(
    ("transforms", "rewrite"),
    [
        ("[]", None),
        ('[{"PathRemovePrefix": "/api"}]', "/o"),
        ('[{"PathRemovePrefix": "/api/o"}, {"PathPrefix": "/v1"}]', "/v1"),
        ('[{"PathPattern": "/x/{**rest}"}]', "/x"),
    ],
)
def test_yarp(transforms: str, rewrite: str | None) -> None:
    """A route leads to the destinations of its cluster, which the deployment may give other addresses."""
    text = f"""{{"ReverseProxy": {{
      "Routes": {{"r": {{"ClusterId": "c", "Match": {{"Path": "/api/o/{{**rest}}"}}, "Transforms": {transforms}}}}},
      "Clusters": {{"c": {{"Destinations": {{"d": {{"Address": "http://orders/"}}}}}}}}}}}}"""
    address = ConfigRead("ReverseProxy:Clusters:c:Destinations:d:Address", Literal("http://orders/"))

    assert routes(text) == [("/api/o", address, rewrite)]


def test_yarp_in_a_section_of_any_name() -> None:
    """Routes to clusters are known by their shape, in upper or lower case, by name or as a list."""
    text = """{"gateway": {"proxy": {
      "routes": [{"routeId": "r", "clusterId": "c", "match": {"path": "orders/{**rest}"}}],
      "clusters": {"c": {"destinations": {"d": {"address": "http://orders"}}}}}}}"""
    address = ConfigRead("gateway:proxy:clusters:c:Destinations:d:Address", Literal("http://orders"))

    assert routes(text) == [("orders", address, None)]


def test_environment_is_told_by_a_variable() -> None:
    """Which environment is active is asked of the deployment."""
    (told,) = [each.value for each in read("{}").bindings if each.name == PROFILES]

    assert isinstance(told, Choice)


@given(st.text(alphabet=st.sampled_from('ab"/*:,{}[]\\ \n\t'), max_size=300))
def test_total(text: str) -> None:
    """Whatever a file holds, something is answered."""
    declarations, _ = AppSettingsReader().read("appsettings.json", text.encode())

    assert declarations.format == "appsettings"
