// Messages for problems of the service, written for users of the page and not for developers of a client.

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
  [/may only read$/, "This key may read the collection, but not change it."],
  [/^a change without an API key must|^the server listens beyond/, "Without a key, the collection can only be changed on the computer that the service runs on."],
  [/^Host: /, "The service does not answer under this address. Whoever runs it can allow the address."],
];
const BY_STATUS = { 413: "This is too large for the service.", 415: "This kind of file cannot be read." };

export function inWords(status, { type = "", detail = "", title = "" }) {
  const name = type.split(":").pop();
  const known = BY_REASON.find(([pattern]) => pattern.test(detail));
  return known?.[1] || BY_TYPE[name] || BY_STATUS[status] || detail.replace(/^filters\./, "") || title || `The service answered ${status}.`;
}
