// Calls of the service's HTTP API. The page contacts no other host. Paths are relative to the page's own.

let key = "";

export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || body.title || `the service answered ${status}`);
    this.status = status;
    this.field = body.field;
    this.close = body.close || [];
  }
}

export function setKey(text) {
  key = text;
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
  return (await send("GET", path)).json();
}

export async function getBlob(path) {
  return (await send("GET", path)).blob();
}

export async function post(path, body) {
  const type = { "Content-Type": "application/json" };
  return (await send("POST", path, { body: JSON.stringify(body), headers: headers(type) })).json();
}

export async function remove(path) {
  await send("DELETE", path);
}

async function send(method, path, options = {}) {
  let response;
  try {
    response = await fetch(path, { method, headers: headers(), ...options });
  } catch {
    throw new Problem(0, { detail: "The service cannot be reached. Is it still running?" });
  }
  if (!response.ok) throw new Problem(response.status, await problemBody(response));
  return response;
}

async function problemBody(response) {
  try {
    return await response.json();
  } catch {
    return {};
  }
}
