// Asks the browser for a passkey where a page has a button for it. The pages work without this script, but for passkeys.
"use strict";

/** Of the server's address, where it lies below one; this script lies in `/assets` there. */
const below = new URL(document.currentScript.src).pathname.replace(/\/assets\/[^/]*$/, "");

/** Sends JSON to our own server, and answers JSON; a refusal is thrown. */
async function send(path, message) {
  const response = await fetch(below + path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(message),
  });
  if (!response.ok) throw new Error(`refused with ${response.status}`);
  return await response.json();
}

const ceremonies = {
  async signIn(form, state) {
    const options = await send("/sign-in/passkey/options", { state });
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    const credential = await navigator.credentials.get({ publicKey });
    const { location } = await send("/sign-in/passkey", {
      state,
      answer: credential.toJSON(),
      next: form.dataset.next,
    });
    return location;
  },
  async register(form) {
    const options = await send("/account/passkeys/options", {});
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    const credential = await navigator.credentials.create({ publicKey });
    const name = new FormData(form).get("name");
    const { location } = await send("/account/passkeys", { name, answer: credential.toJSON() });
    return location;
  },
};

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const failed = form.querySelector("[data-failed]");
  const button = form.querySelector("button");
  const isSupported = typeof PublicKeyCredential === "function" && "parseRequestOptionsFromJSON" in PublicKeyCredential;
  form.hidden = !isSupported;
  const ask = async () => {
    button.disabled = true;
    failed.hidden = true;
    try {
      window.location.assign(below + (await ceremonies[form.dataset.passkey](form, form.dataset.state || undefined)));
    } catch {
      failed.hidden = false;
    } finally {
      button.disabled = false;
    }
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask().catch(() => undefined);
  });
}
