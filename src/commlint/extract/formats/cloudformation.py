"""CloudFormation and SAM templates, written by hand or made by CDK."""

from __future__ import annotations

import re
from typing import ClassVar

from commlint.extract.nodes import as_map
from commlint.extract.port import FormatReader
from commlint.extract.templates import TemplateReader
from commlint.extract.yaml import has_top_key, read_documents, read_json
from commlint.model.declarations import Declarations
from commlint.model.facts import Notice

_TYPE = re.compile(rb"""["']?Type["']?\s*:\s*["']?(?:AWS|Alexa|Custom)::""")


class CloudFormationReader(FormatReader):
    """Reads templates as they are deployed; what a parameter is worth may be known to another template."""

    name: ClassVar[str] = "cloudformation"
    version: ClassVar[int] = 1
    names: ClassVar[tuple[str, ...]] = ("*.yaml", "*.yml", "*.json", "*.template")

    def claims(self, path: str, source: bytes) -> bool:
        return has_top_key(source, "Resources") and _TYPE.search(source) is not None

    def read(self, path: str, source: bytes) -> tuple[Declarations, tuple[Notice, ...]]:
        is_json = source.lstrip()[:1] == b"{"
        documents, notices = read_json(path, source) if is_json else read_documents(path, source)
        resources = tuple(
            resource for document in documents[:1] for resource in TemplateReader(as_map(document)).resources()
        )
        return Declarations(self.name, resources=resources), notices
