// The collection view: documents over time, their list, adding and deleting.

import { documentPath, get, remove } from "./api.js";
import { forgetDocumentList, loadDocumentList } from "./ask.js";
import { markBusy, el, errorNotice, announce, show } from "./dom.js";
import { withKey } from "./key.js";
import { sourceAddress } from "./addresses.js";
import { monthOf, timeline } from "./timeline.js";
import { uploadArea } from "./uploads.js";
import { count, dateOf, fileName, publisherOf, size, titleOf } from "./format.js";

const MAX_ROWS = 500;

export async function showCollection(current) {
  document.title = "Collection - Wherefrom";
  markBusy();
  try {
    forgetDocumentList();
    const [documents, index] = await withKey(() => Promise.all([loadDocumentList(), get("v1/index")]));
    if (current()) show(collectionView(documents, index, () => showCollection(current)));
  } catch (problem) {
    if (current()) show(errorNotice(problem));
  }
}

function collectionView(documents, index, reload) {
  const criteria = { text: "", months: null };
  const body = el("tbody");
  const status = el("p", { class: "quiet", role: "status" });
  const update = () => renderRows(documents, criteria, body, status, reload);
  update();
  return el(
    "section",
    { class: "collection", "aria-labelledby": "collection-title" },
    el("h1", { id: "collection-title" }, "Collection"),
    el("p", { class: "lead" }, summary(documents, index)),
    timeline(documents, (months) => update((criteria.months = months))),
    uploadSection(reload),
    documents.length > 0 && searchField((text) => update((criteria.text = text))),
    documents.length > 0 && table(body),
    status,
  );
}

function summary(documents, index) {
  const undated = documents.filter((item) => !item.published).length;
  const parts = [count(documents.length, "document"), count(index.passages, "passage")];
  if (undated) parts.push(`${undated} undated`);
  return `${parts.join(", ")}. Model: ${index.model}.`;
}

// Uploading reloads the view; the result of each upload stays on the page.
function uploadSection(reload) {
  const adding = uploadArea(async () => {
    const queue = adding.querySelector(".queue");
    await reload();
    document.querySelector(".collection .queue")?.replaceWith(queue);
  });
  return adding;
}

function searchField(onInput) {
  const input = el("input", { type: "search", id: "find", oninput: (event) => onInput(event.target.value) });
  return el("p", { class: "find" }, el("label", { for: "find" }, "Find a document"), input);
}

function table(body) {
  const heads = ["Title", "Publisher", "Published", "Paragraphs", "Size"].map((name) => el("th", { scope: "col" }, name));
  return el("table", {}, el("thead", {}, el("tr", {}, heads, el("th", { scope: "col" }, el("span", { class: "hidden" }, "Delete")))), body);
}

function renderRows(documents, { text, months }, body, status, reload) {
  const query = text.trim().toLowerCase();
  const matches = documents.filter((item) => inMonths(item, months) && searchable(item).includes(query));
  body.replaceChildren(...matches.slice(0, MAX_ROWS).map((item) => row(item, reload)));
  const truncation = matches.length > MAX_ROWS ? `The first ${MAX_ROWS} of ${count(matches.length, "document")}.` : "";
  const matchCount = matches.length < documents.length ? `${count(matches.length, "document")}${months ? ` from ${months.label}` : ""}.` : "";
  status.textContent = truncation || matchCount;
}

function inMonths({ published }, months) {
  return !months || (published && monthOf(published) >= months.from && monthOf(published) <= months.to);
}

function searchable(item) {
  return [item.title, item.publisher, item.agency, item.published, item.source, item.document_id, ...item.authors].join(" ").toLowerCase();
}

function row(item, reload) {
  const title = el("a", { href: sourceAddress({ document_id: item.document_id }), dir: "auto" }, titleOf(item));
  const deleteButton = el("button", { type: "button", class: "plain", "aria-label": `Delete ${titleOf(item)}`, onclick: () => confirmDeletion(item, reload) }, "Delete");
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, title, el("span", { class: "quiet" }, el("bdi", {}, fileName(item.source) || item.document_id))),
    el("td", { "data-name": "Publisher" }, el("bdi", {}, publisherOf(item))),
    el("td", { "data-name": "Published" }, dateOf(item)),
    el("td", { "data-name": "Paragraphs", class: "figure" }, String(item.paragraphs)),
    el("td", { "data-name": "Size", class: "figure" }, size(item.bytes)),
    el("td", {}, deleteButton),
  );
}

function confirmDeletion(item, reload) {
  const dialog = el("dialog", { "aria-labelledby": "delete-title" });
  const status = el("p", { class: "fails", role: "alert" });
  const deleteButton = el("button", { type: "button", class: "main", onclick: () => deleteDocument(item, dialog, status, reload) }, "Delete");
  const cancelButton = el("button", { type: "button", onclick: () => dialog.close() }, "Keep it");
  dialog.append(
    el("h2", { id: "delete-title" }, "Delete this document?"),
    el("p", { dir: "auto" }, titleOf(item)),
    el("p", { class: "quiet" }, "It is removed from the collection. The original file is not changed."),
    status,
    el("div", { class: "actions" }, deleteButton, cancelButton),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  cancelButton.focus();
}

async function deleteDocument(item, dialog, status, reload) {
  try {
    await withKey(() => remove(documentPath(item.document_id)));
  } catch (problem) {
    status.textContent = problem.message;
    return;
  }
  dialog.close();
  await reload();
  document.getElementById("collection-title")?.closest("main").focus();
  announce(`${titleOf(item)} was deleted`);
}
