// Deletes documents, after a confirmation.

import { documentPath, remove } from "./api.js";
import { openDialog } from "./dialogs.js";
import { el, announce } from "./dom.js";
import { withKey } from "./key.js";
import { count, titleOf } from "./format.js";

const MAX_NAMED = 8;

export function confirmDeletion(documents, reload) {
  const single = documents.length === 1;
  const named = documents.slice(0, MAX_NAMED).map((item) => el("li", {}, el("span", { class: "clamped", dir: "auto" }, titleOf(item))));
  if (documents.length > MAX_NAMED) named.push(el("li", {}, `and ${documents.length - MAX_NAMED} more`));
  const { cancelButton } = openDialog({
    title: single ? "Delete this document?" : `Delete these ${documents.length} documents?`,
    content: [
      el("ul", { class: "named" }, named),
      el("p", { class: "quiet" }, `${single ? "It is" : "They are"} removed from the collection. The original file${single ? " is" : "s are"} not changed.`),
    ],
    action: "Delete",
    cancel: single ? "Keep it" : "Keep them",
    act: () => deleteAll(documents, reload),
  });
  cancelButton.focus();
}

// A document that someone else has removed in the meantime is not an error.
async function deleteAll(documents, reload) {
  for (const item of documents) {
    await withKey(() => remove(documentPath(item.document_id))).catch((problem) => {
      if (problem.status !== 404) throw problem;
    });
  }
  await reload();
  announce(documents.length === 1 ? `${titleOf(documents[0])} was deleted` : `${count(documents.length, "document")} were deleted`);
  return document.getElementById("view");
}
