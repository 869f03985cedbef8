// Two drawings side by side: what came, went and changed is marked in each, and pointed at from the list.
"use strict";

const viewers = [];

const draw = async (box) => {
  const answer = await fetch(box.dataset.bpmn, {headers: {Accept: "application/xml"}});
  if (!answer.ok) throw new Error(`the drawing was refused: ${answer.status}`);
  const viewer = new BpmnJS({container: box});
  await viewer.importXML(await answer.text());
  const canvas = viewer.get("canvas");
  for (const mark of box.dataset.marks.split(" ").filter(Boolean)) {
    const [id, name] = mark.split(":");
    if (viewer.get("elementRegistry").get(id)) canvas.addMarker(id, name);
  }
  canvas.zoom("fit-viewport", "auto");
  viewers.push(viewer);
};

for (const box of document.querySelectorAll(".compared")) draw(box);

document.addEventListener("click", (event) => {
  const pointed = event.target.closest("[data-element]");
  if (!pointed) return;
  for (const viewer of viewers) {
    const canvas = viewer.get("canvas");
    const registry = viewer.get("elementRegistry");
    for (const other of registry.getAll()) canvas.removeMarker(other, "marked-finding");
    const element = registry.get(pointed.dataset.element);
    if (!element) continue;
    canvas.addMarker(element, "marked-finding");
    canvas.scrollToElement(element, 60);
  }
});
