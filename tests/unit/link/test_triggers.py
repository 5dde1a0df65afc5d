"""Functions that infrastructure code runs: what they are called, which code is theirs, what starts them."""

from __future__ import annotations

from pathlib import Path

import pytest

from commlint.link.handlers import Handlers
from commlint.model.operations import ModuleNode
from commlint.model.system import System
from commlint.pipeline import Request, analyse
from commlint.store.config import load_config

SENDER = """\
import os

import boto3

sqs = boto3.client("sqs")


def handler(event, context):
    sqs.send_message(QueueUrl=os.environ["ORDERS_URL"], MessageBody=event["body"])
"""
TAKER = """\
import os

import requests


def store(record):
    requests.post(os.environ["STOCK_URL"], json=record, timeout=3)


def handler(event, context):
    for record in event["Records"]:
        store(record)
"""
SAM = """\
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Timeout: 5
Resources:
  Orders:
    Type: AWS::SQS::Queue
  PlaceOrder:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: place.handler
      Environment:
        Variables:
          ORDERS_URL: !Ref Orders
      Events:
        Place:
          Type: Api
          Properties: {Path: "/orders/{id}", Method: post}
  TakeOrder:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: src/
      Handler: take.handler
      Environment:
        Variables:
          STOCK_URL: https://stock.example.com/items
      Events:
        Take:
          Type: SQS
          Properties: {Queue: !GetAtt Orders.Arn}
"""
TERRAFORM = """\
data "archive_file" "place" {
  type        = "zip"
  source_file = "${path.module}/../src/place.py"
  output_path = "place.zip"
}
resource "aws_lambda_function" "place" {
  function_name = "PlaceOrder"
  filename      = data.archive_file.place.output_path
  handler       = "place.handler"
  environment {
    variables = { ORDERS_URL = aws_sqs_queue.orders.url }
  }
}
resource "aws_lambda_function" "take" {
  function_name = "TakeOrder"
  filename      = data.archive_file.take.output_path
  handler       = "take.handler"
  environment {
    variables = { STOCK_URL = "https://stock.example.com/items" }
  }
}
data "archive_file" "take" {
  type        = "zip"
  source_dir  = "${path.module}/../src"
  output_path = "take.zip"
}
resource "aws_sqs_queue" "orders" {
  name = "Orders"
}
resource "aws_lambda_event_source_mapping" "take" {
  event_source_arn = aws_sqs_queue.orders.arn
  function_name    = aws_lambda_function.take.arn
}
resource "aws_apigatewayv2_integration" "place" {
  integration_uri = aws_lambda_function.place.invoke_arn
}
resource "aws_apigatewayv2_route" "place" {
  route_key = "POST /orders/{id}"
  target    = "integrations/${aws_apigatewayv2_integration.place.id}"
}
"""
SERVERLESS = """\
service: orders
provider: {name: aws}
functions:
  PlaceOrder:
    handler: src/place.handler
    environment: {ORDERS_URL: !Ref Orders}
    events:
      - httpApi: "POST /orders/{id}"
  TakeOrder:
    handler: src/take.handler
    environment: {STOCK_URL: "https://stock.example.com/items"}
    events:
      - sqs: {arn: !GetAtt Orders.Arn}
resources:
  Resources:
    Orders: {Type: "AWS::SQS::Queue"}
"""


def system(folder: Path, **files: str) -> System:
    """The system of files named with `__` for `/` and `_X` for the suffix."""
    for name, text in {"src__place_py": SENDER, "src__take_py": TAKER, **files}.items():
        stem, _, suffix = name.replace("__", "/").rpartition("_")
        path = folder / f"{stem}.{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return analyse(Request(folder, load_config(folder).config, jobs=1))


@pytest.mark.parametrize(
    "declared", [{"template_yaml": SAM}, {"infra__main_tf": TERRAFORM}, {"serverless_yml": SERVERLESS}]
)
def test_functions_share_a_folder_and_a_queue(tmp_path: Path, declared: dict[str, str]) -> None:
    """Each has the code of its handler and its own environment; messages and requests start it."""
    found = system(tmp_path, **declared)

    assert [each.name for each in found.services] == ["PlaceOrder", "TakeOrder"]
    assert [(edge.kind, edge.source_service, edge.target) for edge in found.edges] == [
        ("send", "PlaceOrder", "channel:sqs:Orders"),
        ("receive", "TakeOrder", "channel:sqs:Orders"),
        ("sync", "TakeOrder", "external:stock.example.com"),
    ]
    assert [(each.service, each.method, each.path) for each in found.endpoints] == [
        ("PlaceOrder", "POST", "/orders/{id}")
    ]
    assert [(flow.service, [line.start_line for line in flow.lines]) for flow in found.flows] == [
        ("PlaceOrder", []),
        ("TakeOrder", [12]),
    ]


