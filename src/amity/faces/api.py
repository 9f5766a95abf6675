"""REST, derived from the operations: one address each, typed by the signature of the function behind it.

`GET /api/<noun>/<verb>` reads, with parameters in the query; `POST` writes, with parameters as a JSON object.
Operations that take paths of files are under POST as well, and the paths are those of the machine that Amity runs on.
Lists come a page at a time where `limit` is said, with links to the others (RFC 8288); an answer bears the state of the
vault as its entity tag (RFC 9110). Errors are problem+json (RFC 9457); the whole is described at `/api/openapi.json`
(OpenAPI 3.1). Who asks, and how often, is judged before a request arrives here; what they may do, here.
"""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from functools import partial
from hashlib import blake2b
from http import HTTPStatus
from importlib.metadata import version
from itertools import chain, islice
from typing import Any, get_args
from urllib.parse import urlencode

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from amity.app.desk import Desk
from amity.app.freshness import state
from amity.app.tokens import SCOPES
from amity.errors import AmityError, Code
from amity.faces import asked
from amity.faces.asked import Answer, Call, calls, decode, schema
from amity.language import spoken

STATUS = {
    Code.USAGE: HTTPStatus.UNPROCESSABLE_ENTITY,
    Code.NOT_FOUND: HTTPStatus.NOT_FOUND,
    Code.REFUSED: HTTPStatus.CONFLICT,
    Code.DAMAGED: HTTPStatus.INTERNAL_SERVER_ERROR,
    Code.INTERNAL: HTTPStatus.INTERNAL_SERVER_ERROR,
}
PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "hint": {"type": "string"},
    },
}
KEY_LENGTH = 200
TEXT = {"type": "string"}
LINES = "application/x-ndjson"
# Reads that tell what the clock shows elsewhere: good for a minute.
BY_THE_CLOCK = frozenset(("brief.agenda", "brief.of", "brief.today", "facts.list", "people.show"))
# What it finds is damage, which no state of the vault tells of.
UNTAGGED = frozenset(("upkeep.verify",))

log = logging.getLogger("amity.api")


def make_api(open_desk: Callable[[], Desk]) -> Starlette:
    """Build the REST application, to be mounted at /api behind a guard; `open_desk` is called for every request."""
    known, opened = calls(), asked.at_desk(open_desk)
    routes = [Route(call.path, partial(_answer, opened, call), methods=[call.method]) for call in known]
    description = msgspec.json.encode(openapi(known))
    routes.append(Route("/openapi.json", partial(_describe, description)))
    return Starlette(routes=routes, exception_handlers={HTTPException: _http_problem})


async def _describe(description: bytes, _: Request) -> Response:
    return Response(description, media_type="application/json")


async def _http_problem(_: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    return _problem(HTTPStatus(error.status_code), error.detail, headers=error.headers)


def _problem(status: HTTPStatus, detail: str, hint: str = "", headers: Mapping[str, str] | None = None) -> Response:
    body = {"type": "about:blank", "title": status.phrase, "status": status.value, "detail": detail}
    if hint:
        body["hint"] = hint
    return Response(msgspec.json.encode(body), status, headers, "application/problem+json")


async def _answer(open_desk: Callable[[], Desk], call: Call, request: Request) -> Response:
    """Run one operation; whatever goes wrong becomes a problem."""
    if call.scope not in request.state.scopes:
        return _problem(
            HTTPStatus.FORBIDDEN,
            f"This token may not {SCOPES[call.scope]}.",
            f"Make one that may: amity token NAME --may {call.scope}",
            {"WWW-Authenticate": f'Bearer error="insufficient_scope", scope="{call.scope}"'},
        )
    try:
        arguments = msgspec.structs.asdict(await _parameters(call, request))
        if call.keyed:
            arguments["key"] = request.headers.get("idempotency-key", "")
            if len(arguments["key"]) > KEY_LENGTH:
                return _problem(HTTPStatus.BAD_REQUEST, f"An Idempotency-Key has at most {KEY_LENGTH} characters.")
        if call.method == "GET":
            # A read is over before a thread would have begun.
            return _read(open_desk, call, arguments, request)
        # A long import must not keep the pages waiting.
        result = await run_in_threadpool(partial(_run, open_desk, call, arguments))
    except (msgspec.ValidationError, msgspec.DecodeError) as error:
        return _problem(HTTPStatus.BAD_REQUEST, str(error))
    except AmityError as error:
        return _problem(STATUS[error.code], error.message, error.hint)
    except HTTPException:
        raise
    except Exception as error:
        log.error("%s: %s: %s", call.operation.name, type(error).__name__, error)
        log.debug("", exc_info=True)
        return _problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Amity could not do that. Nothing was lost.")
    if isinstance(result, Iterator):
        return StreamingResponse((msgspec.json.encode(item, enc_hook=str) + b"\n" for item in result), media_type=LINES)
    return Response(msgspec.json.encode(result, enc_hook=str), media_type="application/json")


def _read(open_desk: Callable[[], Desk], call: Call, arguments: Mapping[str, Any], request: Request) -> Response:
    """Answer a read, or say that the answer is the one that the program has already."""
    desk = open_desk()
    with closing(desk.database):
        headers = {} if call.operation.name in UNTAGGED else {"ETag": _tag(desk, call, arguments)}
        if headers and headers["ETag"] in [one.strip() for one in request.headers.get("if-none-match", "").split(",")]:
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        answer = asked.run(call, desk, arguments)
        if call.pages:
            headers |= _links(call, arguments, request, answer)
        return Response(msgspec.json.encode(answer.found, enc_hook=str), headers=headers, media_type="application/json")


def _tag(desk: Desk, call: Call, arguments: Mapping[str, Any]) -> str:
    """Return the entity tag of an answer, told from what it depends on without working it out."""
    clock = desk.now // 60 if call.operation.name in BY_THE_CLOCK else 0
    ground = msgspec.json.encode((version("amity"), spoken(), call.path, arguments, state(desk), clock), enc_hook=str)
    return f'W/"{blake2b(ground, digest_size=16).hexdigest()}"'


def _links(call: Call, arguments: Mapping[str, Any], request: Request, answer: Answer) -> dict[str, str]:
    """Return the links to the pages before and behind this one (RFC 8288); none where all is on it."""
    limit, offset = arguments["limit"], arguments["offset"]
    if not limit:
        return {}
    query = [(name, value) for name, value in request.query_params.multi_items() if name not in ("limit", "offset")]
    pages = {"first": 0, "prev": max(0, offset - limit)} if offset else {}
    if answer.more:
        pages["next"] = offset + limit
    links = [
        f'</api{call.path}?{urlencode([*query, ("limit", limit), ("offset", start)])}>; rel="{name}"'
        for name, start in pages.items()
    ]
    return {"Link": ", ".join(links)} if links else {}


async def _parameters(call: Call, request: Request) -> msgspec.Struct:
    if call.method == "GET":
        return msgspec.convert(_from_query(request.query_params, call.lists), call.takes, strict=False)
    if request.query_params:
        raise msgspec.ValidationError("Parameters of a POST are sent as a JSON object, not in the query")
    body = await request.body()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json" and (body or kind or call.takes.__struct_fields__):
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "Send application/json.")
    return msgspec.convert(asked.whole(msgspec.json.decode(body or b"{}")), call.takes, dec_hook=decode)


