"""Jobs of Nomad."""

from __future__ import annotations

from textwrap import dedent

from commlint.extract.extract import extract
from commlint.model.deployments import Port
from commlint.model.values import Literal, Unknown

JOB = """
    job "shop" {
      group "orders" {
        network {
          port "http" {
            static = 8080
            to     = 80
          }
        }
        service {
          name = "orders-api"
          port = "http"
        }
        task "orders" {
          driver = "docker"
          config {
            image   = "acme/orders:1"
            command = "serve"
            args    = ["--port", "80"]
          }
          env {
            STOCK_URL = "http://stock.service.consul:80"
            REGION    = "${NOMAD_REGION}"
          }
        }
      }
    }
    """


def test_task_with_its_environment() -> None:
    """A task is a service; the name its group registers is another one of it."""
    facts = extract("deploy/shop.nomad", dedent(JOB).encode())
    assert facts.declarations is not None
    (orders,) = facts.declarations.services

    assert (orders.name, orders.image, orders.command) == ("orders", "acme/orders:1", ("serve", "--port", "80"))
    assert (orders.aliases, orders.ports) == (("orders-api",), (Port(80, 8080, "http"),))
    assert [(each.scope, each.name, each.value) for each in facts.declarations.bindings] == [
        ("service:orders", "STOCK_URL", Literal("http://stock.service.consul:80")),
        ("service:orders", "REGION", Unknown("known when it is deployed")),
    ]


def test_other_files_of_hcl() -> None:
    """A file of Terraform, or one that is broken, is no job."""
    assert extract("main.hcl", b'resource "x" "y" {}').declarations is None
    broken = extract("shop.nomad", b'job "a" { group "b" { task "c" { config { image = ')
    assert broken.declarations is not None
    assert [notice.message.partition(";")[0] for notice in broken.notices] == ["broken HCL"]
