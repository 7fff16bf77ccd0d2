// Filters by publisher and publication date. They are part of the address, so that a filtered answer can be shared.

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
    el("div", { class: "choices" }, publisherFieldset(documents, selected.publisher), dateFieldset(documents)),
    el("p", {}, clearButton),
  );
  panel.update = (current) => updatePanel(panel, summaryText, clearButton, current);
  panel.update(selected);
  return panel;
}

// Shown until the list of documents is loaded; `onOpen` is called once.
export function filterPlaceholder(onOpen) {
  const summaryText = el("span", { class: "quiet" }, " by publisher and date");
  const panel = el("details", { class: "filters" }, el("summary", {}, "Filter", summaryText));
  panel.addEventListener("toggle", onOpen, { once: true });
  return panel;
}

export function chosenFilters(form) {
  const fields = new FormData(form);
  return {
    publisher: fields.getAll("publisher"),
    published_from: fields.get("published_from") || "",
    published_to: fields.get("published_to") || "",
  };
}

function updatePanel(panel, summaryText, clearButton, selected) {
  const description = describe(selected);
  summaryText.textContent = description ? `: ${description}` : " by publisher and date";
  clearButton.hidden = !description;
  if (description) panel.open = true;
  for (const input of panel.querySelectorAll("input")) {
    if (input.type === "checkbox") input.checked = selected.publisher.includes(input.value);
    else if (input.value !== selected[input.name]) input.value = selected[input.name];
  }
}

function describe({ publisher, published_from: from, published_to: to }) {
  const parts = [...publisher];
  if (from) parts.push(`from ${day(from)}`);
  if (to) parts.push(`to ${day(to)}`);
  return parts.join(", ");
}

function publisherFieldset(documents, selected) {
  const counts = new Map(selected.map((name) => [name, 0]));
  for (const { publisher } of documents) if (publisher) counts.set(publisher, (counts.get(publisher) || 0) + 1);
  const names = [...counts.keys()].sort((a, b) => a.localeCompare(b));
  const withoutPublisher = documents.filter((item) => !item.publisher).length;
  return el(
    "fieldset",
    {},
    el("legend", {}, "Publisher"),
    el("div", { class: "boxes" }, names.map((name) => publisherOption(name, counts.get(name)))),
    withoutPublisher > 0 && el("p", { class: "quiet" }, `${count(withoutPublisher, "document")} without a stated publisher`),
  );
}

function publisherOption(name, documents) {
  const checkbox = el("input", { type: "checkbox", name: "publisher", value: name });
  return el("label", {}, checkbox, " ", el("bdi", {}, name), el("span", { class: "quiet" }, ` ${documents}`));
}

function dateFieldset(documents) {
  const undated = documents.filter((item) => !item.published).length;
  return el(
    "fieldset",
    {},
    el("legend", {}, "Published"),
    el("div", { class: "days" }, dateField("From", "published_from"), dateField("To", "published_to")),
    undated > 0 && el("p", { class: "quiet" }, `${count(undated, "undated document")} excluded when a date is set`),
  );
}

function dateField(label, name) {
  return el("label", {}, `${label} `, el("input", { type: "date", name }));
}

function clearFilters(panel) {
  for (const input of panel.querySelectorAll("input")) {
    input.checked = false;
    if (input.type === "date") input.value = "";
  }
  panel.querySelector("summary").focus();
  panel.closest("form").requestSubmit();
}
