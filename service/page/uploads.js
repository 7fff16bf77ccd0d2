// Uploads files to the service one by one and shows their progress.

import { documentPath, get, getBlob, headers, Problem } from "./api.js";
import { el, announce } from "./dom.js";
import { count, titleOf } from "./format.js";
import { withKey } from "./key.js";

const OFFICE = "application/vnd.";
const TYPES = {
  html: "text/html",
  htm: "text/html",
  json: "application/json",
  pdf: "application/pdf",
  docx: `${OFFICE}openxmlformats-officedocument.wordprocessingml.document`,
  odt: `${OFFICE}oasis.opendocument.text`,
  rtf: "application/rtf",
  epub: "application/epub+zip",
  md: "text/markdown",
  msg: `${OFFICE}ms-outlook`,
  eml: "message/rfc822",
  mht: "multipart/related",
  mhtml: "multipart/related",
};
// Formats of files with several articles, each of which would be a document; the service refuses them unless there is
// only one.
const SEVERAL = {
  csv: "text/csv",
  tsv: "text/tab-separated-values",
  mbox: "application/mbox",
  warc: "application/warc",
  rss: "application/rss+xml",
  rdf: "application/rdf+xml",
  atom: "application/atom+xml",
  xml: "application/rss+xml",
  jsonl: "application/x-ndjson",
  ndjson: "application/x-ndjson",
};
// The files that can be chosen: text, HTML, and the formats of one article.
const ACCEPTED = [".txt", ...Object.keys(TYPES).map((suffix) => `.${suffix}`), "text/plain", "text/html"].join(",");
const SUCCESS_LIMIT = 300;
const CHANGES = { added: "added", updated: "replaced", unchanged: "up to date" };
// Metadata that can be sent with a document.
const GIVEN = ["title", "url", "publisher", "authors", "published", "language"];
const HINTS = { 413: " \u201cwherefrom index\u201d adds larger files." };
const FURTHER = /^further documents in it, .*: (\d+)$/;

// One row per file; the list outlasts the view, so that no result is lost.
const queue = el("ul", { class: "queue" });

// Removes the results that were seen, except those that have a button.
export function clearSeenResults() {
  for (const row of [...queue.children]) if ("seen" in row.dataset && !row.querySelector("progress, button")) row.remove();
}

// Returns an area to choose files, with the results below; while it is shown, files can be dropped anywhere on the page.
// Calls `onAdded` after all uploads.
export function uploadArea(onAdded) {
  const input = el("input", { type: "file", id: "files", multiple: true, accept: ACCEPTED });
  const uploadAll = async (files) => {
    for (const file of files) await upload(file, onAdded);
    if (files.length) onAdded();
  };
  input.addEventListener("change", () => uploadAll([...input.files]).then(() => (input.value = "")));
  const label = el("label", { for: "files" }, "Add documents", el("span", { class: "quiet" }, "Drop text, HTML, PDF or office files here, or choose them"));
  const area = el("div", { class: "drop" }, input, label);
  addDropListeners(area, uploadAll);
  return el("section", { class: "adding", "aria-label": "Add documents" }, area, queue);
}

// The area that was made last, with what sends files. There is one listener of each kind for all areas, since a listener
// keeps what it refers to in memory.
let latest = null;

function addDropListeners(area, uploadAll) {
  const isFirst = !latest;
  latest = { area, uploadAll };
  if (!isFirst) return;
  for (const name of ["dragenter", "dragover"]) {
    listen(name, (event) => {
      event.preventDefault();
      latest.area.classList.add("over");
    });
  }
  listen("dragleave", (event) => event.relatedTarget || latest.area.classList.remove("over"));
  listen("drop", (event) => {
    event.preventDefault();
    latest.area.classList.remove("over");
    const folders = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry?.isDirectory).map(({ name }) => name);
    for (const name of folders) tell(rowFor(name), name, "not added: this is a folder; drop the files that are in it", true);
    latest.uploadAll([...event.dataTransfer.files].filter((file) => !folders.includes(file.name)));
  });
}

// Calls `act` when files are dragged over the page while the area is shown.
function listen(name, act) {
  document.addEventListener(name, (event) => {
    if (latest.area.isConnected && event.dataTransfer?.types.includes("Files")) act(event);
  });
}

function rowFor(name) {
  const row = el("li", {}, el("bdi", {}, name), el("span", { class: "state" }, "sending"));
  queue.append(row);
  return row;
}

// A document with the same name is replaced only after a confirmation.
async function upload(file, onAdded) {
  const row = rowFor(file.name);
  const id = documentIdOf(file.name);
  const suffix = file.name.split(".").pop().toLowerCase();
  const type = TYPES[suffix] || SEVERAL[suffix] || "text/plain";
  await sendTo(row, file.name, id, () => putFile(id, file, type, { "If-None-Match": "*" }, row), async (problem) => {
    if (problem.status !== 412) return problem;
    const old = await withKey(() => get(documentPath(id)));
    const bytes = await raw(id);
    if (sameBytes(bytes, new Uint8Array(await file.arrayBuffer()))) tell(row, file.name, "up to date");
    else ask(row, file, old, bytes, { id, type }, onAdded);
    return null;
  });
}

