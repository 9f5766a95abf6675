// Runs only where the owner asked for it on the page of settings. Pages come from Amity; when it does not answer, from
// the copies that Amity allowed, and then to be read only. docs/decisions tells what is kept and what is not.
"use strict";

const SHELL = "amity-shell";
const COPIES = "amity-copies";
const CLOSED = "/offline";

const keepShell = async (page) => {
  const shell = await caches.open(SHELL);
  const text = await page.clone().text();
  await shell.put(CLOSED, page);
  const parts = [...text.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)].map((found) => found[1]);
  for (const old of await shell.keys()) {
    const at = new URL(old.url);
    if (at.pathname !== CLOSED && !parts.includes(at.pathname + at.search)) await shell.delete(old);
  }
  await Promise.all(parts.map(async (part) => (await shell.match(part)) ?? shell.add(part)));
};

self.addEventListener("install", (event) => {
  event.waitUntil(
    fetch(CLOSED, { cache: "no-store" }).then((page) => {
      if (!page.ok) throw new Error("Amity does not know this browser.");
      return keepShell(page);
    }),
  );
  self.skipWaiting();
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

// A copy holds no token, says when it was made, and offers nothing that would need Amity.
const keep = async (path, answer) => {
  const copies = await caches.open(COPIES);
  if (answer.headers.get("Amity-Copy") !== "may") {
    if (answer.ok) await copies.delete(path);
    return;
  }
  const text = (await answer.text())
    .replace(/(name="(?:csrf|key)" value=")[^"]*"/g, '$1"')
    .replace("<html ", `<html data-copied="${new Date().toISOString()}" `);
  await copies.put(path, new Response(text, { headers: answer.headers }));
};

const navigate = async (request) => {
  const path = new URL(request.url).pathname;
  try {
    const answer = await fetch(request);
    if (answer.headers.get("Amity-Copy") === "none") await caches.delete(COPIES);
    else if (answer.status === 200 && !answer.redirected) await keep(path, answer.clone());
    return answer;
  } catch {
    return (await (await caches.open(COPIES)).match(path)) ?? (await caches.match(CLOSED)) ?? Response.error();
  }
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(navigate(request));
  else if (address.pathname.startsWith("/static/")) {
    event.respondWith(
      fetch(request).catch(async () => (await caches.match(request)) ?? (await caches.match(request, { ignoreSearch: true })) ?? Response.error()),
    );
  }
});
