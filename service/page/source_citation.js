// Builds the citation in an address from the current source.

import { titleOf } from "./format.js";
import { lines, toUtf16Spans, utf16Offsets } from "./offsets.js";
import { textOfSegments } from "./source_text.js";

export function citationFromAddress(reading, { segments, sha256 }) {
  const paragraph = numberedParagraph(reading, segments);
  const { text: _, paragraphs: __, subheads: ___, dropped: ____, pages, ...metadata } = reading;
  const line = lineAt(reading.text, segments[0].start);
  const page = pages && pageAt(pages, segments[0].start);
  return {
    ...metadata,
    cited_text: textOfSegments(reading.text, toUtf16Spans(reading.text, segments), reading.media_type).text,
    source_sha256: sha256 || reading.source_sha256,
    start_char_index: segments[0].start,
    end_char_index: segments.at(-1).end,
    segments,
    line_start: line,
    line_end: lineAt(reading.text, segments.at(-1).end - 1),
    paragraph: paragraph?.number ?? null,
    ...(page ? { page } : {}),
    formatted: formatCitation(reading, paragraph ? `para. ${paragraph.number}` : `line ${line}`, page),
  };
}

// Returns the number of the page with the line in which a citation begins.
function pageAt(pages, start) {
  return pages.find(({ boxes }) => boxes.some((box) => start < box.end && start >= box.start))?.number;
}

// Returns the first numbered paragraph that the segments touch; subheads and questions have no number.
export function numberedParagraph({ paragraphs }, segments) {
  const touches = (item) => item.segments.some((span) => segments.some((each) => span.start < each.end && each.start < span.end));
  return paragraphs.find((item) => item.number && touches(item));
}

// Returns the number of the line of a character.
export function lineAt(text, offset) {
  const unit = utf16Offsets(text, [offset]).get(offset);
  return lines(text).findLastIndex((line) => line.start <= unit) + 1;
}

function formatCitation(metadata, place, page) {
  const end = [metadata.publisher || metadata.agency, metadata.published || "n.d.", place, page && `p. ${page}`];
  const parts = [metadata.authors.join(", "), titleOf(metadata), end.filter(Boolean).join(", ")].filter(Boolean);
  return parts.map((part) => (/[.?!]$/.test(part) ? part : `${part}.`)).join(" ");
}
