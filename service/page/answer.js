// An answer as people read it: the sentence, its source in words, how sure it is, and the passages.

import { citeMenu } from "./cite.js";
import { el } from "./dom.js";
import { inUnits, pieces } from "./offsets.js";
import { sourceAddress } from "./places.js";
import { count, percent, sourceInWords, sureness, titleOf, webAddress } from "./words.js";

export function answerView(answer, place) {
  const link = (citation) => sourceAddress(citation, place.question, place.filters);
  return [
    ...(answer.warnings || []).map((warning) => el("p", { class: "notice" }, warning)),
    answer.answer ? answered(answer, link) : notAnswered(answer),
    answer.passages.length > 0 && passages(answer, link),
  ].filter(Boolean);
}

export function toldAnswer(answer) {
  if (!answer.answer) return `No answer. ${whyNot(answer)}`;
  const { text, citation } = answer.answer;
  return `${text} ${sourceInWords(citation)}. ${percent(answer.confidence)}: ${sureness(answer.confidence)}.`;
}

export function tookInWords(answer) {
  const { passages: total, documents } = answer.index;
  return `${count(total, "passage")} of ${count(documents, "document")} searched in ${answer.took_ms.toFixed(0)} ms`;
}

function answered(answer, link) {
  const { text, citation } = answer.answer;
  return el(
    "section",
    { class: "answer", "aria-labelledby": "answer-title" },
    el("h1", { id: "answer-title", class: "eyebrow" }, "Answer"),
    el("blockquote", { dir: "auto" }, el("a", { href: link(citation), class: "said" }, text)),
    el("p", { class: "by" }, el("a", { href: link(citation) }, el("bdi", {}, sourceInWords(citation)))),
    el("p", { class: "headline", dir: "auto" }, titleOf(citation)),
    certainty(answer),
    el("div", { class: "actions" }, el("a", { class: "button main", href: link(citation) }, "Read it in the source"), onTheWeb(citation), citeMenu(citation)),
  );
}

// The published page, opened at the cited words by browsers that can.
function onTheWeb(citation) {
  const address = webAddress(citation.text_fragment_url);
  return address && el("a", { class: "button", href: address, rel: "noreferrer noopener", "data-outside": true }, "Open the published page");
}

function notAnswered(answer) {
  return el(
    "section",
    { class: "answer none", "aria-labelledby": "answer-title" },
    el("h1", { id: "answer-title" }, "No answer"),
    el("p", { class: "lead" }, whyNot(answer)),
    answer.no_answer_reason === "below_threshold" && certainty(answer),
    answer.no_answer_reason === "index_empty" && el("p", {}, el("a", { class: "button main", href: "/?view=collection" }, "Add documents")),
  );
}

function whyNot(answer) {
  if (answer.no_answer_reason === "index_empty") return "The collection is empty.";
  if (answer.no_answer_reason === "filters_matched_nothing") return "No document passes these filters.";
  return "Nothing in this collection answers it well enough to say so.";
}

// The bar is a picture of the words beside it, so screen readers get the words alone.
function certainty(answer) {
  return el("div", { class: "certainty" }, meter(answer.confidence, answer.threshold), certaintyInWords(answer));
}

function certaintyInWords({ answer, confidence, threshold }) {
  const rule = `answers are given from ${percent(threshold)} up`;
  return answer
    ? el("p", {}, el("strong", {}, percent(confidence)), `: ${sureness(confidence)}; ${rule}`)
    : el("p", {}, "The closest passage reaches ", el("strong", {}, percent(confidence, threshold)), `; ${rule}`);
}

function meter(confidence, threshold) {
  const filled = el("span", { class: "filled" });
  const line = el("span", { class: "threshold" });
  filled.style.inlineSize = `${confidence * 100}%`;
  line.style.insetInlineStart = `${threshold * 100}%`;
  return el("div", { class: "meter", "aria-hidden": "true" }, filled, line);
}

function passages(answer, link) {
  const title = answer.answer ? "Passages" : "Closest, but not an answer";
  return el(
    "section",
    { class: answer.answer ? "passages" : "passages near", "aria-labelledby": "passages-title" },
    el("h2", { id: "passages-title" }, title),
    el("ol", {}, answer.passages.map((passage) => el("li", {}, passageView(passage, link)))),
  );
}

function passageView(passage, link) {
  const { citation } = passage;
  return el(
    "article",
    { class: "passage", tabindex: "-1", "aria-label": `Passage ${passage.rank}` },
    el("p", { class: "text", dir: "auto" }, highlighted(passage)),
    el("p", { class: "by" }, el("a", { href: link(citation) }, el("bdi", {}, sourceInWords(citation)))),
    el("p", { class: "headline", dir: "auto" }, titleOf(citation)),
    passage.also_in.length > 0 && copies(passage.also_in, link),
    el("div", { class: "actions" }, el("span", { class: "quiet" }, `${percent(passage.confidence)}: ${sureness(passage.confidence)}`), citeMenu(citation)),
  );
}

function copies(citations, link) {
  const links = citations.map((copy) => el("li", {}, el("a", { href: link(copy) }, el("bdi", {}, `${titleOf(copy)}: ${sourceInWords(copy)}`))));
  return el("div", { class: "copies" }, el("span", {}, "Also in"), el("ul", {}, links));
}

function highlighted({ text, highlights }) {
  return pieces(0, text.length, inUnits(text, highlights)).map((piece) => {
    const words = text.slice(piece.start, piece.end);
    return piece.spans.length ? el("mark", {}, words) : words;
  });
}
