// Modal dialogs: a title, content, a place for errors, a main button and a button that closes.

import { el } from "./dom.js";

// The main button calls `act`. A problem that it throws is shown; otherwise the dialog closes, and the element that `act`
// returns gets the focus: what opened the dialog may be gone.
export function openDialog({ title, content, action, cancel = "Cancel", act }) {
  const id = `dialog-${Date.now()}`;
  const dialog = el("dialog", { "aria-labelledby": id });
  const status = el("p", { class: "fails", role: "alert" });
  const mainButton = el("button", { class: "main" }, action);
  const cancelButton = el("button", { type: "button", onclick: () => dialog.close() }, cancel);
  const submit = async (event) => {
    event.preventDefault();
    mainButton.disabled = true;
    try {
      const next = await act(event.target);
      dialog.close();
      next?.focus();
    } catch (problem) {
      status.textContent = problem.message;
    }
    mainButton.disabled = false;
  };
  const actions = el("div", { class: "actions" }, mainButton, cancelButton);
  dialog.append(el("form", { method: "dialog", onsubmit: submit }, el("h2", { id }, title), content, status, actions));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return { dialog, cancelButton };
}
