// The view of an answer: the answering sentence, its source, its confidence, and the passages.

import { keepButton } from "./basket.js";
import { citeMenu } from "./cite.js";
import { el } from "./dom.js";
import { toUtf16Spans, splitAtSpans } from "./offsets.js";
import { askAddress, contextAfter, sourceAddress } from "./addresses.js";
import { count, percent, sourceLabel, sourceNodes, likelihood, titleOf, webAddress } from "./format.js";

// `body` is the request that was answered.
export function answerView(answer, state, body) {
  const link = (citation) => sourceAddress(citation, state.question, state.filters, state.context);
  return [
    ...(answer.warnings || []).map((warning) => el("p", { class: "notice" }, warning)),
    answer.follow_up?.added.length > 0 && followUpNote(answer, state),
    answer.explanation && el("p", { class: "quiet understood" }, understanding(answer.explanation)),
    answer.answer ? answerSection(answer, link) : noAnswerSection(answer),
    followUpForm(answer, state),
    answer.passages.length > 0 && passages(answer, link, body),
  ].filter(Boolean);
}

// Shows how a follow-up was understood, with a link that asks it as a new question.
function followUpNote({ question, follow_up: { added } }, { filters }) {
  const names = added.map((name) => `\u201c${name}\u201d`).join(", ");
  return el("p", { class: "quiet understood" }, `Asked as a follow-up, with ${names}. `, el("a", { href: askAddress(question, filters) }, "Ask it as a new question"));
}

function followUpForm(answer, { filters }) {
  const form = el(
    "form",
    { class: "follow-up", autocomplete: "off" },
    el("label", { for: "follow-up" }, "Ask a follow-up"),
    el("input", { id: "follow-up", type: "text", maxlength: "2000", required: true, placeholder: "and when did he say that?", enterkeyhint: "search" }),
    el("button", { type: "submit" }, "Follow up"),
  );
  form.addEventListener("submit", (event) => {
    const question = form.querySelector("input").value.trim();
    event.preventDefault();
    if (question) form.dispatchEvent(new CustomEvent("visit", { bubbles: true, detail: askAddress(question, filters, contextAfter(answer)) }));
  });
  return form;
}

function understanding({ phrases, excluded, notes, set_aside: setAside }) {
  const quoted = (texts) => texts.map((text) => `\u201c${text}\u201d`).join(", ");
  return [
    setAside.length > 0 && `Set aside: ${quoted(setAside)}.`,
    phrases.length > 0 && `Only passages that hold ${quoted(phrases)}.`,
    excluded.length > 0 && `No passages that hold ${quoted(excluded)}.`,
    ...notes.map((note) => `${note[0].toUpperCase()}${note.slice(1)}.`),
  ].filter(Boolean).join(" ");
}

export function answerAnnouncement(answer) {
  if (!answer.answer) return `No answer. ${noAnswerReason(answer)}`;
  const { text, citation } = answer.answer;
  return `${text} ${sourceLabel(citation)}. ${percent(answer.confidence)}: ${likelihood(answer.confidence)}.`;
}

export function searchSummary(answer) {
  const { passages: total, documents } = answer.index;
  return `${count(total, "passage")} of ${count(documents, "document")} searched in ${answer.took_ms.toFixed(0)} ms`;
}

function answerSection(answer, link) {
  const { text, citation } = answer.answer;
  return el(
    "section",
    { class: "answer", "aria-labelledby": "answer-title" },
    el("h1", { id: "answer-title", class: "eyebrow" }, "Answer"),
    el("blockquote", { dir: "auto" }, el("a", { href: link(citation), class: "sentence" }, text)),
    el("p", { class: "by" }, el("a", { href: link(citation) }, sourceNodes(citation))),
    el("p", { class: "headline clamped", dir: "auto" }, titleOf(citation)),
    confidenceView(answer),
    el("div", { class: "actions" }, el("a", { class: "button main", href: link(citation) }, "Read it in the source"), publishedPageLink(citation), keepButton(citation), citeMenu(citation)),
  );
}

