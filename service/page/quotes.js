// The view of the basket: quotations in order, with notes, checks, and their export as a file.

import { post, postForFile } from "./api.js";
import { areStored, identity, keptQuotations, saveQuotations } from "./basket.js";
import { openDialog } from "./dialogs.js";
import { el, announce, show } from "./dom.js";
import { withKey } from "./key.js";
import { sourceAddress } from "./addresses.js";
import { count, sourceNodes, titleOf } from "./format.js";

const FORMATS = [["markdown", "Markdown", "quotations.md"], ["docx", "Word", "quotations.docx"], ["csv", "CSV", "quotations.csv"]];
const PROVED = ["document_id", "source_sha256", "text_sha256", "segments", "cited_text"];
const BATCH = 50;

export async function showQuotes(current) {
  document.title = "Quotes - Wherefrom";
  const items = keptQuotations();
  show(quotesView(items));
  await check(items, current);
}

function quotesView(items) {
  const status = el("p", { class: "fails", role: "alert" });
  return el(
    "section",
    { class: "quotes", "aria-labelledby": "quotes-title" },
    el("h1", { id: "quotes-title" }, "Quotes"),
    items.length ? summary(items) : emptyText(),
    items.length > 0 && actions(status),
    status,
    items.length > 0 && el("ol", {}, items.map((item, index) => el("li", { "data-identity": identity(item) }, quotationView(item, index, items.length)))),
  );
}

function summary({ length }) {
  const number = count(length, "quotation");
  return areStored()
    ? el("p", { class: "quiet summary" }, `${number}, kept in this browser until you clear them.`)
    : el("p", { class: "notice summary" }, `${number}. This browser stores nothing, so they are lost when you leave this page. Export them before.`);
}

function emptyText() {
  return el("p", { class: "lead" }, "Nothing is kept yet. Use \u201cKeep\u201d at an answer or a passage, or select words in an article. They stay in this browser until you clear them.");
}

function actions(status) {
  const buttons = FORMATS.map(([format, label, name]) => el("button", { type: "button", class: format === "docx" ? "main" : "", onclick: () => exportAs(format, name, status) }, `Export as ${label}`));
  return el("div", { class: "actions" }, buttons, el("button", { type: "button", class: "plain", onclick: confirmClearing }, "Clear all quotes"));
}

function quotationView(item, index, total) {
  const name = `Quotation ${index + 1}`;
  const id = `note-${index}`;
  const note = el("textarea", { id, rows: "1", maxlength: "10000", dir: "auto", placeholder: "Note", oninput: (event) => saveNote(item, event.target) });
  note.value = item.note || "";
  return el(
    "article",
    { "aria-label": name },
    el("blockquote", { dir: "auto" }, el("a", { class: "text", href: sourceAddress(item) }, item.cited_text)),
    el("p", { class: "by" }, sourceNodes(item)),
    el("p", { class: "headline clamped", dir: "auto" }, titleOf(item)),
    el("p", { class: "state quiet" }),
    el("label", { class: "hidden", for: id }, `Note on quotation ${index + 1}`),
    note,
    el(
      "div",
      { class: "actions" },
      moveButton(item, -1, "Up", name, index === 0),
      moveButton(item, 1, "Down", name, index === total - 1),
      el("button", { type: "button", class: "plain", "aria-label": `Remove ${name.toLowerCase()}`, onclick: () => remove(item, index) }, "Remove"),
    ),
  );
}

function moveButton(item, offset, label, name, disabled) {
  return el("button", { type: "button", class: "plain", disabled, "aria-label": `Move ${name.toLowerCase()} ${label.toLowerCase()}`, onclick: () => move(item, offset, label) }, label);
}

function saveNote(item, field) {
  const items = keptQuotations().map((each) => (identity(each) === identity(item) ? { ...each, note: field.value } : each));
  saveQuotations(items);
  document.querySelector(".quotes .summary").replaceWith(summary(items));
}

