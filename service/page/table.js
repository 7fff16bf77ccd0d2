// A page of the list of documents: column headers sort it, and selected documents are deleted together.

import { el } from "./dom.js";
import { confirmDeletion } from "./deletion.js";
import { correctDocument } from "./corrections.js";
import { sourceAddress } from "./addresses.js";
import { count, dateOf, fileName, publisherOf, size, titleOf } from "./format.js";

const COLUMNS = [["Title", "title"], ["Publisher", "publisher"], ["Published", "published"], ["Paragraphs"], ["Size"]];
const FIELD_NAMES = { title: "title", publisher: "publisher", authors: "authors", published: "date" };

// Calls `onSort` with the API's name of an order, and `reload` after a change of the collection.
export function documentTable(documents, sort, onSort, reload) {
  const chosen = new Set();
  const deleteChosen = el("button", { type: "button", onclick: () => confirmDeletion([...chosen], reload) });
  const bar = el("p", { class: "chosen", hidden: true }, deleteChosen);
  const boxes = documents.map((item) => chooser(`Choose ${titleOf(item)}`, (checked) => choose([item], checked)));
  const all = chooser("Choose every document on this page", (checked) => {
    for (const box of boxes) box.checked = checked;
    choose(documents, checked);
  });
  const choose = (items, checked) => {
    for (const item of items) if (checked) chosen.add(item); else chosen.delete(item);
    bar.hidden = chosen.size === 0;
    deleteChosen.textContent = `Delete ${count(chosen.size, "document")}`;
    all.checked = chosen.size === documents.length;
    all.indeterminate = chosen.size > 0 && !all.checked;
  };
  const heads = COLUMNS.map(([label, key]) => head(label, key, sort, onSort));
  const actions = el("th", { scope: "col" }, el("span", { class: "hidden" }, "Change"));
  return el(
    "div",
    {},
    bar,
    el("table", {}, el("thead", {}, el("tr", {}, el("td", {}, all), heads, actions)), el("tbody", {}, documents.map((item, number) => row(item, boxes[number], reload)))),
  );
}

function chooser(label, onChange) {
  return el("input", { type: "checkbox", "aria-label": label, onchange: (event) => onChange(event.target.checked) });
}

function head(label, key, sort, onSort) {
  if (!key) return el("th", { scope: "col" }, label);
  const descending = sort === `-${key}`;
  const order = sort === key ? "ascending" : descending ? "descending" : null;
  const button = el("button", { type: "button", class: "plain", onclick: () => onSort(sort === key ? `-${key}` : descending ? "document_id" : key) }, label);
  return el("th", { scope: "col", "aria-sort": order }, button);
}

function row(item, box, reload) {
  const title = el("a", { href: sourceAddress({ document_id: item.document_id }), dir: "auto", class: "clamped" }, titleOf(item));
  const name = fileName(item.source) || item.document_id;
  const button = (label, onclick) => el("button", { type: "button", class: "plain", "aria-label": `${label} ${titleOf(item)}`, onclick }, label);
  return el(
    "tr",
    { "data-document": item.document_id },
    el("td", { class: "choice" }, box),
    el("th", { scope: "row" }, title, el("span", { class: "quiet" }, el("bdi", {}, name), byHand(item))),
    el("td", { "data-name": "Publisher" }, el("bdi", {}, publisherOf(item))),
    el("td", { "data-name": "Published" }, dateOf(item)),
    el("td", { "data-name": "Paragraphs", class: "figure" }, String(item.paragraphs)),
    el("td", { "data-name": "Size", class: "figure" }, size(item.bytes)),
    el("td", {}, button("Correct", () => correctDocument(item, reload)), " ", button("Delete", () => confirmDeletion([item], reload))),
  );
}

function byHand({ origins }) {
  const fields = Object.keys(FIELD_NAMES).filter((name) => origins[name] === "by-hand").map((name) => FIELD_NAMES[name]);
  return fields.length > 0 && `; ${fields.join(", ")} given by hand`;
}
