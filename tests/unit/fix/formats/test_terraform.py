"""Resources of Terraform are given attributes, and resources beside them."""

from __future__ import annotations

import pytest

from commlint.fix.formats.terraform import TerraformFixer
from commlint.model.findings import Fix
from commlint.model.places import Region

INSIDE = "redrive_policy = jsonencode({\n  target = aws_sqs_queue.{label}_dead{index}.arn\n})"
BESIDE = (
    'resource "aws_sqs_queue" "{label}_dead" {\n  {copy:count}\n  {copy:for_each}\n'
    "  name = {renamed:name:-dead:.fifo:fifo_queue}\n  {copy:fifo_queue}\n  keeps_for = 9\n}"
)


def given(source: str, first: int = 1, last: int = 0) -> str:
    """The text after the block of these lines is given its dead letters; of all lines when nothing is said."""
    last = last or source.rstrip("\n").count("\n") + 1
    fix = Fix("add-block", Region("main.tf", first, 1, last, 2), "block", INSIDE, BESIDE)
    return TerraformFixer().apply(source, (fix,))


def test_a_block_is_given_an_attribute_and_a_block_beside_it() -> None:
    """Laid out as `terraform fmt` has it, and nothing else is touched."""
    before = '# first\nresource "aws_sqs_queue" "orders" {\n  name = "orders" # here\n}\n\nlocals {}\n'

    assert given(before, 2, 4) == (
        '# first\nresource "aws_sqs_queue" "orders" {\n  name = "orders" # here\n'
        "  redrive_policy = jsonencode({\n    target = aws_sqs_queue.orders_dead.arn\n  })\n}\n"
        '\nresource "aws_sqs_queue" "orders_dead" {\n  name      = "orders-dead"\n  keeps_for = 9\n}\n\nlocals {}\n'
    )


@pytest.mark.parametrize(
    ("attributes", "inside", "beside"),
    [
        ("", "orders_dead.arn", "  keeps_for = 9"),
        ("  name = var.name\n", "orders_dead.arn", '  name      = "${var.name}-dead"\n  keeps_for = 9'),
        (
            '  name = "${var.env}-orders"\n',
            "orders_dead.arn",
            '  name      = "${var.env}-orders-dead"\n  keeps_for = 9',
        ),
        (
            '  name = "pay.fifo"\n  fifo_queue = true\n',
            "orders_dead.arn",
            '  name       = "pay-dead.fifo"\n  fifo_queue = true\n  keeps_for  = 9',
        ),
        (
            "  count = 2\n  name = each\n",
            "orders_dead[count.index].arn",
            '  count     = 2\n  name      = "${each}-dead"\n  keeps_for = 9',
        ),
        (
            "  for_each = {\n    a = 1\n  }\n",
            "orders_dead[each.key].arn",
            "  for_each = {\n    a = 1\n  }\n  keeps_for = 9",
        ),
    ],
)
def test_names_and_repetitions_are_those_of_the_block(attributes: str, inside: str, beside: str) -> None:
    """A name that ends as it must keeps its end; what is not given is left out."""
    after = given(f'resource "aws_sqs_queue" "orders" {{\n{attributes}}}\n')

    assert f"target = aws_sqs_queue.{inside}\n" in after
    assert f'resource "aws_sqs_queue" "orders_dead" {{\n{beside}\n}}' in after


@pytest.mark.parametrize(
    "source",
    [
        'resource "aws_sqs_queue" "orders" {\n  redrive_policy = local.policy\n}\n',
        'resource "aws_sqs_queue" "orders" {\n  name = var.name\n  fifo_queue = true\n}\n',
        'resource "aws_sqs_queue" "orders" {}\n',
        'resource "aws_sqs_queue" "orders" {\n  name = \n}\n',
    ],
)
def test_what_has_it_or_cannot_be_written_stays(source: str) -> None:
    """Set already, a name whose end is not known, one line, broken text."""
    assert given(source) == source


def test_a_second_time_changes_nothing() -> None:
    """The block that was given something keeps it."""
    once = given('resource "aws_sqs_queue" "orders" {\n  name = "orders"\n}\n')

    assert given(once, 1, 6) == once


def test_a_block_that_is_there_is_not_made_again() -> None:
    """Nothing is given where its companion would be doubled."""
    source = 'resource "aws_sqs_queue" "orders" {\n}\nresource "aws_sqs_queue" "orders_dead" {\n}\n'

    assert given(source, 1, 2) == source
