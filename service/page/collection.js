// The collection: its documents, when they were published, and adding and deleting them.

import { documentPath, get, remove } from "./api.js";
import { forgetDocuments, knownDocuments } from "./ask.js";
import { busy, el, failure, say, show } from "./dom.js";
import { withKey } from "./key.js";
import { sourceAddress } from "./places.js";
import { monthOf, timeline } from "./timeline.js";
import { dropPlace } from "./uploads.js";
import { count, dateOf, fileName, publisherOf, size, titleOf } from "./words.js";

const MOST_ROWS = 500;

export async function showCollection(current) {
  document.title = "Collection - Wherefrom";
  busy();
  try {
    forgetDocuments();
    const [documents, index] = await withKey(() => Promise.all([knownDocuments(), get("/v1/index")]));
    if (current()) show(collectionView(documents, index, () => showCollection(current)));
  } catch (problem) {
    if (current()) show(failure(problem));
  }
}

function collectionView(documents, index, again) {
  const narrowed = { text: "", months: null };
  const body = el("tbody");
  const told = el("p", { class: "quiet", role: "status" });
  const list = () => listed(documents, narrowed, body, told, again);
  list();
  return el(
    "section",
    { class: "collection", "aria-labelledby": "collection-title" },
    el("h1", { id: "collection-title" }, "Collection"),
    el("p", { class: "lead" }, inWords(documents, index)),
    timeline(documents, (months) => list((narrowed.months = months))),
    addable(again),
    documents.length > 0 && finder((text) => list((narrowed.text = text))),
    documents.length > 0 && table(body),
    told,
  );
}

function inWords(documents, index) {
  const undated = documents.filter((each) => !each.published).length;
  const parts = [count(documents.length, "document"), count(index.passages, "passage")];
  if (undated) parts.push(`${undated} undated`);
  return `${parts.join(", ")}. Read with ${index.model}.`;
}

// The list is made anew when files went in; what happened to each of them stays on the page.
function addable(again) {
  const adding = dropPlace(async () => {
    const before = adding.querySelector(".queue");
    await again();
    document.querySelector(".collection .queue")?.replaceWith(before);
  });
  return adding;
}

function finder(narrow) {
  const input = el("input", { type: "search", id: "find", oninput: (event) => narrow(event.target.value) });
  return el("p", { class: "find" }, el("label", { for: "find" }, "Find a document"), input);
}

function table(body) {
  const heads = ["Title", "Publisher", "Published", "Paragraphs", "Size"].map((name) => el("th", { scope: "col" }, name));
  return el("table", {}, el("thead", {}, el("tr", {}, heads, el("th", { scope: "col" }, el("span", { class: "hidden" }, "Delete")))), body);
}

function listed(documents, { text, months }, body, told, again) {
  const wanted = text.trim().toLowerCase();
  const found = documents.filter((each) => inMonths(each, months) && searchable(each).includes(wanted));
  body.replaceChildren(...found.slice(0, MOST_ROWS).map((each) => row(each, again)));
  const cut = found.length > MOST_ROWS ? `The first ${MOST_ROWS} of ${count(found.length, "document")}.` : "";
  const part = found.length < documents.length ? `${count(found.length, "document")}${months ? ` from ${months.told}` : ""}.` : "";
  told.textContent = cut || part;
}

function inMonths({ published }, months) {
  return !months || (published && monthOf(published) >= months.from && monthOf(published) <= months.to);
}

function searchable(each) {
  return [each.title, each.publisher, each.agency, each.published, each.source, each.document_id, ...each.authors].join(" ").toLowerCase();
}

function row(each, again) {
  const title = el("a", { href: sourceAddress({ document_id: each.document_id }), dir: "auto" }, titleOf(each));
  const gone = el("button", { type: "button", class: "plain", "aria-label": `Delete ${titleOf(each)}`, onclick: () => confirmed(each, again) }, "Delete");
  return el(
    "tr",
    {},
    el("th", { scope: "row" }, title, el("span", { class: "quiet" }, el("bdi", {}, fileName(each.source) || each.document_id))),
    el("td", { "data-name": "Publisher" }, el("bdi", {}, publisherOf(each))),
    el("td", { "data-name": "Published" }, dateOf(each)),
    el("td", { "data-name": "Paragraphs", class: "figure" }, String(each.paragraphs)),
    el("td", { "data-name": "Size", class: "figure" }, size(each.bytes)),
    el("td", {}, gone),
  );
}

function confirmed(each, again) {
  const box = el("dialog", { "aria-labelledby": "delete-title" });
  const told = el("p", { class: "fails", role: "alert" });
  const gone = el("button", { type: "button", class: "main", onclick: () => deleted(each, box, told, again) }, "Delete");
  const stay = el("button", { type: "button", onclick: () => box.close() }, "Keep it");
  box.append(
    el("h2", { id: "delete-title" }, "Delete this document?"),
    el("p", { dir: "auto" }, titleOf(each)),
    el("p", { class: "quiet" }, "It leaves the collection. A file that it was read from stays where it is."),
    told,
    el("div", { class: "actions" }, gone, stay),
  );
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
  stay.focus();
}

async function deleted(each, box, told, again) {
  try {
    await withKey(() => remove(documentPath(each.document_id)));
  } catch (problem) {
    told.textContent = problem.message;
    return;
  }
  box.close();
  await again();
  document.getElementById("collection-title")?.closest("main").focus();
  say(`${titleOf(each)} was deleted`);
}
