// What do recorded ways lead to on this page? Brought into a frame once, and asked for each step; changes nothing there.
// Gives { look, at, every }. `look` takes { ways: [[part, …], …], fillable: whether only what can be filled in is meant,
// drift: whether to look for what is like a label that is gone } and gives plain data (see Report in looking.py);
// `at` gives an element of the last look by its number there; `every`, all elements of the first way that leads to any.
() => {
  const NAMED = "a,area,button,input,select,textarea,option,summary,img,label,legend,th,td,li,h1,h2,h3,h4,h5,h6," +
    "[role],[tabindex],[aria-label],[aria-labelledby],[title],[onclick],[contenteditable]";
  const WORKED_WITH = "a[href],area,button,input,select,textarea,option,summary,[role],[tabindex],[onclick],[contenteditable]";
  const squeezed = (text) => (text ?? "").replace(/\s+/g, " ").trim();
  const rootsOf = function* (root) {
    yield root;
    for (const element of root.querySelectorAll("*")) if (element.shadowRoot) yield* rootsOf(element.shadowRoot);
  };
  const deep = (root, css) => [...rootsOf(root)].flatMap((each) => [...each.querySelectorAll(css)]);
  const shown = (element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && element.checkVisibility({ visibilityProperty: true });
  };
  // The browser's own computation, the same that the Recorder wrote down. It takes a millisecond each.
  const names = new Map(); // of one look: names change with the page
  const nameOf = (element) => {
    if (!names.has(element)) {
      const name = squeezed(element.computedName);
      // A file box is named 「資料: 選択されていません」, and with a file 「資料: そのファイル.pdf」: its label is what stays.
      names.set(element, element.type === "file" ? name.replace(/: [^:]*$/, "") : name);
    }
    return names.get(element);
  };
  const hints = (element) => squeezed([
    element.getAttribute("aria-label"), element.title, element.alt, element.placeholder, element.textContent,
    ["button", "submit", "reset", "image"].includes(element.type) ? element.value : "",
    ...[...(element.labels ?? [])].map((label) => label.textContent),
    ...(element.getAttribute("aria-labelledby") ?? "").split(/\s+/).map((id) => document.getElementById(id)?.textContent),
  ].join(" ")).replaceAll(" ", "");

  const GENERATED = ["::before", "::after"];
  // A button without words has the browser's, and a label may hold more than text.
  const isNamedByDefault = (element) => ["file", "color"].includes(element.type) ||
    (["submit", "reset", "image"].includes(element.type) && !hints(element));
  const isNamedFromElsewhere = (element) => element.hasAttribute("aria-labelledby") || (element.localName === "input" &&
    (isNamedByDefault(element) || [...(element.labels ?? [])].some((label) =>
      [...label.querySelectorAll("*")].some((part) => part !== element) ||
      GENERATED.some((which) => !["none", "normal"].includes(getComputedStyle(label, which).content)))));
  const byName = (root, wanted) => {
    const [, name, role] = /^(.*?)(?:\[role="(.*)"\])?$/s.exec(wanted);
    const bare = squeezed(name).replaceAll(" ", "");
    if (!bare) return [];
    // The browser is asked only of what may have that name: whose words hold it, or whose name comes from elsewhere.
    const perhaps = deep(root, NAMED).filter((element) => hints(element).includes(bare) || isNamedFromElsewhere(element));
    const isMeant = (element) => nameOf(element) === squeezed(name) && (!role || element.computedRole === role);
    const isInnermost = (element) =>
      isMeant(element) && !perhaps.some((other) => other !== element && element.contains(other) && isMeant(other));
    // The cell of a table that holds a label has the label's name as well: what can be worked with is meant.
    const workedWith = perhaps.filter((element) => element.matches(WORKED_WITH) && isInnermost(element));
    return workedWith.length === 1 ? workedWith : perhaps.filter(isInnermost);
  };
  const byText = (root, wanted) => {
    const text = squeezed(wanted);
    const says = (element) => squeezed(["button", "submit", "reset"].includes(element.type) ? element.value
      : element.textContent).includes(text);
    const found = deep(root, "*").filter((each) => !["script", "style", "head", "title"].includes(each.localName) && says(each));
    return found.filter((element) => !found.some((other) => other !== element && element.contains(other)));
  };
  const byWholeText = (root, wanted) => byText(root, wanted).filter((element) =>
    squeezed(element.value && element.localName === "input" ? element.value : element.textContent) === squeezed(wanted));
  const byPath = (root, path) => {
    const given = (root.ownerDocument ?? root).evaluate(path, root, null, XPathResult.ORDERED_NODE_SNAPSHOT_TYPE);
    return [...Array(given.snapshotLength).keys()].map((place) => given.snapshotItem(place))
      .filter((node) => node.nodeType === Node.ELEMENT_NODE);
  };
  // The Recorder takes the default kind of a field for an attribute of it.
  const asWritten = (css) => css.replace(/input\[type=(['"]?)text\1\]/g, ":is(input[type='text'], input:not([type]))");
  const KINDS = { aria: byName, text: byText, exact: byWholeText, xpath: byPath, pierce: deep };
  const follow = (way) => way.reduce((roots, part) => {
    const [, kind, rest] = /^(?:(aria|text|exact|xpath|pierce)\/)?(.*)$/s.exec(part);
    return [...new Set(roots.flatMap((root) => kind
      ? KINDS[kind](root.shadowRoot ?? root, rest) : [...(root.shadowRoot ?? root).querySelectorAll(asWritten(part))]))];
  }, [document]);

  const unique = (css) => { try { return deep(document, css).length === 1; } catch { return false; } };
  const better = (element) => {
    const name = nameOf(element);
    const role = element.computedRole;
    return [
      name && byName(document, `${name}[role="${role}"]`).length === 1 && `aria/${name}[role="${role}"]`,
      element.id && unique(`#${CSS.escape(element.id)}`) && `#${CSS.escape(element.id)}`,
      element.getAttribute("name") && unique(`${element.localName}[name="${CSS.escape(element.getAttribute("name"))}"]`) &&
        `${element.localName}[name="${CSS.escape(element.getAttribute("name"))}"]`,
    ].filter(Boolean);
  };
  let kept = [];
  const look = ({ ways, fillable, drift }) => {
    names.clear();
    // Names are asked for where they choose, or are told to a person.
    const tellsNames = drift || ways.some((way) => way.at(-1).startsWith("aria/"));
    kept = [];
    const numberOf = (element) => kept.includes(element) ? kept.indexOf(element) : kept.push(element) - 1;
    const told = ways.map((way) => {
      try {
        const all = follow(way).filter((each) => !fillable || each.matches("input,select,textarea") || each.isContentEditable);
        const seen = all.filter(shown);
        const [one] = seen.length === 1 ? seen : all.length === 1 ? all : [];
        return { count: seen.length || all.length, element: one ? numberOf(one) : null, wrong: false };
      } catch (trouble) {
        return { count: 0, element: null, wrong: trouble instanceof DOMException };
      }
    });
    const like = drift ? deep(document, "input,select,textarea,button,a,[role],[contenteditable]").filter(shown)
      .map((element) => ({ name: nameOf(element), element })).filter(({ name }) => name).slice(0, 200)
      .map(({ name, element }) => ({ name, ways: better(element).slice(0, 1) })) : [];
    return {
      ways: told,
      elements: kept.map((element) => ({
        name: tellsNames ? nameOf(element) : "",
        tag: element.localName,
        type: element.getAttribute("type")?.toLowerCase() ?? "",
        shown: shown(element),
        inside: kept.findIndex((other) => other !== element && other.contains(element)),
        better: drift ? better(element) : [],
      })),
      like,
      charset: document.characterSet,
      asks_password: deep(document, "input[type=password]").some(shown),
    };
  };
  const every = (ways) => {
    names.clear();
    return ways.reduce((all, way) => all.length ? all : follow(way), []);
  };
  return { look, at: (place) => kept[place], every };
}
