// The same field of many sheets in a row, by keyboard. Without this script the form still works.
"use strict";

const row = document.getElementById("row");
const checks = Array.from(row.querySelectorAll(".check"));
const inputOf = (check) => check.querySelector(".check-answer input, .check-answer select, .check-answer textarea");

const goTo = (check) => {
  const input = inputOf(check);
  input.focus();
  input.select?.();
  check.scrollIntoView({ block: "nearest" });
};

const fill = (check, text) => {
  const input = inputOf(check);
  input.value = text;
  input.focus();
};

row.addEventListener("click", (event) => {
  const candidate = event.target.closest(".candidate");
  if (candidate) fill(candidate.closest(".check"), candidate.dataset.text);
});

document.addEventListener("keydown", (event) => {
  // While an input method composes, Enter confirms kana and nothing else.
  if (event.isComposing || event.keyCode === 229) return;
  const check = event.target.closest(".check");
  if (event.key === "Enter" && event.ctrlKey) {
    event.preventDefault();
    row.requestSubmit();
  } else if (event.key === "Enter" && check && ["INPUT", "SELECT"].includes(event.target.tagName)) {
    event.preventDefault();
    const next = checks[checks.indexOf(check) + 1];
    if (next) goTo(next);
    else row.querySelector(".desk-actions button[type=submit]").focus();
  } else if (event.altKey && check && ["Digit1", "Digit2", "Digit3"].includes(event.code)) {
    const candidate = check.querySelectorAll(".candidate")[Number(event.code.slice(-1)) - 1];
    if (candidate) fill(check, candidate.dataset.text);
    event.preventDefault();
  }
});

goTo(row.querySelector("[aria-invalid]")?.closest(".check") ?? checks[0]);
