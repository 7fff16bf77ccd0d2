// The collection view: documents over time, uploads, and the list with its search, order and pages.

import { get } from "./api.js";
import { forgetFilters } from "./ask.js";
import { markBusy, el, errorNotice, show } from "./dom.js";
import { documentTable } from "./table.js";
import { withKey } from "./key.js";
import { timeline } from "./timeline.js";
import { clearSeenResults, uploadArea } from "./uploads.js";
import { count } from "./format.js";

const PAGE_DOCUMENTS = 50;
const TYPING_MS = 150;

// The criteria of the list; they survive other views, so that "back" leads to the same page.
const criteria = { text: "", sort: "document_id", months: null, cursors: [] };

// Tells whether the view that was shown last is still shown.
let latest = () => false;

export async function showCollection(current) {
  document.title = "Collection - Wherefrom";
  latest = current;
  clearSeenResults();
  await load(current);
}

// Shows the collection after a change of it.
async function reload() {
  if (latest()) await load(latest);
}

let loads = 0;

async function load(current) {
  const thisLoad = ++loads;
  markBusy();
  try {
    forgetFilters();
    criteria.months = null;
    const [page, values, index] = await withKey(() => Promise.all([loadPage(), get("v1/filters?field=month"), get("v1/index")]));
    if (thisLoad !== loads) return;
    if (!page.documents.length && criteria.cursors.length) {
      criteria.cursors = [];
      await load(current);
    } else if (current()) show(collectionView(page, values, index));
  } catch (problem) {
    if (thisLoad === loads && current()) showProblem(problem);
  }
}

// Shows a problem above the collection if that is shown: the results of uploads are in it.
function showProblem(problem) {
  const view = document.querySelector(".collection");
  if (!view) return show(errorNotice(problem));
  show(view);
  view.querySelector(":scope > .notice")?.remove();
  view.prepend(errorNotice(problem));
}

function loadPage() {
  const { text, sort, months, cursors } = criteria;
  const parameters = new URLSearchParams({ limit: PAGE_DOCUMENTS, sort });
  if (text) parameters.set("q", text);
  if (months) {
    parameters.set("published_from", dayOf(months.from, 1));
    parameters.set("published_to", dayOf(months.to + 1, 0));
  }
  if (cursors.length) parameters.set("cursor", cursors.at(-1));
  return get(`v1/documents?${parameters}`);
}

// Returns a day of a month, which is counted from year 0; day 0 is the last day of the month before.
function dayOf(month, day) {
  const date = new Date(Date.UTC(2000, month % 12, day));
  date.setUTCFullYear(Math.floor(month / 12), month % 12, day);
  return date.toISOString().slice(0, 10);
}

function collectionView(page, values, index) {
  const list = el("div", { class: "list" });
  let latest = 0;
  const update = async (changes) => {
    Object.assign(criteria, { cursors: [] }, changes);
    const thisUpdate = ++latest;
    const result = await withKey(loadPage).catch((problem) => problem);
    if (thisUpdate !== latest) return;
    const focused = list.contains(document.activeElement) ? document.activeElement.textContent : null;
    list.replaceChildren(...(result instanceof Error ? [errorNotice(result)] : listed(result, list, update)));
    if (focused !== null) focusOn(focused, list);
  };
  list.replaceChildren(...listed(page, list, update));
  return el(
    "section",
    { class: "collection", "aria-labelledby": "collection-title" },
    el("h1", { id: "collection-title" }, "Collection"),
    el("p", { class: "lead" }, summary(values, index)),
    timeline(values.month.values, (months) => update({ months })),
    uploadArea(reload),
    values.documents > 0 && searchField((text) => update({ text })),
    list,
  );
}

// Focuses the column header or the page button with a text. On the first and the last page, one button is disabled.
function focusOn(text, list) {
  const buttons = [...list.querySelectorAll("thead button, .pages button:not(:disabled)")];
  (buttons.find((each) => each.textContent === text) || buttons.at(-1))?.focus({ preventScroll: true });
}

function summary({ documents, month }, index) {
  const parts = [count(documents, "document"), count(index.passages, "passage")];
  if (month.without) parts.push(`${month.without} undated`);
  return `${parts.join(", ")}. Model: ${index.model}.`;
}

function listed(page, list, update) {
  if (!page.documents.length) return [criteria.text || criteria.months ? el("p", { class: "quiet", role: "status" }, "No document matches.") : ""];
  const first = criteria.cursors.length * PAGE_DOCUMENTS + 1;
  const range = `${first.toLocaleString("en")} to ${(first + page.documents.length - 1).toLocaleString("en")} of ${count(page.total, "document")}`;
  const turn = (cursors) => {
    update({ cursors });
    list.scrollIntoView({ block: "start" });
  };
  const pages = el(
    "nav",
    { class: "pages", "aria-label": "Pages" },
    el("button", { type: "button", disabled: !criteria.cursors.length, onclick: () => turn(criteria.cursors.slice(0, -1)) }, "Previous"),
    el("span", { role: "status" }, criteria.months ? `${range} from ${criteria.months.label}` : range),
    el("button", { type: "button", disabled: !page.cursor, onclick: () => turn([...criteria.cursors, page.cursor]) }, "Next"),
  );
  return [documentTable(page.documents, criteria.sort, (sort) => update({ sort }), reload), pages];
}

function searchField(onInput) {
  let timer = 0;
  const search = (event) => {
    clearTimeout(timer);
    timer = setTimeout(() => onInput(event.target.value.trim()), TYPING_MS);
  };
  const input = el("input", { type: "search", id: "find", maxlength: "2000", value: criteria.text, oninput: search });
  return el("p", { class: "find" }, el("label", { for: "find" }, "Find a document"), input);
}
