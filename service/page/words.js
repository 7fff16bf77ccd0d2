// Numbers, dates and sources in words.

const DAY = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeZone: "UTC" });
const SURE = [
  [0.9, "almost certain to answer it"],
  [0.7, "likely to answer it"],
  [0.5, "more likely than not to answer it"],
  [0.3, "may answer it, but probably not"],
  [0.1, "unlikely to answer it"],
  [0, "very unlikely to answer it"],
];

// Rounded, but never up to a threshold that was not reached.
export function percent(share, threshold = 1) {
  const rounded = Math.round(share * 100);
  const shown = share < threshold && rounded >= threshold * 100 ? Math.floor(share * 100) : rounded;
  return share > 0 && shown < 1 ? "under 1 %" : `${shown} %`;
}

export function sureness(confidence) {
  return SURE.find(([least]) => confidence >= least)[1];
}

export function day(iso) {
  return DAY.format(new Date(`${iso}T00:00:00Z`));
}

export function count(number, noun) {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}

export function publisherOf(about) {
  return about.publisher || (about.agency ? `${about.agency} (agency)` : "Publisher not stated");
}

export function dateOf(about) {
  return about.published ? day(about.published) : "undated";
}

// "CHINA TOPIX, undated, paragraph 13".
export function sourceInWords(citation) {
  return `${publisherOf(citation)}, ${dateOf(citation)}, paragraph ${citation.paragraph}`;
}

export function titleOf(about) {
  return about.title || fileName(about.source) || about.document_id;
}

export function fileName(source) {
  return source.split(/[\\/]/).pop();
}

export function size(bytes) {
  return bytes < 1000 ? `${bytes} bytes` : bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

// A link that a document gives is followed only to the web.
export function webAddress(url) {
  return url && /^https?:\/\//i.test(url) ? url : null;
}
