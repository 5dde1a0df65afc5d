"""Files of Azure: services of the Developer CLI, folders of functions and their settings."""

from __future__ import annotations

import pytest

from commlint.extract.formats.azure_developer import AzureDeveloperReader
from commlint.extract.formats.azure_functions import AzureFunctionsReader
from commlint.model.deployments import PORT, PREFIX, Build
from commlint.model.values import Literal

APPLICATION = """\
name: shop
services:
  orders: {project: ./src/orders, language: ts, host: containerapp, docker: {path: ./Dockerfile, context: ..}}
  stock: {project: src/Stock/Stock.csproj, language: csharp, host: appservice}
  site: {project: site, dist: build, host: staticwebapp}
  mail: {image: example/mail, host: containerapp}
"""


def test_services_of_an_application() -> None:
    """A service has the folder of its project; one that only runs an image has no code here."""
    declarations, notices = AzureDeveloperReader().read("deploy/azure.yaml", APPLICATION.encode())

    assert notices == ()
    assert [(each.name, each.kind, each.source_root) for each in declarations.services] == [
        ("orders", "", "deploy/src/orders"),
        ("stock", "", "deploy/src/Stock"),
        ("site", "frontend", "deploy/site"),
    ]
    assert declarations.services[0].build == Build("deploy/src", "deploy/src/orders/Dockerfile")
    assert declarations.services[1].build is None


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("azure.yaml", "services: {}", True),
        ("azure.yaml", "steps: []", False),
        ("other/azure.yml", "services: {}", True),
        ("azure.json", "services: {}", False),
    ],
)
def test_what_is_an_application(path: str, text: str, expected: bool) -> None:
    """The file is known by its name and has services."""
    assert AzureDeveloperReader().claims(path, text.encode()) is expected


@pytest.mark.parametrize(
    ("text", "prefix"),
    [
        ('{"version": "2.0"}', "api"),
        ('{"version": "2.0", "extensions": {"http": {"routePrefix": "shop/v1"}}}', "shop/v1"),
        ('{"version": "2.0", "extensions": {"http": {"routePrefix": ""}}}', ""),
    ],
)
def test_a_folder_of_functions(text: str, prefix: str) -> None:
    """It is a program whose routes stand below a prefix."""
    declarations, notices = AzureFunctionsReader().read("src/orders/host.json", text.encode())

    (service,) = declarations.services
    assert notices == ()
    assert (service.name, service.source_root) == ("orders", "src/orders")
    assert {each.name: each.value for each in declarations.bindings} == {PREFIX: Literal(prefix), PORT: Literal(7071)}


def test_settings_of_functions_are_their_environment() -> None:
    """What is given for runs on the own machine stands beside a dotenv file."""
    text = b'{"IsEncrypted": false, "Values": {"STOCK_URL": "http://stock", "Nested": {"a": "b"}}}'

    declarations, _ = AzureFunctionsReader().read("src/orders/local.settings.json", text)

    assert [(each.scope, each.name, each.value) for each in declarations.bindings] == [
        ("file:src/orders/.env", "STOCK_URL", Literal("http://stock"))
    ]
    assert not AzureFunctionsReader().claims("host.json", b'{"hosts": []}')
