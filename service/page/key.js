// Asks for an API key when the service wants one. It is kept until the page is left, and nowhere else.

import { hasKey, useKey } from "./api.js";
import { el } from "./dom.js";

// Runs `work`; where the service wants a key, asks for one and runs it again. Gives up when the reader does.
export async function withKey(work) {
  try {
    return await work();
  } catch (problem) {
    if (problem.status !== 401 && !(problem.status === 403 && hasKey())) throw problem;
    const key = await askKey(problem.message);
    if (key === null) throw problem;
    useKey(key);
    return withKey(work);
  }
}

let asking = null;

function askKey(reason) {
  asking ??= dialog(reason).finally(() => (asking = null));
  return asking;
}

function dialog(reason) {
  const box = document.getElementById("key");
  const input = el("input", { id: "key-text", type: "password", required: true, autocomplete: "off" });
  const form = el(
    "form",
    { method: "dialog" },
    el("h2", { id: "key-title" }, "This service wants a key"),
    el("p", {}, reason),
    el("label", { for: "key-text" }, "API key"),
    input,
    el("p", { class: "quiet" }, "It is sent with your requests and forgotten when you leave this page."),
    el("div", { class: "actions" }, el("button", { class: "main", value: "use" }, "Use it"), cancel(box)),
  );
  box.replaceChildren(form);
  box.returnValue = "";
  box.showModal();
  return new Promise((resolve) => {
    box.addEventListener("close", () => resolve(box.returnValue === "use" ? input.value.trim() : null), { once: true });
  });
}

function cancel(box) {
  return el("button", { type: "button", onclick: () => box.close() }, "Not now");
}
