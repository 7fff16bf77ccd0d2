// A source as it was scraped: the cited characters marked, what cleaning left out dimmed.

import { documentPath, get, hasKey, post } from "./api.js";
import { citeMenu } from "./cite.js";
import { busy, el, failure, say, show } from "./dom.js";
import { withKey } from "./key.js";
import { inUnits, lines, pieces, unitsOf } from "./offsets.js";
import { askAddress } from "./places.js";
import { dateOf, fileName, publisherOf, size, titleOf, webAddress } from "./words.js";

export async function showSource(place, current) {
  busy();
  try {
    const reading = await withKey(() => get(documentPath(place.document, "/reading")));
    if (!current()) return;
    const citation = place.segments.length ? cited(reading, place) : null;
    document.title = `${titleOf(reading)} - Wherefrom`;
    const verdict = el("p", { class: "verdict" });
    show(sourceView(reading, place, citation, verdict));
    toMark();
    if (citation) await checked(citation, verdict);
  } catch (problem) {
    if (current()) show(failure(problem));
  }
}

export function toMark() {
  document.querySelector(".raw mark")?.scrollIntoView({ block: "center" });
}

// The citation that the address names, put together from the source as it is now.
function cited(reading, { segments, sha256 }) {
  const slices = inUnits(reading.text, segments).map((span) => reading.text.slice(span.start, span.end)).join("");
  const home = reading.paragraphs.find((each) => segments[0].start < each.segments.at(-1).end);
  const { text: _, paragraphs: __, dropped: ___, ...about } = reading;
  return {
    ...about,
    cited_text: readAs(reading.media_type, slices),
    source_sha256: sha256 || reading.source_sha256,
    start_char_index: segments[0].start,
    end_char_index: segments.at(-1).end,
    segments,
    line_start: lineAt(reading.text, segments[0].start),
    line_end: lineAt(reading.text, segments.at(-1).end - 1),
    paragraph: home?.number ?? null,
    formatted: formatted(reading, home?.number),
  };
}

// White space collapses; in HTML, character references are resolved. The parser runs nothing that it reads.
function readAs(mediaType, slices) {
  const html = mediaType === "text/html";
  const text = html ? new DOMParser().parseFromString(slices, "text/html").documentElement.textContent : slices;
  return text.replace(/\s+/gu, " ").trim();
}

function lineAt(text, offset) {
  const unit = unitsOf(text, [offset]).get(offset);
  return lines(text).findLastIndex((line) => line.start <= unit) + 1;
}

function formatted(about, paragraph) {
  const end = [about.publisher || about.agency, about.published || "n.d.", paragraph && `para. ${paragraph}`];
  const parts = [about.authors.join(", "), titleOf(about), end.filter(Boolean).join(", ")].filter(Boolean);
  return parts.map((part) => (/[.?!]$/.test(part) ? part : `${part}.`)).join(" ");
}

function sourceView(reading, place, citation, verdict) {
  const back = place.question ? askAddress(place.question, place.filters) : "/?view=collection";
  return el(
    "section",
    { class: "source", "aria-labelledby": "source-title" },
    el("p", { class: "back" }, el("a", { href: back, id: "back" }, place.question ? `Back to the answer` : "Back to the collection")),
    el("h1", { id: "source-title", dir: "auto" }, titleOf(reading)),
    el("p", { class: "by" }, el("bdi", {}, `${publisherOf(reading)}, ${dateOf(reading)}`)),
    el("div", { class: "desk-columns" }, aside(reading, citation, verdict), raw(reading, citation)),
  );
}

function aside(reading, citation, verdict) {
  return el(
    "aside",
    { "aria-label": "About this source" },
    citation && el("div", { class: "quote" }, el("p", { dir: "auto" }, citation.cited_text), verdict),
    citation && el("div", { class: "actions" }, el("button", { type: "button", onclick: toMark }, "Go to the mark"), citeMenu(citation)),
    el("dl", {}, facts(reading, citation).flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)])),
    el("p", { class: "legend quiet" }, citation && [el("mark", {}, "cited"), " · "], el("span", { class: "kept" }, "read"), " · ", el("span", { class: "out" }, "left out by cleaning")),
  );
}

function facts(reading, citation) {
  const url = webAddress(reading.url);
  const file = fileName(reading.source) || reading.document_id;
  const told = [
    ["Paragraph", citation?.paragraph && `${citation.paragraph}, line ${citation.line_start}`],
    ["Characters", citation?.segments.map((span) => `${span.start}–${span.end}`).join(", ")],
    ["Authors", reading.authors.join(", ")],
    ["Address", url && el("a", { href: url, rel: "noreferrer noopener", "data-outside": true }, url)],
    ["File", hasKey() ? file : el("a", { href: documentPath(reading.document_id, "/raw"), "data-outside": true }, file)],
    ["Size", `${size(reading.bytes)}, ${reading.encoding}`],
    ["SHA-256", el("code", {}, reading.source_sha256)],
  ];
  return told.filter(([, value]) => value);
}

async function checked(citation, verdict) {
  const { document_id, cited_text, source_sha256, segments } = citation;
  const { valid, reason } = await withKey(() => post("/v1/citations/verify", { document_id, cited_text, source_sha256, segments }));
  verdict.classList.add(valid ? "holds" : "fails");
  verdict.textContent = valid ? "Checked: matches the file" : `Does not match the file: ${reason}`;
  say(verdict.textContent);
}

function raw(reading, citation) {
  const { text } = reading;
  const kept = reading.paragraphs.flatMap((each) => each.segments);
  const spans = [
    ...inUnits(text, kept).map((span) => ({ ...span, kind: "kept" })),
    ...inUnits(text, reading.dropped).map((span) => ({ ...span, kind: "dropped" })),
    ...inUnits(text, citation ? citation.segments : []).map((span) => ({ ...span, kind: "cited" })),
  ].sort((a, b) => a.start - b.start);
  const code = reading.media_type === "text/html";
  const label = `The file ${fileName(reading.source)}`;
  return el("div", { class: code ? "raw code" : "raw", role: "region", "aria-label": label, tabindex: "0", dir: "auto" }, numbered(text, spans));
}

// A number and a text for each line. Spans are walked along with the lines, so that long files stay quick.
function numbered(text, spans) {
  let open = [];
  let next = 0;
  return lines(text).map((line, at) => {
    open = open.filter((span) => span.end > line.start);
    while (next < spans.length && spans[next].start < line.end) open.push(spans[next++]);
    const number = el("span", { class: "number", "aria-hidden": "true", "data-number": at + 1 });
    return el("div", { class: "row" }, number, el("span", { class: "text" }, lineText(text, line, open)));
  });
}

function lineText(text, line, spans) {
  return pieces(line.start, line.end, spans).map((piece) => {
    const words = text.slice(piece.start, piece.end);
    const kinds = new Set(piece.spans.map((span) => span.kind));
    if (kinds.has("cited")) return el("mark", {}, words);
    if (kinds.has("kept")) return words;
    return el("span", { class: "out", title: ruleOf(piece.spans) }, words);
  });
}

function ruleOf(spans) {
  const dropped = spans.find((span) => span.kind === "dropped");
  return dropped ? `Left out: ${dropped.rule.replaceAll("-", " ")}` : null;
}
