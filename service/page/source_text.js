// Converts segments of a source to text: joined, with character references resolved and white space collapsed, each
// character with its place in the source. Offsets are in UTF-16 units.

import { firstIndex } from "./offsets.js";

// The white space that the service collapses; JavaScript's `\s` includes U+FEFF and lacks some control characters.
export const WHITE_SPACE = /[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
// A possible character reference; the browser decides how much of it is one.
const REFERENCE = /&(?:#(?:[0-9]+|[xX][0-9a-fA-F]+);?|[^\t\n\f <&#;]{1,32};?)/y;

// Returns the text; its character i comes from `starts[i]` to `ends[i]` of the source.
export function textOfSegments(source, segments, mediaType) {
  const joined = segments.map((span) => source.slice(span.start, span.end)).join("");
  const places = segments.flatMap((span) => Array.from({ length: span.end - span.start }, (_, index) => span.start + index));
  const characters = [];
  const starts = [];
  const ends = [];
  let space = null;
  const add = (character, start, end) => {
    characters.push(character);
    starts.push(places[start]);
    ends.push(places[end - 1] + 1);
  };
  for (const [character, start, end] of resolved(joined, mediaType === "text/html")) {
    if (WHITE_SPACE.test(character)) {
      space = { start: space?.start ?? start, end };
      continue;
    }
    if (space && characters.length) add(" ", space.start, space.end);
    space = null;
    add(character, start, end);
  }
  return { text: characters.join(""), starts, ends };
}

// Yields each character with the part of the joined segments that it represents.
function* resolved(joined, hasReferences) {
  let position = 0;
  while (position < joined.length) {
    const reference = hasReferences && joined[position] === "&" ? referenceAt(joined, position) : null;
    const end = position + (reference?.length ?? 1);
    for (const character of (reference?.text ?? joined[position]).split("")) yield [character, position, end];
    position = end;
  }
}

// Returns the text of the character reference at a position and its length, or null if there is none.
function referenceAt(joined, position) {
  REFERENCE.lastIndex = position;
  const candidate = REFERENCE.exec(joined)?.[0];
  const decoded = candidate && decode(candidate);
  if (!decoded || decoded === candidate) return null;
  let rest = 0;
  while (rest < decoded.length - 1 && decoded.at(-1 - rest) === candidate.at(-1 - rest)) rest += 1;
  return { text: decoded.slice(0, decoded.length - rest), length: candidate.length - rest };
}

const known = new Map();

// DOMParser runs no scripts, and a candidate contains no "<", so that it is never markup.
function decode(candidate) {
  if (!known.has(candidate)) known.set(candidate, new DOMParser().parseFromString(candidate, "text/html").documentElement.textContent);
  return known.get(candidate);
}

// Returns the ranges of a text that spans of the source cover; ranges with only a space between them are merged.
export function rangesIn({ text, starts, ends }, spans) {
  const ranges = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const start = firstIndex(text.length, (index) => ends[index] > span.start);
    const end = firstIndex(text.length, (index) => starts[index] >= span.end);
    if (start >= end) continue;
    const last = ranges.at(-1);
    if (last && start <= last.end + (text[last.end] === " " ? 1 : 0)) last.end = Math.max(last.end, end);
    else ranges.push({ start, end });
  }
  return ranges;
}
