// Folded parts of a view, hidden behind a button that names their size. The browser's own search finds and opens them.

import { el } from "./dom.js";
import { count } from "./format.js";

const NARROW = "(max-width: 46rem)";
// On a narrow screen, the maximum distance of the cited text from the top, and the text shown above it, in screens.
const MAX_SCREENS = 2.5;
const SCREENS_ABOVE = 0.75;

// Returns nodes that are hidden behind a button.
export function fold(label, nodes) {
  const hidden = el("div", { class: "folded", hidden: "until-found" }, nodes);
  const button = el("button", { type: "button", class: "plain", onclick: () => open() }, label);
  const open = () => {
    const focused = document.activeElement === button;
    hidden.removeAttribute("hidden");
    button.remove();
    if (focused) focusOn(nodes[0]);
  };
  hidden.addEventListener("beforematch", open);
  return el("div", { class: "fold" }, button, hidden);
}

function focusOn(node) {
  node.setAttribute("tabindex", "-1");
  node.focus({ preventScroll: true });
}

// Folds the blocks between the first screen of a view and its mark, on a narrow screen if the mark is far below.
export function foldAbove(mark, blocks, noun) {
  if (!mark || !matchMedia(NARROW).matches) return;
  const top = (node) => node.getBoundingClientRect().top + scrollY;
  const marked = blocks.findIndex((block) => block.contains(mark));
  if (marked < 0 || top(mark) < MAX_SCREENS * innerHeight) return;
  const first = blocks.findIndex((block) => block.getBoundingClientRect().bottom + scrollY > innerHeight);
  const last = blocks.findIndex((block, index) => index === marked || top(block) > top(mark) - SCREENS_ABOVE * innerHeight);
  const hidden = blocks.slice(first, last);
  if (first < 0 || !hidden.length) return;
  const number = hidden.reduce((sum, block) => sum + (block.querySelectorAll(".row").length || 1), 0);
  const place = document.createComment("");
  hidden[0].before(place);
  place.replaceWith(fold(`Show ${count(number, noun)} before this`, hidden));
}
