from __future__ import annotations

from commlint.extract.extract import extract
from commlint.model.facts import Ignore

TEXT = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: a
  annotations:
    commlint.dev/ignore: "CL601, stacked-retries: they carry a key"
data: {}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: b}
"""


def ignores(text: str) -> tuple[Ignore, ...]:
    return extract("k8s/a.yaml", text.encode()).ignores


def test_annotation_speaks_for_its_object() -> None:
    """From the first line of the object to its last, with codes, names and the reason."""
    (found,) = ignores(TEXT)

    assert (found.codes, found.reason, found.line) == (("CL601", "stacked-retries"), "they carry a key", 1)
    assert found.extent.start_line == 6
    assert 7 <= found.until <= 8


def test_annotation_without_codes_speaks_of_every_rule() -> None:
    """As a bare comment does."""
    (found,) = ignores(TEXT.replace("CL601, stacked-retries", ""))

    assert found.codes == ()


def test_other_annotations_are_none() -> None:
    """Only one key is for commlint."""
    assert ignores(TEXT.replace("commlint.dev/ignore", "commlint.dev/other")) == ()
