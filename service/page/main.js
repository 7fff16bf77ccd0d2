// Entry point: routes addresses to views, follows links without reloading, handles keyboard shortcuts.

import { Problem, showWaitingWith, unreachable } from "./api.js";
import { showAsk } from "./ask.js";
import { closeCiteMenus } from "./cite.js";
import { el, errorNotice, show } from "./dom.js";
import { chosenFilters } from "./filters.js";
import { showCount } from "./basket.js";
import { askAddress, parseAddress } from "./addresses.js";

showWaitingWith((reason) => show(waitingView(reason)));

const form = document.getElementById("question");
const question = document.getElementById("q");
const view = document.getElementById("view");
let latestVisit = 0;

// Shows the view of the current address, and returns whether it is shown. If the address has changed again meanwhile, it
// shows nothing.
async function render() {
  const thisVisit = ++latestVisit;
  const current = () => thisVisit === latestVisit;
  const state = parseAddress(location.search);
  document.body.dataset.view = state.view;
  highlightNavigation(state.view);
  try {
    await showView(state, current);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (current()) show(errorNotice(problem));
  }
  return current();
}

async function showView(state, current) {
  if (state.view === "quotes") await (await loaded(import("./quotes.js"))).showQuotes(current);
  else if (state.view === "collection") await (await loaded(import("./collection.js"))).showCollection(current);
  else if (state.view === "source") await (await loaded(import("./source.js"))).showSource(state, current);
  else await showAsk(state, current);
}

// The modules of a view are loaded when it is first shown.
function loaded(module) {
  return module.catch(() => {
    throw unreachable();
  });
}

// The view until the service is ready, with the reason why it is not.
function waitingView(reason) {
  return el("section", { class: "start", role: "status" }, el("h1", { class: "lead" }, `${reason} \u2026`), el("p", { class: "quiet" }, "This page goes on by itself."));
}

function highlightNavigation(name) {
  for (const link of document.querySelectorAll("nav a[data-view]")) {
    if (link.dataset.view === name) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

// As in a browser, an address that is shown already is not added to the history once more.
async function navigate(address) {
  if (new URL(address, location).href !== location.href) {
    history.replaceState({ scrolled: scrollY }, "");
    history.pushState(null, "", address);
  }
  const filtering = document.activeElement.closest(".filters");
  if (!(await render()) || filtering) return;
  if (document.body.dataset.view !== "source") scrollTo(0, 0);
  view.focus({ preventScroll: true });
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (question.value.trim()) navigate(askAddress(question.value.trim(), chosenFilters(form)));
});

form.addEventListener("change", (event) => {
  const asked = question.value.trim();
  const state = parseAddress(location.search);
  if (event.target !== question && asked) navigate(askAddress(asked, chosenFilters(form), asked === state.question ? state.context : null));
});

document.addEventListener("visit", (event) => navigate(event.detail));

document.addEventListener("click", (event) => {
  closeCiteMenus(event);
  const link = event.target.closest("a[href]");
  const plain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  if (!link || !plain || event.defaultPrevented || link.hash || "outside" in link.dataset || link.origin !== location.origin) return;
  event.preventDefault();
  navigate(link.pathname + link.search);
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, dialog[open]");
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "Escape" && !event.target.closest("dialog")) document.getElementById("back")?.click();
  if (typing) return;
  if (event.key === "/") focusQuestion(event);
  if (event.key === "m") import("./source.js").then((source) => source.scrollToCitation());
  if (event.key === "j") focusPassage(1);
  if (event.key === "k") focusPassage(-1);
  if (event.key === "?") import("./keys.js").then((keys) => keys.showKeys());
  if (event.key === "Enter" && event.target.matches(".passage")) event.target.querySelector(".by a").click();
});

function focusQuestion(event) {
  event.preventDefault();
  question.focus();
  question.select();
}

// Moves the focus to the next (1) or previous (-1) passage.
function focusPassage(offset) {
  const passages = [...document.querySelectorAll(".passage")];
  const index = passages.indexOf(document.activeElement.closest(".passage"));
  passages[index < 0 ? 0 : Math.min(Math.max(index + offset, 0), passages.length - 1)]?.focus();
}

// The browser restores the scroll position before the view is there; a source opens at its mark.
addEventListener("popstate", async ({ state }) => {
  if ((await render()) && state && document.body.dataset.view !== "source") scrollTo(0, state.scrolled);
});
showCount();
render();
