// What the pages' behaviour needs beyond htmx: one file, delegation only, no inline handlers (the CSP forbids them).
"use strict";

// Dialogs: [data-opens=id], [data-closes=id].
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens).showModal();
  const closer = event.target.closest("[data-closes]");
  if (closer) document.getElementById(closer.dataset.closes).close();
});

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || form.dataset.again !== undefined) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// On a narrow screen the menu scrolls sideways: the page one is on shows in it.
document.querySelector(".top-menu [aria-current]")?.scrollIntoView({block: "nearest", inline: "center"});

// "?" opens the list of keys, unless something is being typed.
const typing = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;
document.addEventListener("keydown", (event) => {
  if (event.key === "?" && !typing(event.target) && !event.isComposing) document.getElementById("keys").showModal();
});

// Rows of a table are chosen together: [data-chooses=name] checks every checkbox of that name.
document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-chooses]");
  if (!all) return;
  for (const box of document.querySelectorAll(`input[name="${all.dataset.chooses}"]`)) box.checked = all.checked;
});

// Chosen files are named before they are sent.
document.addEventListener("change", (event) => {
  const input = event.target.closest("input[type=file][data-lists]");
  if (!input) return;
  const list = document.getElementById(input.dataset.lists);
  list.replaceChildren(...Array.from(input.files, (file) => {
    const item = document.createElement("li");
    item.textContent = `${file.name} (${Math.ceil(file.size / 1024).toLocaleString()} KB)`;
    return item;
  }));
});

// On a narrow screen a table's rows stand as cards: each cell then says its column's heading.
const nameCells = () => {
  for (const table of document.querySelectorAll("table.cards-when-small")) {
    const headings = Array.from(table.querySelectorAll("thead th"), (heading) => heading.textContent.trim());
    for (const row of table.querySelectorAll("tbody tr")) {
      Array.from(row.children).forEach((cell, index) => { cell.dataset.label = headings[index] ?? ""; });
    }
  }
};
nameCells();
document.addEventListener("htmx:after:swap", nameCells);
