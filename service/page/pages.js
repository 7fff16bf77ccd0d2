// The pages of a source as pictures, with boxes around the cited text and the other passages of the answer.

import { documentPath, getBlob, hasKey } from "./api.js";
import { el, svg } from "./dom.js";
import { withKey } from "./key.js";

// Returns a figure for each page. Pictures are loaded when they get near the visible part of the view.
export function pageViews(reading, citation, passages) {
  const marks = [["other", passages.flatMap((passage) => passage.segments)], ["cited", citation ? citation.segments : []]];
  const observer = new IntersectionObserver((entries) => entries.filter((entry) => entry.isIntersecting).forEach((entry) => load(entry.target, observer)), { rootMargin: "600px" });
  return reading.pages.map((page) => pageView(reading, page, marks, observer));
}

function pageView(reading, page, kinds, observer) {
  const address = documentPath(reading.document_id, `/pages/${page.number}.png`);
  const picture = el("img", { alt: `Page ${page.number}`, width: Math.round(page.width), height: Math.round(page.height), "data-address": address });
  observer.observe(picture);
  const boxes = kinds.flatMap(([kind, segments]) => page.boxes.flatMap((box) => markedParts(box, segments)).map((box) => ({ class: kind, ...box })));
  const marks = svg("svg", { viewBox: `0 0 ${page.width} ${page.height}`, "aria-hidden": "true" }, ...boxes.map((box) => svg("rect", box)));
  return el("figure", { class: "page", "data-page": page.number }, el("div", { class: "sheet" }, picture, marks), el("figcaption", {}, `Page ${page.number}`));
}

// Returns the rectangle of the marked part of a line, as if all of its characters were equally wide.
function markedParts(box, segments) {
  const inside = segments.map((span) => [Math.max(box.start, span.start), Math.min(box.end, span.end)]).filter(([start, end]) => start < end);
  if (!inside.length) return [];
  const width = (box.right - box.left) / (box.end - box.start);
  const left = box.left + (inside[0][0] - box.start) * width;
  const right = box.right - (box.end - inside.at(-1)[1]) * width;
  return [{ x: left, y: box.top, width: right - left, height: box.bottom - box.top }];
}

// With a key, a picture is fetched by script, since the browser itself would not send the key.
async function load(picture, observer) {
  observer.unobserve(picture);
  const { address } = picture.dataset;
  try {
    picture.src = hasKey() ? await dataAddress(await withKey(() => getBlob(address))) : address;
  } catch (problem) {
    picture.alt = `${picture.alt} cannot be shown: ${problem.message}`;
  }
}

function dataAddress(blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
