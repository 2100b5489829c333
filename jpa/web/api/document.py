"""The OpenAPI document: what is true of every operation, said in one place; and validation errors in the usual form."""

from collections.abc import Mapping
from typing import Any, Final

from apiflask import APIFlask, HTTPError, Schema
from flask import Response

from jpa.web.api.shapes import ErrorSchema
from jpa.web.errors import answer

DOCUMENT: Final = "/api/v1/openapi.json"

SETTINGS: Final[Mapping[str, Any]] = {
    "OPENAPI_VERSION": "3.1.0",
    "SERVERS": [{"url": "/"}],  # never what a Host header says
    "AUTO_OPERATION_ID": False,
    "HTTP_ERROR_SCHEMA": ErrorSchema,
    "VALIDATION_ERROR_SCHEMA": ErrorSchema,
    "VALIDATION_ERROR_DESCRIPTION": "A field cannot be taken; `fields` names it with the cure",
    "NOT_FOUND_DESCRIPTION": "There is nothing here that you may read",
    "SECURITY_SCHEMES": {"token": {"type": "http", "scheme": "bearer", "description": "A token of your account page"}},
    "INFO": {"description": "Read-only: the same reads as the pages, for programs that hold an officer's token."},
}

_REFUSALS: Final[Mapping[str, str]] = {
    "401": "No token in force was sent",
    "403": "The officer's role does not allow it",
    "429": "Too many requests; wait as long as `Retry-After` says",
    "503": "A part of the system does not answer; nothing was read",
}
_OPEN_TO_ALL: Final = frozenset({"/api/v1/whoami", "/api/v1/catalogue"})
"""Any officer may ask these, so no role is refused and no store is read."""


def init(app: APIFlask) -> None:
    """Describe what the gate, the limits and the stores may answer to any operation."""
    app.config.from_mapping(SETTINGS)
    app.schema_name_resolver = _shape_name

    @app.spec_processor  # type: ignore[arg-type]  # the format is JSON, so a dict
    def _finish(document: dict[str, Any]) -> dict[str, Any]:
        for path, operations in document["paths"].items():
            for method, operation in operations.items():
                _finish_operation(path, method, operation)
        return document

    @app.errorhandler(HTTPError)
    def _invalid(error: HTTPError) -> Response:
        return answer(error.status_code, "The request was not understood.", problems_of(error.detail))


def problems_of(detail: Any, name: str = "") -> dict[str, str]:
    """Flatten marshmallow's nested messages to one sentence a field; the whole body has the empty name."""
    if not isinstance(detail, Mapping):
        sentences = detail if isinstance(detail, list) else [detail]
        return {name: " ".join(str(sentence) for sentence in sentences)}
    problems: dict[str, str] = {}
    for key, inner in detail.items():
        inside = name if key in {"json", "query", "_schema"} else str(key)
        problems |= problems_of(inner, inside)
    return problems


def _finish_operation(path: str, method: str, operation: dict[str, Any]) -> None:
    operation["security"] = [{"token": []}]
    operation["operationId"] = _name_of(path, method)
    codes = dict(_REFUSALS)
    if path in _OPEN_TO_ALL:
        del codes["403"], codes["503"]
    if "requestBody" in operation:
        operation["requestBody"]["required"] = True
        codes |= {"400": "The body is not JSON", "413": "The body is too large"}
    if any(parameter["name"] == "jpa" for parameter in operation["parameters"]):
        codes["404"] = SETTINGS["NOT_FOUND_DESCRIPTION"]  # an id behind the question mark
    if any(parameter["name"] == "since" for parameter in operation["parameters"]):
        codes["409"] = "What was asked does not go together"
    for code, text in codes.items():
        content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
        operation["responses"].setdefault(code, {"description": text, "content": content})
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            parameter["required"] = True
            parameter["schema"] = {"type": "string", "pattern": "^[0-9a-f]{32}$"}


def _shape_name(schema: Schema | type[Schema]) -> str:
    declared = schema if isinstance(schema, type) else type(schema)
    return declared.__name__.removesuffix("Schema")


def _name_of(path: str, method: str) -> str:
    parts = [part for part in path.removeprefix("/api/v1/").split("/") if not part.startswith("{")]
    one = "one_" if path.endswith("}") else ""
    return f"{method}_{one}{'_'.join(parts)}"
