// The basket of quotations: citations in order, each with a note. It is stored in this browser until it is cleared.

import { isStored, readList, watchList, writeList } from "./browser_store.js";
import { el, announce } from "./dom.js";

const LIST = "quotations";
// The stored fields of a citation: those that locate and verify it, and those that are shown.
const FIELDS = ["document_id", "source_sha256", "text_sha256", "segments", "cited_text", "title", "publisher", "agency", "authors", "published", "source", "paragraph", "page", "line_start"];

export function keptQuotations() {
  return readList(LIST).filter((item) => item && item.document_id && Array.isArray(item.segments));
}

export function saveQuotations(items) {
  const stored = writeList(LIST, items);
  showCount();
  return stored;
}

export function areStored() {
  return isStored(LIST);
}

// Two citations are the same quotation if they have the same characters of the same bytes.
export function identity({ document_id, source_sha256, segments }) {
  return JSON.stringify([document_id, source_sha256, segments.map(({ start, end }) => [start, end])]);
}

// Appends a quotation unless the basket has it; returns whether the browser stored it.
export function keep(citation) {
  const items = keptQuotations();
  if (items.some((item) => identity(item) === identity(citation))) return true;
  const item = Object.fromEntries(FIELDS.filter((name) => citation[name] != null).map((name) => [name, citation[name]]));
  return saveQuotations([...items, { ...item, note: "" }]);
}

function drop(citation) {
  saveQuotations(keptQuotations().filter((item) => identity(item) !== identity(citation)));
}

// A button that adds a quotation to the basket or removes it.
export function keepButton(citation) {
  const button = el("button", { type: "button", class: "keep", onclick: toggle });
  const isKept = () => keptQuotations().some((item) => identity(item) === identity(citation));
  function update() {
    const kept = isKept();
    button.setAttribute("aria-pressed", String(kept));
    button.textContent = !kept ? "Keep" : areStored() ? "Kept" : "Kept until you leave";
    button.title = kept ? "Take this quotation out of your quotes" : "Put this quotation into your quotes";
  }
  function toggle() {
    const stored = isKept() ? drop(citation) : keep(citation);
    // The answer and a passage may be the same quotation; then both have a button.
    for (const each of document.querySelectorAll("button.keep")) each.update?.();
    announce(isKept() ? keptMessage(stored) : "Taken out of your quotes");
  }
  button.update = update;
  update();
  return button;
}

export function keptMessage(stored) {
  return stored ? "Kept in your quotes" : "Kept until you leave this page: the browser stores nothing";
}

// Shows the number of quotations in the navigation.
export function showCount() {
  const link = document.querySelector('nav a[data-view="quotes"]');
  const number = keptQuotations().length;
  link.replaceChildren("Quotes", number ? el("span", { class: "number" }, el("span", { class: "hidden" }, ", "), String(number)) : "");
}

watchList(LIST, showCount);
