// Uploads files to the service one by one and shows their progress.

import { documentPath, headers, Problem } from "./api.js";
import { el, announce } from "./dom.js";
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
};
// What can be chosen: text, pages, and the formats above.
const ACCEPTED = [".txt", ...Object.keys(TYPES).map((suffix) => `.${suffix}`), "text/plain", "text/html"].join(",");
const SUCCESS_LIMIT = 300;

// Returns an area to drop or choose files; calls `onAdded` when all of them are done.
export function uploadArea(onAdded) {
  const input = el("input", { type: "file", id: "files", multiple: true, accept: ACCEPTED });
  const queue = el("ul", { class: "queue" });
  const uploadAll = async (files) => {
    for (const file of files) await upload(file, queue);
    if (files.length) onAdded();
  };
  input.addEventListener("change", () => uploadAll([...input.files]).then(() => (input.value = "")));
  const label = el("label", { for: "files" }, "Add documents", el("span", { class: "quiet" }, "Drop text, HTML, PDF or office files here, or choose them"));
  const area = el("div", { class: "drop" }, input, label);
  addDropListeners(area, uploadAll);
  return el("section", { class: "adding", "aria-label": "Add documents" }, area, queue);
}

function addDropListeners(area, uploadAll) {
  for (const name of ["dragenter", "dragover"]) {
    area.addEventListener(name, (event) => {
      event.preventDefault();
      area.classList.add("over");
    });
  }
  area.addEventListener("dragleave", () => area.classList.remove("over"));
  area.addEventListener("drop", (event) => {
    event.preventDefault();
    area.classList.remove("over");
    uploadAll([...event.dataTransfer.files]);
  });
}

async function upload(file, queue) {
  const progress = el("progress", { max: "1", value: "0", "aria-label": `Sending ${file.name}` });
  const state = el("span", { class: "state" }, "sending");
  queue.append(el("li", {}, el("bdi", {}, file.name), progress, state));
  try {
    const status = await withKey(() => putFile(file, progress, state));
    state.textContent = status === 201 ? "added" : "up to date";
  } catch (problem) {
    state.classList.add("fails");
    state.textContent = `refused: ${problem.message}`;
  }
  progress.remove();
  announce(`${file.name}: ${state.textContent}`);
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

// XMLHttpRequest, because fetch does not report upload progress.
function putFile(file, progress, state) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", documentPath(documentIdOf(file.name)));
    const type = TYPES[file.name.split(".").pop().toLowerCase()] || "text/plain";
    for (const [name, value] of Object.entries(headers({ "Content-Type": type }))) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => (progress.value = event.loaded / (event.total || 1));
    request.upload.onload = () => (state.textContent = "reading and embedding");
    request.onerror = () => reject(new Problem(0, { detail: "the service cannot be reached, or stopped reading the file" }));
    request.onload = () => (request.status < SUCCESS_LIMIT ? resolve(request.status) : reject(new Problem(request.status, problemBody(request))));
    request.send(file);
  });
}

function problemBody(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return {};
  }
}
