from __future__ import annotations

from pathlib import Path

import pytest

from commlint.extract.extract import extract
from commlint.model.channels import ChannelDeclaration
from commlint.model.facts import FactSet, Notice
from commlint.provision.provision import provision
from commlint.store.catalogue import parse_catalogue
from commlint.store.modelfiles import model_files

CATALOGUE = parse_catalogue(model_files(Path()))


def provisioned(**files: str) -> tuple[dict[str, ChannelDeclaration], tuple[Notice, ...]]:
    """The channels by what they are called, of files named with `__` for `/` and `_tf` for the suffix."""
    named = {name.replace("__", "/").replace("_tf", ".tf"): text for name, text in files.items()}
    facts, notices = provision(FactSet.of(extract(path, text.encode()) for path, text in named.items()), CATALOGUE)
    channels = [channel for file in facts if file.declarations for channel in file.declarations.channels]
    return {channel.address: channel for channel in channels}, notices


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ("null", "unset"),
        ('""', "unset"),
        ("jsonencode({})", "unset"),
        ('jsonencode({ deadLetterTargetArn = "arn:aws:sqs:eu:1:x" })', "set"),
        ('"{\\"deadLetterTargetArn\\": \\"${local.arn}\\"}"', "set"),
        ("local.given ? local.policy : null", "set"),
        ("!local.given ? local.policy : null", "unset"),
        ("length(local.none) > 0 ? local.policy : null", "unset"),
        ('try(local.settings.policy, "")', "unset"),
        ('lookup(local.settings, "other", local.policy)', "set"),
        ("merge(local.settings, { redrive = local.policy }).redrive", "set"),
        ("coalesce(null, local.policy)", "set"),
        ("data.aws_ssm_parameter.policy.value", "set"),
        ('file("policy.json")', "unknown"),
        ("local.itself", "unknown"),
    ],
)
def test_expressions(policy: str, expected: str) -> None:
    """What a redrive policy says is worked out through functions, conditions and locals, or it is unknown."""
    text = f"""
        locals {{
          given    = true
          none     = []
          arn      = "arn:aws:sqs:eu:1:x"
          settings = {{ name = "orders" }}
          policy   = jsonencode({{ deadLetterTargetArn = local.arn }})
          itself   = local.itself
        }}
        data "aws_ssm_parameter" "policy" {{ name = "policy" }}
        resource "aws_sqs_queue" "orders" {{
          redrive_policy = {policy}
        }}
    """

    channels, _ = provisioned(main_tf=text)

    assert channels["aws_sqs_queue.orders"].dead_letter == expected


def test_a_function_bounds_how_long_a_message_is_kept() -> None:
    """The queue knows how long the function that takes its messages may run, by default three seconds."""
    text = """
        resource "aws_sqs_queue" "orders" {}
        resource "aws_lambda_function" "work" { function_name = "work" }
        resource "aws_lambda_event_source_mapping" "work" {
          event_source_arn = aws_sqs_queue.orders.arn
          function_name    = aws_lambda_function.work.arn
        }
    """

    channels, _ = provisioned(main_tf=text)

    queue = channels["aws_sqs_queue.orders"]
    assert (queue.runs_for, queue.visibility, queue.takers) == (3, 30, ("work",))


@pytest.mark.parametrize(("position", "expected"), [('starting_position = "LATEST"', "unset"), ("", "unknown")])
def test_a_mapping_of_a_stream_shows_by_what_only_streams_have(position: str, expected: str) -> None:
    """Where messages come from may not be known, and still it is no queue."""
    text = f"""
        variable "stream_arn" {{ type = string }}
        resource "aws_lambda_function" "work" {{ function_name = "work" }}
        resource "aws_lambda_event_source_mapping" "work" {{
          event_source_arn = var.stream_arn
          function_name    = aws_lambda_function.work.arn
          {position}
        }}
    """

    channels, _ = provisioned(main_tf=text)

    assert channels["aws_lambda_event_source_mapping.work"].dead_letter == expected


DAILY = """
    resource "aws_cloudwatch_event_rule" "dlq_daily" {{ schedule_expression = "rate(1 day)" }}
    resource "aws_cloudwatch_event_target" "dlq_daily" {{
      count = {count}
      rule  = aws_cloudwatch_event_rule.dlq_daily.name
      arn   = aws_lambda_function.dlq_consumer.arn
    }}
    resource "aws_lambda_permission" "daily" {{
      count         = {count}
      function_name = aws_lambda_function.dlq_consumer.function_name
      principal     = "events.amazonaws.com"
    }}
    resource "aws_lambda_function" "dlq_consumer" {{ function_name = "dlq-consumer" }}
    """


