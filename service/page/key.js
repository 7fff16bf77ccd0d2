// Asks for an API key if the service requires one. The key is only in memory, until the page is left.

import { currentKey, setKey } from "./api.js";
import { el } from "./dom.js";

// The characters of a key, as the service requires them; a header cannot hold others.
const KEY = String.raw`\s*[A-Za-z0-9._~+\/=\-]+\s*`;

// Sends a request. If the service requires a key, asks for one and sends it again, until the dialog is cancelled; then
// the key from before counts again, since with a wrong one the service refuses even what needs none.
export async function withKey(request) {
  const before = currentKey();
  for (;;) {
    const sent = currentKey();
    try {
      return await request();
    } catch (problem) {
      if (problem.status !== 401 && !(problem.status === 403 && sent)) throw problem;
      if (currentKey() !== sent) continue;
      const key = await promptForKey(problem.message);
      setKey(key ?? before);
      if (key === null) throw problem;
    }
  }
}

let pendingDialog = null;

function promptForKey(reason) {
  pendingDialog ??= openDialog(reason).finally(() => (pendingDialog = null));
  return pendingDialog;
}

function openDialog(reason) {
  const dialogElement = document.getElementById("key");
  const input = el("input", { id: "key-text", type: "password", required: true, autocomplete: "off", pattern: KEY, title: "A key has only letters, digits and . _ ~ + / = -" });
  const form = el(
    "form",
    { method: "dialog" },
    el("h2", { id: "key-title" }, "This service requires a key"),
    el("p", {}, reason),
    el("label", { for: "key-text" }, "API key"),
    input,
    el("p", { class: "quiet" }, "It is sent with your requests and forgotten when you leave this page."),
    el("div", { class: "actions" }, el("button", { class: "main", value: "use" }, "Use this key"), cancelButton(dialogElement)),
  );
  dialogElement.replaceChildren(form);
  dialogElement.returnValue = "";
  dialogElement.showModal();
  return new Promise((resolve) => {
    dialogElement.addEventListener("close", () => resolve(dialogElement.returnValue === "use" ? input.value.trim() : null), { once: true });
  });
}

function cancelButton(dialogElement) {
  return el("button", { type: "button", onclick: () => dialogElement.close() }, "Cancel");
}
