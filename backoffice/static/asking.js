// While a form is filled in: a postal code offers its address, a bank its names, a date is read back in both calendars.
"use strict";

{
  const ask = async (path, params) => {
    const answer = await fetch(`${path}?${new URLSearchParams(params)}`);
    return answer.ok ? answer.json() : [];
  };
  const say = (input, text, wrong = false) => {
    const place = document.getElementById(`${input.id}-said`);
    if (!place) return;
    place.textContent = text;
    place.classList.toggle("field-error", wrong);
  };

  const fillAddress = async (input) => {
    const found = input.value.trim() ? await ask("/asking/places", {code: input.value}) : [];
    say(input, found.join("、"));
    // Looked for now: the questions may have been asked anew meanwhile.
    const target = document.getElementById(input.dataset.with);
    // What somebody has written is never written over.
    if (target && found.length === 1 && !target.value) {
      target.value = found[0];
      target.dispatchEvent(new Event("change", {bubbles: true}));
    }
  };

  const sayUnderstood = async (input) => {
    if (!input.value.trim()) return say(input, "");
    const body = new URLSearchParams({type: input.dataset.type, text: input.value});
    const answer = await fetch("/asking/understood", {method: "POST", body});
    if (!answer.ok) return say(input, "");
    const {said, wrong} = await answer.json();
    say(input, wrong || said, Boolean(wrong));
  };

  const offer = async (input) => {
    const bank = document.getElementById(input.dataset.with)?.value ?? "";
    const names = await ask(`/asking/${input.dataset.lookUp}`, {name: input.value, bank});
    const options = names.map((name) => Object.assign(document.createElement("option"), {value: name}));
    document.getElementById(`${input.id}-list`)?.replaceChildren(...options);
  };

  let waiting;
  document.addEventListener("input", (event) => {
    const input = event.target.closest("[data-look-up=banks], [data-look-up=branches]");
    if (!input || event.isComposing) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => offer(input), 150);
  });
  document.addEventListener("change", (event) => {
    const input = event.target.closest("[data-look-up]");
    if (input?.dataset.lookUp === "places") fillAddress(input);
    if (input?.dataset.lookUp === "understood") sayUnderstood(input);
  });
}
