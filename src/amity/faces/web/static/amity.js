// The pages work without this; it saves a few clicks.
"use strict";

// What scripts say comes with the page where it is not in English.
const words = JSON.parse(document.body.dataset.words ?? "{}");
globalThis.worded = (message, figures = {}) => (words[message] ?? message).replace(/\{(\w+)\}/g, (_, name) => figures[name]);

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

// Where there is room beside, what narrows a list stands open.
if (matchMedia("(min-width: 46rem)").matches) for (const one of document.querySelectorAll("[data-wide]")) one.open = true;

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = worded("Copied");
    setTimeout(() => (button.textContent = worded("Copy")), 2000);
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
    for (const [name, value] of new FormData(field.form)) if (value.trim()) address.searchParams.set(name, value.trim());
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
  for (const other of field.form.elements) if (other.matches("select")) other.addEventListener("change", search);
}

// Files: dropped anywhere or chosen, named before they are sent, with how much of them has arrived.
for (const form of document.querySelectorAll("[data-upload]")) {
  const field = form.querySelector("[type=file]");
  const chosen = document.getElementById("chosen");
  const sending = document.getElementById("sending");
  const trouble = document.getElementById("trouble");
  const button = form.querySelector("button");
  const say = (words) => {
    trouble.textContent = words;
    trouble.hidden = !words;
  };
  const size = (bytes) => {
    const unit = bytes < 1e6 ? 1e3 : bytes < 1e9 ? 1e6 : 1e9;
    return `${(bytes / unit).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 })} ${{ 1e3: "kB", 1e6: "MB", 1e9: "GB" }[unit]}`;
  };
  const show = () => {
    const files = [...field.files];
    chosen.hidden = !files.length;
    chosen.replaceChildren(
      ...files.slice(0, 20).map((file) => {
        const line = document.createElement("li");
        line.textContent = `${file.name}, ${size(file.size)}`;
        return line;
      }),
    );
    if (files.length > 20) chosen.append(worded("and {n} more", { n: files.length - 20 }));
    const whole = files.reduce((sum, file) => sum + file.size, 0);
    say(whole > Number(form.dataset.upload) ? worded("That is {size}: too much at a time. In a terminal, amity import has no such bound.", { size: size(whole) }) : "");
  };
  field.addEventListener("change", show);
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    form.classList.add("over");
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) form.classList.remove("over");
  });
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("over");
    const folder = [...event.dataTransfer.items].some((item) => item.webkitGetAsEntry?.()?.isDirectory);
    if (folder) {
      say(worded("That is a folder. Pack it as a zip and drop that, or name the folder to amity import in a terminal."));
    } else if (event.dataTransfer.files.length) {
      field.files = event.dataTransfer.files;
      show();
      button.focus();
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const request = new XMLHttpRequest();
    request.responseType = "document";
    request.upload.addEventListener("progress", (part) => {
      if (part.lengthComputable) sending.value = (100 * part.loaded) / part.total;
    });
    const failed = (words) => {
      sending.hidden = true;
      button.disabled = false;
      say(words);
    };
    request.addEventListener("load", () => {
      if (request.status === 200) location.assign(request.responseURL);
      else failed([...(request.response?.querySelectorAll(".notice > h1, .notice > p:not(:has(a))") ?? [])].map((one) => one.textContent).join(" ") || worded("Amity did not take that."));
    });
    request.addEventListener("error", () => failed(worded("The files did not arrive. Is Amity still running?")));
    say("");
    sending.value = 0;
    sending.hidden = false;
    button.disabled = true;
    request.open("POST", form.action);
    request.send(new FormData(form));
  });
}

// While something is being read, look how far it has come; when it is done, show what came of it.
const reading = document.querySelector("[data-running]");
if (reading) {
  const look = async () => {
    try {
      const answer = await fetch(location.pathname);
      const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-running]");
      if (!found) return location.reload();
      const [bar, now] = [reading.querySelector("progress"), found.querySelector("progress")];
      if (now.hasAttribute("value")) bar.value = now.value;
      else bar.removeAttribute("value");
      const words = found.querySelector("p").textContent;
      if (reading.querySelector("p").textContent !== words) reading.querySelector("p").textContent = words;
    } catch {
      reading.querySelector("p").textContent = worded("Amity does not answer. Is it still running?");
    }
    setTimeout(look, 700);
  };
  setTimeout(look, 300);
}

// Pairs to review: y and n answer the one in view, s goes on to the next, and those passed over stay behind.
const pairs = [...document.querySelectorAll("[data-review]")];
if (pairs.length) {
  let at = 0;
  const place = new URLSearchParams(location.search);
  const start = Number(place.get("from"));
  if (start || place.has("change")) pairs[0].focus();
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "s" && at + 1 < pairs.length) {
      at += 1;
      pairs[at].focus();
    } else if (event.key === "s") document.querySelector(".pager [rel=next], .pager [rel=prev]")?.click();
    const button = pairs[at].querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (button) button.form.elements.back.value = `/review?from=${start + at}`;
    button?.click();
  });
}

// The coach looks at a message while it is being written.
for (const form of document.querySelectorAll("[data-coach]")) {
  let asked = null;
  let timer = 0;
  const look = async () => {
    asked?.abort();
    asked = new AbortController();
    const body = new URLSearchParams(new FormData(form));
    try {
      const answer = await fetch(form.action, { method: "POST", body, signal: asked.signal });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.getElementById(form.dataset.coach);
      if (answer.ok && found) document.getElementById(form.dataset.coach).replaceChildren(...found.childNodes);
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 400);
  });
}
