// What does a person see in this frame? Evaluated there; changes nothing. Components keep part of it in shadows of their
// own, which `innerText` leaves out. Gives { title, url, text, asksPassword, standing: values of fields to type into }.
() => {
  const rootsOf = function* (root) {
    yield root;
    for (const element of root.querySelectorAll("*")) if (element.shadowRoot) yield* rootsOf(element.shadowRoot);
  };
  const [page, ...shadows] = rootsOf(document);
  const visible = (element) => element.checkVisibility();
  const texts = shadows.flatMap((root) => [...root.children]).filter(visible).map((each) => each.innerText);
  const fields = [page, ...shadows].flatMap((root) => [...root.querySelectorAll("input:not([type=hidden]),textarea")]);
  const open = fields.filter(visible);
  return {
    title: document.title,
    url: location.href,
    text: [document.body?.innerText ?? "", ...texts].join("\n"),
    asksPassword: open.some((each) => each.type === "password"),
    standing: open.filter((each) => each.type !== "password" && !each.readOnly).map((each) => each.value),
  };
}
