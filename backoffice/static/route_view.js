// The drawing of a version: what a finding or a step of the list speaks of is marked in it.
"use strict";

const box = document.getElementById("diagram");
const viewer = new BpmnJS({container: box});

const mark = (id) => {
  const canvas = viewer.get("canvas");
  const element = viewer.get("elementRegistry").get(id);
  for (const other of viewer.get("elementRegistry").getAll()) canvas.removeMarker(other, "marked-finding");
  if (!element) return;
  canvas.addMarker(element, "marked-finding");
  canvas.scrollToElement(element, 60);
};

const draw = async () => {
  const answer = await fetch(box.dataset.bpmn, {headers: {Accept: "application/xml"}});
  if (!answer.ok) throw new Error(`the drawing was refused: ${answer.status}`);
  await viewer.importXML(await answer.text());
  viewer.get("canvas").zoom("fit-viewport", "auto");
  for (const id of (box.dataset.marked ?? "").split(" ").filter(Boolean)) viewer.get("canvas").addMarker(id, "marked-now");
  document.addEventListener("click", (event) => {
    const pointed = event.target.closest("[data-element]");
    if (pointed) mark(pointed.dataset.element);
  });
};

draw();
