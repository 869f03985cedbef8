// The page on which zones are drawn on foreign paper: by mouse, pen or keys, each change sent as it is made. Without this
// script every zone can still be opened, and placed by numbers.
"use strict";

const desk = document.getElementById("foreign");
const parser = new DOMParser();
const now = (id) => document.getElementById(id);
const STEP = 0.5; // mm
const GRIP = 2.5;
const LEAST = 2;
let queue = Promise.resolve();
let pending = null; // {code, box}: moved here and not yet sent
let timer = 0;

const drawing = () => now("drawing");
const rectOf = (code) => now(`zone-${code}`)?.querySelector("rect");
const boxOf = (rect) => ["x", "y", "width", "height"].map((side) => Number(rect.getAttribute(side)));
const put = (rect, box) => ["x", "y", "width", "height"].forEach((side, at) => rect.setAttribute(side, box[at]));
const tenth = (number) => Math.round(number * 10) / 10;

const inside = ([x, y, width, height]) => {
  const wide = Number(drawing().dataset.wide), high = Number(drawing().dataset.high);
  width = Math.min(Math.max(width, LEAST), wide);
  height = Math.min(Math.max(height, LEAST), high);
  return [Math.min(Math.max(x, 0), wide - width), Math.min(Math.max(y, 0), high - height), width, height].map(tenth);
};

const swap = (id, page) => {
  const fresh = page.getElementById(id);
  if (fresh && now(id)) now(id).replaceWith(document.adoptNode(fresh));
};

const show = (page, focus) => {
  const kept = focus ?? document.activeElement?.id;
  const scrolled = [now("zone-paper")?.scrollTop, now("zone-paper")?.scrollLeft, now("zone-side")?.scrollTop];
  for (const part of desk.querySelectorAll(":scope > .heading")) {
    const fresh = page.querySelector("#foreign > .heading");
    if (fresh) part.replaceWith(document.adoptNode(fresh));
  }
  for (const id of ["trouble", "acts", "drawing", "zone-side"]) swap(id, page);
  if (pending && rectOf(pending.code)) put(rectOf(pending.code), pending.box);
  const [top, left, side] = scrolled;
  Object.assign(now("zone-paper"), {scrollTop: top, scrollLeft: left});
  now("zone-side").scrollTop = side;
  if (kept) now(kept)?.focus({preventScroll: !focus});
};

// Each change waits for the one before it, and names the state that that one left.
const send = (address, body, after = {}) => {
  queue = queue.then(async () => {
    body.set("version", now("acts").elements.version.value);
    body.set("page", now("acts").elements.page.value);
    let answer;
    try {
      answer = await fetch(address, {method: "POST", body: new URLSearchParams(body)});
    } catch {
      now("live").textContent = desk.dataset.offline;
      return;
    }
    const page = parser.parseFromString(await answer.text(), "text/html");
    if (!page.getElementById("drawing")) return location.reload();
    if (answer.status === 409) pending = null;
    if (answer.ok && answer.redirected && !after.quiet) history.replaceState(null, "", answer.url);
    show(page, after.focus?.(page));
    if (after.say) now("live").textContent = after.say;
    if (!answer.ok) now("trouble").querySelector(".banner")?.scrollIntoView({block: "nearest"});
  });
  return queue;
};

const places = (box) => {
  const body = new FormData();
  ["left", "top", "width", "height"].forEach((side, at) => body.set(side, box[at]));
  return body;
};
const base = () => location.pathname;
const place = (code, box) => {
  const body = places(box);
  body.set("do", "place");
  const opened = now("settings")?.dataset.zone;
  if (opened) body.set("open", opened);
  return send(`${base()}/zones/${code}`, body, {quiet: true});
};
const flush = () => {
  clearTimeout(timer);
  if (!pending) return;
  const {code, box} = pending;
  pending = null;
  place(code, box);
};
// Keys come quickly: what they add up to is sent once they rest.
const nudge = (code, box) => {
  if (pending && pending.code !== code) flush();
  put(rectOf(code), box);
  pending = {code, box};
  clearTimeout(timer);
  timer = setTimeout(flush, 400);
  now("live").textContent = box.join(" / ");
};
const add = (box) => {
  flush();
  const opened = (page) => page.getElementById("settings") ? `zone-${page.getElementById("settings").dataset.zone}` : undefined;
  return send(`${base()}/zones`, places(inside(box)), {focus: opened, say: desk.dataset.newLabel});
};
const remove = (code) => {
  if (pending?.code === code) pending = null;
  flush();
  const zones = Array.from(desk.querySelectorAll(".zone"), (zone) => zone.id);
  const next = zones[zones.indexOf(`zone-${code}`) + 1] ?? "zone-paper";
  const body = new FormData();
  body.set("do", "remove");
  send(`${base()}/zones/${code}`, body, {focus: () => next});
};

