// The list of keyboard shortcuts.

import { el } from "./dom.js";

const KEYS = [
  ["/", "go to the question"],
  ["j, k", "go to the next or previous passage"],
  ["Enter", "open the passage in its source"],
  ["m", "go to the marked words of a source"],
  ["\u2190, \u2192", "go to the other tab of a source"],
  ["Esc", "go back to the answer"],
  ["?", "show these keys"],
];

export function showKeys() {
  if (document.querySelector("dialog[open]")) return;
  const rows = KEYS.flatMap(([key, does]) => [el("dt", {}, el("kbd", {}, key)), el("dd", {}, does)]);
  const close = el("button", { class: "main" }, "Close");
  const dialog = el("dialog", { class: "keys", "aria-labelledby": "keys-title" }, el("form", { method: "dialog" }, el("h2", { id: "keys-title" }, "Keys"), el("dl", {}, rows), close));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  close.focus();
}
