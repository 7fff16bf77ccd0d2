// The clean article: the paragraphs and headings that cleaning kept, with the cited characters marked and the other
// passages of the answer marked more lightly.

import { el } from "./dom.js";
import { splitAtSpans, toUtf16Spans } from "./offsets.js";
import { rangesIn, textOfSegments } from "./source_text.js";

// Returns the blocks of a reading in source order, each with its element and whether it has cited characters.
export function articleBlocks(reading, citation, passages) {
  const items = [...reading.paragraphs, ...reading.subheads.map((subhead) => ({ ...subhead, kind: "subhead" }))];
  items.sort((a, b) => a.segments[0].start - b.segments[0].start);
  const spansOf = converter(reading.text, [...items, ...passages, ...(citation ? [citation] : [])]);
  const cited = citation ? spansOf(citation) : [];
  const others = passages.map((passage) => ({ ...passage, spans: spansOf(passage) }));
  return items.map((item) => block(item, textOf(reading, item, spansOf(item)), cited, others));
}

// Returns a function from an item to its segments in UTF-16 offsets; the text is walked once for all items.
function converter(text, items) {
  const spans = toUtf16Spans(text, items.flatMap((item) => item.segments));
  let next = 0;
  const byItem = new Map(items.map((item) => [item, spans.slice(next, (next += item.segments.length))]));
  return (item) => byItem.get(item);
}

// Returns the text of an item with its characters' places; if these are not found, all have the place of the item.
function textOf(reading, item, spans) {
  const found = textOfSegments(reading.text, spans, reading.media_type);
  if (found.text === item.text) return found;
  return { text: item.text, starts: Array(item.text.length).fill(spans[0].start), ends: Array(item.text.length).fill(spans.at(-1).end) };
}

function block(item, mapped, cited, others) {
  const marks = [
    ...rangesIn(mapped, cited).map((range) => ({ ...range, cited: true })),
    ...others.flatMap(({ rank, spans }) => rangesIn(mapped, spans).map((range) => ({ ...range, rank }))),
  ];
  const content = splitAtSpans(0, mapped.text.length, marks).map((piece) => marked(mapped.text.slice(piece.start, piece.end), piece.spans));
  const element = item.kind === "subhead"
    ? el("h2", { dir: "auto", title: "Subhead: never an answer", "data-start": item.segments[0].start }, content)
    : el("p", { dir: "auto", class: item.kind === "question" ? "question-kept" : "kept", "data-number": item.number, "data-start": item.segments[0].start }, content);
  return { element, cited: marks.some((mark) => mark.cited) };
}

function marked(text, marks) {
  if (marks.some((mark) => mark.cited)) return el("mark", {}, text);
  const other = marks.find((mark) => mark.rank);
  return other ? el("span", { class: "other-passage", title: `Passage ${other.rank} of the answer` }, text) : text;
}

export function articleView(reading, blocks) {
  return el("div", { class: "article", lang: knownLanguage(reading.language) }, blocks.map((each) => each.element));
}

// Returns a language tag if browsers know it: a wrong one would mislead screen readers.
function knownLanguage(tag) {
  try {
    return tag && new Intl.DisplayNames(["en"], { type: "language", fallback: "none" }).of(tag) ? tag : null;
  } catch {
    return null;
  }
}
