// The dated documents over time, as bars that narrow the list below to their days.

import { el } from "./dom.js";
import { count } from "./words.js";

const MOST_BARS = 60;
// The tallest bar is as tall as it can be from this many documents on, so that a few do not look like many.
const FULL = 8;
const HEIGHT = 5.5;
const LEAST = 1.4;
// The step from one bar to the next, in months; the smallest that leaves at most MOST_BARS.
const STEPS = [1, 3, 12, 60, 120];
const MONTH = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });

// `narrow` is called with a bar's first and last month as numbers since year 0, or with null for all.
export function timeline(documents, narrow) {
  const months = documents.filter((each) => each.published).map((each) => monthOf(each.published));
  if (!months.length) return null;
  const first = Math.min(...months);
  const last = Math.max(...months);
  const step = STEPS.find((size) => (last - first) / size < MOST_BARS) ?? STEPS.at(-1);
  const counts = Array.from({ length: Math.floor((last - first) / step) + 1 }, () => 0);
  for (const month of months) counts[Math.floor((month - first) / step)] += 1;
  return drawn(counts, first, step, narrow);
}

export function monthOf(iso) {
  const [year, month] = iso.split("-").map(Number);
  return year * 12 + month - 1;
}

function drawn(counts, first, step, narrow) {
  const highest = Math.max(...counts);
  const bars = counts.map((number, at) => bar(number, number / highest, first + at * step, step));
  const list = el("ul", { class: "bars" }, bars.map((each) => el("li", {}, each)));
  list.style.blockSize = `${Math.max(LEAST, HEIGHT * Math.min(highest / FULL, 1))}rem`;
  list.addEventListener("click", (event) => pressed(event.target.closest("button"), list, narrow));
  const ends = el("p", { class: "ends quiet", "aria-hidden": "true" }, el("span", {}, told(first, 1)), el("span", {}, told(first + (counts.length - 1) * step, step)));
  return el("section", { class: "timeline", "aria-label": "Documents over time" }, list, ends);
}

function bar(number, share, month, step) {
  if (!number) return el("span", { class: "gap" });
  const label = `${told(month, step)}: ${count(number, "document")}`;
  const button = el("button", { type: "button", "aria-pressed": "false", "aria-label": label, title: label, "data-from": month, "data-to": month + step - 1 });
  button.style.blockSize = `${share * 100}%`;
  return button;
}

function told(month, step) {
  const name = (number) => MONTH.format(new Date(Date.UTC(Math.floor(number / 12), number % 12)));
  return step === 1 ? name(month) : `${name(month)} to ${name(month + step - 1)}`;
}

function pressed(button, list, narrow) {
  if (!button) return;
  const on = button.getAttribute("aria-pressed") === "false";
  for (const each of list.querySelectorAll("button")) each.setAttribute("aria-pressed", String(each === button && on));
  narrow(on ? { from: Number(button.dataset.from), to: Number(button.dataset.to), told: button.title } : null);
}
