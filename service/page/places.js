// What the address bar says: every view has an address that can be shared.

const FILTERS = ["publisher", "published_from", "published_to"];

export function placeOf(search) {
  const given = new URLSearchParams(search);
  const filters = {
    publisher: given.getAll("publisher"),
    published_from: given.get("published_from") || "",
    published_to: given.get("published_to") || "",
  };
  return {
    view: given.get("document") ? "source" : given.get("view") === "collection" ? "collection" : "ask",
    question: (given.get("q") || "").trim(),
    filters,
    document: given.get("document"),
    segments: segmentsOf(given.get("at") || ""),
    sha256: given.get("sha256") || "",
  };
}

export function askAddress(question, filters = {}) {
  const given = new URLSearchParams(question ? { q: question } : {});
  for (const name of FILTERS) {
    for (const value of [filters[name] || []].flat()) if (value) given.append(name, value);
  }
  return `/${given.size ? `?${given}` : ""}`;
}

// The address of a source with a citation marked; the question in it leads back to the answer.
export function sourceAddress(citation, question = "", filters = {}) {
  const given = new URLSearchParams(askAddress(question, filters).slice(2));
  given.set("document", citation.document_id);
  if (citation.segments) {
    given.set("at", citation.segments.map((span) => `${span.start}-${span.end}`).join("_"));
    given.set("sha256", citation.source_sha256);
  }
  return `/?${given}`;
}

function segmentsOf(text) {
  return text
    .split("_")
    .map((part) => /^(\d{1,9})-(\d{1,9})$/.exec(part))
    .filter(Boolean)
    .map((found) => ({ start: Number(found[1]), end: Number(found[2]) }))
    .filter((span) => span.start < span.end);
}
