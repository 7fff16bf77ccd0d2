// The written answer below the verbatim one: sentences of a language model, shown one by one as they pass their check.
// It is loaded after the verbatim answer is shown, and requests nothing if the service has no writer.

import { get, headers } from "./api.js";
import { announce, el } from "./dom.js";
import { count } from "./format.js";

const REMEMBERED = 20;
const finished = new Map();
let writer;

// Shows the written form of `answer` to the question in `request`, while `current` returns true: the view is the same.
export async function showWritten(answer, request, current) {
  writer ??= get("v1/answer").then((status) => status.writer);
  if (!(await writer) || !current()) return;
  const view = writtenView(answer);
  document.querySelector(".answer").after(view.section);
  const key = JSON.stringify(request);
  try {
    const end = finished.get(key) || (await write(request, view, current));
    if (!end || !current()) return;
    remember(key, end);
    view.finish(end);
  } catch {
    if (current()) view.fail();
  }
}

function remember(key, end) {
  finished.set(key, end);
  if (finished.size > REMEMBERED) finished.delete(finished.keys().next().value);
}

// Reads the events of the service and returns the data of the last one; disconnects when the view has changed.
async function write(request, view, current) {
  const type = { "Content-Type": "application/json" };
  const leaving = new AbortController();
  const body = JSON.stringify({ ...request, stream: true });
  const response = await fetch("v1/answer", { method: "POST", headers: headers(type), body, signal: leaving.signal });
  if (!response.ok) throw new Error(response.statusText);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const watch = setInterval(() => current() || leaving.abort(), 200);
  try {
    for (let text = ""; ; ) {
      const { value, done } = await reader.read();
      if (done) throw new Error("the events broke off");
      const events = (text + value).split("\n\n");
      text = events.pop();
      for (const event of events) {
        const [name, data] = event.split("\n").map((line) => line.slice(line.indexOf(": ") + 2));
        if (name === "sentence") view.add(JSON.parse(data));
        if (name === "written") return JSON.parse(data);
      }
    }
  } finally {
    clearInterval(watch);
  }
}

function writtenView(answer) {
  const ranks = new Map(answer.passages.map((passage) => [passage.passage_id, passage.rank]));
  const text = el("p", { class: "text", dir: "auto" });
  const note = el("p", { class: "quiet" }, "Writing \u2026");
  const section = el("section", { class: "written", "aria-labelledby": "written-title", "aria-busy": "true" }, el("h2", { id: "written-title" }, "In sentences"), text, note);
  const add = (sentence) => text.append(sentence.text, " ", ...sentence.passages.map((passage) => marker(ranks.get(passage))), " ");
  const end = (...lines) => {
    section.removeAttribute("aria-busy");
    note.replaceChildren(lines.filter(Boolean).join(" "));
    announce(`${text.textContent} ${note.textContent}`);
  };
  return {
    section,
    add,
    // Only the last event counts: if most sentences failed, it has none, although some were shown.
    finish({ written, warnings }) {
      text.replaceChildren();
      written?.sentences.forEach(add);
      end(...noteLines(written, warnings.slice((answer.warnings || []).length)));
    },
    fail: () => end("The answer could not be written."),
  };
}

function noteLines(written, warnings) {
  const sentences = warnings.map((warning) => `${warning[0].toUpperCase()}${warning.slice(1)}.`);
  if (written?.status !== "written") return sentences;
  const rejected = written.rejected > 0 && `${count(written.rejected, "sentence")} failed the check and ${written.rejected === 1 ? "is" : "are"} not shown.`;
  return [`Written by ${written.writer.model} from the passages below; each sentence passed its check.`, rejected, ...sentences];
}

// A marker has the same link as its passage.
function marker(rank) {
  const source = document.querySelectorAll(".passage")[rank - 1]?.querySelector(".by a");
  return el("a", { href: source?.getAttribute("href"), class: "marker", "aria-label": `Passage ${rank}` }, `[${rank}]`);
}
