// Builds the citation in an address from the current source.

import { titleOf } from "./format.js";
import { lines, toUtf16Spans, utf16Offsets } from "./offsets.js";
import { textOfSegments } from "./source_text.js";

export function citationFromAddress(reading, { segments, sha256 }) {
  const paragraph = numberedParagraph(reading, segments[0].start);
  const { text: _, paragraphs: __, subheads: ___, dropped: ____, pages, ...metadata } = reading;
  const page = pages && pageAt(pages, segments[0].start);
  return {
    ...metadata,
    cited_text: textOfSegments(reading.text, toUtf16Spans(reading.text, segments), reading.media_type).text,
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

// Returns the number of the page with the line in which a citation begins.
function pageAt(pages, start) {
  return pages.find(({ boxes }) => boxes.some((box) => start < box.end && start >= box.start))?.number;
}

// Returns the paragraph in which a citation begins; subheads and questions have no number.
function numberedParagraph({ paragraphs, subheads }, start) {
  const inside = (item) => item.segments[0].start <= start && start < item.segments.at(-1).end;
  if (subheads.some(inside)) return null;
  return paragraphs.find((item) => start < item.segments.at(-1).end && (item.number || inside(item)));
}

// Returns the number of the line of a character.
export function lineAt(text, offset) {
  const unit = utf16Offsets(text, [offset]).get(offset);
  return lines(text).findLastIndex((line) => line.start <= unit) + 1;
}

function formatCitation(metadata, paragraph, page) {
  const end = [metadata.publisher || metadata.agency, metadata.published || "n.d.", paragraph && `para. ${paragraph}`, page && `p. ${page}`];
  const parts = [metadata.authors.join(", "), titleOf(metadata), end.filter(Boolean).join(", ")].filter(Boolean);
  return parts.map((part) => (/[.?!]$/.test(part) ? part : `${part}.`)).join(" ");
}
