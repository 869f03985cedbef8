// Puts a placeholder where the cursor last stood in one of the texts of a notice; without it, one types the name.
const fields = document.querySelectorAll("[data-wording]");
const said = document.querySelector("[data-inserted]");
let last = fields[0];

for (const field of fields) field.addEventListener("focus", () => { last = field; });

for (const button of document.querySelectorAll("[data-inserts]")) {
  button.addEventListener("click", () => {
    if (!last) return;
    const part = last.closest("details");
    if (part) part.open = true;
    last.focus();
    last.setRangeText(button.dataset.inserts, last.selectionStart, last.selectionEnd, "end");
    last.dispatchEvent(new Event("input", { bubbles: true }));
    said.textContent = said.dataset.inserted + button.dataset.inserts;
  });
}