function move(item, offset, label) {
  const items = keptQuotations();
  const from = items.findIndex((each) => identity(each) === identity(item));
  const to = from + offset;
  if (from < 0 || to < 0 || to >= items.length) return;
  items.splice(to, 0, ...items.splice(from, 1));
  redraw(items);
  const row = rowOf(item);
  const button = [...row.querySelectorAll("button")].find((each) => each.textContent === label && !each.disabled);
  (button || row.querySelector("button:not(:disabled)")).focus();
  announce(`Now quotation ${to + 1} of ${items.length}`);
}

function remove(item, index) {
  redraw(keptQuotations().filter((each) => identity(each) !== identity(item)));
  const rows = document.querySelectorAll(".quotes > ol > li");
  (rows[Math.min(index, rows.length - 1)]?.querySelector("a") || document.getElementById("view")).focus();
  announce("Taken out of your quotes");
}

function confirmClearing() {
  const items = keptQuotations();
  const { cancelButton } = openDialog({
    title: `Clear ${count(items.length, "quotation")}?`,
    content: [el("p", { class: "quiet" }, "They and your notes are removed from this browser. The articles stay in the collection.")],
    action: "Clear",
    cancel: "Keep them",
    act: async () => {
      redraw([]);
      announce("Your quotes were cleared");
      return document.getElementById("view");
    },
  });
  cancelButton.focus();
}

function redraw(items) {
  const states = new Map([...document.querySelectorAll(".quotes li")].map((row) => [row.dataset.identity, row.querySelector(".state")]));
  saveQuotations(items);
  show(quotesView(items));
  for (const row of document.querySelectorAll(".quotes li")) {
    const state = states.get(row.dataset.identity);
    if (state) row.querySelector(".state").replaceWith(state);
  }
}

function rowOf(item) {
  return [...document.querySelectorAll(".quotes > ol > li")].find((row) => row.dataset.identity === identity(item));
}

// Verifies every quotation with the service, so that one that is no longer valid is shown before the export.
async function check(items, current) {
  for (let start = 0; start < items.length; start += BATCH) {
    const part = items.slice(start, start + BATCH);
    const verdicts = await withKey(() => post("v1/citations/verify", { citations: part.map(proved) })).catch((problem) => problem);
    if (!current()) return;
    if (verdicts instanceof Error) {
      for (const item of items.slice(start)) rowOf(item)?.querySelector(".state").replaceChildren(`Not checked: ${verdicts.message}`);
      return;
    }
    part.forEach((item, index) => tell(item, verdicts.results[index].valid, "No longer stands in the collection"));
  }
}

function tell(item, valid, problem) {
  const state = rowOf(item)?.querySelector(".state");
  if (!state) return;
  state.className = valid ? "state verdict valid" : "state verdict fails";
  state.textContent = valid ? "Matches the file" : problem;
}

function proved(item) {
  return Object.fromEntries(PROVED.filter((name) => name in item).map((name) => [name, item[name]]));
}

async function exportAs(format, name, status) {
  const items = keptQuotations();
  status.textContent = "";
  try {
    const file = await withKey(() => postForFile("v1/citations/export", { format, quotations: items.map((item) => ({ ...proved(item), note: item.note || "" })) }));
    save(file, name);
    announce(`${count(items.length, "quotation")} exported as ${name}`);
  } catch (problem) {
    const failing = (problem.errors || []).map(({ field }) => Number(field.split(".")[1])).filter((position) => position in items);
    for (const position of failing) tell(items[position], false, "No longer stands in the collection");
    status.textContent = failing.length ? `No file was written: ${numbers(failing)} no longer ${failing.length === 1 ? "stands" : "stand"} in the collection. Remove ${failing.length === 1 ? "it" : "them"}, then export again.` : problem.message;
  }
}

function numbers(positions) {
  return `${positions.length === 1 ? "quotation" : "quotations"} ${positions.map((position) => position + 1).join(", ")}`;
}

function save(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = el("a", { href: address, download: name, "data-outside": true });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
