// The drawing of a case's route, with the steps it waits in marked. Drawn when it is opened, not before.
"use strict";

const draw = async (box) => {
  if (box.dataset.drawn) return;
  box.dataset.drawn = "yes";
  const answer = await fetch(box.dataset.bpmn, {headers: {Accept: "application/xml"}});
  if (!answer.ok) throw new Error(`the drawing was refused: ${answer.status}`);
  const viewer = new BpmnJS({container: box});
  await viewer.importXML(await answer.text());
  const canvas = viewer.get("canvas");
  for (const id of box.dataset.marked.split(" ").filter(Boolean)) canvas.addMarker(id, "marked-now");
  canvas.zoom("fit-viewport", "auto");
};

for (const details of document.querySelectorAll("details.diagram-box")) {
  details.addEventListener("toggle", () => {
    if (details.open) draw(details.querySelector(".diagram"));
  });
}
