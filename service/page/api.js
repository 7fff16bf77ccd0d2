// Calls of the service's HTTP API. The page contacts no other host. Paths are relative to the page's own.

import { inWords } from "./problems.js";

let key = "";
let waiting = null;

// `message` is for people; `reason` is the service's own message.
export class Problem extends Error {
  constructor(status, body) {
    super(inWords(status, body));
    this.status = status;
    this.reason = body.detail || "";
    this.errors = body.errors || [];
  }
}

export function unreachable() {
  return new Problem(0, { detail: "The service cannot be reached. Is it still running?" });
}

// Called with the reason whenever the service is not ready.
let onWait = () => {};

export function showWaitingWith(show) {
  onWait = show;
}

export function setKey(text) {
  key = text;
}

export function currentKey() {
  return key;
}

export function hasKey() {
  return key !== "";
}

export function headers(more = {}) {
  return key ? { ...more, Authorization: `Bearer ${key}` } : more;
}

export function documentPath(id, below = "") {
  return `v1/documents/${encodeURIComponent(id)}${below}`;
}

export async function get(path) {
  return jsonOf(await send("GET", path));
}

export async function getBlob(path) {
  return (await send("GET", path)).blob();
}

export async function post(path, body) {
  return jsonOf(await postJson(path, body));
}

export async function postForFile(path, body) {
  return (await postJson(path, body)).blob();
}

function postJson(path, body) {
  return send("POST", path, { body: JSON.stringify(body), headers: headers({ "Content-Type": "application/json" }) });
}

export async function patch(path, body, more) {
  const type = { "Content-Type": "application/json", ...more };
  return jsonOf(await send("PATCH", path, { body: JSON.stringify(body), headers: headers(type) }));
}

export async function remove(path) {
  await send("DELETE", path);
}

async function send(method, path, options = {}) {
  let response;
  try {
    response = await fetch(path, { method, headers: headers(), ...options });
  } catch {
    throw unreachable();
  }
  if (response.ok) return response;
  const body = await problemBody(response);
  if (!/:not-ready$/.test(body.type)) throw new Problem(response.status, body);
  await ready(body.detail);
  return send(method, path, options);
}

const POLL_MS = 700;

// Polls until the service is ready, once for all waiting requests.
function ready(reason) {
  waiting ??= (async () => {
    for (let said = reason, shown; ; await new Promise((resolve) => setTimeout(resolve, POLL_MS))) {
      if (said !== shown) onWait((shown = said));
      const response = await fetch("readyz").catch(() => null);
      if (response?.ok) break;
      if (response) said = (await problemBody(response)).detail || said;
    }
    waiting = null;
  })();
  return waiting;
}

// A proxy may answer in the place of the service, for example with a page to log in.
async function jsonOf(response) {
  try {
    return await response.json();
  } catch {
    throw new Problem(0, { detail: "Something else answered in the place of the service, or its answer was cut off. Load the page again." });
  }
}

async function problemBody(response) {
  try {
    return await response.json();
  } catch {
    return {};
  }
}
