// Which parts a route may be made of: the drawing tool offers these and no others, by mouse and by keyboard.

/** A part that can be added: how it is made, its picture, and the word for it (an attribute of the editor). */
export const PARTS = [
  {word: "step", type: "bpmn:UserTask", icon: "bpmn-icon-user-task"},
  {word: "rule", type: "bpmn:BusinessRuleTask", icon: "bpmn-icon-business-rule-task"},
  {word: "choice", type: "bpmn:ExclusiveGateway", icon: "bpmn-icon-gateway-xor"},
  {word: "parallel", type: "bpmn:ParallelGateway", icon: "bpmn-icon-gateway-parallel"},
  {word: "end", type: "bpmn:EndEvent", icon: "bpmn-icon-end-event-none"},
];
const START = {word: "start", type: "bpmn:StartEvent", icon: "bpmn-icon-start-event-none"};
const NOTE = {word: "noteWord", type: "bpmn:TextAnnotation", icon: "bpmn-icon-text-annotation"};
const TIMER = {
  word: "timer",
  type: "bpmn:BoundaryEvent",
  icon: "bpmn-icon-intermediate-event-catch-timer",
  made: {eventDefinitionType: "bpmn:TimerEventDefinition"},
};
const SIZES = {"bpmn:UserTask": {width: 120, height: 80}, "bpmn:BusinessRuleTask": {width: 120, height: 80}};
const ROOM = 60;

const made = (elementFactory, part) => elementFactory.createShape({type: part.type, ...SIZES[part.type], ...part.made});

/** The module that puts our parts in the place of all that BPMN knows. `words`: the editor's data attributes. */
export const onlyRouteParts = (words) => {
  const adding = (part) => words.add.replace("%(part)s", words[part.word]);

  function Palette(palette, create, elementFactory, handTool, lassoTool, spaceTool, globalConnect, translate) {
    const tool = (icon, title, click) => ({group: "tools", className: icon, title: translate(title), action: {click}});
    const part = (each) => {
      const begin = (event) => create.start(event, made(elementFactory, each));
      return {group: "parts", className: each.icon, title: adding(each), action: {dragstart: begin, click: begin}};
    };
    this.getPaletteEntries = () => ({
      hand: tool("bpmn-icon-hand-tool", "Activate hand tool", (event) => handTool.activateHand(event)),
      lasso: tool("bpmn-icon-lasso-tool", "Activate lasso tool", (event) => lassoTool.activateSelection(event)),
      space: tool("bpmn-icon-space-tool", "Activate create/remove space tool",
        (event) => spaceTool.activateSelection(event)),
      connect: tool("bpmn-icon-connection-multi", "Activate global connect tool", (event) => globalConnect.start(event)),
      separator: {group: "tools", separator: true},
      ...Object.fromEntries([START, ...PARTS, TIMER, NOTE].map((each) => [`create.${each.word}`, part(each)])),
    });
    palette.registerProvider(this);
  }
  Palette.$inject = ["palette", "create", "elementFactory", "handTool", "lassoTool", "spaceTool", "globalConnect",
    "translate"];

  function Pad(contextPad, create, elementFactory, connect, modeling, injector) {
    const append = (part) => ({
      group: "model",
      className: part.icon,
      title: adding(part),
      action: {
        click: (_event, element) => addAfter(injector, element, part),
        dragstart: (event, element) => create.start(event, made(elementFactory, part), {source: element}),
      },
    });
    const remove = {
      group: "edit",
      className: "bpmn-icon-trash",
      title: words.remove,
      action: {click: (_event, chosen) => modeling.removeElements([chosen].flat())},
    };
    const join = (event, element) => connect.start(event, element);
    const connection = {
      group: "connect",
      className: "bpmn-icon-connection-multi",
      title: words.connect,
      action: {click: join, dragstart: join},
    };
    this.getContextPadEntries = (element) => {
      if (element.type === "label" || element.waypoints) return {delete: remove};
      const entries = {connect: connection, delete: remove};
      if (!canLead(element)) return entries;
      for (const part of PARTS) entries[`append.${part.word}`] = append(part);
      return entries;
    };
    this.getMultiElementContextPadEntries = () => ({delete: remove});
    contextPad.registerProvider(this);
  }
  Pad.$inject = ["contextPad", "create", "elementFactory", "connect", "modeling", "injector"];

  return {
    paletteProvider: ["type", Palette],
    contextPadProvider: ["type", Pad],
    // Kinds are changed in the settings form: the tool's own menu offers what no route may hold.
    replaceMenuProvider: ["value", null],
    // Names stay where they were put when arrows come and go.
    adaptiveLabelPositioningBehavior: ["value", null],
  };
};

/** Whether arrows may leave an element. */
export const canLead = (element) =>
  element.businessObject.$instanceOf("bpmn:FlowNode") && element.type !== "bpmn:EndEvent";

/** Add a part behind an element: into its only arrow, so that nothing is cut off, else with an arrow of its own. */
export const addAfter = (injector, element, part) => {
  const arrows = element.outgoing.filter((each) => each.type === "bpmn:SequenceFlow");
  if (arrows.length === 1 && !element.type.endsWith("Gateway") && part.type !== "bpmn:EndEvent") {
    return insertInto(injector, arrows[0], part);
  }
  const shape = injector.get("autoPlace").append(element, made(injector.get("elementFactory"), part));
  injector.get("selection").select(shape);
  return shape;
};

/** Put a part into an arrow; what stands to the right makes room. */
export const insertInto = (injector, arrow, part) => {
  const shape = made(injector.get("elementFactory"), part);
  const {source, target} = arrow;
  const from = source.x + source.width;
  const needed = shape.width + 2 * ROOM - (target.x - from);
  if (target.x >= from && needed > 0) makeRoom(injector, (from + target.x) / 2, needed);
  const y = target.x >= from ? source.y + source.height / 2 : (arrow.waypoints[0].y + arrow.waypoints.at(-1).y) / 2;
  const x = target.x >= from ? (from + target.x) / 2 : (arrow.waypoints[0].x + arrow.waypoints.at(-1).x) / 2;
  const placed = injector.get("modeling").createShape(shape, {x, y}, arrow);
  injector.get("selection").select(placed);
  return placed;
};

const makeRoom = (injector, x, width) => {
  const spaceTool = injector.get("spaceTool");
  const root = injector.get("canvas").getRootElement();
  const all = injector.get("elementRegistry").filter((each) => each !== root);
  const {movingShapes, resizingShapes} = spaceTool.calculateAdjustments(all, "x", width, x);
  spaceTool.makeSpace(movingShapes, resizingShapes, {x: width, y: 0}, "e", x);
};
