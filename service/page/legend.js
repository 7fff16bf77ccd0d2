// The legend of the marks of a source, as a line above its text.

import { sourceAddress } from "./addresses.js";
import { el } from "./dom.js";

// The legend above the article. The other passages of the answer are links with their ranks, which cite them instead.
export function articleLegend(state, citation, passages) {
  const link = (each) => el("a", { href: sourceAddress(each, state.question, state.filters, state.context), "aria-label": `Passage ${each.rank}` }, String(each.rank));
  const links = passages.flatMap((each, index) => [index > 0 && ", ", link(each)]);
  return legend("marks", marks(citation, passages).map((item) => (links.length && item.className ? [item, ": ", ...links] : [item])));
}

// The legend above the pictures of pages.
export function pageLegend(citation, passages) {
  return legend("marks", marks(citation, passages));
}

// The legend above the text of the original file.
export function textLegend(reading, citation, passages) {
  const hasHeadings = reading.subheads.length > 0 || reading.paragraphs.some((item) => item.kind === "question");
  return legend("legend", [
    ...marks(citation, passages),
    el("span", { class: "kept" }, "kept"),
    ...(hasHeadings ? [el("strong", { class: "heading" }, "subhead or question")] : []),
    el("span", { class: "dropped" }, "removed by cleaning"),
  ]);
}

function marks(citation, passages) {
  return [citation && el("mark", {}, "cited"), passages.length > 0 && el("span", { class: "other-passage" }, "other passages of the answer")].filter(Boolean);
}

function legend(name, items) {
  return items.length ? el("p", { class: `${name} quiet` }, items.flatMap((item, index) => [index > 0 && " · ", item].flat())) : "";
}
