// The settings of the part that is chosen in the drawing: a plain form, written into the drawing as it changes.

import {PARTS, addAfter, canLead, insertInto} from "./route_parts.js";

const KINDS = ["bpmn:UserTask", "bpmn:ManualTask", "bpmn:BusinessRuleTask"];
const GATEWAYS = ["bpmn:ExclusiveGateway", "bpmn:ParallelGateway"];
const field = (id) => document.getElementById(id);

/** Which sets of fields an element has. */
const setsOf = (element) => {
  if (!element) return ["none"];
  const type = element.type;
  const sets = ["any"];
  if (type === "bpmn:TextAnnotation" || type === "bpmn:Group" || type === "bpmn:Association") return sets;
  sets.push("named");
  if (KINDS.includes(type)) sets.push("task");
  if (type === "bpmn:UserTask" || type === "bpmn:ManualTask") sets.push("step", "noted");
  if (type === "bpmn:BusinessRuleTask") sets.push("rule");
  if (GATEWAYS.includes(type)) sets.push("gateway");
  if (type === "bpmn:SequenceFlow") sets.push("flow");
  if (type === "bpmn:EndEvent") sets.push("end");
  if (type === "bpmn:BoundaryEvent") sets.push("timer");
  if (canLead(element)) sets.push("source");
  return sets;
};

