// What waits here until Amity runs again, and what this browser keeps for that time.
const QUEUE = "amity-queue";
const waiting = () => JSON.parse(localStorage.getItem(QUEUE) ?? "[]");
const store = (lines) => (lines.length ? localStorage.setItem(QUEUE, JSON.stringify(lines)) : localStorage.removeItem(QUEUE));
const today = () => new Date(Date.now() - new Date().getTimezoneOffset() * 60000).toISOString().slice(0, 10);
const key = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

const copied = document.documentElement.dataset.copied;
const closed = document.getElementById("closed");

const say = (words, ...more) => {
  const toast = document.createElement("div");
  toast.className = "toast";
  toast.setAttribute("role", "status");
  const line = document.createElement("p");
  line.textContent = words;
  toast.append(line, ...more);
  document.querySelector(".toast[role=status]")?.remove();
  document.body.append(toast);
};

// A line to log, while Amity does not run: kept in this browser until it does.
const put = (form) =>
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const field = form.elements.sentence;
    store([...waiting(), { sentence: field.value, day: today(), key: key() }]);
    field.value = "";
    for (const open of document.querySelectorAll("dialog[open]")) open.close();
    say(worded("It waits here until Amity runs: {n} in all.", { n: waiting().length }));
    list();
  });

const list = () => {
  const place = document.getElementById("waiting");
  if (!place) return;
  place.replaceChildren(
    ...waiting().map(({ sentence, day }) => {
      const line = document.createElement("li");
      line.textContent = `${sentence} (${day})`;
      return line;
    }),
  );
};

const links = async () => {
  const place = document.getElementById("copies");
  const kept = await (await caches.open("amity-copies")).keys();
  place.replaceChildren(
    ...(await Promise.all(
      kept.map(async (request) => {
        const page = await (await caches.match(request)).text();
        const link = document.createElement("a");
        link.href = new URL(request.url).pathname;
        link.textContent = new DOMParser().parseFromString(page, "text/html").title.replace(" · Amity", "");
        const line = document.createElement("li");
        line.append(link);
        return line;
      }),
    )),
  );
};

// Amity runs: what waited is told to it, each line as of the day on which it was written, and once.
const deliver = async () => {
  const csrf = document.querySelector("#quick [name=csrf]")?.value;
  let kept = 0;
  for (const line of waiting()) {
    const answer = await fetch("/log/later", { method: "POST", body: new URLSearchParams({ csrf, ...line }) });
    if (answer.status === 204) {
      kept += 1;
      store(waiting().filter((one) => one.key !== line.key));
    } else if (answer.status === 422) {
      const mend = document.createElement("button");
      mend.className = "quiet";
      mend.textContent = worded("Put it right");
      mend.addEventListener("click", () => {
        store(waiting().filter((one) => one.key !== line.key));
        const dialog = document.getElementById("quick");
        dialog.showModal();
        dialog.querySelector("[name=sentence]").value = line.sentence;
      });
      say(worded("A line that waited was not understood: {sentence}", line), mend);
      return;
    } else return;
  }
  if (kept) say(kept === 1 ? worded("The line that waited is kept.") : worded("The {n} lines that waited are kept.", { n: kept }));
};

// The switch on the page of settings.
const choice = document.getElementById("stay");
const show = async () => {
  const on = Boolean(await navigator.serviceWorker.getRegistration("/"));
  choice.hidden = false;
  for (const [name, shown] of [["on", !on], ["off", on]]) choice.querySelector(`[data-stay=${name}]`).hidden = !shown;
  choice.querySelector("[role=status]").textContent = on ? worded("It does, in this browser.") : worded("It does not, in this browser.");
};
const turn = {
  on: async () => {
    await navigator.serviceWorker.register("/worker.js", { scope: "/" });
    await navigator.serviceWorker.ready;
  },
  off: async () => {
    for (const one of await navigator.serviceWorker.getRegistrations()) await one.unregister();
    for (const name of await caches.keys()) await caches.delete(name);
    localStorage.removeItem(QUEUE);
  },
};

if (copied || closed) {
  for (const form of document.querySelectorAll("form[action='/log']")) put(form);
  list();
  if (closed) links();
  else {
    const when = new Date(copied).toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
    const note = document.createElement("p");
    note.className = "copied";
    note.setAttribute("role", "status");
    note.textContent = worded("Amity is not running. This is how the page stood on {when}; it can be read, and lines to log wait here.", { when });
    document.body.prepend(note);
    for (const other of document.querySelectorAll("form:not([action='/log'], [method=dialog])")) other.inert = true;
  }
} else if (waiting().length) deliver();
if (choice && "serviceWorker" in navigator) {
  show();
  for (const button of choice.querySelectorAll("[data-stay]")) {
    button.addEventListener("click", async () => {
      await turn[button.dataset.stay]();
      show();
    });
  }
}
