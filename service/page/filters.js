// Filters by metadata and publication date. They are part of the address, so that a filtered answer can be shared.

import { LISTS, SINGLE } from "./addresses.js";
import { el } from "./dom.js";
import { count, day } from "./format.js";

// The panel is reused from answer to answer, so that the keyboard focus stays in it.
export function filterPanel(documents, selected) {
  const summaryText = el("span", { class: "quiet" });
  const clearButton = el("button", { type: "button", class: "plain", onclick: () => clearFilters(panel) }, "Clear the filters");
  const panel = el(
    "details",
    { class: "filters" },
    el("summary", {}, "Filter", summaryText),
    el("div", { class: "choices" }, valueFieldsets(documents, selected), titleFieldset(), dateFieldset(documents)),
    el("p", { class: "quiet" }, "In the question, a \u201cphrase in quotation marks\u201d must occur in the passage, and a word after a minus, as in -word, must not."),
    el("p", {}, clearButton),
  );
  panel.update = (current) => updatePanel(panel, summaryText, clearButton, current);
  panel.update(selected);
  return panel;
}

// Shown until the list of documents is loaded; `onOpen` is called once.
export function filterPlaceholder(onOpen) {
  const summaryText = el("span", { class: "quiet" }, " by publisher and date, author and more");
  const panel = el("details", { class: "filters" }, el("summary", {}, "Filter", summaryText));
  panel.addEventListener("toggle", onOpen, { once: true });
  return panel;
}

export function chosenFilters(form) {
  const fields = new FormData(form);
  return {
    ...Object.fromEntries(LISTS.map((name) => [name, fields.getAll(name)])),
    ...Object.fromEntries(SINGLE.map((name) => [name, (fields.get(name) || "").trim()])),
  };
}

function updatePanel(panel, summaryText, clearButton, selected) {
  const description = describe(selected);
  summaryText.textContent = description ? `: ${description}` : " by publisher and date, author and more";
  clearButton.hidden = !description;
  if (description) panel.open = true;
  for (const input of panel.querySelectorAll("input")) {
    if (input.type === "checkbox") input.checked = [selected[input.name]].flat().includes(input.value);
    else if (input.value !== selected[input.name]) input.value = selected[input.name];
  }
}

function describe(selected) {
  const { title, prefer, published_from: from, published_to: to } = selected;
  const parts = LISTS.flatMap((name) => selected[name]);
  if (title) parts.push(`title with ${title}`);
  if (from) parts.push(`from ${day(from)}`);
  if (to) parts.push(`to ${day(to)}`);
  if (prefer) parts.push("newest preferred");
  return parts.join(", ");
}

// A group for each kind of value that a document has, or that is chosen.
function valueFieldsets(documents, selected) {
  const groups = [
    ["publisher", "Publisher", (item) => [item.publisher]],
    ["agency", "Agency", (item) => [item.agency]],
    ["author", "Author", (item) => item.authors],
    ["language", "Language", (item) => [item.language]],
  ];
  return groups.map(([name, label, valuesOf]) => valueFieldset(documents, name, label, valuesOf, selected[name]));
}

function valueFieldset(documents, name, label, valuesOf, selected) {
  const counts = new Map(selected.map((value) => [value, 0]));
  for (const item of documents) for (const value of valuesOf(item)) if (value) counts.set(value, (counts.get(value) || 0) + 1);
  const without = documents.filter((item) => !valuesOf(item).some(Boolean)).length;
  if (counts.size === 0 && name !== "publisher") return null;
  const values = [...counts.keys()].sort((a, b) => a.localeCompare(b));
  return el(
    "fieldset",
    {},
    el("legend", {}, label),
    el("div", { class: "boxes" }, values.map((value) => valueOption(name, value, counts.get(value)))),
    without > 0 && el("p", { class: "quiet" }, `${count(without, "document")} without a stated ${label.toLowerCase()}`),
  );
}

function valueOption(name, value, documents) {
  const checkbox = el("input", { type: "checkbox", name, value });
  return el("label", {}, checkbox, " ", el("bdi", {}, value), el("span", { class: "quiet" }, ` ${documents}`));
}

function titleFieldset() {
  return el(
    "fieldset",
    {},
    el("legend", {}, "Title"),
    el("label", {}, "Words in the title ", el("input", { type: "text", name: "title", maxlength: "200" })),
  );
}

function dateFieldset(documents) {
  const undated = documents.filter((item) => !item.published).length;
  return el(
    "fieldset",
    {},
    el("legend", {}, "Published"),
    el("div", { class: "days" }, dateField("From", "published_from"), dateField("To", "published_to")),
    el("p", {}, el("label", {}, el("input", { type: "checkbox", name: "prefer", value: "newest" }), " Prefer the newest")),
    undated > 0 && el("p", { class: "quiet" }, `${count(undated, "undated document")} excluded when a date is set`),
  );
}

function dateField(label, name) {
  return el("label", {}, `${label} `, el("input", { type: "date", name }));
}

function clearFilters(panel) {
  for (const input of panel.querySelectorAll("input")) {
    input.checked = false;
    if (input.type !== "checkbox") input.value = "";
  }
  panel.querySelector("summary").focus();
  panel.closest("form").requestSubmit();
}