/** Connect the form with the drawing. */
export const settingsForm = (modeler, words) => {
  const form = field("settings");
  const modeling = modeler.get("modeling");
  const moddle = modeler.get("moddle");
  const registry = modeler.get("elementRegistry");
  const selection = modeler.get("selection");
  let chosen = null;

  const own = (tag) => chosen.businessObject.extensionElements?.get("values").find((each) => each.$type === tag);

  /** Set one of our own settings; what is empty is not written. */
  const set = (tag, name, value) => {
    const given = value === "" || value === false || Number.isNaN(value) ? undefined : value;
    const there = own(tag);
    if (there) {
      modeling.updateModdleProperties(chosen, there, {[name]: given});
      return;
    }
    const fresh = moddle.create(tag, {[name]: given});
    const others = chosen.businessObject.extensionElements?.get("values") ?? [];
    const extensions = moddle.create("bpmn:ExtensionElements", {values: [...others, fresh]});
    fresh.$parent = extensions;
    extensions.$parent = chosen.businessObject;
    modeling.updateProperties(chosen, {extensionElements: extensions});
  };

  const nameOf = (element) => (element.businessObject.name || "").replaceAll("\n", " ");
  const said = (element) => {
    if (element.type !== "bpmn:SequenceFlow") return nameOf(element) || element.id;
    const ends = `${nameOf(element.source) || element.source.id} → ${nameOf(element.target) || element.target.id}`;
    return `${words.arrow}: ${ends}${nameOf(element) ? ` (${nameOf(element)})` : ""}`;
  };
  const parts = () => registry.filter((each) => each.type !== "label" && each.parent && setsOf(each).includes("named"));
  const steps = () => registry.filter((each) => setsOf(each).includes("step"));

  const fill = (select, choices, picked = "") => {
    select.replaceChildren(...choices.map(([value, text]) => new Option(text, value, false, value === picked)));
  };

  const decisionsOf = (element) => {
    const step = element.businessObject.extensionElements?.get("values").find((each) => each.$type === "gijo:Step");
    return (step?.decisions ?? "").split(" ").filter(Boolean);
  };
  const decisionName = (decision) => form.querySelector(`[data-decision="${decision}"]`)?.dataset.name ?? decision;

  const readyConditions = () => steps().flatMap((step) => decisionsOf(step).map((decision) => [
    `${step.id}.decision == '${decision}'`,
    words.said.replace("%(step)s", nameOf(step) || step.id).replace("%(decision)s", decisionName(decision)),
  ]));

  const showStep = () => {
    const step = own("gijo:Step");
    for (const name of ["role", "person", "of", "quorum", "form", "dueDays", "dueFact", "remindDays", "escalateDays", "escalateRole"]) {
      field(`step.${name}`).value = step?.[name] ?? "";
    }
    for (const name of ["place", "escalatePlace"]) field(`step.${name}`).value = step?.[name] || "owner";
    field("step.notDrafter").checked = step?.notDrafter === true;
    field("asks").value = step?.person === "drafter" ? "drafter" : step?.person ? "person" : "role";
    showAsks();
    const others = (step?.notDecidersOf ?? "").split(" ");
    field("step.notDecidersOf").replaceChildren(...steps().filter((each) => each !== chosen)
      .map((each) => new Option(said(each), each.id, false, others.includes(each.id))));
    const offered = decisionsOf(chosen);
    for (const box of form.querySelectorAll("[data-decision]")) box.checked = offered.includes(box.dataset.decision);
  };
  const showAsks = () => {
    for (const part of form.querySelectorAll("[data-asks]")) part.hidden = part.dataset.asks !== field("asks").value;
  };

  const showFlow = () => {
    const flow = chosen.businessObject;
    field("flow-default").checked = flow.sourceRef?.default === flow;
    field("flow-condition").value = flow.conditionExpression?.body ?? "";
    fill(field("flow-ready"), [["", "—"], ...readyConditions()]);
    const choosing = flow.sourceRef?.$type === "bpmn:ExclusiveGateway";
    for (const id of ["flow-default", "flow-ready", "flow-condition"]) field(id).disabled = !choosing;
  };

  const show = () => {
    const sets = setsOf(chosen);
    for (const set_ of form.querySelectorAll("fieldset")) set_.hidden = !sets.includes(set_.dataset.for);
    fill(field("pick"), [["", "—"], ...parts().map((each) => [each.id, said(each)])], chosen?.id);
    if (!chosen) return;
    const object = chosen.businessObject;
    field("name").value = object.name ?? "";
    field("part-id").textContent = chosen.id;
    if (sets.includes("task")) field("task-kind").value = chosen.type;
    if (sets.includes("gateway")) field("gateway-kind").value = chosen.type;
    if (sets.includes("step")) showStep();
    if (sets.includes("flow")) showFlow();
    if (sets.includes("noted")) field("documentation").value = object.documentation?.[0]?.text ?? "";
    if (sets.includes("rule")) field("to-table").href = `${words.address}/tables/${chosen.id}`;
    if (sets.includes("end")) {
      field("end.outcome").value = own("gijo:End")?.outcome || "done";
      field("end-terminates").checked = (object.eventDefinitions ?? []).length > 0;
    }
    if (sets.includes("timer")) {
      field("timer.businessDays").value = own("gijo:Timer")?.businessDays ?? "";
      field("timer-interrupting").checked = object.cancelActivity !== false;
    }
    if (sets.includes("source")) {
      const targets = parts().filter((each) => !each.waypoints && each !== chosen
        && !["bpmn:StartEvent", "bpmn:BoundaryEvent"].includes(each.type));
      fill(field("connect-to"), targets.map((each) => [each.id, said(each)]));
    }
  };

  const changeKind = (target) => {
    const replaced = modeler.get("bpmnReplace").replaceElement(chosen, target);
    selection.select(replaced);
  };

  const ask = (how) => {
    if (how !== "role") {
      set("gijo:Step", "role", "");
      set("gijo:Step", "place", "");
    }
    set("gijo:Step", "person", how === "drafter" ? "drafter" : "");
    if (how === "drafter") set("gijo:Step", "notDrafter", false);
  };

  const writeCondition = (text) => {
    const written = text.trim() ? moddle.create("bpmn:FormalExpression", {body: text.trim()}) : undefined;
    modeling.updateProperties(chosen, {conditionExpression: written});
  };

  const writeDocumentation = (text) => {
    const written = text.trim() ? [moddle.create("bpmn:Documentation", {text: text.trim()})] : [];
    modeling.updateProperties(chosen, {documentation: written});
  };

  const write = (input) => {
    const [tag, name] = input.id.split(".");
    if (input.dataset.decision) {
      const boxes = Array.from(form.querySelectorAll("[data-decision]:checked"), (box) => box.dataset.decision);
      set("gijo:Step", "decisions", boxes.join(" "));
    } else if (input.id === "step.notDecidersOf") {
      set("gijo:Step", name, Array.from(input.selectedOptions, (option) => option.value).join(" "));
    } else if (name) {
      const value = input.type === "checkbox" ? input.checked
        : input.type === "number" ? Number.parseInt(input.value, 10) : input.value.trim();
      set(`gijo:${tag[0].toUpperCase()}${tag.slice(1)}`, name, value);
    } else if (input.id === "name") {
      modeling.updateProperties(chosen, {name: input.value});
    } else if (input.id === "documentation") {
      writeDocumentation(input.value);
    } else if (input.id === "asks") {
      ask(input.value);
      showAsks();
      if (input.value === "person") field("step.person").focus();
    } else if (input.id === "task-kind") {
      changeKind({type: input.value});
    } else if (input.id === "gateway-kind") {
      changeKind({type: input.value});
    } else if (input.id === "flow-default") {
      modeling.updateProperties(chosen.source, {default: input.checked ? chosen.businessObject : undefined});
    } else if (input.id === "flow-ready") {
      const ready = input.value; // written first: what is written shows the form anew
      writeCondition(ready);
      const decision = /== '(\w+)'$/.exec(ready)?.[1];
      if (decision && !nameOf(chosen)) modeling.updateProperties(chosen, {name: decisionName(decision)});
    } else if (input.id === "flow-condition") {
      writeCondition(input.value);
    } else if (input.id === "end-terminates") {
      changeKind({type: "bpmn:EndEvent", ...(input.checked && {eventDefinitionType: "bpmn:TerminateEventDefinition"})});
    } else if (input.id === "timer-interrupting") {
      modeling.updateProperties(chosen, {cancelActivity: input.checked});
    }
  };

  const buttons = (box, act) => {
    box.replaceChildren(...PARTS.map((part) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button button-secondary button-small";
      button.textContent = words[part.word];
      button.addEventListener("click", () => act(modeler.get("injector"), chosen, part));
      return button;
    }));
  };

  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", (event) => {
    if (event.target.id === "pick") {
      const picked = registry.get(event.target.value);
      selection.select(picked ?? null);
      if (picked) modeler.get("canvas").scrollToElement(picked, 80);
    } else if (event.target.id !== "connect-to" && chosen) {
      write(event.target);
    }
  });
  buttons(field("append"), addAfter);
  buttons(field("insert"), insertInto);
  field("connect").addEventListener("click", () => {
    const target = registry.get(field("connect-to").value);
    if (target) selection.select(modeling.connect(chosen, target));
  });
  field("remove").addEventListener("click", () => modeling.removeElements([chosen]));

  modeler.on("selection.changed", ({newSelection}) => {
    const picked = newSelection.length === 1 ? newSelection[0] : null;
    chosen = picked?.labelTarget ?? picked;
    if (chosen && !registry.get(chosen.id)) chosen = null;
    show();
    form.scrollTop = 0;
  });
  // What changes elsewhere (a name typed in the drawing, undo) shows in the form, but never under the hand of whoever types.
  modeler.on("commandStack.changed", () => {
    if (chosen && !registry.get(chosen.id)) chosen = null;
    if (!form.contains(document.activeElement) || document.activeElement.tagName === "BUTTON") show();
  });
  show();
  return {show};
};
