// Adding files: each goes to the service on its own, with its progress shown.

import { documentPath, headers, Problem } from "./api.js";
import { el, say } from "./dom.js";
import { withKey } from "./key.js";

const TYPES = { html: "text/html", htm: "text/html", json: "application/json" };
const FINE = 300;

// A place to drop files on or to choose them; `added` is called when the last of them is done.
export function dropPlace(added) {
  const input = el("input", { type: "file", id: "files", multiple: true, accept: ".txt,.html,.htm,.json,text/plain,text/html" });
  const queue = el("ul", { class: "queue" });
  const take = async (files) => {
    for (const file of files) await upload(file, queue);
    if (files.length) added();
  };
  input.addEventListener("change", () => take([...input.files]).then(() => (input.value = "")));
  const label = el("label", { for: "files" }, "Add documents", el("span", { class: "quiet" }, "Drop text or HTML files here, or choose them"));
  const place = el("div", { class: "drop" }, input, label);
  listen(place, take);
  return el("section", { class: "adding", "aria-label": "Add documents" }, place, queue);
}

function listen(place, take) {
  for (const name of ["dragenter", "dragover"]) {
    place.addEventListener(name, (event) => {
      event.preventDefault();
      place.classList.add("over");
    });
  }
  place.addEventListener("dragleave", () => place.classList.remove("over"));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    place.classList.remove("over");
    take([...event.dataTransfer.files]);
  });
}

async function upload(file, queue) {
  const progress = el("progress", { max: "1", value: "0", "aria-label": `Sending ${file.name}` });
  const state = el("span", { class: "state" }, "sending");
  queue.append(el("li", {}, el("bdi", {}, file.name), progress, state));
  try {
    const status = await withKey(() => put(file, progress, state));
    state.textContent = status === 201 ? "added" : "up to date";
  } catch (problem) {
    state.classList.add("fails");
    state.textContent = `refused: ${problem.message}`;
  }
  progress.remove();
  say(`${file.name}: ${state.textContent}`);
}

// A document's id is safe in an address; a name that is not gets one that stays the same.
function idOf(name) {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(name)) return name;
  const readable = name.replace(/[^A-Za-z0-9._-]+/g, "-").replace(/^[-._]+|[-.]+$/g, "").slice(0, 100);
  return `${readable || "document"}-${hash(name)}`;
}

// FNV-1a, since the browser's own hashes are for secure origins only.
function hash(text) {
  let sum = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) sum = Math.imul(sum ^ byte, 0x01000193) >>> 0;
  return sum.toString(16).padStart(8, "0");
}

// XMLHttpRequest, since fetch tells nothing of how much it has sent.
function put(file, progress, state) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", documentPath(idOf(file.name)));
    const type = TYPES[file.name.split(".").pop().toLowerCase()] || "text/plain";
    for (const [name, value] of Object.entries(headers({ "Content-Type": type }))) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => (progress.value = event.loaded / (event.total || 1));
    request.upload.onload = () => (state.textContent = "reading and embedding");
    request.onerror = () => reject(new Problem(0, { detail: "the service cannot be reached, or took no more of it" }));
    request.onload = () => (request.status < FINE ? resolve(request.status) : reject(new Problem(request.status, told(request))));
    request.send(file);
  });
}

function told(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return {};
  }
}