const open = (address, focus) => {
  flush();
  queue = queue.then(async () => {
    const answer = await fetch(address);
    if (!answer.ok) return location.assign(address);
    history.replaceState(null, "", address);
    show(parser.parseFromString(await answer.text(), "text/html"), focus);
  });
};

const ARROWS = {ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP]};
document.addEventListener("keydown", (event) => {
  if (!drawing() || event.isComposing || event.keyCode === 229 || event.altKey) return;
  const typing = event.target.matches("input[type=text], input:not([type]), textarea, select");
  const zone = event.target.closest(".zone");
  const onPaper = zone || event.target.id === "zone-paper";
  if ((event.ctrlKey || event.metaKey) && event.key === "z" && !typing && !now("undo").disabled) {
    event.preventDefault();
    now("undo").click();
  } else if (event.ctrlKey || event.metaKey) {
    return;
  } else if (zone && ARROWS[event.key]) {
    event.preventDefault();
    const [x, y, width, height] = boxOf(zone.querySelector("rect"));
    const [right, down] = ARROWS[event.key];
    nudge(zone.dataset.zone, inside(event.shiftKey ? [x, y, width + right, height + down] : [x + right, y + down, width, height]));
  } else if (zone && (event.key === "Delete" || event.key === "Backspace")) {
    event.preventDefault();
    remove(zone.dataset.zone);
  } else if (onPaper && event.key.toLowerCase() === "n") {
    event.preventDefault();
    const [x, y, width, height] = zone ? boxOf(zone.querySelector("rect")) : [20, 20, 60, 8];
    add(zone ? [x, y + height, width, height] : [x, y, width, height]);
  } else if (event.key === "Escape" && now("settings")?.contains(event.target)) {
    open(now("close-settings").getAttribute("href"), `zone-${now("settings").dataset.zone}`);
  }
});

desk.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.step === undefined) return;
  event.preventDefault();
  flush();
  const button = event.submitter;
  const address = button?.hasAttribute("formaction") ? button.formAction : form.action;
  const focus = form.id === "acts" ? () => button.id
    : button?.id.startsWith("accept") ? (page) => page.querySelector("[id^=accept-]")?.id ?? "zone-paper"
    : button?.value === "remove" ? () => "zone-paper" : undefined;
  send(address, new FormData(form, button), {focus});
});

desk.addEventListener("click", (event) => {
  if (event.target.matches(".zone-proposed")) return now(event.target.dataset.accepts)?.click();
  const link = event.target.closest(`a[href^="${base()}?"]`);
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const pulled = moved;
  moved = false;
  if (link.classList.contains("zone") && pulled) return;
  open(link.getAttribute("href"), link.id === "close-settings" ? `zone-${now("settings").dataset.zone}` : "means");
});
desk.addEventListener("dragstart", (event) => { if (event.target.closest?.("#drawing")) event.preventDefault(); });

// Mouse and pen: on empty paper a new zone is drawn, a zone is moved, its lower right corner pulled. Fingers scroll.
let held = null;
let moved = false;
const at = (event) => {
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(drawing().getScreenCTM().inverse());
  return [point.x, point.y];
};
desk.addEventListener("pointerdown", (event) => {
  if (event.pointerType === "touch" || event.button !== 0 || !event.target.closest("#drawing")) return;
  if (event.target.matches(".zone-proposed")) return;
  const zone = event.target.closest(".zone");
  const start = at(event);
  moved = false;
  if (!zone) {
    held = {start};
    return;
  }
  const box = boxOf(zone.querySelector("rect"));
  const pulls = start[0] > box[0] + box[2] - GRIP && start[1] > box[1] + box[3] - GRIP;
  held = {start, code: zone.dataset.zone, box, pulls};
});
window.addEventListener("pointermove", (event) => {
  if (!held) return;
  const [x, y] = at(event);
  const [right, down] = [x - held.start[0], y - held.start[1]];
  moved ||= Math.abs(right) > 0.7 || Math.abs(down) > 0.7;
  if (!moved) return;
  event.preventDefault();
  if (!held.code) {
    held.drawn = inside([Math.min(x, held.start[0]), Math.min(y, held.start[1]), Math.abs(right), Math.abs(down)]);
    put(now("being-drawn"), held.drawn);
    return;
  }
  const [left, top, width, height] = held.box;
  held.drawn = inside(held.pulls ? [left, top, width + right, height + down] : [left + right, top + down, width, height]);
  put(rectOf(held.code), held.drawn);
});
window.addEventListener("pointerup", () => {
  const done = held;
  held = null;
  if (!done?.drawn) return;
  if (done.code) {
    place(done.code, done.drawn);
  } else {
    put(now("being-drawn"), [0, 0, 0, 0]);
    if (done.drawn[2] > LEAST && done.drawn[3] > LEAST) add(done.drawn);
  }
});
if (drawing()) desk.dataset.ready = "yes";
