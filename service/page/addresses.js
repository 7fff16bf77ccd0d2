// Page addresses to view state and back. Every view has an address that can be shared.
// Addresses are relative, so that the page works under any path that a proxy gives it.

// Filters of which several values can be chosen, and those with one value.
export const LISTS = ["publisher", "agency", "author", "language", "extra"];
export const SINGLE = ["title", "published_from", "published_to", "prefer"];

const VIEWS = ["collection", "quotes"];

export function parseAddress(search) {
  const parameters = new URLSearchParams(search);
  const filters = {
    ...Object.fromEntries(LISTS.map((name) => [name, parameters.getAll(name)])),
    ...Object.fromEntries(SINGLE.map((name) => [name, parameters.get(name) || ""])),
  };
  return {
    view: parameters.get("document") ? "source" : VIEWS.includes(parameters.get("view")) ? parameters.get("view") : "ask",
    question: (parameters.get("q") || "").trim(),
    filters,
    document: parameters.get("document"),
    segments: segmentsOf(parameters.get("at") || ""),
    sha256: parameters.get("sha256") || "",
  };
}

export function askAddress(question, filters = {}) {
  return address(askParameters(question, filters));
}

// Returns the address of a source, with the citation to mark and the question to go back to.
export function sourceAddress(citation, question = "", filters = {}) {
  const parameters = askParameters(question, filters);
  parameters.set("document", citation.document_id);
  if (citation.segments) {
    parameters.set("at", citation.segments.map((span) => `${span.start}-${span.end}`).join("_"));
    parameters.set("sha256", citation.source_sha256);
  }
  return address(parameters);
}

function askParameters(question, filters) {
  const parameters = new URLSearchParams(question ? { q: question } : {});
  for (const name of [...LISTS, ...SINGLE]) {
    for (const value of [filters[name] || []].flat()) if (value) parameters.append(name, value);
  }
  return parameters;
}

function address(parameters) {
  return `./${parameters.size ? `?${parameters}` : ""}`;
}

function segmentsOf(text) {
  return text
    .split("_")
    .map((part) => /^(\d{1,9})-(\d{1,9})$/.exec(part))
    .filter(Boolean)
    .map((match) => ({ start: Number(match[1]), end: Number(match[2]) }))
    .filter((span) => span.start < span.end);
}