def _from_query(query: QueryParams, lists: Iterable[str]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for name in query:
        values = query.getlist(name)
        if name not in lists and len(values) > 1:
            raise msgspec.ValidationError(f"`{name}` was given more than once")
        given[name] = values if name in lists else values[0]
    return given


def _run(open_desk: Callable[[], Desk], call: Call, arguments: dict[str, Any]) -> Any:
    if call.at_desk:
        desk = open_desk()
        with closing(desk.database):
            return call.operation.run(desk, **arguments)
    result = call.operation.run(**arguments)
    if not isinstance(result, Iterator):
        return result
    # The first item tells whether there is anything to read, while an error can still be answered.
    return chain(list(islice(result, 1)), result)


def openapi(known: Iterable[Call]) -> dict[str, Any]:
    """Describe the addresses as an OpenAPI 3.1 document."""
    held = list(known)
    answers = [get_args(call.answers)[0] if call.streams else call.answers for call in held]
    schemas, components = msgspec.json.schema_components(
        [*(call.takes for call in held), *answers],
        schema_hook=schema,
        ref_template="#/components/schemas/{name}",
    )
    components["Problem"] = PROBLEM
    for call in held:
        components[call.takes.__name__] |= asked.choices(call)
    paths = {
        f"/api{call.path}": {call.method.lower(): _describe_call(call, takes, answer, components)}
        for call, takes, answer in zip(held, schemas, schemas[len(held) :], strict=False)
    }
    return {
        "openapi": "3.1.0",
        "info": {"title": "Amity", "version": version("amity"), "license": {"name": "Apache-2.0"}},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": "Made by `amity token`."}},
        },
    }


def _describe_call(call: Call, takes: Any, answer: Any, components: Mapping[str, Any]) -> dict[str, Any]:
    problem = {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    said = (inspect.getdoc(call.operation.run) or "").strip()
    described: dict[str, Any] = {
        "operationId": call.operation.name,
        "summary": call.operation.summary,
        "description": said,
        "tags": [call.operation.name.partition(".")[0]],
        "security": [{"token": [call.scope]}],
        "responses": {
            "200": {
                "description": "One JSON document a line." if call.streams else "The answer.",
                "content": {LINES if call.streams else "application/json": {"schema": answer}},
            },
            "default": {"description": "What went wrong, and what to do.", **problem},
        },
    }
    parameters: list[dict[str, Any]] = []
    found: dict[str, Any] = described["responses"]["200"]
    if call.pages:
        found["headers"] = {"Link": {"description": "The pages before and behind (RFC 8288).", "schema": TEXT}}
    if call.method == "GET" and call.operation.name not in UNTAGGED:
        found["headers"] = {"ETag": {"schema": TEXT}, **found.get("headers", {})}
        described["responses"]["304"] = {"description": "The answer is still the one that bears the tag."}
    if call.method == "POST":
        described["requestBody"] = {
            "required": bool(call.takes.__struct_fields__),
            "content": {"application/json": {"schema": takes}},
        }
    else:
        shape = components[takes["$ref"].rpartition("/")[2]]
        required = shape.get("required", ())
        parameters = [
            {"name": name, "in": "query", "required": name in required, "schema": schema}
            for name, schema in shape["properties"].items()
        ]
        if call.operation.name not in UNTAGGED:
            parameters.append({"name": "If-None-Match", "in": "header", "schema": TEXT})
    if call.keyed:
        parameters.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "description": "A repeated key does the work once.",
                "schema": {"type": "string", "maxLength": KEY_LENGTH},
            }
        )
    return {**described, "parameters": parameters} if parameters else described
