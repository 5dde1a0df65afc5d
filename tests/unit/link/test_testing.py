"""What is deployed to test the others."""

import pytest

from commlint.link.testing import is_test_file, is_tester
from commlint.model.deployments import Build, ServiceDeclaration
from commlint.model.places import Extent

HERE = Extent(1, 1, 1, 1)


@pytest.mark.parametrize(
    ("image", "command"),
    [
        ("shop/orders-test:1", ()),
        ("", ("go", "test", "-v", "./test/component")),
        ("", ("sh", "-c", "npm run test:component")),
        ("", ("make", "test-integration")),
        ("", ("pytest", "-q")),
    ],
)
def test_what_runs_tests_is_a_tester(image: str, command: tuple[str, ...]) -> None:
    """By its image or by its command."""
    assert is_tester(ServiceDeclaration("checks", "compose", HERE, image=image, command=command))


def test_image_of_a_stage_for_tests_is_one() -> None:
    """So is one that is built by a Dockerfile called after them."""
    assert is_tester(ServiceDeclaration("checks", "compose", HERE, build=Build(".", "Dockerfile", "test")))
    assert is_tester(ServiceDeclaration("checks", "compose", HERE, build=Build(".", "Dockerfile.test")))


@pytest.mark.parametrize(
    ("image", "command"),
    [
        ("shop/test-results:1", ()),
        ("shop/contest", ()),
        ("", ("npm", "run", "start")),
        ("", ("go", "run", "./cmd/tests-api")),
        ("", ("node", "test.js")),
    ],
)
def test_what_is_only_called_so_is_none(image: str, command: tuple[str, ...]) -> None:
    """A service may be about tests."""
    assert not is_tester(ServiceDeclaration("exams", "compose", HERE, image=image, command=command))


def test_files_called_after_tests_are_told() -> None:
    """A word of the name counts, wherever it stands."""
    assert is_test_file("deploy/compose.test.yaml")
    assert not is_test_file("deploy/latest.yaml")