def test_what_is_called_after_dead_letters_and_only_handles_them_may_lose_messages_itself() -> None:
    """A function that is started to look after dead letters is no place of dead letters."""
    channels, _ = provisioned(main_tf=DAILY.format(count=1))

    assert {name: each.dead_letter for name, each in channels.items()} == {
        "aws_cloudwatch_event_target.dlq_daily": "unset",
        "aws_lambda_function.dlq_consumer": "unset",
    }


def test_what_is_made_no_times_starts_nothing() -> None:
    """A function whose only trigger has a count of 0 is not started by itself."""
    channels, _ = provisioned(main_tf=DAILY.format(count=0))

    assert {name: each.dead_letter for name, each in channels.items()} == {
        "aws_cloudwatch_event_target.dlq_daily": "unknown"
    }


def test_a_call_of_a_module_that_only_makes_a_rule_is_no_channel() -> None:
    """The target inside is one; its call would tell the same twice."""
    channels, _ = provisioned(
        main_tf='module "daily" { source = "./daily" }',
        daily__main_tf='resource "aws_cloudwatch_event_target" "daily" { arn = "arn:aws:sqs:eu:1:x" }',
    )

    assert list(channels) == ["aws_cloudwatch_event_target.daily"]


def test_a_target_given_to_a_module_that_is_not_here_is_a_place_of_dead_letters() -> None:
    """An argument named for dead letters names one."""
    text = """
        resource "aws_sqs_queue" "rejected" {}
        module "worker" {
          source  = "acme/worker/aws"
          dlq_arn = aws_sqs_queue.rejected.arn
        }
    """

    channels, _ = provisioned(main_tf=text)

    assert channels["aws_sqs_queue.rejected"].dead_letter == "is-a-dlq"


def test_modules_that_call_each_other_are_cut() -> None:
    """A ring of modules ends, with a notice that says where."""
    channels, notices = provisioned(
        a__main_tf='module "b" { source = "../b" }\nresource "aws_sqs_queue" "a" {}',
        b__main_tf='module "a" { source = "../a" }',
    )

    assert channels["aws_sqs_queue.a"].dead_letter == "unset"
    assert [notice.path for notice in notices] == ["b"]


def test_modules_that_multiply_are_bounded() -> None:
    """Ten copies of ten copies of ten copies are not all made."""
    call = 'module "next" {{\n  source = "../m{}"\n  count = 50\n}}\n'
    files = {f"m{level}__main_tf": call.format(level + 1) for level in range(5)}

    channels, notices = provisioned(**files, m5__main_tf='resource "aws_sqs_queue" "deep" {}')

    assert notices
    assert all(channel.dead_letter in ("unset", "unknown") for channel in channels.values())


def test_expressions_without_end_are_unknown() -> None:
    """What is nested too deeply is unknown, and the rest of the file is read."""
    deep = "(" * 5000 + "1" + ")" * 5000
    text = f'resource "aws_sqs_queue" "deep" {{ redrive_policy = {deep} }}\nresource "aws_sqs_queue" "plain" {{}}'

    channels, _ = provisioned(main_tf=text)

    assert channels["aws_sqs_queue.deep"].dead_letter == "unknown"
    assert channels["aws_sqs_queue.plain"].dead_letter == "unset"


def test_a_broken_file_says_where_and_keeps_the_rest() -> None:
    """One mistake costs its own block."""
    text = 'resource "aws_sqs_queue" "plain" {}\nresource "aws_sqs_queue" "broken" {\n  name = [\n'

    facts = extract("main.tf", text.encode())

    assert facts.notices
    assert facts.declarations is not None
    assert any(resource.name == "plain" for resource in facts.declarations.resources)


def test_values_that_grow_without_end() -> None:
    """Locals made of twice the one before are cut, with a notice, and what is known stays known."""
    locals_ = "".join(
        f'  a{n} = "${{local.a{n - 1}}}${{local.a{n - 1}}}"\n  b{n} = [local.b{n - 1}, local.b{n - 1}]\n'
        for n in range(1, 60)
    )
    text = f"""
        locals {{
          a0 = "x"
          b0 = 1
        {locals_}
        }}
        resource "aws_sqs_queue" "grown" {{
          name           = local.a59
          redrive_policy = jsonencode({{ deadLetterTargetArn = local.b59 }})
        }}
        resource "aws_sqs_queue" "plain" {{}}
    """

    channels, notices = provisioned(main_tf=text)

    assert channels["aws_sqs_queue.plain"].dead_letter == "unset"
    assert channels["aws_sqs_queue.grown"].dead_letter != "unset"
    assert [notice.message for notice in notices] == [
        "modules that call each other, or values that grow without end, were not followed; write them once"
    ]


