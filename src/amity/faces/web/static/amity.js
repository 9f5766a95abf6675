// The pages work without this; it saves a few clicks.
"use strict";

// A link that was opened once more: its token is of no use here, so it need not stay in the address.
if (location.hash.startsWith("#token=")) {
  history.replaceState(null, "", location.pathname + location.search);
}

// A word on what was just done is for once, not for every reload.
if (document.querySelector(".toast")) {
  const address = new URL(location.href);
  address.searchParams.delete("change");
  address.searchParams.delete("who");
  history.replaceState(null, "", address);
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
}

// Search as you type: fetch the page for what stands in the field and take its list.
for (const field of document.querySelectorAll("[data-live]")) {
  let asked = null;
  let timer = 0;
  const search = async () => {
    asked?.abort();
    asked = new AbortController();
    const address = new URL(field.form.action);
    if (field.value.trim()) address.searchParams.set("q", field.value.trim());
    try {
      const answer = await fetch(address, { signal: asked.signal });
      if (!answer.ok) return;
      const found = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(field.dataset.live);
      document.getElementById(field.dataset.live).replaceWith(found);
      history.replaceState(null, "", address);
    } catch (error) {
      if (error.name !== "AbortError") field.form.submit();
    }
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, 60);
  });
}

// "/" goes to the search, "l" to the log, where the page has one and nobody is typing.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  const field = { "/": "q", l: "sentence" }[event.key];
  const target = field && document.getElementById(field);
  if (target) {
    event.preventDefault();
    target.focus();
  }
});
