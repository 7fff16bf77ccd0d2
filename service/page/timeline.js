// A bar chart of the dated documents over time. A bar restricts the list below to its months.

import { el } from "./dom.js";
import { count } from "./format.js";

const MAX_BARS = 60;
// The number of documents from which the highest bar has full height, so that few documents do not look like many.
const FULL_HEIGHT_COUNT = 8;
const MAX_HEIGHT_REM = 5.5;
const MIN_HEIGHT_REM = 1.4;
// Months per bar; the smallest value with at most MAX_BARS bars is used, and more months for a longer time.
const STEP_MONTHS = [1, 3, 12, 60, 120];
const MONTH = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });

// Calls `onSelect` with the first and last month of a bar, as months since year 0, or with null for all documents.
// `months` are the values of the filter by month, such as 2016-02, with their document counts.
export function timeline(months, onSelect) {
  if (!months.length) return null;
  const dated = months.map(({ value, documents }) => [monthOf(value), documents]);
  const numbers = dated.map(([month]) => month);
  const first = Math.min(...numbers);
  const last = Math.max(...numbers);
  const step = STEP_MONTHS.find((size) => (last - first) / size < MAX_BARS) ?? Math.ceil((last - first + 1) / MAX_BARS);
  const counts = Array.from({ length: Math.floor((last - first) / step) + 1 }, () => 0);
  for (const [month, documents] of dated) counts[Math.floor((month - first) / step)] += documents;
  return chart(counts, first, step, onSelect);
}

function monthOf(iso) {
  const [year, month] = iso.split("-").map(Number);
  return year * 12 + month - 1;
}

function chart(counts, first, step, onSelect) {
  const highest = Math.max(...counts);
  const bars = counts.map((number, index) => bar(number, number / highest, first + index * step, step));
  const list = el("ul", { class: "bars" }, bars.map((item) => el("li", {}, item)));
  list.style.blockSize = `${Math.max(MIN_HEIGHT_REM, MAX_HEIGHT_REM * Math.min(highest / FULL_HEIGHT_COUNT, 1))}rem`;
  list.addEventListener("click", (event) => toggle(event.target.closest("button"), list, onSelect));
  const ends = el("p", { class: "ends quiet", "aria-hidden": "true" }, el("span", {}, monthLabel(first, 1)), el("span", {}, monthLabel(first + (counts.length - 1) * step, step)));
  return el("section", { class: "timeline", "aria-label": "Documents over time" }, list, ends);
}

function bar(number, share, month, step) {
  if (!number) return el("span", { class: "gap" });
  const label = `${monthLabel(month, step)}: ${count(number, "document")}`;
  const button = el("button", { type: "button", "aria-pressed": "false", "aria-label": label, title: label, "data-from": month, "data-to": month + step - 1 });
  button.style.blockSize = `${share * 100}%`;
  return button;
}

function monthLabel(month, step) {
  const name = (number) => MONTH.format(new Date(`${String(Math.floor(number / 12)).padStart(4, "0")}-${String((number % 12) + 1).padStart(2, "0")}-01`));
  return step === 1 ? name(month) : `${name(month)} to ${name(month + step - 1)}`;
}

function toggle(button, list, onSelect) {
  if (!button) return;
  const selected = button.getAttribute("aria-pressed") === "false";
  for (const item of list.querySelectorAll("button")) item.setAttribute("aria-pressed", String(item === button && selected));
  onSelect(selected ? { from: Number(button.dataset.from), to: Number(button.dataset.to), label: button.title } : null);
}
