// What is half typed is kept: a little after the last change, and never while an IME is composing.
"use strict";

const form = document.querySelector("form[data-autosave]");
const told = form.querySelector("[data-autosaved]");
const WAIT = 1500;
let waiting = 0;
let left = false;

const keep = async () => {
  if (left || form.dataset.sent) return;
  try {
    const answer = await fetch(form.dataset.autosave, {method: "POST", body: new URLSearchParams(new FormData(form))});
    told.textContent = answer.ok ? await answer.text() : told.dataset.failed;
  } catch {
    told.textContent = told.dataset.failed;
  }
};

form.addEventListener("input", (event) => {
  if (event.isComposing) return;
  clearTimeout(waiting);
  waiting = setTimeout(keep, WAIT);
});
form.addEventListener("submit", () => clearTimeout(waiting));
window.addEventListener("pagehide", () => { left = true; });