CONTAINERS = """\
resource "aws_ecs_task_definition" "shop" {
  family = "shop"
  container_definitions = jsonencode([
    { name = "orders", image = "shop/orders:1", environment = [{ name = "STOCK_URL", value = "http://stock/items" }] },
    { name = "stock", image = "shop/stock:1" },
  ])
}
resource "google_pubsub_topic" "events" { name = "events" }
resource "google_cloudfunctions2_function" "mailer" {
  name = "mailer"
  build_config {
    entry_point = "send"
    source {
      storage_source { object = google_storage_bucket_object.code.name }
    }
  }
  event_trigger { pubsub_topic = google_pubsub_topic.events.id }
}
resource "google_storage_bucket_object" "code" { source = data.archive_file.code.output_path }
data "archive_file" "code" { source_dir = "mailer" }
"""


def test_containers_and_archives(tmp_path: Path) -> None:
    """A task definition is as many services as it has containers; code is followed through objects and archives."""
    found = system(
        tmp_path,
        main_tf=CONTAINERS,
        orders__Dockerfile_txt="",
        orders__app_py='import os\n\nimport requests\n\nrequests.get(os.environ["STOCK_URL"], timeout=1)\n',
        orders__pyproject_toml='[project]\nname = "orders"\n',
        mailer__main_py=TAKER.replace("handler", "send"),
    )

    roots = {each.name: each.roots for each in found.services}
    assert roots == {"orders": ("orders",), "stock": (), "mailer": ("mailer",)}
    assert {(edge.kind, edge.source_service, edge.target_service or edge.target) for edge in found.edges} >= {
        ("sync", "orders", "stock"),
        ("receive", "mailer", "channel:pubsub:events"),
    }
    assert [flow.service for flow in found.flows] == ["mailer"]


def test_topics_feed_queues_and_functions(tmp_path: Path) -> None:
    """What is sent to a topic arrives in the queues that are subscribed to it, and from there in a function."""
    told = """\
        resource "aws_sns_topic" "orders" { name = "placed" }
        resource "aws_sns_topic_subscription" "orders" {
          topic_arn = aws_sns_topic.orders.arn
          endpoint  = aws_sqs_queue.orders.arn
        }
        """
    sender = SENDER.replace("sqs.send_message(QueueUrl", 'boto3.client("sns").publish(TopicArn').replace(
        "MessageBody", "Message"
    )
    terraform = TERRAFORM.replace("aws_sqs_queue.orders.url", "aws_sns_topic.orders.arn") + told
    found = system(tmp_path, infra__main_tf=terraform, src__place_py=sender)

    assert ("send", "channel:sqs:Orders") in {(edge.kind, edge.target) for edge in found.edges}


@pytest.mark.parametrize(
    ("handler", "function"),
    [
        ("src/app.handler", "src/app.py::handler"),
        ("src/shop.app.handler", "src/shop/app.py::handler"),
        ("jobs/run", "jobs/main.py::run"),
        ("svc/com.acme.Take::handle", "svc/src/main/java/com/acme/Take.java::Take.handle"),
        ("web/index.handler", "web/index.js::<handler@2:19>"),
        ("src/twice.handler", ""),
        ("src/none.handler", ""),
    ],
)
def test_handlers(handler: str, function: str) -> None:
    """Python by path or dots, a function by its name alone, Java by its class; never one of two files."""
    paths = (
        "src/app.py", "src/shop/app.py", "jobs/main.py", "svc/src/main/java/com/acme/Take.java", "web/index.js",
        "src/twice.js", "src/twice.ts",
    )  # fmt: skip
    handlers = Handlers((ModuleNode(path, "") for path in paths), ("web/index.js::<handler@2:19>",))

    assert handlers.function(handler) == function
