// Circles by drag: a card dropped on a circle or ring says so, as its buttons do.
"use strict";

const carry = document.getElementById("carry");
let held = null;

for (const card of document.querySelectorAll("[draggable][data-person]")) {
  card.addEventListener("dragstart", (event) => {
    held = card;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", card.dataset.person);
  });
  card.addEventListener("dragend", () => {
    held = null;
    for (const lit of document.querySelectorAll(".over")) lit.classList.remove("over");
  });
}

for (const zone of document.querySelectorAll("[data-pin], [data-ring]")) {
  // A face belongs into a ring and one of the few into a circle, so the wrong kind is not taken.
  const takes = () => held && !zone.contains(held) && held.classList.contains("ring" in zone.dataset ? "face" : "held");
  zone.addEventListener("dragover", (event) => {
    if (!takes()) return;
    event.preventDefault();
    zone.classList.add("over");
  });
  zone.addEventListener("dragleave", (event) => {
    if (!zone.contains(event.relatedTarget)) zone.classList.remove("over");
  });
  zone.addEventListener("drop", (event) => {
    if (!takes()) return;
    event.preventDefault();
    const said = "ring" in zone.dataset ? "ring" : "pin";
    carry.elements.person.value = held.dataset.person;
    carry.elements[said].disabled = false;
    carry.elements[said].value = zone.dataset[said];
    carry.submit();
  });
}
