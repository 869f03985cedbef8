// The page on which a form is built: changes are sent one after the other as they are made, parts are dragged or moved
// by Alt and arrows, the preview follows. Without this script every button still works.
"use strict";

const builder = document.getElementById("builder");
const parser = new DOMParser();
const now = (id) => document.getElementById(id);
let queue = Promise.resolve();

const announce = (text) => { now("live").textContent = text; };
const labelOf = (name) => now(`open-${name}`)?.textContent ?? "";

// What has the focus keeps it, with what was typed into it meanwhile: its new self is found by its id.
const focused = () => {
  const element = document.activeElement;
  if (!element || !builder.contains(element) || !element.id) return null;
  const typed = element.matches("input[type=text], input:not([type]), textarea");
  return {id: element.id, value: typed ? element.value : null, start: typed ? element.selectionStart : null};
};
const focusAgain = (kept, fallback) => {
  const element = (kept && now(kept.id)) || (fallback && now(fallback));
  if (!element) return;
  if (kept?.value != null && element.id === kept.id && element.value !== kept.value) element.value = kept.value;
  element.focus({preventScroll: true});
  if (kept?.start != null && element.id === kept.id && element.setSelectionRange) element.setSelectionRange(kept.start, kept.start);
};

const swap = (id, page) => {
  const fresh = page.getElementById(id);
  if (fresh && now(id)) now(id).replaceWith(document.adoptNode(fresh));
};
const versionOf = (page) => page.querySelector("#acts input[name=version]")?.value;

// Somebody else was faster: nothing is taken from the page, and it says who.
const overtaken = (page) => {
  swap("trouble", page);
  now("trouble").querySelector(".banner")?.scrollIntoView({block: "nearest"});
};

let swapping = false;
const show = (page, kept, fallback) => {
  const unsent = preview();
  swapping = true;
  for (const part of builder.querySelectorAll(":scope > .heading, :scope > #trouble, :scope > #acts")) {
    const fresh = page.querySelector(part.id ? `#${part.id}` : "#builder > .heading");
    if (fresh) part.replaceWith(document.adoptNode(fresh));
  }
  swap("build-list", page);
  swap("build-side", page);
  prepare();
  focusAgain(kept, fallback);
  swapping = false;
  if (unsent && now("preview")) askAgain(unsent);
};

// The preview as it is filled in now, unless nothing was.
const preview = () => {
  const form = now("preview");
  if (!form) return null;
  const typed = new URLSearchParams(new FormData(form));
  return Array.from(typed.values()).some((value) => value) ? typed : null;
};
let asked = 0;
const askAgain = async (typed) => {
  const turn = ++asked;
  const answer = await fetch(`${location.pathname}/preview`, {method: "POST", body: typed, headers: {"HX-Request": "true"}});
  if (!answer.ok || turn !== asked) return;
  const fresh = parser.parseFromString(await answer.text(), "text/html");
  const kept = focused();
  swap("preview", fresh);
  focusAgain(kept);
};

// Each change waits for the one before it, and names the state that that one left.
const send = (address, body, after = {}) => {
  queue = queue.then(async () => {
    body.set("version", now("acts").elements.version.value);
    let answer;
    try {
      answer = await fetch(address, {method: "POST", body: new URLSearchParams(body)});
    } catch {
      now("saved").textContent = builder.dataset.offline ?? "";
      return;
    }
    const page = parser.parseFromString(await answer.text(), "text/html");
    if (answer.status === 409 || !page.getElementById("builder")) return overtaken(page);
    const form = after.form && now("settings");
    const same = form && form.contains(document.activeElement) && form.dataset.shape === page.getElementById("settings")?.dataset.shape;
    const kept = after.focus ? null : focused();
    if (answer.ok && answer.redirected) history.replaceState(null, "", answer.url);
    show(page, same || !after.focus ? kept : null, after.focus);
    if (after.say) announce(after.say());
  });
  return queue;
};

const dirty = (element) => element.matches("input[type=text], input:not([type]), textarea") && element.value !== element.defaultValue;
const save = (form) => send(form.action, new FormData(form), {form: true});

