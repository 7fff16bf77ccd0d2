// "Keep this selection": words selected in an article become a quotation, mapped to the exact characters of its source.
//
// `offerKeeping` takes a container. In it, a `.row` shows a line of the source, with its number before its `.text`; an
// element with `data-start` in an `.article` shows the text of the paragraph or subhead that starts there.

import { post } from "./api.js";
import { keep, keptMessage } from "./basket.js";
import { el, announce } from "./dom.js";
import { withKey } from "./key.js";
import { lines, utf16Offsets } from "./offsets.js";
import { lineAt, numberedParagraph } from "./source_citation.js";
import { textOfSegments, WHITE_SPACE } from "./source_text.js";

const CHARACTER_REFERENCE = /&(?:#\d+|#x[\da-f]+|[a-z][a-z\d]*);?/giy;
const SHOWING = ".row > .text, .article [data-start]";

// Shows a button whenever text of the container is selected, and in its place what came of pressing it, until the
// selection changes; `reading` is the service's response for the source.
export function offerKeeping(container, reading) {
  const button = el("button", { type: "button", class: "main keep-selection", hidden: true }, "Keep this selection");
  const outcome = el("p", { class: "keep-selection outcome", hidden: true });
  const selected = () => {
    const selection = getSelection();
    const range = selection.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
    const ofArticle = [selection.anchorNode, selection.focusNode].some((node) => node && container.contains(node) && shownBy(node));
    return ofArticle && selection.toString().trim() ? range : null;
  };
  const update = () => {
    if (!container.isConnected) return document.removeEventListener("selectionchange", update);
    button.hidden = !selected();
    outcome.hidden = true;
  };
  // Pressing the button must not clear the selection.
  button.addEventListener("mousedown", (event) => event.preventDefault());
  button.addEventListener("click", async () => {
    const range = selected();
    if (!range) return;
    outcome.textContent = await keepRange(range, container, reading).catch((problem) => problem.message);
    announce(outcome.textContent);
    button.hidden = true;
    outcome.hidden = false;
  });
  document.addEventListener("selectionchange", update);
  container.append(button, outcome);
  return button;
}

async function keepRange(range, container, reading) {
  const segments = segmentsOf(range, container, reading);
  if (!segments) return "The file has no space between these paragraphs; keep the words of each by themselves";
  if (!segments.length) return "Only words of the article can be kept";
  const citation = citationOf(segments, reading);
  const claim = { document_id: citation.document_id, source_sha256: citation.source_sha256, cited_text: citation.cited_text, segments };
  const { valid } = await withKey(() => post("v1/citations/verify", claim));
  if (!valid) return "This selection cannot be traced to exact characters; select whole words of one paragraph";
  return keptMessage(keep(citation));
}

// Returns the spans of the source that a range of the page shows; null if the words of two paragraphs would be joined.
function segmentsOf(range, container, reading) {
  const offsets = offsetsOf(range, container, reading);
  if (!offsets.length) return [];
  const segments = merged(offsets);
  return segments.length > 1 ? withGaps(segments, reading) : segments;
}

// Returns the code point offsets of all selected characters in the source, in order.
function offsetsOf(range, container, reading) {
  const points = pointOffsets(reading.text);
  const starts = lines(reading.text).map((line) => line.start);
  const offsets = new Set();
  const walker = textsOf(container);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    if (!range.intersectsNode(node) || node.parentElement.closest("[hidden]")) continue;
    const from = node === range.startContainer ? range.startOffset : 0;
    const to = node === range.endContainer ? range.endOffset : node.data.length;
    const map = mapOf(node, reading, points, starts);
    for (let at = from; map && at < to; at += 1) for (const offset of map(at)) offsets.add(offset);
  }
  return [...offsets].sort((a, b) => a - b);
}

// Returns a function from an index in a text node to the offsets of the characters of the source that it shows.
function mapOf(node, reading, points, starts) {
  const shown = shownBy(node);
  if (shown?.matches(".row > .text")) {
    const start = starts[shown.previousElementSibling.dataset.number - 1] + lengthBefore(node, shown);
    return (at) => [points.pointOf(start + at)];
  }
  const paragraph = shown && blocksOf(reading).find((item) => item.segments[0].start === Number(shown.dataset.start));
  if (!paragraph) return null;
  const characters = charactersOf(paragraph, reading);
  const at = shown.textContent.indexOf(paragraph.text);
  const around = at < 0 ? "?" : shown.textContent.slice(0, at) + shown.textContent.slice(at + paragraph.text.length);
  if (characters === null || around.trim()) return () => wholeParagraph(paragraph);
  const before = lengthBefore(node, shown) - at;
  return (index) => characters[before + index] || [];
}

function blocksOf({ paragraphs, subheads }) {
  return [...paragraphs, ...subheads];
}

