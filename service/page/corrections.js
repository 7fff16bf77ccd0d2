// Corrects a document's title, publisher, authors and date by hand.

import { documentPath, patch } from "./api.js";
import { openDialog } from "./dialogs.js";
import { el, announce } from "./dom.js";
import { withKey } from "./key.js";
import { titleOf } from "./format.js";

const FIELDS = [["title", "Title"], ["publisher", "Publisher"], ["authors", "Authors, one on each line"], ["published", "Published"]];

export function correctDocument(item, reload) {
  const { dialog } = openDialog({
    title: "Correct this document",
    content: FIELDS.map(([name, label]) => field(item, name, label)),
    action: "Save",
    act: async (form) => {
      const changes = changed(item, new FormData(form));
      if (!Object.keys(changes).length) return null;
      await withKey(() => patch(documentPath(item.document_id), changes, { "If-Match": `"${item.etag}"` }));
      await reload();
      announce(`${titleOf(item)} was corrected`);
      return correctButton(item) || document.getElementById("view");
    },
  });
  dialog.querySelector("input").focus();
}

function correctButton({ document_id: id }) {
  return [...document.querySelectorAll("tbody tr")].find((row) => row.dataset.document === id)?.querySelector("button");
}

function field(item, name, label) {
  const id = `correct-${name}`;
  const value = shown(item, name);
  const input = name === "authors"
    ? el("textarea", { id, name, rows: "3", dir: "auto" }, value)
    : el("input", { id, name, type: name === "published" ? "date" : "text", value, dir: "auto", maxlength: "2000" });
  const restore = item.origins[name] === "by-hand" && el(
    "label",
    { class: "quiet" },
    el("input", { type: "checkbox", name: `restore-${name}`, onchange: (event) => (input.disabled = event.target.checked) }),
    " Given by hand; use what the source says instead",
  );
  return el("div", {}, el("label", { for: id }, label), input, restore);
}

function shown(item, name) {
  return name === "authors" ? item.authors.join("\n") : item[name] || "";
}

// Returns the changed fields in the API's form.
function changed(item, fields) {
  const changes = {};
  for (const [name] of FIELDS) {
    const value = (fields.get(name) || "").trim();
    if (fields.get(`restore-${name}`)) changes[name] = null;
    else if (fields.has(name) && value !== shown(item, name).trim()) changes[name] = name === "authors" ? value.split("\n").map((line) => line.trim()).filter(Boolean) : value;
  }
  return changes;
}
