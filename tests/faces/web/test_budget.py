"""What a page costs a browser: bytes over the wire, requests, and nothing that moves once it is seen."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

ASSETS = 150_000  # bytes of the page, its styles and scripts, before pictures
REQUESTS = 10
MAIN = (
    "/",
    "/people",
    "/map",
    "/circles",
    "/goals",
    "/week",
    "/asks",
    "/ledger",
    "/review",
    "/sources",
    "/settings",
    "/find?q=ho",
)
PICTURES = (".svg", ".png", "/api/worlds/map")  # the last is what the map is drawn from
# The figures that the browser itself keeps; layout shifts are told from the first paint on.
MEASURED = """() => new Promise((told) => {
  const shifted = [];
  new PerformanceObserver((list) => { for (const one of list.getEntries())
      shifted.push([one.value, one.sources.map((source) => source.node?.outerHTML?.slice(0, 80))]);
    })
    .observe({ type: "layout-shift", buffered: true });
  requestAnimationFrame(() => setTimeout(() => {
    const [page] = performance.getEntriesByType("navigation");
    const files = performance.getEntriesByType("resource");
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    told({ shifted, paint: Math.round(paint.startTime),
      files: [page, ...files].map((one) => [new URL(one.name).pathname, one.transferSize]) });
  }, 300));
})"""


@pytest.mark.parametrize("width", [360, 1280])
def test_a_page_is_light_and_stands_still(browser, served, width):
    address, house = served
    asked: list[str] = []

    def enter(state=None):
        context = browser.new_context(viewport={"width": width, "height": 800}, storage_state=state)
        context.on("request", lambda request: asked.append(request.url))
        return context, context.new_page()

    first, page = enter()
    page.goto(f"{address}/#token={house.keys.link}")
    page.wait_for_selector("nav[aria-label=Main]")
    page.goto(f"{address}/people?q=Hofmannsthal")
    who = urlsplit(page.locator(".who a").first.get_attribute("href")).path
    state = first.storage_state()
    first.close()
    for path in (*MAIN, who):
        context, page = enter(state)  # as somebody who never saw another page
        page.goto(address + path)
        page.wait_for_load_state("networkidle")
        if path == "/map":
            page.locator("#controls").wait_for()
        measured = page.evaluate(MEASURED)
        own = sum(size for name, size in measured["files"] if not name.endswith(PICTURES))
        requests = len(measured["files"])
        print(f"{path} at {width}: {own:,} bytes, {requests} requests, first paint {measured['paint']} ms")
        assert own <= ASSETS, (path, own, measured["files"])
        assert requests <= REQUESTS, (path, measured["files"])
        assert not measured["shifted"], (path, measured["shifted"])
        context.close()
    assert {urlsplit(url).hostname for url in asked} == {"127.0.0.1"}
