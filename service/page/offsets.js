// The API counts code points, JavaScript strings count UTF-16 units. Only this module converts between them.

// Returns a map from code point offsets to UTF-16 offsets.
export function utf16Offsets(text, offsets) {
  const converted = new Map();
  let unit = 0;
  let point = 0;
  for (const offset of [...new Set(offsets)].sort((a, b) => a - b)) {
    while (point < offset && unit < text.length) {
      unit += text.codePointAt(unit) > 0xffff ? 2 : 1;
      point += 1;
    }
    converted.set(offset, unit);
  }
  return converted;
}

// Returns the spans with UTF-16 offsets.
export function toUtf16Spans(text, spans) {
  const units = utf16Offsets(text, spans.flatMap((span) => [span.start, span.end]));
  return spans.map((span) => ({ ...span, start: units.get(span.start), end: units.get(span.end) }));
}

// Splits the range from `start` to `end` where spans begin or end. Each piece lists the spans that cover it.
export function splitAtSpans(start, end, spans) {
  const inside = spans.filter((span) => span.start < end && span.end > start);
  const cuts = new Set([start, end]);
  for (const span of inside) {
    cuts.add(Math.max(span.start, start));
    cuts.add(Math.min(span.end, end));
  }
  const edges = [...cuts].sort((a, b) => a - b);
  inside.sort((a, b) => a.start - b.start);
  let open = [];
  let next = 0;
  return edges.slice(1).map((edge, index) => {
    open = open.filter((span) => span.end >= edge);
    while (next < inside.length && inside[next].start <= edges[index]) open.push(inside[next++]);
    return { start: edges[index], end: edge, spans: [...open] };
  });
}

// Returns the first index below `length` where `holds` is true, or `length`; it must be true for all later ones too.
export function firstIndex(length, holds) {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

// Returns the range of every line. A line ends at \r\n, \n or \r, as in an editor.
export function lines(text) {
  const ranges = [];
  let start = 0;
  for (const match of text.matchAll(/\r\n|\n|\r/g)) {
    ranges.push({ start, end: match.index });
    start = match.index + match[0].length;
  }
  ranges.push({ start, end: text.length });
  return ranges;
}
