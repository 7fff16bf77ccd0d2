// Formats numbers, dates and sources for display.

import { el } from "./dom.js";

const DAY = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });
const LIKELIHOODS = [
  [0.9, "almost certain to answer it"],
  [0.7, "likely to answer it"],
  [0.5, "more likely than not to answer it"],
  [0.3, "possible, but unlikely to answer it"],
  [0.1, "unlikely to answer it"],
  [0, "very unlikely to answer it"],
];

// Rounds to a percentage, but never up to a threshold that was not reached.
export function percent(value, threshold = 1) {
  const rounded = Math.round(value * 100);
  const shown = value < threshold && rounded >= threshold * 100 ? Math.floor(value * 100) : rounded;
  return value > 0 && shown < 1 ? "under 1 %" : `${shown} %`;
}

export function likelihood(confidence) {
  return LIKELIHOODS.find(([minimum]) => confidence >= minimum)[1];
}

// A text that is no date, as in an address, is returned as it is.
export function day(iso) {
  const date = new Date(`${iso}T00:00:00Z`);
  return Number.isNaN(date.valueOf()) ? iso : DAY.format(date);
}

export function count(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

export function publisherOf(document) {
  return document.publisher || (document.agency ? `${document.agency} (agency)` : "Publisher not stated");
}

export function dateOf(document) {
  return document.published ? day(document.published) : "undated";
}

// For example "CHINA TOPIX, undated, paragraph 13".
export function sourceLabel(citation) {
  return `${publisherOf(citation)}${placeLabel(citation)}`;
}

// The same as nodes, so that a publisher written from right to left does not reorder the rest of the line.
export function sourceNodes(citation) {
  return [el("bdi", {}, publisherOf(citation)), placeLabel(citation)];
}

// Subheads and questions have no paragraph number.
function placeLabel(citation) {
  const { paragraph, line_start: line } = citation;
  const place = paragraph ? `, paragraph ${paragraph}` : line ? `, line ${line}` : "";
  return `, ${dateOf(citation)}${place}`;
}

export function titleOf(document) {
  return document.title || fileName(document.source) || document.document_id;
}

export function fileName(source) {
  return source.split(/[\\/]/).pop();
}

export function size(bytes) {
  return bytes < 1000 ? `${bytes} bytes` : bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

// Returns a document's URL if it is http or https, else null.
export function webAddress(url) {
  return url && /^https?:\/\//i.test(url) ? url : null;
}
