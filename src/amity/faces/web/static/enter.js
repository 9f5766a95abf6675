// Exchange the token in the link for a cookie, and take it out of the address.
"use strict";
(async () => {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (!token) return;
  history.replaceState(null, "", location.pathname + location.search);
  const entering = document.getElementById("entering");
  const how = document.getElementById("how");
  entering.hidden = false;
  how.hidden = true;
  try {
    const answer = await fetch("/session", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ token }),
    });
    if (answer.ok) {
      location.reload();
      return;
    }
    entering.textContent = entering.dataset.used;
  } catch {
    entering.textContent = entering.dataset.silent;
  }
  how.hidden = false;
})();
