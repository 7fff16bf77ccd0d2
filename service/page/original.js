// The original file: its text by lines, with the cited characters marked, subheads and questions set off, and text that
// cleaning removed dimmed; of a PDF, its pages. Text far from any that was kept is folded.

import { el } from "./dom.js";
import { fold } from "./folds.js";
import { count, fileName } from "./format.js";
import { pageLegend, textLegend } from "./legend.js";
import { firstIndex, lines, splitAtSpans, toUtf16Spans } from "./offsets.js";
import { pageViews } from "./pages.js";

// Kinds of headings, with their tooltips.
const HEADING_LABELS = [
  ["subhead", "Subhead: never an answer"],
  ["question", "Question: never an answer"],
];
// Text up to this many characters away from kept text is shown.
const NEAR_CHARACTERS = 300;
// Shorter texts are not folded.
const MIN_FOLDED_CHARACTERS = 600;

// Returns the nodes of the view. Pages are shown as pictures, above the text that the citation's offsets refer to.
export function originalView(reading, citation, passages) {
  const text = [textLegend(reading, citation, passages), textView(reading, citation, passages)];
  if (!reading.pages) return [notice(reading), ...text].filter(Boolean);
  const extracted = el("details", { class: "extracted" }, el("summary", {}, "The text of the pages, as it was extracted"), text);
  return [pageLegend(citation, passages), el("div", { class: "sheets" }, pageViews(reading, citation, passages), extracted)];
}

function notice({ extractor }) {
  return extractor && el("p", { class: "quiet" }, `The text of the file, as ${extractor.name} ${extractor.version} extracted it.`);
}

function textView(reading, citation, passages) {
  const { text } = reading;
  const segmentsOf = (items) => items.flatMap((item) => item.segments);
  const spansOf = (segments, kind) => toUtf16Spans(text, segments).map((span) => ({ ...span, kind }));
  const questions = reading.paragraphs.filter((item) => item.kind === "question");
  const kept = [
    ...spansOf(segmentsOf(reading.paragraphs), "kept"),
    ...spansOf(segmentsOf(questions), "question"),
    ...spansOf(segmentsOf(reading.subheads), "subhead"),
    ...spansOf(citation ? citation.segments : [], "cited"),
  ];
  const spans = [...kept, ...spansOf(segmentsOf(passages), "other"), ...spansOf(reading.dropped, "dropped")].sort((a, b) => a.start - b.start);
  const ranges = lines(text);
  const code = reading.media_type === "text/html";
  const label = `The file ${fileName(reading.source)}`;
  return el("div", { class: code ? "raw code" : "raw", role: "region", "aria-label": label, tabindex: "0", dir: "auto" }, numberedLines(text, ranges, spans, farSpans(text, ranges, kept)));
}

// Returns the spans of the text that are far from kept text. They begin and end at a line's beginning if one is near.
function farSpans(text, ranges, kept) {
  const far = [];
  let position = 0;
  const near = kept.map((span) => ({ start: Math.max(span.start - NEAR_CHARACTERS, 0), end: Math.min(span.end + NEAR_CHARACTERS, text.length) })).sort((a, b) => a.start - b.start);
  for (const span of [...near, { start: text.length, end: text.length }]) {
    if (span.start > position) far.push({ start: position, end: span.start });
    position = Math.max(position, span.end);
  }
  return far.map((span) => atLineStarts(span, ranges, text.length)).filter((span) => span.end - span.start >= MIN_FOLDED_CHARACTERS);
}

function atLineStarts({ start, end }, ranges, length) {
  const next = ranges[firstIndex(ranges.length, (index) => ranges[index].start >= start)]?.start ?? length;
  const previous = ranges[firstIndex(ranges.length, (index) => ranges[index].start > end) - 1].start;
  return {
    start: next - start <= NEAR_CHARACTERS ? next : start,
    end: end === length ? length + 1 : end - previous <= NEAR_CHARACTERS ? previous : end,
    kind: "far",
  };
}

// Returns one row per line, with its number; lines that are wholly in a far span are folded. Spans and lines are walked
// together, so that the time is linear.
function numberedLines(text, ranges, spans, far) {
  const nodes = [];
  let folded = [];
  let [open, next, nextFar] = [[], 0, 0];
  const close = (end) => {
    if (folded.length) nodes.push(fold(`Show ${lineNumbers(end - folded.length + 1, end)}`, folded));
    folded = [];
  };
  ranges.forEach((line, index) => {
    open = open.filter((span) => span.end > line.start);
    while (next < spans.length && spans[next].start < line.end) open.push(spans[next++]);
    while (nextFar < far.length && far[nextFar].end <= line.start) nextFar += 1;
    const within = far[nextFar]?.start <= line.start && far[nextFar].end > line.end;
    const elided = within ? [] : farParts(line, far, nextFar);
    const number = el("span", { class: "number", "aria-hidden": "true", "data-number": index + 1 });
    const row = el("div", { class: "row" }, number, el("span", { class: "text" }, lineText(text, line, [...open, ...elided])));
    if (within) folded.push(row);
    else {
      close(index);
      nodes.push(row);
    }
  });
  close(ranges.length);
  return nodes;
}

function lineNumbers(first, last) {
  const [from, to] = [first, last].map((number) => number.toLocaleString("en"));
  return first === last ? `line ${from}` : `lines ${from} to ${to}`;
}

// Returns the parts of far spans within a line, if they are long.
function farParts(line, far, index) {
  const parts = [];
  for (; index < far.length && far[index].start < line.end; index += 1) {
    const part = { ...far[index], start: Math.max(far[index].start, line.start), end: Math.min(far[index].end, line.end) };
    if (part.end - part.start >= MIN_FOLDED_CHARACTERS) parts.push(part);
  }
  return parts;
}

function lineText(text, line, spans) {
  const nodes = [];
  let hidden = [];
  const close = () => {
    if (hidden.length) nodes.push(...elided(hidden));
    hidden = [];
  };
  for (const piece of splitAtSpans(line.start, line.end, spans)) {
    const kinds = new Set(piece.spans.map((span) => span.kind));
    const shown = pieceView(text.slice(piece.start, piece.end), kinds, piece.spans);
    if (kinds.has("far")) {
      hidden.push(shown);
      continue;
    }
    close();
    nodes.push(shown);
  }
  close();
  return nodes;
}

function pieceView(content, kinds, spans) {
  const marked = kinds.has("cited") ? el("mark", {}, content) : kinds.has("other") ? el("span", { class: "other-passage" }, content) : content;
  const heading = HEADING_LABELS.find(([kind]) => kinds.has(kind));
  if (heading) return el("strong", { class: "heading", title: heading[1] }, marked);
  if (kinds.has("cited") || kinds.has("kept")) return marked;
  return el("span", { class: "dropped", title: ruleLabel(spans) }, content);
}

// Returns nodes of a line, hidden behind a button. The button has no text, so that the line's text is that of the file.
function elided(nodes) {
  const content = el("span", { hidden: true }, nodes);
  const label = count(content.textContent.length, "character");
  const open = () => {
    content.hidden = false;
    button.remove();
  };
  const button = el("button", { type: "button", class: "elided", "aria-label": `Show ${label}`, "data-label": `\u2026 ${label} \u2026`, onclick: open });
  return [button, content];
}

function ruleLabel(spans) {
  const dropped = spans.find((span) => span.kind === "dropped");
  return dropped ? `Removed by cleaning: ${dropped.rule.replaceAll("-", " ")}` : null;
}
