// What does this element show, and what stands beside it? Evaluated on one element; changes nothing there.
// Takes { table: whether the table around it is meant, rowsAtMost }.
// Gives { shown: text, rows: [[cell, …], …] | null, headings: [text, …] that name it, beside: [line, …] }: spans are laid out, so that a cell that covers
// two columns stands in both. A table inside a cell is that cell's own.
(element, { table, rowsAtMost }) => {
  const SPAN_AT_MOST = 50;
  const OPEN_FIELD = "input:not([type=hidden]):not([type=password]):not([type=submit]):not([type=button]),textarea,select";
  const valueOf = (field) => field.matches("select") ? [...field.selectedOptions].map((each) => each.label).join(" ")
    : ["checkbox", "radio"].includes(field.type) ? (field.checked ? "✓" : "") : field.value;
  // A value that the page lets nobody change is shown, not typed.
  const isShown = (field) => (field.readOnly || field.matches(":disabled")) && field.checkVisibility();
  const textOf = (part) => {
    if (part.matches(OPEN_FIELD)) return valueOf(part);
    const fields = [...part.querySelectorAll(OPEN_FIELD)].filter(isShown);
    return [part.innerText ?? part.textContent ?? "", ...fields.map(valueOf)].map((each) => each.trim()).filter(Boolean).join(" ");
  };
  const laidOut = (found) => {
    const rows = [...found.rows].slice(0, rowsAtMost).filter((row) => row.checkVisibility());
    const grid = rows.map(() => []);
    rows.forEach((row, y) => {
      let x = 0;
      for (const cell of row.cells) {
        while (grid[y][x] !== undefined) x += 1;
        const across = Math.min(Math.max(cell.colSpan, 1), SPAN_AT_MOST);
        const down = Math.min(Math.max(cell.rowSpan, 1), SPAN_AT_MOST);
        const text = textOf(cell);
        for (let dy = 0; dy < down && y + dy < rows.length; dy += 1) {
          for (let dx = 0; dx < across; dx += 1) grid[y + dy][x + dx] = text;
        }
      }
    });
    return grid.map((row) => [...row].map((cell) => cell ?? ""));
  };
  // What a person would say this value is: the heading of its row or column, its term, its label, the words before it.
  const headingsOf = (part) => {
    const cell = part.closest("td,th");
    const row = cell?.parentElement;
    const inRow = cell ? [...row.querySelectorAll("th")].filter((each) => each !== cell) : [];
    const column = cell ? [...(row.closest("table")?.rows ?? [])].map((each) => each.cells[cell.cellIndex])
      .filter((each) => each?.localName === "th" && each !== cell) : [];
    const before = cell?.previousElementSibling ?? part.closest("dd")?.previousElementSibling ?? part.previousElementSibling;
    const named = [...inRow, ...column, before, part.closest("label"), ...(part.labels ?? [])].filter(Boolean);
    const [ahead] = (part.parentElement?.innerText ?? "").split(textOf(part), 1);
    return [...named.map((each) => each.innerText ?? ""), ahead.split("\n").at(-1)].map((each) => each.trim()).filter(Boolean);
  };
  const around = element.closest("table");
  const body = element.ownerDocument.body;
  const standing = [...body.querySelectorAll(OPEN_FIELD)].filter(isShown).map(valueOf);
  return {
    shown: textOf(element),
    rows: table && around ? laidOut(around) : null,
    headings: table ? [] : headingsOf(element),
    beside: [...(body.innerText ?? "").split(/[\t\n]+/), ...standing],
  };
}
