from __future__ import annotations

from pathlib import Path

import jsonschema
import pytest
import yaml

from commlint.codec import decode, encode
from commlint.errors import ConfigurationError
from commlint.model.libraries import Catalogue
from commlint.store.catalogue import model_schema, parse_catalogue
from commlint.store.modelfiles import ModelFile, ModelFiles, model_files
from commlint.store.shipped import rules_directory

SHIPPED = sorted((rules_directory() / "models").rglob("*.yaml"))

OWN = """
library: inhouse
language: python
imports: [inhouse]
sites:
  - names: [inhouse.call]
    role: client
    protocol: http
    policies: {timeout: {at: "kw:wait", default: 3}}
"""


def parse(source: str) -> Catalogue:
    return parse_catalogue(ModelFiles((ModelFile("own.yaml", source.encode()),), "digest"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_shipped_models_fit_their_schema(path: Path) -> None:
    """Every model that is shipped is valid by the schema its users see."""
    errors = list(jsonschema.Draft202012Validator(model_schema()).iter_errors(yaml.safe_load(path.read_text("utf-8"))))

    assert errors == []


def test_shipped_models_load(tmp_path: Path) -> None:
    """The loader takes them all, sorted by path, and they survive the wire."""
    catalogue = parse_catalogue(model_files(tmp_path))

    assert len(catalogue.models) == len(SHIPPED) > 0
    assert [model.library for model in catalogue.models if model.library == "requests"] == ["requests"]
    assert decode(encode(catalogue), Catalogue) == catalogue


def test_own_models_come_after_the_shipped(tmp_path: Path) -> None:
    """A user's model is read by the same loader, from a file, a folder or a pattern below the root."""
    (tmp_path / "lint" / "deep").mkdir(parents=True)
    (tmp_path / "lint" / "one.yaml").write_text(OWN)
    (tmp_path / "lint" / "deep" / "two.yml").write_text(OWN.replace("inhouse", "second"))

    by_file = model_files(tmp_path, ["lint/one.yaml"])
    by_folder = model_files(tmp_path, ["lint"])
    by_pattern = model_files(tmp_path, ["lint/**/*.y*ml"])

    assert [file.where for file in by_file.files[len(SHIPPED) :]] == ["lint/one.yaml"]
    assert [file.where for file in by_folder.files[len(SHIPPED) :]] == ["lint/deep/two.yml", "lint/one.yaml"]
    assert [file.where for file in by_pattern.files[len(SHIPPED) :]] == ["lint/deep/two.yml", "lint/one.yaml"]
    assert parse_catalogue(by_file).models[-1].sites[0].policies["timeout"].default == 3


def test_digest_changes_with_every_model(tmp_path: Path) -> None:
    """Another content, another name and another set of files are other catalogues; the same files are the same."""
    (tmp_path / "a.yaml").write_text(OWN)
    (tmp_path / "b.yaml").write_text(OWN)
    digests = [
        model_files(tmp_path, patterns).digest for patterns in ([], ["a.yaml"], ["b.yaml"], ["a.yaml", "b.yaml"])
    ]
    again = model_files(tmp_path, ["a.yaml"]).digest
    (tmp_path / "a.yaml").write_text(OWN + "\n")

    assert len(set(digests)) == 4
    assert again == digests[1] != model_files(tmp_path, ["a.yaml"]).digest


@pytest.mark.parametrize("pattern", ["nowhere.yaml", "no/*.yaml", "/nowhere/*.yaml", ""])
def test_pattern_that_leads_nowhere(tmp_path: Path, pattern: str) -> None:
    """A path that names no file is a mistake of whoever wrote it."""
    with pytest.raises(ConfigurationError, match="leads to no file"):
        model_files(tmp_path, [pattern])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("role: client", "role: clint"), 'sites[0].role is "clint", but must be one of client'),
        (("role: client", "rol: client"), '[sites[0]] has no key "rol"; did you mean "role"?'),
        (("imports: [inhouse]", "imports: inhouse"), "imports must be a list, not text ('inhouse')"),
        (("timeout:", "timout:"), '[sites[0]] there is no policy "timout"; did you mean "timeout"?'),
        (("library: inhouse", "library: 3"), "library must be text, not a whole number (3); put it in quotes"),
        (("library: inhouse\n", ""), 'no key "library", which is needed'),
        (("    protocol: http", "    protocol: http\n    protocol: grpc"), 'the key "protocol" stands twice'),
    ],
)
def test_errors_name_the_file_and_the_key(change: tuple[str, str], message: str) -> None:
    """What is wrong in a model is told with its file, its place and the nearest known word."""
    with pytest.raises(ConfigurationError) as caught:
        parse(OWN.replace(*change))

    assert str(caught.value).startswith("own.yaml")
    assert message in str(caught.value)
