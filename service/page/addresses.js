// Converts page addresses to view state and back. Every view has an address that can be shared.
// Addresses are relative, so that the page works under any path that a proxy gives it.

// Filters that accept several values, and filters with one value.
export const LISTS = ["publisher", "agency", "author", "language", "extra"];
export const SINGLE = ["title", "published_from", "published_to", "prefer"];

const VIEWS = ["collection", "quotes"];
// Views of a source.
const TABS = ["article", "original"];

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
    context: contextOf(parameters),
    document: parameters.get("document"),
    segments: segmentsOf(parameters.get("at") || ""),
    sha256: parameters.get("sha256") || "",
    tab: TABS.find((name) => name === parameters.get("tab")) || null,
  };
}

export function askAddress(question, filters = {}, context = null) {
  return address(askParameters(question, filters, context));
}

// Returns the context of a follow-up to an answer: the question as it was understood, and the answer's document.
export function contextAfter(answer) {
  return { question: answer.follow_up?.text || answer.question, document_id: answer.answer ? [answer.answer.citation.document_id] : [] };
}

function contextOf(parameters) {
  const question = (parameters.get("context") || "").trim();
  return question ? { question, document_id: parameters.getAll("context_document_id") } : null;
}

// Returns the address of a source, with the citation to mark and the question to go back to.
export function sourceAddress(citation, question = "", filters = {}, context = null) {
  const parameters = askParameters(question, filters, context);
  parameters.set("document", citation.document_id);
  if (citation.segments) {
    parameters.set("at", citation.segments.map((span) => `${span.start}-${span.end}`).join("_"));
    parameters.set("sha256", citation.source_sha256);
  }
  return address(parameters);
}

// Returns the address of another view of a source.
export function tabAddress(search, tab) {
  const parameters = new URLSearchParams(search);
  parameters.set("tab", tab);
  return address(parameters);
}

function askParameters(question, filters, context) {
  const parameters = new URLSearchParams(question ? { q: question } : {});
  for (const name of [...LISTS, ...SINGLE]) {
    for (const value of [filters[name] || []].flat()) if (value) parameters.append(name, value);
  }
  if (question && context) {
    parameters.set("context", context.question);
    for (const id of context.document_id) parameters.append("context_document_id", id);
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
