// Offsets count code points, as the API does; a JavaScript string counts UTF-16 units.

// Gives the unit at which each code point offset stands.
export function unitsOf(text, offsets) {
  const found = new Map();
  let unit = 0;
  let point = 0;
  for (const offset of [...new Set(offsets)].sort((a, b) => a - b)) {
    while (point < offset && unit < text.length) {
      unit += text.codePointAt(unit) > 0xffff ? 2 : 1;
      point += 1;
    }
    found.set(offset, unit);
  }
  return found;
}

// The same spans, counted in units of the string.
export function inUnits(text, spans) {
  const units = unitsOf(text, spans.flatMap((span) => [span.start, span.end]));
  return spans.map((span) => ({ ...span, start: units.get(span.start), end: units.get(span.end) }));
}

// Cuts the stretch from `start` to `end` where spans begin or end; each piece names the spans it lies in.
export function pieces(start, end, spans) {
  const inside = spans.filter((span) => span.start < end && span.end > start);
  const cuts = new Set([start, end]);
  for (const span of inside) {
    cuts.add(Math.max(span.start, start));
    cuts.add(Math.min(span.end, end));
  }
  const edges = [...cuts].sort((a, b) => a - b);
  return edges.slice(1).map((edge, at) => ({
    start: edges[at],
    end: edge,
    spans: inside.filter((span) => span.start <= edges[at] && span.end >= edge),
  }));
}

// Every line's place in the text; a line ends at \r\n, \n or \r, as an editor counts.
export function lines(text) {
  const found = [];
  let start = 0;
  for (const match of text.matchAll(/\r\n|\n|\r/g)) {
    found.push({ start, end: match.index });
    start = match.index + match[0].length;
  }
  found.push({ start, end: text.length });
  return found;
}