@pytest.mark.parametrize("value", ["[" * 10_000 + "]" * 10_000, "(" * 10_000 + "1" + ")" * 10_000])
def test_settings_nested_without_end(value: str) -> None:
    """What is too deep is unknown and told, and the next block is read as ever."""
    text = f'resource "aws_sqs_queue" "deep" {{\n redrive_policy = {value}\n}}\nresource "aws_sqs_queue" "plain" {{}}\n'
    facts = extract("main.tf", text.encode())
    channels, _ = provisioned(main_tf=text)

    assert [(notice.line, notice.message.partition(";")[0]) for notice in facts.notices] == [(2, "nested too deeply")]
    assert (channels["aws_sqs_queue.deep"].dead_letter, channels["aws_sqs_queue.plain"].dead_letter) != ("unset", "set")
    assert channels["aws_sqs_queue.plain"].dead_letter == "unset"


GATEWAY = """
    resource "aws_lambda_function" "orders" { function_name = "orders" }
    resource "aws_api_gateway_rest_api" "shop" { name = "shop" }
    resource "aws_api_gateway_resource" "orders" {
      rest_api_id = aws_api_gateway_rest_api.shop.id
      parent_id   = aws_api_gateway_rest_api.shop.root_resource_id
      path_part   = "orders"
    }
    resource "aws_api_gateway_resource" "order" {
      parent_id = aws_api_gateway_resource.orders.id
      path_part = "{number}"
    }
    resource "aws_api_gateway_method" "order" {
      resource_id = aws_api_gateway_resource.order.id
      http_method = "GET"
    }
    resource "aws_api_gateway_integration" "order" {
      resource_id = aws_api_gateway_resource.order.id
      http_method = aws_api_gateway_method.order.http_method
      uri         = aws_lambda_function.orders.invoke_arn
    }
    resource "aws_api_gateway_integration" "root" {
      resource_id = aws_api_gateway_rest_api.shop.root_resource_id
      http_method = "ANY"
      uri         = "arn:aws:apigateway:eu:lambda:path/functions/${aws_lambda_function.orders.arn}/invocations"
    }
    resource "aws_apigatewayv2_api" "other" {
      body = jsonencode({
        paths = {
          "/items/{id}" = {
            post = { x-amazon-apigateway-integration = { uri = aws_lambda_function.orders.invoke_arn } }
          }
        }
      })
    }
"""


def test_requests_that_a_gateway_hands_to_functions() -> None:
    """A path is put together from resources, or stands in the document of the gateway."""
    facts, _ = provision(FactSet.of([extract("main.tf", GATEWAY.encode())]), CATALOGUE)
    (file,) = facts
    assert file.declarations is not None

    assert sorted((each.method, each.channel, each.function) for each in file.declarations.triggers) == [
        ("", "/", "orders"),
        ("GET", "/orders/{number}", "orders"),
        ("POST", "/items/{id}", "orders"),
    ]


def test_output_of_the_cdk() -> None:
    """Nested stacks and the code of functions lie where the metadata of a template says."""
    stack = """
        {"Resources": {
          "DlqA1": {"Type": "AWS::SQS::Queue"},
          "Work886": {
            "Type": "AWS::Lambda::Function",
            "Properties": {"Code": {"S3Key": "a.zip"}, "Handler": "index.handler"},
            "Metadata": {"aws:asset:path": "asset.1f0e9c2d7b", "aws:asset:property": "Code"}},
          "Mail": {
            "Type": "AWS::CloudFormation::Stack",
            "Properties": {
              "TemplateURL": {"Fn::Join": ["", ["https://s3/", {"Ref": "AWS::Region"}]]},
              "Parameters": {"dlq": {"Fn::GetAtt": ["DlqA1", "Arn"]}}},
            "Metadata": {"aws:asset:path": "Mail.nested.template.json"}}}}
    """
    nested = """
        {"Parameters": {"dlq": {"Type": "String"}},
         "Resources": {"Mails": {
           "Type": "AWS::SQS::Queue",
           "Properties": {"RedrivePolicy": {"deadLetterTargetArn": {"Ref": "dlq"}, "maxReceiveCount": 2}}}}}
    """
    named = {"cdk.out/Shop.template.json": stack, "cdk.out/Mail.nested.template.json": nested}
    facts, notices = provision(FactSet.of(extract(path, text.encode()) for path, text in named.items()), CATALOGUE)
    declared = [file.declarations for file in facts if file.declarations]

    assert notices == ()
    assert {each.address: (each.dead_letter, each.target) for item in declared for each in item.channels} == {
        "DlqA1": ("is-a-dlq", ""),
        "Mails": ("set", "DlqA1"),
        "module.Mail": ("set", "DlqA1"),
    }
    assert [each.source_root for item in declared for each in item.services] == ["cdk.out/asset.1f0e9c2d7b"]
