"""
The model outside the program: on the wire (`wire`), out of hand-written files (`strict`), as JSON Schema (`schema`).
"""

from commlint.codec.schema import schema
from commlint.codec.strict import Choices, convert, spelling
from commlint.codec.wire import CODEC_VERSION, DecodeError, decode, encode, from_json, to_json

__all__ = [
    "CODEC_VERSION",
    "Choices",
    "DecodeError",
    "convert",
    "decode",
    "encode",
    "from_json",
    "schema",
    "spelling",
    "to_json",
]
