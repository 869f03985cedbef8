// The desk where readings are checked: everything by keyboard. Without this script the form still works.
"use strict";

const form = document.getElementById("settle");
const paper = document.getElementById("paper");
const spot = document.getElementById("spot");
const checks = Array.from(form.querySelectorAll(".check"));
const inputOf = (check) => check.querySelector("input, select, textarea");
const DIALOGS = {KeyH: "hold", KeyU: "unreadable", KeyX: "exclude"};
let zoomed = false;

// The field being checked is marked on the paper, and filled into view when zoomed.
const show = (check) => {
  const [x, y, width, height] = check.dataset.box.split(" ").map(Number);
  const pictures = Array.from(paper.querySelectorAll("image"));
  const picture = pictures.find((each) => each.dataset.page === check.dataset.page);
  for (const each of pictures) each.setAttribute("visibility", each === picture ? "visible" : "hidden");
  for (const [name, value] of Object.entries({ x: x - 8, y: y - 8, width: width + 16, height: height + 16 })) spot.setAttribute(name, value);
  const whole = [0, 0, Number(picture.getAttribute("width")), Number(picture.getAttribute("height"))];
  const margin = Math.max(60, height * 2);
  const near = [x - margin, y - margin, width + margin * 2, height + margin * 2];
  paper.setAttribute("viewBox", (zoomed ? near : whole).join(" "));
};

const goTo = (check) => {
  inputOf(check).focus();
  inputOf(check).select?.();
  check.scrollIntoView({ block: "nearest" });
};

// From the present field to the next doubtful one; after the last, to the button that settles.
const goOn = (from) => {
  const next = checks.slice(checks.indexOf(from) + 1).find((check) => check.dataset.asks !== undefined);
  if (next) goTo(next);
  else form.querySelector(".desk-actions input[type=checkbox], .desk-actions button[type=submit]").focus();
};

const fill = (check, text) => {
  const input = inputOf(check);
  input.value = text;
  input.dispatchEvent(new Event("change", { bubbles: true }));
  input.focus();
};

form.addEventListener("focusin", (event) => {
  const check = event.target.closest(".check");
  if (check) show(check);
});

form.addEventListener("click", (event) => {
  const candidate = event.target.closest(".candidate");
  if (candidate) fill(candidate.closest(".check"), candidate.dataset.text);
});

document.addEventListener("keydown", (event) => {
  // While an input method composes, Enter confirms kana and nothing else.
  if (event.isComposing || event.keyCode === 229) return;
  const check = event.target.closest(".check");
  if (event.key === "Enter" && event.ctrlKey) {
    event.preventDefault();
    form.requestSubmit();
  } else if (event.key === "Enter" && check && ["INPUT", "SELECT"].includes(event.target.tagName)) {
    event.preventDefault();
    goOn(check);
  } else if (event.altKey && check && ["Digit1", "Digit2", "Digit3"].includes(event.code)) {
    const candidate = check.querySelectorAll(".candidate")[Number(event.code.slice(-1)) - 1];
    if (candidate) fill(check, candidate.dataset.text);
    event.preventDefault();
  } else if (event.altKey && event.code === "KeyZ") {
    zoomed = !zoomed;
    show(check ?? checks[0]);
    event.preventDefault();
  } else if (event.altKey && event.code in DIALOGS) {
    document.getElementById(DIALOGS[event.code]).showModal();
    event.preventDefault();
  }
});

// The claim stays while the page is open and in view.
const alive = document.querySelector("[data-alive]").dataset.alive;
setInterval(() => {
  if (!document.hidden) fetch(alive, { method: "POST" });
}, 120000);

// Refused for want of a reason: the dialog opens again with its message.
if (form.dataset.dialog) document.getElementById(form.dataset.dialog).showModal();

const first = form.querySelector("[aria-invalid]")?.closest(".check") ?? checks.find((check) => check.dataset.asks !== undefined) ?? checks[0];
goTo(first);
show(first);
