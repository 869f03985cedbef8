// What does a person see in this frame? Evaluated there; changes nothing. Components keep part of it in shadows of their
// own, which `innerText` leaves out; and of a list that is shut it tells all choices.
// Gives { title, url, text, asksPassword, standing: values of fields to type into }.
() => {
  const rootsOf = function* (root) {
    yield root;
    for (const element of root.querySelectorAll("*")) if (element.shadowRoot) yield* rootsOf(element.shadowRoot);
  };
  const [page, ...shadows] = rootsOf(document);
  const visible = (element) => element.checkVisibility({ visibilityProperty: true });
  const isShut = (select) => !select.multiple && select.size < 2;
  const textOf = (part) => {
    let rest = part.innerText ?? "";
    const words = [];
    for (const select of part.querySelectorAll("select")) {
      const choices = select.innerText;
      const at = choices && isShut(select) ? rest.indexOf(choices) : -1;
      if (at < 0) continue;
      words.push(rest.slice(0, at), select.selectedOptions[0]?.label ?? "");
      rest = rest.slice(at + choices.length);
    }
    return [...words, rest].join("");
  };
  const wordsIn = (root) => [...root.childNodes].flatMap((each) => {
    if (each.nodeType === Node.TEXT_NODE) return visible(root.host) ? [each.data.trim()] : [];
    return each.nodeType === Node.ELEMENT_NODE && each.checkVisibility() ? [textOf(each)] : [];
  }).filter(Boolean);
  const fields = [page, ...shadows].flatMap((root) => [...root.querySelectorAll("input:not([type=hidden]),textarea")]);
  const open = fields.filter(visible);
  return {
    title: document.title,
    url: location.href,
    text: [document.body ? textOf(document.body) : "", ...shadows.flatMap(wordsIn)].join("\n"),
    asksPassword: open.some((each) => each.type === "password"),
    standing: open.filter((each) => each.type !== "password" && !each.readOnly).map((each) => each.value),
  };
}
