// Messages for problems of the service, written for users of the page and not for developers of a client.

import { day, size } from "./format.js";

const UNAVAILABLE = "The service could not be reached through the proxy before it. Try again in a moment.";
const BY_TYPE = {
  overloaded: "The service is busy. Try again in a moment.",
  "took-too-long": "This took too long. Try again in a moment.",
  "index-locked": "The collection is being changed by someone else. Try again in a moment.",
  "precondition-failed": "The document was changed meanwhile. Load the page again to see it as it is now.",
  "document-not-found": "This document is not in the collection. It may have been deleted.",
  "too-many-requests": "Too many requests in a short time. Wait a moment, then try again.",
  "storage-full": "The disk of the service is full, so nothing was changed.",
  "storage-read-only": "The collection cannot be changed: the service may only read it.",
  "internal-error": "Something went wrong in the service. Its log says what.",
};
const BY_REASON = [
  [/^a change needs an API key/, "This change needs a key."],
  [/^reading needs an API key/, "Reading this collection needs a key."],
  [/^the API key is not known/, "The service does not know this key."],
  [/may only read$/, "This key may read the collection, but not change it."],
  [/^a change without an API key must|^the server listens beyond/, "Without a key, the collection can only be changed on the computer that the service runs on."],
  [/^Host: /, "The service does not answer under this address. Whoever runs it can allow the address."],
  [/larger than (\d+) bytes/, ([, bytes]) => `This is larger than ${size(Number(bytes))}, the limit of this service.`],
  [/it holds (\d+) articles, and a document is one/, ([, articles]) => `This file has ${articles} articles. \u201cwherefrom index\u201d makes a document of each; here, a document is one article.`],
  [/^quotations: must have at most (\d+) in one request, not (\d+)/, ([, most, number]) => `No file was written: it can have at most ${most} quotations, and you have ${number}.`],
  [/^question: must have at most (\d+) characters/, ([, most]) => `The question is too long: it can have at most ${Number(most).toLocaleString("en")} characters.`],
  [/published_from: (\S+) is after published_to, (\S+)/, ([, from, to]) => `No date is from ${day(from)} to ${day(to)}: \u201cFrom\u201d is after \u201cTo\u201d.`],
  [/published_(from|to): must be/, ([, end]) => `\u201c${end === "from" ? "From" : "To"}\u201d must be a date.`],
  [/^(?:filters\.)?title: no document has (["'])(.*?)\1/s, ([, , words]) => `No document has \u201c${words}\u201d in its title.`],
  [/^(?:filters\.)?extra: no document has (["'])(.*?)\1/s, ([, , field]) => `No document has the field \u201c${field}\u201d.`],
  [/^(?:filters\.)?(?:extra\.)?([^:]+): no document has (["'])(.*?)\2(?:; close: (.*))?$/s, ([, field, , value, close]) => `No document has the ${field} \u201c${value}\u201d.${close ? ` Similar ones are: ${close}.` : ""}`],
];
const BY_STATUS = {
  413: "This is too large for the service.",
  415: "This kind of file cannot be added here. \u201cwherefrom index\u201d reads more kinds.",
  502: UNAVAILABLE,
  504: UNAVAILABLE,
};

export function inWords(status, { type = "", detail = "", title = "" }) {
  const name = type.split(":").pop();
  for (const [pattern, words] of BY_REASON) {
    const match = pattern.exec(detail);
    if (match) return typeof words === "string" ? words : words(match);
  }
  return BY_TYPE[name] || BY_STATUS[status] || detail.replace(/^filters\./, "") || title || `The service answered ${status}.`;
}
