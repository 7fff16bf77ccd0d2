// The view of a source: its clean article, and in a second tab the original file, each with the cited characters
// marked, and the other passages of the answer marked more lightly.

import { documentPath, get, hasKey, post } from "./api.js";
import { articleBlocks, articleView } from "./article.js";
import { answerTo } from "./ask.js";
import { keepButton } from "./basket.js";
import { citeMenu } from "./cite.js";
import { markBusy, el, errorNotice, announce, show } from "./dom.js";
import { foldAbove } from "./folds.js";
import { withKey } from "./key.js";
import { articleLegend } from "./legend.js";
import { originalView } from "./original.js";
import { citationFromAddress } from "./source_citation.js";
import { tabbed } from "./tabs.js";
import { askAddress, tabAddress } from "./addresses.js";
import { dateOf, fileName, publisherOf, size, titleOf, webAddress } from "./format.js";

export async function showSource(state, current) {
  markBusy();
  document.title = `${state.document} - Wherefrom`;
  try {
    const [reading, answer] = await Promise.all([withKey(() => get(documentPath(state.document, "/reading"))), answerOf(state)]);
    if (!current()) return;
    const citation = state.segments.length ? citationFromAddress(reading, state) : null;
    document.title = `${titleOf(reading)} - Wherefrom`;
    const verdict = el("p", { class: "verdict" });
    show(sourceView(reading, state, citation, otherPassages(answer, reading, citation), verdict, answer?.problem));
    openAtCitation();
    import("./selection.js").then(({ offerKeeping }) => offerKeeping(document.querySelector(".source"), reading));
    if (citation) await verifyCitation(citation, verdict);
  } catch (problem) {
    if (current()) show(errorNotice(problem));
  }
}

export function scrollToCitation() {
  shownMark()?.scrollIntoView({ block: "center" });
}

function shownMark() {
  return document.querySelector(".panel:not([hidden]) :is(.sheets > .page rect.cited, .article mark, .panel > .raw mark)");
}

function openAtCitation() {
  const panel = document.querySelector(".panel:not([hidden])");
  const noun = panel.querySelector(".article") ? "paragraph" : panel.querySelector(".sheets") ? "page" : "line";
  foldAbove(shownMark(), [...panel.querySelector(".article, .sheets, .raw").children], noun);
  scrollToCitation();
}

// Returns the answer to the question in the address. The source can be read without it.
async function answerOf(state) {
  if (!state.question) return null;
  return answerTo(state).catch((problem) => ({ passages: [], problem: problem.message }));
}

// Returns the passages of the answer in this source, except the cited one.
function otherPassages(answer, { document_id: id, source_sha256: sha256 }, citation) {
  const citations = (answer?.passages ?? []).flatMap((passage) => [passage.citation, ...passage.also_in].map((each) => ({ ...each, rank: passage.rank })));
  const place = (each) => JSON.stringify(each.segments.map(({ start, end }) => [start, end]));
  return citations.filter((each) => each.document_id === id && each.source_sha256 === sha256 && !(citation && place(each) === place(citation)));
}

function sourceView(reading, state, citation, passages, verdict, problem) {
  const back = state.question ? askAddress(state.question, state.filters, state.context) : "./?view=collection";
  const blocks = articleBlocks(reading, citation, passages);
  const views = [
    { id: "article", name: "Article", build: () => [articleLegend(state, citation, passages), articleView(reading, blocks)] },
    { id: "original", name: "Original file", build: () => originalView(reading, citation, passages) },
  ];
  const { list, panels } = tabbed("Views of this source", views, state.tab || firstTab(reading, citation, blocks), (id) => {
    history.replaceState(null, "", tabAddress(location.search, id));
    openAtCitation();
  });
  return el(
    "section",
    { class: "source", "aria-labelledby": "source-title" },
    el("p", { class: "back" }, el("a", { href: back, id: "back" }, state.question ? "Back to the answer" : "Back to the collection")),
    el("h1", { id: "source-title", dir: "auto", class: "clamped", title: titleOf(reading) }, titleOf(reading)),
    el("p", { class: "by" }, el("bdi", {}, publisherOf(reading)), `, ${dateOf(reading)}`, byline(reading)),
    problem && el("p", { class: "notice" }, `The other passages of the answer are not marked: ${problem}`),
    list,
    el("div", { class: "columns" }, el("div", { class: "panels" }, panels), sidebar(reading, citation, verdict)),
  );
}

function byline({ authors }) {
  return authors.length > 0 && [", by ", ...authors.flatMap((author, index) => [index > 0 && ", ", el("bdi", {}, author)])];
}

// A file with pages opens with the original file; so does one whose cited characters are in no block of the article.
function firstTab(reading, citation, blocks) {
  return reading.pages || (citation && !blocks.some((each) => each.cited)) ? "original" : "article";
}

function sidebar(reading, citation, verdict) {
  return el(
    "aside",
    { "aria-label": "About this source" },
    citation && el("div", { class: "quote" }, el("p", { dir: "auto" }, citation.cited_text)),
    citation && el("div", { class: "checked" }, verdict, el("div", { class: "actions" }, el("button", { type: "button", onclick: scrollToCitation }, "Go to the cited text"), keepButton(citation), citeMenu(citation))),
    el("dl", {}, facts(reading, citation).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
  );
}

function facts(reading, citation) {
  const url = webAddress(reading.url);
  const file = fileName(reading.source) || reading.document_id;
  const rows = [
    ["Page", citation?.page && String(citation.page)],
    ["Paragraph", citation?.paragraph && `${citation.paragraph}, line ${citation.line_start}`],
    ["Line", citation && !citation.paragraph && String(citation.line_start)],
    ["Characters", citation?.segments.map((span) => `${span.start}–${span.end}`).join(", ")],
    ["Address", url && el("a", { href: url, rel: "noreferrer noopener", "data-outside": true }, url)],
    ["File", el("bdi", {}, hasKey() ? file : el("a", { href: documentPath(reading.document_id, "/raw"), "data-outside": true }, file))],
    ["Size", `${size(reading.bytes)}, ${reading.extractor ? reading.media_type : reading.encoding}`],
    ["SHA-256", el("code", {}, reading.source_sha256)],
    ["Text extracted by", reading.extractor && `${reading.extractor.name} ${reading.extractor.version}`],
    ["SHA-256 of the text", reading.text_sha256 && el("code", {}, reading.text_sha256)],
  ];
  return rows.filter(([, value]) => value);
}

// Shows whether the source still has the citation. One that it no longer has cannot be kept or copied: its text is that of
// the source as it is now.
async function verifyCitation(citation, verdict) {
  const { document_id, cited_text, source_sha256, text_sha256, segments } = citation;
  const claim = { document_id, cited_text, source_sha256, text_sha256, segments };
  try {
    const { valid, reason } = await withKey(() => post("v1/citations/verify", claim));
    verdict.classList.add(valid ? "valid" : "fails");
    verdict.textContent = valid ? "Checked: matches the file" : mismatch(reason);
    if (!valid) for (const control of verdict.parentElement.querySelectorAll(".keep, .menu")) control.remove();
  } catch (problem) {
    verdict.textContent = `Not checked: ${problem.message}`;
  }
  announce(verdict.textContent);
}

function mismatch(reason) {
  return /bytes have another SHA-256/.test(reason) ? "Does not match the file, which has changed since. The marked words may not be those that were cited." : `Does not match the file: ${reason}`;
}
