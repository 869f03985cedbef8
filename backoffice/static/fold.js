// On a telephone a long form begins folded: parts open one by one. What lacks something stays open.
// Without this script, or on a wide screen, every part is open.
for (const part of document.querySelectorAll("details[data-fold]")) {
  const narrow = window.matchMedia("(max-width: 640px)").matches;
  if (narrow && !part.querySelector("[aria-invalid='true']")) part.open = false;
}
