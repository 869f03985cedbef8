// What does this element show, and what stands beside it? Evaluated on one element; changes nothing there.
// Takes { table: whether the table around it is meant, rowsAtMost }.
// Gives { shown: text, rows: [[cell, …], …] | null, headings: [text, …] that name it, beside: [line, …] }: spans are laid out, so that a cell that covers
// two columns stands in both. A table inside a cell is that cell's own.
(element, { table, rowsAtMost }) => {
  const ACROSS_AT_MOST = 1000; // HTML's own
  const OPEN_FIELD = "input:not([type=hidden]):not([type=password]):not([type=submit]):not([type=button]),textarea,select";
  const valueOf = (field) => field.matches("select") ? [...field.selectedOptions].map((each) => each.label).join(" ")
    : ["checkbox", "radio"].includes(field.type) ? (field.checked ? "✓" : "") : field.value;
  // A value that the page lets nobody change is shown, not typed.
  const isVisible = (part) => part.checkVisibility({ visibilityProperty: true });
  const isShown = (field) => (field.readOnly || field.matches(":disabled")) && isVisible(field);
  // `innerText` tells all choices of a list that is shut.
  const wordsOf = (part) => {
    let rest = part.innerText ?? part.textContent ?? "";
    const words = [];
    for (const { innerText: choices } of part.querySelectorAll("select")) {
      const at = choices ? rest.indexOf(choices) : -1;
      if (at < 0) continue;
      words.push(rest.slice(0, at));
      rest = rest.slice(at + choices.length);
    }
    return [...words, rest].join(" ");
  };
  const textOf = (part) => {
    if (!isVisible(part)) return "";
    if (part.matches(OPEN_FIELD)) return valueOf(part);
    const fields = [...part.querySelectorAll(OPEN_FIELD)].filter(isShown);
    return [wordsOf(part), ...fields.map(valueOf)].map((each) => each.trim()).filter(Boolean).join(" ");
  };
  const laidOut = (found) => {
    const rows = [...found.rows];
    const grid = rows.map(() => []);
    const shown = rows.map(isVisible);
    let told = 0;
    for (const [y, row] of rows.entries()) {
      if (told >= rowsAtMost) break;
      told += shown[y];
      let x = 0;
      for (const cell of row.cells) {
        if (getComputedStyle(cell).display === "none") continue; // has no column
        while (grid[y][x] !== undefined) x += 1;
        const across = Math.min(Math.max(cell.colSpan, 1), ACROSS_AT_MOST);
        const down = cell.rowSpan || rows.length; // 0: to the end of its part of the table
        const text = textOf(cell);
        for (let dy = 0; dy < down && rows[y + dy]?.parentElement === row.parentElement; dy += 1) {
          for (let dx = 0; dx < across; dx += 1) grid[y + dy][x + dx] = text;
        }
      }
    }
    return grid.filter((_, y) => shown[y]).slice(0, rowsAtMost).map((row) => [...row].map((cell) => cell ?? ""));
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
    beside: [...wordsOf(body).split(/[\t\n]+/), ...standing],
  };
}
