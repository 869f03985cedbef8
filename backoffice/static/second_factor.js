// A security key is asked when its button is pressed: fetch what to ask, let the browser ask, send the answer with the form.
"use strict";

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-key-asks]");
  if (!form || form.elements.answer.value) return;
  event.preventDefault();
  const trouble = form.querySelector("[data-key-trouble]");
  trouble.hidden = true;
  try {
    const asked = await fetch(form.dataset.keyAsks, {method: "POST"});
    if (!asked.ok) throw new Error(String(asked.status));
    const options = await asked.json();
    const credential = form.dataset.keyDoes === "create"
      ? await navigator.credentials.create({publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options)})
      : await navigator.credentials.get({publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options)});
    form.elements.answer.value = JSON.stringify(credential.toJSON());
    form.requestSubmit();
  } catch {
    // Cancelled, no key, too late, signed out meanwhile: the person sees it and presses again.
    trouble.hidden = false;
  }
});
