// The start view and the answer view: sends a question to the service and shows the answer.

import { get, post } from "./api.js";
import { answerView, answerAnnouncement, searchSummary } from "./answer.js";
import { markBusy, el, errorNotice, announce, show } from "./dom.js";
import { filterPanel, filterPlaceholder } from "./filters.js";
import { withKey } from "./key.js";
import { askAddress, sourceAddress } from "./addresses.js";
import { count, dateOf, publisherOf, titleOf } from "./format.js";

const NEWEST_COUNT = 6;
// The examples are offered if the collection holds this document, one of the seeds.
const SEED = "002_8dddc422d49da77a";
const SEED_SHA256 = "c4acf4ddf31e62ae7595d9c1030bcccd948f2121c2f78533faad50dc6caaee02";
// Characters that may be operators: the service says how it took them.
const OPERATOR = /["\u201c-\u201f\u00ab\u00bb\u300c-\u300f\uff02]|(^|[\s(])-/;
const EXAMPLES = ["why does Russia object to the X-band radar?", "Which BTS song was most viewed?"];

const FILTER_VALUES = 100;

let shownValues = false;

// The values of filters are loaded again after a change of the collection.
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

// The values of a large collection take longer than an answer, so they are loaded only when filters are opened or set.
function offerFilters(selected, current) {
  const container = document.getElementById("filters");
  if (shownValues) container.firstChild.update(selected);
  else if (Object.values(selected).some((value) => value.length)) loadFilters(selected, current).catch(() => {});
  else {
    container.replaceChildren(filterPlaceholder(async () => {
      await loadFilters(selected, current).catch((problem) => announce(problem.message));
      container.firstChild.open = true;
      container.querySelector("summary").focus();
    }));
  }
}

async function loadFilters(selected, current) {
  const values = await withKey(() => get(`v1/filters?limit=${FILTER_VALUES}`));
  if (!current()) return;
  shownValues = true;
  document.getElementById("filters").replaceChildren(filterPanel(values, selected));
}

let latest = null;

// Returns the answer to a question; the one that was shown last is not asked for again.
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
    const answer = await answerTo(state);
    if (!current()) return;
    show(...answerView(answer, state));
    setFooter(searchSummary(answer));
    announce(answerAnnouncement(answer));
  } catch (problem) {
    if (current()) show(errorNotice(problem));
  }
}

function requestBody({ question, context, filters: { title, prefer, published_from: from, published_to: to, ...lists } }) {
  return {
    question,
    filters: { ...lists, title: title ? [title] : [], published_from: from || null, published_to: to || null },
    prefer: prefer || null,
    explain: OPERATOR.test(question),
    context,
  };
}

// The view before a question: the newest documents and example questions.
async function showStart(selected, current) {
  let newest, seeds;
  offerFilters(selected, current);
  try {
    [newest, seeds] = await withKey(() => Promise.all([get(`v1/documents?sort=-published&limit=${NEWEST_COUNT}`), get(`v1/documents?limit=1&q=${SEED}`)]));
  } catch (problem) {
    if (current()) show(errorNotice(problem));
    return;
  }
  if (!current()) return;
  show(newest.total ? startView(newest, seeds.documents[0]?.source_sha256 === SEED_SHA256) : emptyStart());
  setFooter("");
}

function startView({ documents, total }, seeds) {
  return el(
    "section",
    { class: "start" },
    el("h1", { class: "lead" }, `Ask ${count(total, "document")} a question. Every answer is a sentence from one of them, cited to its exact characters.`),
    seeds && el("p", {}, "Try ", exampleLink(EXAMPLES[0]), " or, as a question without an answer, ", exampleLink(EXAMPLES[1])),
    el("h2", {}, "Newest documents"),
    el("ul", { class: "titles" }, documents.map(documentItem)),
    total > NEWEST_COUNT && el("p", {}, el("a", { href: "./?view=collection" }, `All ${count(total, "document")}`)),
  );
}

function exampleLink(text) {
  return el("a", { href: askAddress(text) }, text);
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
