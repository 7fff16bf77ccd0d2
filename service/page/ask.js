// Asking: the question goes to the service, and its answer into the page.

import { get, post } from "./api.js";
import { answerView, toldAnswer, tookInWords } from "./answer.js";
import { busy, el, failure, say, show } from "./dom.js";
import { filterBox, filterOffer } from "./filters.js";
import { withKey } from "./key.js";
import { askAddress, sourceAddress } from "./places.js";
import { count, dateOf, publisherOf, titleOf } from "./words.js";

const NEWEST = 6;
// The question of the README, offered where the seeds are.
const SEED = "c4acf4ddf31e62ae7595d9c1030bcccd948f2121c2f78533faad50dc6caaee02";
const EXAMPLES = ["why does Russia object to the X-band radar?", "Which BTS song was most viewed?"];

let documents = null;
let listing = null;
let filtered = null;

export function forgetDocuments() {
  documents = null;
  listing = null;
}

// The list is fetched once, however many wait for it.
export async function knownDocuments() {
  listing ??= get("/v1/documents").then((told) => (documents = told.documents));
  try {
    return await listing;
  } catch (problem) {
    listing = null;
    throw problem;
  }
}

export async function showAsk(place, current) {
  document.title = place.question ? `${place.question} - Wherefrom` : "Wherefrom";
  document.getElementById("q").value = place.question;
  if (place.question) {
    offerFilters(place.filters, current);
    await answerQuestion(place, current);
  } else {
    await showDesk(place.filters, current);
  }
}

// A large collection's list takes longer than an answer, so it is asked for when somebody wants to filter.
function offerFilters(chosen, current) {
  const home = document.getElementById("filters");
  if (documents || Object.values(chosen).some((value) => value.length)) loadFilters(chosen, current).catch(() => {});
  else if (filtered) home.firstChild.update(chosen);
  else {
    home.replaceChildren(filterOffer(async () => {
      await loadFilters(chosen, current).catch((problem) => say(problem.message));
      home.firstChild.open = true;
      home.querySelector("summary").focus();
    }));
  }
}

async function loadFilters(chosen, current) {
  const all = await withKey(knownDocuments);
  if (current()) showFilters(all, chosen);
}

function showFilters(all, chosen) {
  const home = document.getElementById("filters");
  if (filtered === all && home.firstChild) home.firstChild.update(chosen);
  else home.replaceChildren(filterBox((filtered = all), chosen));
}

async function answerQuestion(place, current) {
  busy();
  try {
    const answer = await withKey(() => post("/v1/ask", { question: place.question, filters: asked(place.filters) }));
    if (!current()) return;
    show(...answerView(answer, place));
    facts(tookInWords(answer));
    say(toldAnswer(answer));
  } catch (problem) {
    if (current()) show(failure(problem));
  }
}

function asked({ publisher, published_from: from, published_to: to }) {
  return { publisher, ...(from && { published_from: from }), ...(to && { published_to: to }) };
}

// Before a question: what lies on the desk.
async function showDesk(chosen, current) {
  try {
    await loadFilters(chosen, current);
  } catch (problem) {
    if (current()) show(failure(problem));
    return;
  }
  if (!current()) return;
  const newest = [...documents].sort((a, b) => (b.published || "").localeCompare(a.published || "")).slice(0, NEWEST);
  show(documents.length ? desk(newest) : emptyDesk());
  facts("");
}

function desk(newest) {
  const seeds = documents.some((each) => each.source_sha256 === SEED);
  return el(
    "section",
    { class: "desk" },
    el("h1", { class: "lead" }, `Ask ${count(documents.length, "document")} a question. Every answer is a sentence from one of them, cited to its exact characters.`),
    seeds && el("p", {}, "For example ", example(EXAMPLES[0]), " or, for one that they do not answer, ", example(EXAMPLES[1])),
    el("h2", {}, "On the desk"),
    el("ul", { class: "titles" }, newest.map(story)),
    documents.length > NEWEST && el("p", {}, el("a", { href: "/?view=collection" }, `All ${count(documents.length, "document")}`)),
  );
}

function example(text) {
  return el("a", { href: askAddress(text) }, text);
}

function story(each) {
  return el(
    "li",
    {},
    el("a", { href: sourceAddress({ document_id: each.document_id }), dir: "auto" }, titleOf(each)),
    el("span", { class: "quiet" }, el("bdi", {}, `${publisherOf(each)}, ${dateOf(each)}`)),
  );
}

function emptyDesk() {
  return el(
    "section",
    { class: "desk" },
    el("h1", { class: "lead" }, "The collection is empty."),
    el("p", {}, el("a", { class: "button main", href: "/?view=collection" }, "Add documents")),
  );
}

function facts(text) {
  document.getElementById("facts").textContent = text;
}
