// Sends files to a link that takes them, one after the other, and tells how far each is.
"use strict";

for (const place of document.querySelectorAll("[data-upload]")) {
  const { words } = place.dataset;
  const say = JSON.parse(words);
  const input = place.querySelector("input[type=file]");
  const list = place.querySelector("ul");
  // In the form's address, where a proxy's path is in front.
  const address = place.action;
  let last = Promise.resolve();

  const percent = new Intl.NumberFormat(document.documentElement.lang, { style: "percent", maximumFractionDigits: 0 });

  /** One line for a file, with a word on how it is. */
  const addRow = (name) => {
    const row = document.createElement("li");
    const title = document.createElement("strong");
    const state = document.createElement("span");
    const bar = document.createElement("progress");
    title.textContent = name;
    state.textContent = say.waiting;
    state.className = "soft";
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", name);
    const what = document.createElement("div");
    what.append(title, state);
    row.append(what, bar);
    list.hidden = false;
    list.append(row);
    return { state, bar };
  };

  const failureOf = (status) => {
    if (status === 413) return say.full;
    if (status === 403 || status === 404) return say.ended;
    return status === 400 ? say.name : say.failed;
  };

  const send = (file, { state, bar }) =>
    new Promise((resolve) => {
      const request = new XMLHttpRequest();
      const end = (text, isGood) => {
        state.removeAttribute("aria-hidden");
        state.textContent = text;
        state.className = isGood ? "soft" : "wrong";
        bar.hidden = true;
        resolve();
      };
      request.open("PUT", `${address}?name=${encodeURIComponent(file.name)}`);
      request.setRequestHeader("content-type", "application/octet-stream");
      request.responseType = "json";
      request.upload.addEventListener("progress", ({ loaded, total }) => {
        bar.value = total > 0 ? loaded / total : 1;
        // The bar tells whoever asks it; each percent read aloud would drown the rest.
        state.setAttribute("aria-hidden", "true");
        state.textContent = percent.format(bar.value);
      });
      request.addEventListener("load", () => {
        if (request.status !== 200) return end(failureOf(request.status), false);
        const { name } = request.response;
        end(name === file.name ? say.done : `${say.doneAs} ${name}`, true);
      });
      request.addEventListener("error", () => end(say.failed, false));
      request.send(file);
    });

  const take = (files) => {
    for (const file of files) {
      const row = addRow(file.name);
      last = last.then(() => send(file, row));
    }
  };

  place.hidden = false;
  input.addEventListener("change", () => {
    take([...input.files]);
    input.value = "";
  });
  place.addEventListener("dragover", (event) => {
    event.preventDefault();
    place.dataset.over = "";
  });
  place.addEventListener("dragleave", () => delete place.dataset.over);
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    delete place.dataset.over;
    take([...event.dataTransfer.files]);
  });
  // Whoever leaves while something is on its way is asked.
  addEventListener("beforeunload", (event) => {
    if (list.querySelector("progress:not([hidden])")) event.preventDefault();
  });
}
