// What every page can do: find anything, log a line, keys. Without this, the links lead to pages that do the same.
const palette = document.getElementById("palette");
const quick = document.getElementById("quick");
const sheet = document.getElementById("keys");
const typing = (element) => element.closest("input, textarea, select, [contenteditable]");

const show = (dialog) => {
  for (const open of document.querySelectorAll("dialog[open]")) open.close();
  dialog.showModal();
  dialog.querySelector("input:not([type=hidden])")?.focus();
};
for (const dialog of [palette, quick, sheet]) {
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}

// The palette asks the page of finding, and shows what it found as one list that the arrows walk.
const field = palette.querySelector("input");
const hits = document.getElementById("hits-here");
let asked = null;
let chosen = -1;

const options = () => [...hits.querySelectorAll("[role=option]")];
const choose = (place) => {
  const all = options();
  chosen = all.length ? (place + all.length) % all.length : -1;
  all.forEach((one, at) => one.setAttribute("aria-selected", String(at === chosen)));
  if (chosen < 0) field.removeAttribute("aria-activedescendant");
  else {
    field.setAttribute("aria-activedescendant", all[chosen].id);
    all[chosen].scrollIntoView({ block: "nearest" });
  }
};
const fill = (found) => {
  let number = 0;
  hits.replaceChildren(
    ...[...found.querySelectorAll("[data-hits]")].map((section) => {
      const group = document.createElement("div");
      group.setAttribute("role", "group");
      group.setAttribute("aria-label", section.dataset.hits);
      const title = document.createElement("p");
      title.className = "faint";
      title.textContent = section.dataset.hits;
      title.setAttribute("aria-hidden", "true");
      group.append(title);
      for (const line of section.querySelectorAll("li")) {
        const link = line.querySelector("a");
        const option = document.createElement("a");
        option.href = link.getAttribute("href");
        option.id = `hit-${number++}`;
        option.setAttribute("role", "option");
        option.tabIndex = -1;
        const words = document.createElement("span");
        words.className = "faint";
        words.textContent = line.querySelector(".faint")?.textContent ?? "";
        option.append(link.textContent, " ", words);
        group.append(option);
      }
      return group;
    }),
  );
  if (!number) hits.textContent = worded("Nothing here goes by that.");
  choose(0);
};
const look = async () => {
  asked?.abort();
  asked = new AbortController();
  try {
    const answer = await fetch(`/find?${new URLSearchParams({ q: field.value.trim() })}`, { signal: asked.signal });
    if (answer.ok) fill(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch (error) {
    if (error.name !== "AbortError") hits.textContent = worded("Amity does not answer. Is it still running?");
  }
};
const go = (option) => {
  if (option.getAttribute("href") === "/log") show(quick);
  else if (option.getAttribute("href") === "/keys") show(sheet);
  else location.assign(option.href);
};
let timer = 0;
field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(look, 40);
});
field.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown") choose(chosen + 1);
  else if (event.key === "ArrowUp") choose(chosen - 1);
  else if (event.key === "Escape") palette.close(); // else it would only empty the field
  else return;
  event.preventDefault();
});
field.form.addEventListener("submit", (event) => {
  const option = options()[chosen];
  if (!option) return;
  event.preventDefault();
  go(option);
});
hits.addEventListener("click", (event) => {
  const option = event.target.closest("[role=option]");
  if (!option || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  go(option);
});
const find = () => {
  show(palette);
  field.select();
  look();
};
for (const link of document.querySelectorAll("[data-open=palette]")) {
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    find();
  });
}

// Keys. Before every other listener, since "g s" is no "s".
const places = Object.fromEntries(
  [...sheet.querySelectorAll("[data-go]")].map((line) => [line.dataset.go, line.querySelector("a").href]),
);
const log = () => {
  const here = document.getElementById("sentence");
  if (here) here.focus();
  else show(quick);
};
const search = () => {
  const here = document.getElementById("q");
  if (here) here.focus();
  else find();
};
const undo = () => {
  const button = document.querySelector("[data-undo]");
  if (button) button.click();
  else location.assign("/history");
};
const step = (by) => {
  const items = [...document.querySelectorAll("main :is(h2 > a, .who > a, a.name, [data-review])")];
  const at = items.indexOf(document.activeElement);
  items[Math.min(items.length - 1, Math.max(0, at < 0 ? 0 : at + by))]?.focus();
};
const select = () => document.activeElement.closest("li")?.querySelector("input[type=checkbox]")?.click();
const keys = { "/": search, l: log, u: undo, j: () => step(1), k: () => step(-1), x: select, "?": () => show(sheet) };
let going = 0;
document.addEventListener(
  "keydown",
  (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      find();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) return;
    const after = Date.now() - going < 1500;
    going = !after && event.key === "g" ? Date.now() : 0;
    const done = after && places[event.key] ? () => location.assign(places[event.key]) : keys[event.key];
    const button = done || document.querySelector("[data-review]") ? null : document.querySelector(`main [data-key="${CSS.escape(event.key)}"]`);
    if (!done && !button && !going) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (done) done();
    else button?.click();
  },
  true,
);