// A text is kept when one leaves it, a choice at once.
builder.addEventListener("focusout", (event) => {
  const form = event.target.closest("form[data-autosaves]");
  // What leaves because it is drawn anew is not being left.
  if (form && !swapping && dirty(event.target)) save(form);
});
builder.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-autosaves]");
  if (form && event.target.matches("select, input[type=checkbox]")) save(form);
  const filled = event.target.closest("#preview");
  if (filled) askAgain(new URLSearchParams(new FormData(filled)));
});

builder.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.id === "preview") {
    event.preventDefault();
    const body = new URLSearchParams(new FormData(form, event.submitter));
    return askAgain(body);
  }
  if (form.dataset.step === undefined) return;
  event.preventDefault();
  const button = event.submitter;
  const body = new FormData(form, button);
  const address = button?.hasAttribute("formaction") ? button.formAction : form.action;
  const moved = button && (button.name === "up" || button.name === "down");
  const after = {};
  if (moved) after.say = () => placeSaid(button.value);
  if (form.id === "add") after.focus = "label";
  if (moved || form.id === "acts") after.focus = button.id;
  if (button?.name === "name" && button.id.startsWith("remove-")) after.focus = "undo";
  send(address, body, after);
});

const placeSaid = (name) => {
  const items = Array.from(builder.querySelectorAll(".build-item[data-name]"), (item) => item.dataset.name);
  return items.includes(name) ? `${labelOf(name)} ${items.indexOf(name) + 1}/${items.length}` : "";
};

// What is opened is fetched, so that the preview and the place on the page stay.
const open = (address, fallback) => {
  queue = queue.then(async () => {
    const answer = await fetch(address);
    if (!answer.ok) return location.assign(address);
    history.replaceState(null, "", address);
    show(parser.parseFromString(await answer.text(), "text/html"), null, fallback);
    now(fallback)?.scrollIntoView({block: "nearest"});
  });
};
builder.addEventListener("click", (event) => {
  const link = event.target.closest(`a[href^="${location.pathname}"]`);
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const name = link.id === "close-settings" ? now("settings").closest(".build-item")?.dataset.name : "";
  open(link.href, link.id.startsWith("tab-") ? link.id : name ? `open-${name}` : "settings");
});

builder.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return;
  const item = event.target.closest(".build-item[data-name]");
  const typing = event.target.matches("input[type=text], input:not([type]), textarea, select");
  if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown") && item && !typing) {
    event.preventDefault();
    const name = item.dataset.name;
    const body = new FormData(now("acts"));
    body.set(event.key === "ArrowUp" ? "up" : "down", name);
    send(`${location.pathname}/move`, body, {focus: `open-${name}`, say: () => placeSaid(name)});
  } else if ((event.ctrlKey || event.metaKey) && event.key === "z" && !typing && !now("undo").disabled) {
    event.preventDefault();
    now("undo").click();
  } else if (event.key === "Enter" && event.target.matches("#settings input[type=text], #settings input:not([type])")) {
    event.preventDefault();
    if (dirty(event.target)) save(event.target.form);
  }
});

// Dragging: by the row; what is under the pointer shows where it will go.
let dragged = null;
const mark = (item) => {
  for (const other of builder.querySelectorAll(".build-target")) other.classList.remove("build-target");
  item?.classList.add("build-target");
};
builder.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.(".build-item[data-name]");
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.name);
});
builder.addEventListener("dragover", (event) => {
  const item = event.target.closest(".build-item[data-name]");
  if (!dragged || !item) return;
  event.preventDefault();
  mark(item);
});
builder.addEventListener("dragend", () => { dragged = null; mark(null); });
builder.addEventListener("drop", (event) => {
  const item = event.target.closest(".build-item[data-name]");
  if (!dragged || !item) return;
  event.preventDefault();
  const name = dragged.dataset.name;
  const to = Array.from(builder.querySelectorAll(".build-item[data-name]")).indexOf(item);
  const body = new FormData(now("acts"));
  body.set("name", name);
  body.set("to", String(to));
  send(`${location.pathname}/move`, body, {focus: `open-${name}`, say: () => placeSaid(name)});
});

// Only by its row: text in the settings stays selectable.
const prepare = () => {
  for (const row of builder.querySelectorAll(".build-item[data-name] > .build-row")) row.draggable = true;
};
prepare();
builder.dataset.ready = "yes";
