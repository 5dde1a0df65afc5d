"""What is asked of a table `otel_traces`, whichever of its layouts a file has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from commlint.observe.conventions import URLS, WANTED
from commlint.observe.describing import LONGEST_RAW

NEEDED: Final = ("TraceId", "SpanId", "ParentSpanId", "SpanName", "SpanKind", "ServiceName", "Timestamp", "Duration")

STRETCH: Final = "read_parquet(?, file_row_number = true) WHERE file_row_number >= ? AND file_row_number < ?"
"""Some rows of a file."""

Columns = Mapping[str, str]
"""The types of the columns of a file."""

_ATTRIBUTES: Final = "SpanAttributes"
_MAP: Final = "MAP"
_PLAIN: Final = tuple(sorted(WANTED.difference(URLS)))
"""The attributes whose value counts as it stands; of a URL only the host does, the rest is different each time."""

_KIND: Final = "replace(SpanKind, 'SPAN_KIND_', '')"
_TIMES: Final = "greatest(epoch_ns(Timestamp), 0) AS start, greatest(epoch_ns(Timestamp) + Duration::BIGINT, 0) AS end"
_IDS: Final = (("hi", "TraceId", 1, 32), ("lo", "TraceId", 17, 32), ("id", "SpanId", 1, 16))


def spans(columns: Columns) -> str:
    """
    Spans with numbers for ids, and a hash of all that gives them their meaning.

    Where the attributes of a span stand is looked up in a table `shapes`, see there.
    """
    failed = "coalesce(StatusCode, '') IN ('Error', 'STATUS_CODE_ERROR')" if "StatusCode" in columns else "false"
    ids = ", ".join(f"{_number(column, first, length)} AS {name}" for name, column, first, length in _IDS)
    joined, told = _told(columns.get(_ATTRIBUTES, ""))
    return f"""
        SELECT row, coalesce(hi, 0) AS hi, coalesce(lo, 0) AS lo, coalesce(id, 0) AS id, coalesce(parent, 0) AS parent,
            start, "end", failed, hash(service, kind, name, {told}) AS meaning,
            coalesce(hi | lo <> 0 AND id <> 0, false) AS usable
        FROM (
            SELECT *, file_row_number AS row, {ids}, {_number("ParentSpanId", 1, 16)} AS parent,
                ServiceName AS service, {_KIND} AS kind, SpanName AS name, {_TIMES}, {failed} AS failed
            FROM {STRETCH}
        ) {joined}"""


def _told(kind: str) -> tuple[str, str]:
    """What has to be joined for the attributes, and what tells them from others."""
    if kind.startswith(_MAP):
        keys, values = f"map_keys({_ATTRIBUTES})", f"map_values({_ATTRIBUTES})"
        plain = f"list_select({values}, coalesce(plain, {_plain_in(keys)}))"
        url = _host(f"{values}[nullif(coalesce(url, {_url_in(keys)}), 0)]")
        return f"LEFT JOIN shapes ON shape = hash({keys})", f"hash({keys}), {plain}, {url}"
    if kind:
        urls, plain = ", ".join(_in_json(_path(url)) for url in URLS), ", ".join(map(_path, _PLAIN))
        return "", f"{_in_json(f'[{plain}]')}, {_host(f'coalesce({urls})')}"
    return "", "NULL"


def _host(url: str) -> str:
    return f"split_part(split_part({url}, '://', 2), '/', 1)"


def has_shapes(columns: Columns) -> bool:
    """Whether attributes are looked up by the keys of all of them."""
    return columns.get(_ATTRIBUTES, "").startswith(_MAP)


def shapes(most: int) -> str:
    """
    A hash of the keys of so many spans, and where among them those stand that matter; shapes that are new.

    There are few of them, and to look a place up takes less time than to look at every key of every span.
    """
    return f"""
        SELECT shape, {_plain_in("keys")}, {_url_in("keys")} FROM (
            SELECT hash(keys) AS shape, any_value(keys) AS keys
            FROM (SELECT map_keys({_ATTRIBUTES}) AS keys FROM {STRETCH} LIMIT {most}) GROUP BY shape
        ) WHERE shape NOT IN (SELECT shape FROM shapes)"""


def _plain_in(keys: str) -> str:
    """Where those keys stand that matter."""
    listed = ", ".join(f"'{key}'" for key in _PLAIN)
    return f"coalesce(list_filter(range(1, len({keys}) + 1), lambda place: {keys}[place] IN ({listed})), [])"


def _url_in(keys: str) -> str:
    """Where the URL stands, 0 for nowhere."""
    places = (f"nullif(list_position({keys}, '{url}'), 0)" for url in URLS)
    return f"coalesce({', '.join(places)}, 0)"


def described(columns: Columns) -> str:
    """All that gives a span its meaning, with its attributes as a list of pairs."""
    kind = columns.get(_ATTRIBUTES, "")
    if kind.startswith(_MAP):
        listed = ", ".join(f"'{key}'" for key in sorted(WANTED))
        pairs = f"list_filter(map_entries({_ATTRIBUTES}), lambda each: each.key IN ({listed}))"
    elif kind:
        given = (f"{{key: '{key}', value: {_in_json(_path(key))}}}" for key in sorted(WANTED))
        pairs = f"[{', '.join(given)}]"
    else:
        pairs = "[]::STRUCT(key VARCHAR, value VARCHAR)[]"
    cut = f"list_transform({pairs}, lambda each: {{key: each.key, value: left(each.value, {LONGEST_RAW + 1})}})"
    return f"SELECT file_row_number, ServiceName, {_KIND}, SpanName, {cut} FROM {STRETCH}"


def _in_json(path: str) -> str:
    return f"json_extract_string({_ATTRIBUTES}::VARCHAR, {path})"


def _path(key: str) -> str:
    return f"""'$."{key}"'"""


def links(columns: Columns) -> str:
    """The row of a span and the ids of what it links to; "" when there are no links in this layout."""
    if "Links.TraceId" in columns and "Links.SpanId" in columns:
        traces, linked = '"Links.TraceId"', '"Links.SpanId"'
    elif columns.get("Links", "").startswith("STRUCT(") and columns["Links"].endswith("[]"):
        traces, linked = (f"list_transform(Links, lambda link: link.{part})" for part in ("TraceId", "SpanId"))
    else:
        return ""
    ids = ", ".join(f"{_number(column, first, length)} AS {name}" for name, column, first, length in _IDS)
    return f"""
        SELECT row, hi, lo, id FROM (
            SELECT row, {ids} FROM (
                SELECT file_row_number AS row, unnest({traces}) AS TraceId, unnest({linked}) AS SpanId FROM {STRETCH}
            )
        ) WHERE hi IS NOT NULL AND lo IS NOT NULL AND id IS NOT NULL"""


def _number(column: str, first: int, length: int) -> str:
    """Sixteen digits of an id as a number, NULL when it is none."""
    digits = f"try_cast('0x' || substr({column}, {first}, 16) AS UBIGINT)"
    return f"CASE WHEN length({column}) = {length} THEN {digits} END"
