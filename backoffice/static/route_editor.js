// The editor of a draft: drawn, checked and saved on one page. What is not saved outlives a reload.

import japanese from "./vendor/bpmn-ja.js";
import {onlyRouteParts} from "./route_parts.js";
import {settingsForm} from "./route_settings.js";

const editor = document.getElementById("editor");
const words = editor.dataset;
const note = document.getElementById("note");
const findings = document.getElementById("findings");
const saved = document.getElementById("saved");
const trouble = document.getElementById("trouble");
const KEPT = `gijo-route:${words.staff}:${words.address}`; // app.js forgets all of these when somebody signs out

const translate = (text, given = {}) => {
  const said = document.documentElement.lang === "ja" ? japanese[text] ?? text : text;
  return said.replace(/{([^}]+)}/g, (_all, name) => given[name] ?? `{${name}}`);
};

const modeler = new BpmnJS({
  container: document.getElementById("canvas"),
  additionalModules: [onlyRouteParts(words), {translate: ["value", translate]}],
  moddleExtensions: {gijo: JSON.parse(words.moddle)},
});
let version = words.version;
let changed = false;
let strokes = 0;

const drawn = async () => (await modeler.saveXML({format: true})).xml;

/** Show the whole drawing beside the palette, which lies on the canvas; on a narrow screen below it. */
const fit = () => {
  const canvas = modeler.get("canvas");
  const {inner, outer} = canvas.viewbox();
  const around = 24;
  const palette = document.querySelector("#canvas .djs-palette");
  const isRow = palette.offsetWidth > palette.offsetHeight;
  const left = around + (isRow ? 0 : palette.offsetLeft + palette.offsetWidth);
  const top = around + (isRow ? palette.offsetHeight : 0);
  const room = {width: outer.width - left - around, height: outer.height - top - around};
  const scale = Math.min(room.width / inner.width, room.height / inner.height, 1);
  const [x, y] = [inner.x - left / scale, inner.y - (top + (room.height - inner.height * scale) / 2) / scale];
  canvas.viewbox({x, y, width: outer.width / scale, height: outer.height / scale});
};

const say = (text) => { saved.textContent = text; };

const complain = async (text) => {
  const rescue = document.getElementById("rescue");
  URL.revokeObjectURL(rescue.href);
  rescue.href = URL.createObjectURL(new Blob([await drawn()], {type: "application/xml"}));
  document.getElementById("trouble-text").textContent = text;
  trouble.hidden = false;
  trouble.scrollIntoView({block: "nearest"});
};

const markFindings = () => {
  const canvas = modeler.get("canvas");
  const registry = modeler.get("elementRegistry");
  for (const element of registry.getAll()) canvas.removeMarker(element, "marked-finding");
  for (const pointed of findings.querySelectorAll("[data-element]")) {
    if (registry.get(pointed.dataset.element)) canvas.addMarker(pointed.dataset.element, "marked-finding");
  }
};

const send = async (what) => {
  const form = new FormData();
  form.set("xml", await drawn());
  form.set("note", note.value);
  form.set("version", version);
  const answer = await fetch(`${words.address}/${what}`, {method: "POST", body: form, headers: {"HX-Request": "true"}});
  const shown = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!answer.ok) {
    await complain(shown.body.textContent.trim());
    return null;
  }
  trouble.hidden = true;
  const told = shown.getElementById("findings-now");
  findings.replaceChildren(...told.childNodes);
  markFindings();
  return told.dataset;
};

const trying = (act) => async () => {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    await complain(words.offline);
  }
};

const check = trying(() => send("check"));
const saveNow = trying(async () => {
  const before = strokes;
  const noted = note.value;
  const told = await send("edit");
  if (!told) return;
  version = told.version;
  changed = strokes !== before || note.value !== noted;
  sessionStorage.removeItem(KEPT);
  say(`${words.saved} ${told.saved}`);
  if (changed) keep(); // what was drawn while it was being saved
});

let last = Promise.resolve();
/** Save behind the save that is still on its way: two at once would overtake one another. */
const save = () => { last = last.catch(() => {}).then(saveNow); };

let waiting;
const keep = () => {
  changed = true;
  delete editor.dataset.kept;
  say(words.unsaved);
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    if (!changed) return;
    sessionStorage.setItem(KEPT, JSON.stringify({version, xml: await drawn(), note: note.value}));
    editor.dataset.kept = "yes";
  }, 300);
};

const open = async () => {
  const kept = JSON.parse(sessionStorage.getItem(KEPT) ?? "null");
  const goesOn = kept !== null && kept.version === version;
  const answer = await fetch(`${words.address}/route.bpmn`, {headers: {Accept: "application/xml"}});
  if (!answer.ok) throw new Error(`the drawing was refused: ${answer.status}`);
  await modeler.importXML(goesOn ? kept.xml : await answer.text());
  fit();
  if (goesOn) {
    note.value = kept.note;
    changed = true;
    say(words.restored);
  } else if (kept !== null) {
    const rescue = document.getElementById("rescue");
    rescue.href = URL.createObjectURL(new Blob([kept.xml], {type: "application/xml"}));
    document.getElementById("trouble-text").textContent = words.older;
    trouble.hidden = false;
    sessionStorage.removeItem(KEPT);
  }
  settingsForm(modeler, words);
  markFindings();
  modeler.on("commandStack.changed", () => { strokes += 1; keep(); });
  note.addEventListener("input", keep);
  editor.dataset.ready = "yes";
};

document.getElementById("save").addEventListener("click", save);
document.getElementById("check").addEventListener("click", check);
document.getElementById("undo").addEventListener("click", () => modeler.get("commandStack").undo());
document.getElementById("redo").addEventListener("click", () => modeler.get("commandStack").redo());
document.getElementById("fit").addEventListener("click", fit);
document.getElementById("start-again").addEventListener("click", () => {
  changed = false;
  clearTimeout(waiting);
  sessionStorage.removeItem(KEPT);
});
document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
  event.preventDefault();
  document.activeElement?.blur(); // what is being typed is part of the drawing once its field is left
  save();
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-forgets]")) clearTimeout(waiting);
});
window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
findings.addEventListener("click", (event) => {
  const pointed = event.target.closest("[data-element]");
  const element = pointed && modeler.get("elementRegistry").get(pointed.dataset.element);
  if (!element) return;
  modeler.get("selection").select(element);
  modeler.get("canvas").scrollToElement(element, 80);
});

open();
