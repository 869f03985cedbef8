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

// Signing out forgets what was drawn and not saved, in every window: the next person may sit down at this machine.
const signedOut = new BroadcastChannel("gijo-signed-out");
const forgetDrawings = () => {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith("gijo-route:")) sessionStorage.removeItem(key);
};
signedOut.addEventListener("message", forgetDrawings);
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-forgets]")) return;
  forgetDrawings();
  signedOut.postMessage("forget");
});

// On a narrow screen the menu scrolls sideways: the page one is on shows in it.
document.querySelector(".top-menu [aria-current]")?.scrollIntoView({block: "nearest", inline: "center"});

// What the menu folds away closes again: by Escape, and by a click elsewhere.
document.addEventListener("click", (event) => {
  const more = document.querySelector(".top-more[open]");
  if (more && !more.contains(event.target)) more.open = false;
});
document.addEventListener("keydown", (event) => {
  const more = document.querySelector(".top-more[open]");
  if (event.key !== "Escape" || !more) return;
  more.open = false;
  more.querySelector("summary").focus();
});

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

// A dialog whose form was refused is open again when its page comes back.
for (const dialog of document.querySelectorAll("dialog[data-open-now]")) dialog.showModal();

// A form says how many of its rows are chosen: [data-counts=name] with an <output data-count>.
const countChosen = () => {
  for (const form of document.querySelectorAll("form[data-counts]")) {
    const chosen = form.querySelectorAll(`input[name="${form.dataset.counts}"]:checked`).length;
    form.querySelector("[data-count]").textContent = chosen;
  }
};
document.addEventListener("change", countChosen);
window.addEventListener("pageshow", countChosen);

// Rows of a list by letter, while the list has the focus: j and k move, x chooses, Enter opens.
document.addEventListener("keydown", (event) => {
  const list = event.target.closest(".scrolls:has(> [data-list])")?.querySelector("[data-list]");
  if (!list || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const links = Array.from(list.querySelectorAll("tbody th a"));
  const here = links.findIndex((link) => link.closest("tr").contains(event.target));
  const step = {j: 1, k: -1}[event.key];
  if (step) {
    links[Math.min(Math.max(here + step, 0), links.length - 1)]?.focus();
  } else if (event.key === "x" && here >= 0 && event.target.tagName === "A") {
    links[here].closest("tr").querySelector("input[type=checkbox]")?.click();
  } else {
    return;
  }
  event.preventDefault();
});

// Ctrl+K opens the palette; what is typed is asked for only when no kana is still being composed.
const palette = document.getElementById("palette");
if (palette) {
  const typed = document.getElementById("palette-q");
  let waiting;
  const ask = () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => typed.dispatchEvent(new CustomEvent("gijo:typed", {bubbles: true})), 150);
  };
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
    event.preventDefault();
    if (!palette.open) palette.showModal();
    typed.select();
    ask();
  });
  typed.addEventListener("input", (event) => { if (!event.isComposing) ask(); });
  typed.addEventListener("compositionend", ask);
  palette.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const links = Array.from(palette.querySelectorAll("a"));
    const here = links.indexOf(document.activeElement);
    if (event.key === "ArrowDown") links[Math.min(here + 1, links.length - 1)]?.focus();
    else if (event.key === "ArrowUp") (links[here - 1] ?? typed).focus();
    else if (event.key === "Enter" && event.target === typed && links.length) links[0].click();
    else return;
    event.preventDefault();
  });
}
