// What is half typed is kept: a little after the last change, and never while an IME is composing.
"use strict";

const form = document.querySelector("form[data-autosave]");
const told = form.querySelector("[data-autosaved]");
const WAIT = 1500;
let waiting = 0;
let left = false;

// Files go along only when the form is sent.
const typedOnly = () => new URLSearchParams(Array.from(new FormData(form)).filter(([, value]) => typeof value === "string"));

const keep = async () => {
  if (left || form.dataset.sent) return;
  try {
    const answer = await fetch(form.dataset.autosave, {method: "POST", body: typedOnly()});
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

// What is asked follows from what was answered: the questions are drawn anew, with whatever was typed meanwhile in them.
const typedNow = () => new Map(Array.from(form.elements, (field) => [field.id, [field.value, field.checked]]));

const askedAnew = async (address) => {
  try {
    const answer = await fetch(address, {method: "POST", body: typedOnly()});
    if (answer.ok) return new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("questions");
  } catch {
    told.textContent = told.dataset.failed;
  }
  return null;
};

const drawAgain = async () => {
  const old = document.getElementById("questions");
  const drawn = old.dataset.asked && await askedAnew(old.dataset.asked);
  if (!drawn) return;
  const typed = typedNow();
  const focused = document.activeElement;
  const caret = focused.selectionStart ?? null;
  for (const field of drawn.querySelectorAll("input, select, textarea")) {
    if (!field.id || !typed.has(field.id)) continue;
    if (field.type === "file") {
      field.replaceWith(document.getElementById(field.id));
      continue;
    }
    [field.value, field.checked] = typed.get(field.id);
  }
  old.replaceWith(drawn);
  if (!focused.id || document.activeElement === focused) return;
  const again = document.getElementById(focused.id);
  again?.focus();
  if (again && caret !== null) again.setSelectionRange(caret, caret);
};

let asking = 0;
form.addEventListener("change", () => {
  clearTimeout(asking);
  asking = setTimeout(drawAgain, 50);
});
