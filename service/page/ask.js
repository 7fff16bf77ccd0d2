// The start view and the answer view: sends a question to the service and shows the answer.

import { get, post } from "./api.js";
import { answerView, answerAnnouncement, searchSummary } from "./answer.js";
import { markBusy, el, errorNotice, announce, show } from "./dom.js";
import { filterPanel, filterPlaceholder } from "./filters.js";
import { withKey } from "./key.js";
import { LISTS, askAddress, sourceAddress } from "./addresses.js";
import { count, dateOf, publisherOf, titleOf } from "./format.js";

const NEWEST_COUNT = 6;
// Characters that may be operators: with them, the service explains how it understood the question.
const OPERATOR = /["\u201c-\u201f\u00ab\u00bb\u300c-\u300f\uff02]|(^|[\s(])-/;
const FILTER_VALUES = 100;
const FILTER_FIELDS = [...LISTS, "month"];

let shownValues = false;

// Makes the values of filters load again, after a change of the collection.
export function forgetFilters() {
  shownValues = false;
}

export async function showAsk(state, current) {
  document.title = state.question ? `${state.question} - Wherefrom` : "Wherefrom";
  document.getElementById("q").value = state.question;
  if (state.question) {
    offerFilters(state.filters, current);
    await answerQuestion(state, current);
  } else {
    await showStart(state.filters, current);
  }
}

// Loading the values takes longer than an answer in a large collection, so it waits until the filters are opened.
function offerFilters(selected, current) {
  const container = document.getElementById("filters");
  if (shownValues) container.firstChild.update(selected);
  else {
    container.replaceChildren(filterPlaceholder(selected, async () => {
      if (!(await loadFilters(selected, current))) return;
      container.firstChild.open = true;
      container.querySelector("summary").focus();
    }));
  }
}

// Returns whether the values are shown; they are not if the view has changed meanwhile.
async function loadFilters(selected, current) {
  const values = await withKey(() => get(`v1/filters?limit=${FILTER_VALUES}&field=${FILTER_FIELDS.join("&field=")}`));
  if (!current()) return false;
  shownValues = true;
  document.getElementById("filters").replaceChildren(filterPanel(values, selected));
  return true;
}

let latest = null;

// Returns the answer to a question; the latest answer is cached.
export async function answerTo(state) {
  const body = requestBody(state);
  const key = JSON.stringify(body);
  if (latest?.key !== key) latest = { key, answer: await withKey(() => post("v1/ask", body)) };
  return latest.answer;
}

async function answerQuestion(state, current) {
  markBusy();
  try {
    latest = null;
    const asked = import("./asked.js");
    const answer = await answerTo(state);
    if (!current()) return;
    (await asked).rememberQuestion(state, answer);
    if (!current()) return;
    show(...answerView(answer, state, requestBody(state)));
    setFooter(searchSummary(answer));
    announce(answerAnnouncement(answer));
    if (answer.answer) import("./written.js").then((written) => written.showWritten(answer, requestBody(state), current)).catch(() => {});
  } catch (problem) {
    if (current()) show(errorNotice(problem));
  }
}

function requestBody({ question, context, filters: { title, prefer, extra, published_from: from, published_to: to, ...lists } }) {
  return {
    question,
    filters: { ...lists, extra: extraConditions(extra), title: title ? [title] : [], published_from: from || null, published_to: to || null },
    prefer: prefer || null,
    explain: OPERATOR.test(question),
    context,
  };
}

// A text such as "year=2016" may mean the string or the number; the service distinguishes them.
function extraConditions(texts) {
  const conditions = {};
  for (const text of texts) {
    const at = text.indexOf("=");
    const value = text.slice(at + 1);
    const meant = [value];
    if (value === "true" || value === "false") meant.push(value === "true");
    else if (/^-?\d{1,15}(\.\d{1,15})?$/.test(value)) meant.push(Number(value));
    (conditions[text.slice(0, at)] ??= []).push(...meant);
  }
  return conditions;
}

// Shows the start view: questions that the collection answers, earlier questions, and the newest documents.
async function showStart(selected, current) {
  let newest;
  offerFilters(selected, current);
  try {
    newest = await withKey(() => get(`v1/documents?sort=-published&limit=${NEWEST_COUNT}`));
  } catch (problem) {
    if (current()) show(errorNotice(problem));
    return;
  }
  if (!current()) return;
  show(newest.total ? startView(newest) : emptyStart());
  setFooter("");
  if (newest.total) offerQuestions(current);
}

// Adds the questions after the view is shown, since the service may have to compute its suggestions first.
async function offerQuestions(current) {
  const start = document.querySelector(".start .offers");
  const { askedView } = await import("./asked.js");
  start.append(askedView() || "");
  const found = await withKey(() => get("v1/suggestions")).catch(() => null);
  if (!current() || !found?.questions.length) return;
  const list = el("ul", { class: "suggested" }, found.questions.map(({ question }) => el("li", {}, el("a", { href: askAddress(question), dir: "auto" }, question))));
  start.prepend(el("section", { class: "suggestions", "aria-labelledby": "suggested-title" }, el("h2", { id: "suggested-title" }, "Try a question"), list));
}

function startView({ documents, total }) {
  return el(
    "section",
    { class: "start" },
    el("h1", { class: "lead" }, `Ask ${count(total, "document")} a question. Every answer is a sentence from one of them, cited to its exact characters.`),
    el("div", { class: "offers" }),
    el("h2", {}, "Newest documents"),
    el("ul", { class: "titles" }, documents.map(documentItem)),
    total > NEWEST_COUNT && el("p", {}, el("a", { href: "./?view=collection" }, `All ${count(total, "document")}`)),
  );
}

function documentItem(item) {
  return el(
    "li",
    {},
    el("a", { href: sourceAddress({ document_id: item.document_id }), dir: "auto", class: "clamped" }, titleOf(item)),
    el("span", { class: "quiet" }, el("bdi", {}, publisherOf(item)), `, ${dateOf(item)}`),
  );
}

function emptyStart() {
  return el(
    "section",
    { class: "start" },
    el("h1", { class: "lead" }, "The collection is empty."),
    el("p", {}, el("a", { class: "button main", href: "./?view=collection" }, "Add documents")),
  );
}

function setFooter(text) {
  document.getElementById("facts").textContent = text;
}
