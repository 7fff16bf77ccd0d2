// The questions that were asked in this browser, latest first. They are stored until they are cleared.

import { readList, writeList } from "./browser_store.js";
import { askAddress } from "./addresses.js";
import { el, announce } from "./dom.js";

const LIST = "questions";
const MAX_KEPT = 100;
const SHOWN = 6;

// A question that is asked again moves to the top.
export function rememberQuestion({ question, filters, context }, answer) {
  const address = askAddress(question, filters, context);
  const others = readList(LIST).filter((item) => item?.address !== address);
  const item = { question, address, answered: answer.answer !== null };
  writeList(LIST, [item, ...others].slice(0, MAX_KEPT));
}

function questions() {
  // Only addresses of this page count, since any script of this origin may have written the list.
  return readList(LIST).filter((item) => typeof item?.question === "string" && /^\.\/\?/.test(item.address));
}

// Returns the list of questions, or null if there are none.
export function askedView() {
  const items = questions();
  if (!items.length) return null;
  const list = el("ul", { class: "asked" }, items.slice(0, SHOWN).map(questionItem));
  const more = items.length > SHOWN && el("button", { type: "button", class: "plain", onclick: () => showAll(list, items, more) }, `All ${items.length} questions`);
  const section = el(
    "section",
    { class: "history", "aria-labelledby": "asked-title" },
    el("h2", { id: "asked-title" }, "Asked before"),
    list,
    el("p", { class: "actions" }, more, el("button", { type: "button", class: "plain", onclick: () => clear(section) }, "Clear these questions"), el("span", { class: "quiet" }, "Kept in this browser only")),
  );
  return section;
}

function questionItem({ question, address, answered }) {
  return el("li", {}, el("a", { href: address, dir: "auto" }, question), !answered && el("span", { class: "quiet" }, " no answer"));
}

function showAll(list, items, button) {
  list.replaceChildren(...items.map(questionItem));
  button.remove();
  list.querySelectorAll("a")[SHOWN].focus();
}

function clear(section) {
  writeList(LIST, []);
  section.remove();
  document.getElementById("view").focus();
  announce("Your questions were cleared");
}
