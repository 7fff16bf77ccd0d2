// The page put together: addresses to views, links without reloading, and the keyboard.

import { showAsk } from "./ask.js";
import { closeMenus } from "./cite.js";
import { showCollection } from "./collection.js";
import { chosenFilters } from "./filters.js";
import { askAddress, placeOf } from "./places.js";
import { showSource, toMark } from "./source.js";

const form = document.getElementById("question");
const question = document.getElementById("q");
const view = document.getElementById("view");
let visit = 0;

// Shows what the address bar says. A view that another has followed meanwhile shows nothing.
async function arrive() {
  const mine = ++visit;
  const current = () => mine === visit;
  const place = placeOf(location.search);
  document.body.dataset.view = place.view;
  mark(place.view);
  if (place.view === "collection") await showCollection(current);
  else if (place.view === "source") await showSource(place, current);
  else await showAsk(place, current);
}

function mark(name) {
  for (const link of document.querySelectorAll("nav a[data-view]")) {
    if (link.dataset.view === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

async function go(address) {
  history.pushState(null, "", address);
  const filtering = document.activeElement.closest(".filters");
  await arrive();
  if (filtering) return;
  if (document.body.dataset.view !== "source") scrollTo(0, 0);
  view.focus({ preventScroll: true });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (question.value.trim()) go(askAddress(question.value.trim(), chosenFilters(form)));
});

form.addEventListener("change", (event) => {
  if (event.target !== question && question.value.trim()) go(askAddress(question.value.trim(), chosenFilters(form)));
});

document.addEventListener("click", (event) => {
  closeMenus(event);
  const link = event.target.closest("a[href]");
  const plain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  if (!link || !plain || event.defaultPrevented || link.hash || "outside" in link.dataset || link.origin !== location.origin) return;
  event.preventDefault();
  go(link.pathname + link.search);
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, dialog");
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "Escape" && !event.target.closest("dialog")) document.getElementById("back")?.click();
  if (typing) return;
  if (event.key === "/") toQuestion(event);
  if (event.key === "m") toMark();
  if (event.key === "j") step(1);
  if (event.key === "k") step(-1);
});

function toQuestion(event) {
  event.preventDefault();
  question.focus();
  question.select();
}

// j and k walk through the passages.
function step(by) {
  const all = [...document.querySelectorAll(".passage")];
  const at = all.indexOf(document.activeElement.closest(".passage"));
  all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)]?.focus();
}

addEventListener("popstate", arrive);
arrive();
