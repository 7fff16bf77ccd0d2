// Which publishers and days may answer; kept in the address, so that a filtered answer can be shared.

import { el } from "./dom.js";
import { count, day } from "./words.js";

// The box stays as it is from answer to answer, so that the keyboard does not lose its place in it.
export function filterBox(documents, chosen) {
  const told = el("span", { class: "quiet" });
  const clear = el("button", { type: "button", class: "plain", onclick: () => cleared(box) }, "Clear the filters");
  const box = el(
    "details",
    { class: "filters" },
    el("summary", {}, "Filter", told),
    el("div", { class: "choices" }, publishers(documents, chosen.publisher), days(documents)),
    el("p", {}, clear),
  );
  box.update = (now) => updated(box, told, clear, now);
  box.update(chosen);
  return box;
}

// What stands there until the documents are known; `opened` is called once.
export function filterOffer(opened) {
  const told = el("span", { class: "quiet" }, " by publisher and date");
  const box = el("details", { class: "filters" }, el("summary", {}, "Filter", told));
  box.addEventListener("toggle", opened, { once: true });
  return box;
}

export function chosenFilters(form) {
  const given = new FormData(form);
  return {
    publisher: given.getAll("publisher"),
    published_from: given.get("published_from") || "",
    published_to: given.get("published_to") || "",
  };
}

function updated(box, told, clear, chosen) {
  const words = inWords(chosen);
  told.textContent = words ? `: ${words}` : " by publisher and date";
  clear.hidden = !words;
  if (words) box.open = true;
  for (const input of box.querySelectorAll("input")) {
    if (input.type === "checkbox") input.checked = chosen.publisher.includes(input.value);
    else if (input.value !== chosen[input.name]) input.value = chosen[input.name];
  }
}

function inWords({ publisher, published_from: from, published_to: to }) {
  const told = [...publisher];
  if (from) told.push(`from ${day(from)}`);
  if (to) told.push(`to ${day(to)}`);
  return told.join(", ");
}

function publishers(documents, chosen) {
  const counts = new Map(chosen.map((name) => [name, 0]));
  for (const { publisher } of documents) if (publisher) counts.set(publisher, (counts.get(publisher) || 0) + 1);
  const names = [...counts.keys()].sort((a, b) => a.localeCompare(b));
  const unstated = documents.filter((each) => !each.publisher).length;
  return el(
    "fieldset",
    {},
    el("legend", {}, "Publisher"),
    el("div", { class: "boxes" }, names.map((name) => choice(name, counts.get(name)))),
    unstated > 0 && el("p", { class: "quiet" }, `${count(unstated, "document")} without a stated publisher`),
  );
}

function choice(name, documents) {
  const box = el("input", { type: "checkbox", name: "publisher", value: name });
  return el("label", {}, box, " ", el("bdi", {}, name), el("span", { class: "quiet" }, ` ${documents}`));
}

function days(documents) {
  const undated = documents.filter((each) => !each.published).length;
  return el(
    "fieldset",
    {},
    el("legend", {}, "Published"),
    el("div", { class: "days" }, dayField("From", "published_from"), dayField("To", "published_to")),
    undated > 0 && el("p", { class: "quiet" }, `${count(undated, "undated document")} left out when a day is set`),
  );
}

function dayField(label, name) {
  return el("label", {}, `${label} `, el("input", { type: "date", name }));
}

function cleared(box) {
  for (const input of box.querySelectorAll("input")) {
    input.checked = false;
    if (input.type === "date") input.value = "";
  }
  box.querySelector("summary").focus();
  box.closest("form").requestSubmit();
}
