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
const SEED_SHA256 = "c4acf4ddf31e62ae7595d9c1030bcccd948f2121c2f78533faad50dc6caaee02";
// Characters that may be operators: the service says how it took them.
const OPERATOR = /["\u201c-\u201f\u00ab\u00bb\u300c-\u300f\uff02]|(^|[\s(])-/;
const EXAMPLES = ["why does Russia object to the X-band radar?", "Which BTS song was most viewed?"];

let documents = null;
let listRequest = null;
let shownDocuments = null;

export function forgetDocumentList() {
  documents = null;
  listRequest = null;
}

// Fetches the list of documents once, also for concurrent callers.
export async function loadDocumentList() {
  listRequest ??= get("v1/documents").then((response) => (documents = response.documents));
  try {
    return await listRequest;
  } catch (problem) {
    listRequest = null;
    throw problem;
  }
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

// The list of a large collection takes longer than an answer, so it is loaded only when filters are opened or set.
function offerFilters(selected, current) {
  const container = document.getElementById("filters");
  if (documents || Object.values(selected).some((value) => value.length)) loadFilters(selected, current).catch(() => {});
  else if (shownDocuments) container.firstChild.update(selected);
  else {
    container.replaceChildren(filterPlaceholder(async () => {
      await loadFilters(selected, current).catch((problem) => announce(problem.message));
      container.firstChild.open = true;
      container.querySelector("summary").focus();
    }));
  }
}

async function loadFilters(selected, current) {
  const list = await withKey(loadDocumentList);
  if (current()) showFilters(list, selected);
}

function showFilters(list, selected) {
  const container = document.getElementById("filters");
  if (shownDocuments === list && container.firstChild) container.firstChild.update(selected);
  else container.replaceChildren(filterPanel((shownDocuments = list), selected));
}

async function answerQuestion(state, current) {
  markBusy();
  try {
    const answer = await withKey(() => post("v1/ask", requestBody(state)));
    if (!current()) return;
    show(...answerView(answer, state));
    setFooter(searchSummary(answer));
    announce(answerAnnouncement(answer));
  } catch (problem) {
    if (current()) show(errorNotice(problem));
  }
}

function requestBody({ question, filters: { title, prefer, published_from: from, published_to: to, ...lists } }) {
  return {
    question,
    filters: { ...lists, title: title ? [title] : [], published_from: from || null, published_to: to || null },
    prefer: prefer || null,
    explain: OPERATOR.test(question),
  };
}

// The view before a question: the newest documents and example questions.
async function showStart(selected, current) {
  try {
    await loadFilters(selected, current);
  } catch (problem) {
    if (current()) show(errorNotice(problem));
    return;
  }
  if (!current()) return;
  const newest = [...documents].sort((a, b) => (b.published || "").localeCompare(a.published || "")).slice(0, NEWEST_COUNT);
  show(documents.length ? startView(newest) : emptyStart());
  setFooter("");
}

function startView(newest) {
  const seeds = documents.some((item) => item.source_sha256 === SEED_SHA256);
  return el(
    "section",
    { class: "start" },
    el("h1", { class: "lead" }, `Ask ${count(documents.length, "document")} a question. Every answer is a sentence from one of them, cited to its exact characters.`),
    seeds && el("p", {}, "Try ", exampleLink(EXAMPLES[0]), " or, as a question without an answer, ", exampleLink(EXAMPLES[1])),
    el("h2", {}, "Newest documents"),
    el("ul", { class: "titles" }, newest.map(documentItem)),
    documents.length > NEWEST_COUNT && el("p", {}, el("a", { href: "./?view=collection" }, `All ${count(documents.length, "document")}`)),
  );
}

function exampleLink(text) {
  return el("a", { href: askAddress(text) }, text);
}

function documentItem(item) {
  return el(
    "li",
    {},
    el("a", { href: sourceAddress({ document_id: item.document_id }), dir: "auto" }, titleOf(item)),
    el("span", { class: "quiet" }, el("bdi", {}, `${publisherOf(item)}, ${dateOf(item)}`)),
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
