// The view of a source: the cited characters are marked, subheads and questions stand out, text removed by cleaning is dimmed.

import { documentPath, get, hasKey, post } from "./api.js";
import { keepButton } from "./basket.js";
import { citeMenu } from "./cite.js";
import { markBusy, el, errorNotice, announce, show } from "./dom.js";
import { withKey } from "./key.js";
import { toUtf16Spans, lines, splitAtSpans, utf16Offsets } from "./offsets.js";
import { pageViews } from "./pages.js";
import { askAddress } from "./addresses.js";
import { dateOf, fileName, publisherOf, size, titleOf, webAddress } from "./format.js";

// Kinds of headings, with the text that a pointer shows.
const HEADING_LABELS = [
  ["subhead", "Subhead: never an answer"],
  ["question", "Question: never an answer"],
];

export async function showSource(state, current) {
  markBusy();
  try {
    const reading = await withKey(() => get(documentPath(state.document, "/reading")));
    if (!current()) return;
    const citation = state.segments.length ? citationFromAddress(reading, state) : null;
    document.title = `${titleOf(reading)} - Wherefrom`;
    const verdict = el("p", { class: "verdict" });
    show(sourceView(reading, state, citation, verdict));
    scrollToCitation();
    import("./selection.js").then(({ offerKeeping }) => offerKeeping(document.querySelector(".source"), reading));
    if (citation) await verifyCitation(citation, verdict);
  } catch (problem) {
    if (current()) show(errorNotice(problem));
  }
}

export function scrollToCitation() {
  document.querySelector(".page rect.cited, .raw mark")?.scrollIntoView({ block: "center" });
}

// Builds the citation that the address names from the current source.
function citationFromAddress(reading, { segments, sha256 }) {
  const slices = toUtf16Spans(reading.text, segments).map((span) => reading.text.slice(span.start, span.end)).join("");
  const paragraph = numberedParagraph(reading, segments[0].start);
  const { text: _, paragraphs: __, subheads: ___, dropped: ____, pages, ...metadata } = reading;
  const page = pages && pageAt(pages, segments[0].start);
  return {
    ...metadata,
    cited_text: plainText(reading.media_type, slices),
    source_sha256: sha256 || reading.source_sha256,
    start_char_index: segments[0].start,
    end_char_index: segments.at(-1).end,
    segments,
    line_start: lineAt(reading.text, segments[0].start),
    line_end: lineAt(reading.text, segments.at(-1).end - 1),
    paragraph: paragraph?.number ?? null,
    ...(page ? { page } : {}),
    formatted: formatCitation(reading, paragraph?.number, page),
  };
}

// Returns the number of the page with the line that a citation begins in.
function pageAt(pages, start) {
  return pages.find(({ boxes }) => boxes.some((box) => start < box.end && start >= box.start))?.number;
}

// Returns the paragraph that a citation begins in; subheads and questions have no number.
function numberedParagraph({ paragraphs, subheads }, start) {
  const inside = (item) => item.segments[0].start <= start && start < item.segments.at(-1).end;
  if (subheads.some(inside)) return null;
  return paragraphs.find((item) => start < item.segments.at(-1).end && (item.number || inside(item)));
}

// Collapses white space; in HTML, resolves character references. DOMParser runs no scripts.
function plainText(mediaType, slices) {
  const html = mediaType === "text/html";
  const text = html ? new DOMParser().parseFromString(slices, "text/html").documentElement.textContent : slices;
  return text.replace(/\s+/gu, " ").trim();
}

function lineAt(text, offset) {
  const unit = utf16Offsets(text, [offset]).get(offset);
  return lines(text).findLastIndex((line) => line.start <= unit) + 1;
}

function formatCitation(metadata, paragraph, page) {
  const end = [metadata.publisher || metadata.agency, metadata.published || "n.d.", paragraph && `para. ${paragraph}`, page && `p. ${page}`];
  const parts = [metadata.authors.join(", "), titleOf(metadata), end.filter(Boolean).join(", ")].filter(Boolean);
  return parts.map((part) => (/[.?!]$/.test(part) ? part : `${part}.`)).join(" ");
}

function sourceView(reading, state, citation, verdict) {
  const back = state.question ? askAddress(state.question, state.filters) : "./?view=collection";
  return el(
    "section",
    { class: "source", "aria-labelledby": "source-title" },
    el("p", { class: "back" }, el("a", { href: back, id: "back" }, state.question ? "Back to the answer" : "Back to the collection")),
    el("h1", { id: "source-title", dir: "auto" }, titleOf(reading)),
    el("p", { class: "by" }, el("bdi", {}, `${publisherOf(reading)}, ${dateOf(reading)}`)),
    el("div", { class: "columns" }, sidebar(reading, citation, verdict), readView(reading, citation)),
  );
}

