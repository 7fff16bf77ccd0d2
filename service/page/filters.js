// Filters by metadata and publication date. They are part of the address, so that a filtered answer can be shared.

import { LISTS, SINGLE } from "./addresses.js";
import { get } from "./api.js";
import { el } from "./dom.js";
import { count, day } from "./format.js";

const GROUPS = [["publisher", "Publisher"], ["agency", "Agency"], ["author", "Author"], ["language", "Language"]];
// Number of values above which they can be searched.
const MIN_SEARCHED = 12;

// `values` has the listed values of each filter. The panel is reused from answer to answer, so that the keyboard focus
// stays in it.
export function filterPanel(values, selected) {
  const summaryText = el("span", { class: "quiet" });
  const clear = clearButton(() => panel);
  const panel = el(
    "details",
    { class: "filters" },
    el("summary", {}, "Filter", summaryText),
    el("div", { class: "choices" }, GROUPS.map(([name, label]) => valueFieldset({ name, label }, values[name], selected[name])), titleFieldset(), dateFieldset(values.month.without), extraFieldsets(values.extra, selected.extra)),
    el("p", { class: "quiet" }, "In the question, a \u201cphrase in quotation marks\u201d must occur in the passage, and a word after a minus, as in -word, must not."),
    el("p", {}, clear),
  );
  panel.update = (current) => updatePanel(panel, summaryText, clear, current);
  panel.update(selected);
  return panel;
}

// A panel without values, shown until they are loaded. `load` is called whenever it is opened, and a problem that it
// throws is shown. Filters that are set are fields of the form here too, so that they hold for the next question.
export function filterPlaceholder(selected, load) {
  const state = el("p", { class: "fails", role: "status" });
  const fields = [...LISTS, ...SINGLE].flatMap((name) => [selected[name]].flat().filter(Boolean).map((value) => el("input", { type: "hidden", name, value })));
  const panel = el("details", { class: "filters" }, el("summary", {}, "Filter", el("span", { class: "quiet" }, summaryOf(selected))), state, fields, fields.length > 0 && el("p", {}, clearButton(() => panel)));
  panel.addEventListener("toggle", async () => {
    if (!panel.open) return;
    state.textContent = "\u2026";
    await load().catch((problem) => (state.textContent = problem.message));
  });
  return panel;
}

export function chosenFilters(form) {
  const fields = new FormData(form);
  return {
    ...Object.fromEntries(LISTS.map((name) => [name, fields.getAll(name)])),
    ...Object.fromEntries(SINGLE.map((name) => [name, (fields.get(name) || "").trim()])),
  };
}

function updatePanel(panel, summaryText, clear, selected) {
  summaryText.textContent = summaryOf(selected);
  clear.hidden = !describe(selected);
  for (const input of panel.querySelectorAll("input")) {
    if (!input.name) continue;
    if (input.type === "checkbox") input.checked = [selected[input.name]].flat().includes(input.value);
    else if (input.value !== selected[input.name]) input.value = selected[input.name];
  }
}

function summaryOf(selected) {
  const description = describe(selected);
  return description ? `: ${description}` : " by publisher and date, author and more";
}

function describe(selected) {
  const { title, prefer, published_from: from, published_to: to } = selected;
  const parts = LISTS.flatMap((name) => (name === "extra" ? selected.extra.map((text) => text.replace("=", ": ")) : selected[name]));
  if (title) parts.push(`title with ${title}`);
  if (from) parts.push(`from ${day(from)}`);
  if (to) parts.push(`to ${day(to)}`);
  if (prefer) parts.push("newest preferred");
  return parts.join(", ");
}

// The extra fields of documents. A name with a comparison sign cannot be used in an address.
function extraFieldsets(extra, selected) {
  const ofField = (name) => selected.filter((text) => text.startsWith(`${name}=`));
  const unlisted = selected.map((text) => text.split("=")[0]).filter((name) => !(name in extra));
  const names = [...Object.keys(extra), ...new Set(unlisted)].filter((name) => !/[=<>]/.test(name));
  const none = { values: [], total: 0, without: 0 };
  return names.map((name) => valueFieldset({ name: "extra", label: name, field: name }, extra[name] || none, ofField(name)));
}

// The values of a filter, or of one extra field as NAME=VALUE.
function valueFieldset(filter, { values, total, without }, selected) {
  const { name, label, field } = filter;
  if (total === 0 && selected.length === 0 && name !== "publisher") return null;
  const boxes = el("div", { class: "boxes" });
  const fill = (found) => {
    const listed = found.map(({ value, documents }) => ({ value: field ? `${field}=${value}` : value, documents }));
    const checked = [...boxes.querySelectorAll("input:checked")].map((input) => input.value);
    const counts = new Map(listed.map(({ value, documents }) => [value, documents]));
    const first = [...new Set([...checked, ...selected])].filter((value) => !counts.has(value));
    boxes.replaceChildren(...first.map((value) => valueOption(filter, value, "")), ...listed.map(({ value }) => valueOption(filter, value, counts.get(value))));
    for (const input of boxes.querySelectorAll("input")) input.checked = checked.includes(input.value);
  };
  fill(values);
  return el(
    "fieldset",
    {},
    el("legend", {}, label),
    total > MIN_SEARCHED && valueSearch(filter, values, total, fill),
    boxes,
    without > 0 && !field && el("p", { class: "quiet" }, `${count(without, "document")} without a stated ${label.toLowerCase()}`),
  );
}

// Searches the listed values, or the service if it has more. The field has no name, since it is not a filter.
function valueSearch({ name, label, field }, values, total, fill) {
  let latest = 0;
  const search = async (event) => {
    event.stopPropagation();
    const thisSearch = ++latest;
    const words = event.target.value.toLowerCase().split(/\s+/).filter(Boolean);
    const local = values.filter(({ value }) => words.every((word) => value.toLowerCase().includes(word)));
    const query = new URLSearchParams({ field: name, q: words.join(" "), limit: values.length });
    const ofFilter = (found) => (field ? found?.[name][field] : found?.[name]);
    const listed = total > values.length && words.length ? ofFilter(await get(`v1/filters?${query}`).catch(() => null))?.values : local;
    if (thisSearch === latest && listed) fill(listed);
  };
  const input = el("input", { type: "search", class: "search", oninput: search, onchange: (event) => event.stopPropagation(), "aria-label": `Search ${label.toLowerCase()}`, placeholder: `Search ${total}` });
  return el("p", {}, input);
}

function valueOption({ name, field }, value, documents) {
  const checkbox = el("input", { type: "checkbox", name, value });
  return el("label", {}, checkbox, " ", el("bdi", {}, field ? value.slice(field.length + 1) : value), el("span", { class: "quiet" }, ` ${documents.toLocaleString("en")}`));
}

function titleFieldset() {
  return el(
    "fieldset",
    {},
    el("legend", {}, "Title"),
    el("label", {}, "Words in the title ", el("input", { type: "text", name: "title", maxlength: "200" })),
  );
}

function dateFieldset(undated) {
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

function clearButton(panel) {
  return el("button", { type: "button", class: "plain", onclick: () => clearFilters(panel()) }, "Clear the filters");
}

function clearFilters(panel) {
  for (const input of panel.querySelectorAll("input")) {
    input.checked = false;
    if (input.type !== "checkbox") input.value = "";
  }
  panel.querySelector("summary").focus();
  panel.closest("form").requestSubmit();
}