// Sends a file, shows the result, and returns what has changed, or null after a problem; `handle` returns the problem to
// show, or null if it has handled it.
async function sendTo(row, name, id, put, handle = async (problem) => problem) {
  const progress = el("progress", { max: "1", value: "0", "aria-label": `Sending ${name}` });
  row.querySelector(".state").before(progress);
  try {
    const { change, warnings = [] } = await withKey(put);
    tell(row, name, id === name ? CHANGES[change] : `${CHANGES[change]} as ${id}`);
    for (const warning of warnings) warn(row, warning);
    return change;
  } catch (problem) {
    const shown = await handle(problem).catch((another) => another);
    if (shown) tell(row, name, `${shown.status ? "refused" : "not added"}: ${shown.message.replace(`${id}: `, "")}${HINTS[shown.status] || ""}`, true);
    return null;
  } finally {
    progress.remove();
  }
}

// Shows a warning of the service about a document that it has stored.
function warn(row, text) {
  const [, further] = FURTHER.exec(text) || [];
  const words = further ? `${count(Number(further), "further document")} in it, such as attachments, ${further === "1" ? "is" : "are"} not added; \u201cwherefrom index\u201d adds them` : text;
  row.append(el("span", { class: "warning fails" }, `Note: ${words}.`));
  announce(`${row.firstChild.textContent}: ${words}`);
}

function ask(row, file, old, bytes, { id, type }, onAdded) {
  const buttons = el("span", { class: "actions" });
  const replace = async () => {
    buttons.remove();
    const change = await sendTo(row, file.name, id, () => putFile(id, file, type, { "If-Match": `"${old.etag}"` }, row));
    if (!change || change === "unchanged") return;
    tell(row, file.name, `replaced \u201c${titleOf(old)}\u201d`);
    offerUndo(row, file.name, old, bytes, onAdded);
    onAdded();
  };
  const keep = () => {
    buttons.remove();
    tell(row, file.name, "not added: the document that was there stays");
  };
  buttons.append(el("button", { type: "button", onclick: replace }, "Replace it"), el("button", { type: "button", onclick: keep }, "Keep it"));
  tell(row, file.name, `\u201c${titleOf(old)}\u201d is there under this name`);
  row.append(buttons);
}

// Offers to restore the old document from its bytes and the metadata that was sent with it.
function offerUndo(row, name, old, bytes, onAdded) {
  const undo = el("button", { type: "button" }, "Put the old one back");
  undo.addEventListener("click", async () => {
    undo.remove();
    const given = new URLSearchParams();
    for (const field of GIVEN) if (old.origins[field] === "given") for (const value of [old[field]].flat()) given.append(field, value);
    if (Object.keys(old.extra).length) given.set("extra", JSON.stringify(old.extra));
    if (await sendTo(row, name, old.document_id, () => putFile(old.document_id, bytes, old.media_type, {}, row, given))) tell(row, name, `\u201c${titleOf(old)}\u201d is back`);
    onAdded();
  });
  row.append(undo);
}

function tell(row, name, text, fails = false) {
  const state = row.querySelector(".state");
  state.classList.toggle("fails", fails);
  state.textContent = text;
  if (queue.isConnected) row.dataset.seen = "";
  else delete row.dataset.seen;
  announce(`${name}: ${text}`);
}

async function raw(id) {
  const blob = await withKey(() => getBlob(documentPath(id, "/raw")));
  return new Uint8Array(await blob.arrayBuffer());
}

function sameBytes(one, other) {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}

// Returns a document id that is safe in a URL. A name that is not safe gets an id with a hash of the name.
function documentIdOf(name) {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(name)) return name;
  const readable = name.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[-._]+|[-.]+$/g, "").slice(0, 100);
  return `${readable || "document"}-${hash(name)}`;
}

// FNV-1a, because the browser's own hash functions exist only on secure origins.
function hash(text) {
  let sum = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) sum = Math.imul(sum ^ byte, 0x01000193) >>> 0;
  return sum.toString(16).padStart(8, "0");
}

// XMLHttpRequest, because fetch does not report upload progress. Resolves with the response.
function putFile(id, body, type, more, row, given = "") {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", `${documentPath(id)}${given.size ? `?${given}` : ""}`);
    for (const [name, value] of Object.entries(headers({ "Content-Type": type, ...more }))) request.setRequestHeader(name, value);
    const progress = row.querySelector("progress");
    request.upload.onprogress = (event) => (progress.value = event.loaded / (event.total || 1));
    request.upload.onload = () => (row.querySelector(".state").textContent = "reading and embedding");
    request.onerror = () => reject(new Problem(0, { detail: "the service cannot be reached, or stopped reading the file, or the file cannot be read" }));
    request.onload = () => (request.status < SUCCESS_LIMIT ? resolve(responseBody(request)) : reject(new Problem(request.status, responseBody(request))));
    request.send(body);
  });
}

function responseBody(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return {};
  }
}
