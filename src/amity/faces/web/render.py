"""Turn a page's context into HTML: the templates, the few filters they use, and links to static files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from hashlib import blake2b
from importlib import resources
from typing import Any
from urllib.parse import quote, urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from amity import language
from amity.faces import qr
from amity.faces.web import notes, scripted, words
from amity.faces.web.pages import find
from amity.language import mark
from amity.ledger.sentence import EXAMPLES

# Pages that say much and hold nothing that the owner keeps private; see docs/decisions.
COPIED = re.compile(r"/|/people|/circles|/people/p\d+/brief")
NAV = (
    ("/", mark("Today")),
    ("/people", mark("People")),
    ("/ledger", mark("Ledger")),
    ("/asks", mark("Ask")),
    ("/more", mark("More")),
)


@cache
def environment() -> Environment:
    """Return the template environment; what comes from data is always escaped."""
    made = Environment(
        loader=PackageLoader("amity.faces.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
    )
    made.policies["ext.i18n.trimmed"] = True
    # Not known to the checker: the extension gives its environment this method.
    made.install_gettext_callables(language.say, language.plural, newstyle=True)  # type: ignore[attr-defined]
    made.filters.update(
        said=language.say,
        label=lambda word, of: language.label(of, word),
        labels=lambda several, of: [language.label(of, word) for word in several],
        listed=language.listed,
        number=language.number,
        day=language.day,
        weekday=language.weekday,
        day_and_month=language.day_and_month,
        month_and_year=language.month_and_year,
        ago=words.ago,
        partial_date=words.partial_date,
        segment=words.segment,
        strength=words.strength,
        passed=words.passed,
        source=words.source,
        capital=words.capital,
        language_name=words.language_name,
        visible=words.visible,
        markdown=notes.render,
        qr=lambda text: Markup(qr.svg(text)),
        link_to=link_to,
    )
    made.globals.update(static=static, query=urlencode, keys=find.keys(), example=EXAMPLES[1])
    return made


@cache
def static(name: str) -> str:
    """Return the address of a static file, which changes with its content."""
    content = (resources.files("amity.faces.web") / "static" / name).read_bytes()
    return f"/static/{name}?v={blake2b(content, digest_size=6).hexdigest()}"


def link_to(kind: str, value: str) -> str:
    """Return where an identity leads, "" where it leads nowhere; only mail, telephone and web addresses do."""
    if kind == "email":
        return f"mailto:{quote(value, safe='@+')}"
    if kind == "phone":
        return f"tel:{quote(value, safe='+')}"
    if kind == "url" and value.startswith(("http://", "https://")):
        return value
    return ""


def page(request: Request, template: str, status: int = 200, **context: Any) -> HTMLResponse:
    """Render one page within the frame that all share."""
    inside = bool(request.state.csrf) and "app" in request.scope
    touring = getattr(request.state, "touring", None)
    frame: Mapping[str, Any] = {
        "nav": NAV,
        "language": language.spoken(),
        "scripted": scripted.words(),
        "path": request.url.path,
        "csrf": request.state.csrf,
        "touring": touring.name if touring else "",
        # Who is not in yet is not told whose life this is.
        "attribution": (touring or request.app.state).attribution if inside else (),
    }
    shown = HTMLResponse(environment().get_template(template).render({**frame, **context}), status)
    if inside and status == 200 and request.method == "GET":
        shown.headers["Amity-Copy"] = "none" if touring else _copy(request)
    return shown


def _copy(request: Request) -> str:
    """Say whether the browser may hold a copy for when Amity does not run: "may", "no", or "none" of any page."""
    if not getattr(request.state, "may_copy", False):
        return "none"
    return "may" if COPIED.fullmatch(request.url.path) and not request.url.query else "no"