function sidebar(reading, citation, verdict) {
  return el(
    "aside",
    { "aria-label": "About this source" },
    citation && el("div", { class: "quote" }, el("p", { dir: "auto" }, citation.cited_text), verdict),
    citation && el("div", { class: "actions" }, el("button", { type: "button", onclick: scrollToCitation }, "Go to the cited text"), keepButton(citation), citeMenu(citation)),
    el("dl", {}, facts(reading, citation).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
    el("p", { class: "legend quiet" }, citation && [el("mark", {}, "cited"), " · "], el("span", { class: "kept" }, "kept"), " · ", hasHeadings(reading) && [el("strong", { class: "heading" }, "subhead or question"), " · "], el("span", { class: "dropped" }, "removed by cleaning")),
  );
}

function hasHeadings(reading) {
  return reading.subheads.length > 0 || reading.paragraphs.some((item) => item.kind === "question");
}

function facts(reading, citation) {
  const url = webAddress(reading.url);
  const file = fileName(reading.source) || reading.document_id;
  const rows = [
    ["Page", citation?.page && String(citation.page)],
    ["Paragraph", citation?.paragraph && `${citation.paragraph}, line ${citation.line_start}`],
    ["Line", citation && !citation.paragraph && String(citation.line_start)],
    ["Characters", citation?.segments.map((span) => `${span.start}–${span.end}`).join(", ")],
    ["Authors", reading.authors.join(", ")],
    ["Address", url && el("a", { href: url, rel: "noreferrer noopener", "data-outside": true }, url)],
    ["File", hasKey() ? file : el("a", { href: documentPath(reading.document_id, "/raw"), "data-outside": true }, file)],
    ["Size", `${size(reading.bytes)}, ${reading.extractor ? reading.media_type : reading.encoding}`],
    ["SHA-256", el("code", {}, reading.source_sha256)],
    ["Text extracted by", reading.extractor && `${reading.extractor.name} ${reading.extractor.version}`],
    ["SHA-256 of the text", reading.text_sha256 && el("code", {}, reading.text_sha256)],
  ];
  return rows.filter(([, value]) => value);
}

async function verifyCitation(citation, verdict) {
  const { document_id, cited_text, source_sha256, text_sha256, segments } = citation;
  const { valid, reason } = await withKey(() => post("v1/citations/verify", { document_id, cited_text, source_sha256, text_sha256, segments }));
  verdict.classList.add(valid ? "valid" : "fails");
  verdict.textContent = valid ? "Checked: matches the file" : `Does not match the file: ${reason}`;
  announce(verdict.textContent);
}

// Pages are shown as pictures, with the text below them in which the citation's characters count.
function readView(reading, citation) {
  if (!reading.pages) return rawView(reading, citation);
  const text = el("details", { class: "extracted" }, el("summary", {}, "The text of the pages, as it was extracted"), rawView(reading, citation));
  return el("div", { class: "pages" }, ...pageViews(reading, citation), text);
}

function rawView(reading, citation) {
  const { text } = reading;
  const segmentsOf = (items) => items.flatMap((item) => item.segments);
  const questions = reading.paragraphs.filter((item) => item.kind === "question");
  const spans = [
    ...toUtf16Spans(text, segmentsOf(reading.paragraphs)).map((span) => ({ ...span, kind: "kept" })),
    ...toUtf16Spans(text, segmentsOf(questions)).map((span) => ({ ...span, kind: "question" })),
    ...toUtf16Spans(text, segmentsOf(reading.subheads)).map((span) => ({ ...span, kind: "subhead" })),
    ...toUtf16Spans(text, reading.dropped).map((span) => ({ ...span, kind: "dropped" })),
    ...toUtf16Spans(text, citation ? citation.segments : []).map((span) => ({ ...span, kind: "cited" })),
  ].sort((a, b) => a.start - b.start);
  const code = reading.media_type === "text/html";
  const label = `The file ${fileName(reading.source)}`;
  return el("div", { class: code ? "raw code" : "raw", role: "region", "aria-label": label, tabindex: "0", dir: "auto" }, numberedLines(text, spans));
}

// One row per line, with its number. Spans are walked along with the lines, so that long files stay fast.
function numberedLines(text, spans) {
  let open = [];
  let next = 0;
  return lines(text).map((line, index) => {
    open = open.filter((span) => span.end > line.start);
    while (next < spans.length && spans[next].start < line.end) open.push(spans[next++]);
    const number = el("span", { class: "number", "aria-hidden": "true", "data-number": index + 1 });
    return el("div", { class: "row" }, number, el("span", { class: "text" }, lineText(text, line, open)));
  });
}

function lineText(text, line, spans) {
  return splitAtSpans(line.start, line.end, spans).map((piece) => {
    const content = text.slice(piece.start, piece.end);
    const kinds = new Set(piece.spans.map((span) => span.kind));
    const shown = kinds.has("cited") ? el("mark", {}, content) : content;
    const heading = HEADING_LABELS.find(([kind]) => kinds.has(kind));
    if (heading) return el("strong", { class: "heading", title: heading[1] }, shown);
    if (kinds.has("cited") || kinds.has("kept")) return shown;
    return el("span", { class: "dropped", title: ruleLabel(piece.spans) }, content);
  });
}

function ruleLabel(spans) {
  const dropped = spans.find((span) => span.kind === "dropped");
  return dropped ? `Removed by cleaning: ${dropped.rule.replaceAll("-", " ")}` : null;
}