// Returns the element that tells which characters of the source a node shows.
function shownBy(node) {
  return (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest(SHOWING);
}

// Returns the length of the text before a node, without buttons, which are not part of the source.
function lengthBefore(node, ancestor) {
  const walker = textsOf(ancestor);
  let length = 0;
  while (walker.nextNode() && walker.currentNode !== node) length += walker.currentNode.length;
  return length;
}

function textsOf(ancestor) {
  const isOfSource = (node) => (node.parentElement.closest("button") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  return document.createTreeWalker(ancestor, NodeFilter.SHOW_TEXT, isOfSource);
}

function wholeParagraph({ segments }) {
  return segments.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, index) => start + index));
}

// Returns, for each UTF-16 unit of a paragraph's text, the offsets of the characters of the source that it represents;
// null if the text of these characters is not the paragraph's.
function charactersOf(paragraph, reading) {
  const isHtml = reading.media_type === "text/html";
  const shown = [];
  const source = paragraph.segments.flatMap(({ start, end }) => charactersBetween(reading.text, start, end));
  const joined = source.map(({ character }) => character).join("");
  for (let unit = 0, index = 0; index < source.length; ) {
    CHARACTER_REFERENCE.lastIndex = unit;
    const reference = isHtml && joined[unit] === "&" ? CHARACTER_REFERENCE.exec(joined)?.[0] : null;
    const text = reference ? decoded(reference) : source[index].character;
    const width = reference ? reference.length : 1;
    shown.push({ text, offsets: source.slice(index, index + width).map(({ offset }) => offset) });
    unit += reference ? reference.length : source[index].character.length;
    index += width;
  }
  const units = collapsed(shown);
  return units.map(({ text }) => text).join("") === paragraph.text ? units.map(({ offsets }) => offsets) : null;
}

function charactersBetween(text, start, end) {
  const units = utf16Offsets(text, [start, end]);
  return [...text.slice(units.get(start), units.get(end))].map((character, index) => ({ character, offset: start + index }));
}

function decoded(reference) {
  return new DOMParser().parseFromString(reference, "text/html").documentElement.textContent;
}

// Collapses white space and returns one item for each remaining UTF-16 unit.
function collapsed(shown) {
  const units = [];
  for (const { text, offsets } of shown) {
    for (const unit of text.split("")) {
      if (!WHITE_SPACE.test(unit)) units.push({ text: unit, offsets });
      else if (units.length && units.at(-1).text === " ") units.at(-1).offsets = [...units.at(-1).offsets, ...offsets];
      else if (units.length) units.push({ text: " ", offsets });
    }
  }
  if (units.at(-1)?.text === " ") units.pop();
  return units;
}

function merged(offsets) {
  const spans = [];
  for (const offset of offsets) {
    if (spans.at(-1)?.end === offset) spans.at(-1).end += 1;
    else spans.push({ start: offset, end: offset + 1 });
  }
  return spans;
}

// Adds gaps between segments to the quotation: white space as a whole; of other text between two paragraphs, such as
// tags, one character of white space, to separate their words. Returns null if there is none.
function withGaps(segments, reading) {
  const points = pointOffsets(reading.text);
  const blockAt = (offset) => blocksOf(reading).findIndex((item) => item.segments.some(({ start, end }) => start <= offset && offset < end));
  const result = [segments[0]];
  for (const segment of segments.slice(1)) {
    const before = result.at(-1).end;
    const gap = reading.text.slice(points.unitOf(before), points.unitOf(segment.start));
    if (gap.split("").every((unit) => WHITE_SPACE.test(unit))) result.push({ start: before, end: segment.start });
    else if (blockAt(before - 1) !== blockAt(segment.start)) {
      const space = gap.search(WHITE_SPACE);
      if (space < 0) return null;
      const at = points.pointOf(points.unitOf(before) + space);
      result.push({ start: at, end: at + 1 });
    }
    result.push(segment);
  }
  return result.reduce((spans, span) => {
    if (spans.at(-1)?.end === span.start) spans.at(-1).end = span.end;
    else spans.push({ ...span });
    return spans;
  }, []);
}

function citationOf(segments, reading) {
  const points = pointOffsets(reading.text);
  const inUnits = segments.map(({ start, end }) => ({ start: points.unitOf(start), end: points.unitOf(end) }));
  const paragraph = numberedParagraph(reading, segments);
  const { document_id, source_sha256, title, publisher, agency, authors, published, source, text_sha256 } = reading;
  return {
    ...{ document_id, source_sha256, text_sha256, title, publisher, agency, authors, published, source, segments },
    cited_text: textOfSegments(reading.text, inUnits, reading.media_type).text,
    paragraph: paragraph?.number,
    line_start: lineAt(reading.text, segments[0].start),
  };
}

// Converts between code points and UTF-16 units; texts without characters beyond the basic plane need no table.
function pointOffsets(text) {
  if (!/[\ud800-\udbff]/.test(text)) return { unitOf: (point) => point, pointOf: (unit) => unit };
  const points = new Uint32Array(text.length + 1);
  const units = [];
  for (let unit = 0; unit < text.length; ) {
    const width = text.codePointAt(unit) > 0xffff ? 2 : 1;
    points.fill(units.length, unit, unit + width);
    units.push(unit);
    unit += width;
  }
  points[text.length] = units.length;
  units.push(text.length);
  return { unitOf: (point) => units[point], pointOf: (unit) => points[unit] };
}