// A link to the published page. Browsers with support for text fragments scroll to the cited words.
function publishedPageLink(citation) {
  const address = webAddress(citation.text_fragment_url);
  return address && el("a", { class: "button", href: address, rel: "noreferrer noopener", "data-outside": true }, "Open the published page");
}

function noAnswerSection(answer) {
  return el(
    "section",
    { class: "answer unanswered", "aria-labelledby": "answer-title" },
    el("h1", { id: "answer-title" }, "No answer"),
    el("p", { class: "lead" }, noAnswerReason(answer)),
    answer.no_answer_reason === "below_threshold" && confidenceView(answer),
    answer.no_answer_reason === "index_empty" && el("p", {}, el("a", { class: "button main", href: "./?view=collection" }, "Add documents")),
  );
}

function noAnswerReason(answer) {
  if (answer.no_answer_reason === "index_empty") return "The collection is empty.";
  if (answer.no_answer_reason === "filters_matched_nothing") return "No document matches these filters.";
  return "No passage in this collection answers the question with enough confidence.";
}

// The bar repeats the text beside it, so it is hidden from screen readers.
function confidenceView(answer) {
  return el("div", { class: "confidence" }, meter(answer.confidence, answer.threshold), confidenceText(answer));
}

function confidenceText({ answer, confidence, threshold }) {
  const thresholdText = `an answer needs at least ${percent(threshold)}`;
  return answer
    ? el("p", {}, el("strong", {}, percent(confidence)), `: ${likelihood(confidence)}; ${thresholdText}`)
    : el("p", {}, "The closest passage reaches ", el("strong", {}, percent(confidence, threshold)), `; ${thresholdText}`);
}

function meter(confidence, threshold) {
  const filled = el("span", { class: "filled" });
  const mark = el("span", { class: "threshold" });
  filled.style.inlineSize = `${confidence * 100}%`;
  mark.style.insetInlineStart = `${threshold * 100}%`;
  return el("div", { class: "meter", "aria-hidden": "true" }, filled, mark);
}

function passages(answer, link, body) {
  const title = answer.answer ? "Passages" : "Closest passages, not an answer";
  return el(
    "section",
    { class: answer.answer ? "passages" : "passages unanswered", "aria-labelledby": "passages-title" },
    el("h2", { id: "passages-title" }, title),
    el("ol", {}, answer.passages.map((passage) => el("li", {}, passageView(passage, link, body)))),
  );
}

// No confidence is shown here: the order of passages says which is better, and only the answer has one.
function passageView(passage, link, body) {
  const { citation } = passage;
  return el(
    "article",
    { class: "passage", tabindex: "-1", "aria-label": `Passage ${passage.rank}` },
    el("p", { class: "text", dir: "auto" }, highlighted(passage)),
    el("p", { class: "by" }, el("a", { href: link(citation) }, sourceNodes(citation))),
    el("p", { class: "headline clamped", dir: "auto" }, titleOf(citation)),
    passage.also_in.length > 0 && alsoInList(passage.also_in, link),
    el("div", { class: "actions" }, whyView(passage, body), keepButton(citation), citeMenu(citation)),
  );
}

function whyView(passage, body) {
  const reasons = el("div", { class: "reasons" }, el("p", {}, "\u2026"));
  const view = el("details", { class: "why" }, el("summary", {}, "Why this passage"), reasons);
  const load = async () => (await import("./why.js")).explainPassage(reasons, passage.passage_id, body);
  view.addEventListener("toggle", load, { once: true });
  return view;
}

function alsoInList(citations, link) {
  const links = citations.map((copy) => el("li", {}, el("a", { href: link(copy) }, el("bdi", {}, titleOf(copy)), ": ", sourceNodes(copy))));
  return el("div", { class: "also-in" }, el("span", {}, "Also in"), el("ul", {}, links));
}

function highlighted({ text, highlights }) {
  return splitAtSpans(0, text.length, toUtf16Spans(text, highlights)).map((piece) => {
    const content = text.slice(piece.start, piece.end);
    return piece.spans.length ? el("mark", {}, content) : content;
  });
}
