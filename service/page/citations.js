// Formats a citation as plain text, Markdown, BibTeX or JSON.

import { titleOf } from "./format.js";

export const CITATION_FORMATS = { "Plain text": plain, Markdown: markdown, BibTeX: bibtex, JSON: json };

function plain(citation) {
  const address = citation.url ? `${citation.url}\n` : "";
  return `“${citation.cited_text}”\n${citation.formatted}\n${address}${sourceLocation(citation)}\n`;
}

function markdown(citation) {
  const url = citation.url && !/[\s()<>]/.test(citation.url) ? citation.url : null;
  const label = escaped(citation.formatted);
  return `> ${escaped(citation.cited_text)}\n>\n> — ${url ? `[${label}](${url})` : label} ${escaped(sourceLocation(citation))}\n`;
}

function bibtex(citation) {
  const [year, month, date] = (citation.published || "").split("-");
  const fields = {
    title: `{${tex(titleOf(citation))}}`,
    author: citation.authors.map(bibtexName).join(" and ") || (citation.agency ? `{${tex(citation.agency)}}` : ""),
    publisher: tex(citation.publisher || ""),
    year,
    month: month && String(Number(month)),
    day: date && String(Number(date)),
    url: citation.url && !/[\s{}\\]/.test(citation.url) ? citation.url : "",
    note: `${placeInWords(citation)}: ${tex(citation.cited_text)}`,
    howpublished: tex(sourceLocation(citation)),
  };
  const present = Object.entries(fields).filter(([, value]) => value);
  return `@misc{${bibtexKey(citation)},\n${present.map(([name, value]) => `  ${name} = {${value}},`).join("\n")}\n}\n`;
}

// BibTeX parses first and last name, except of a name in braces: one word, or one that contains a separator.
function bibtexName(name) {
  return /,|\band\b|^[^\s]+$/i.test(name) ? `{${tex(name)}}` : tex(name);
}

function json(citation) {
  return `${JSON.stringify(citation, null, 2)}\n`;
}

function sourceLocation(citation) {
  const spans = citation.segments.map((span) => `${span.start}–${span.end}`).join(", ");
  return `${citation.source}, line ${citation.line_start}, characters ${spans}, SHA-256 ${citation.source_sha256}`;
}

// Escapes what Markdown takes for markup, also a character that begins a list at the start of a line.
function escaped(text) {
  return text.replace(/[\\`*_{}[\]<>#|~&!$]/g, "\\$&").replace(/^([-+=]|\d{1,9}[.)])/, (start) => `${start.slice(0, -1)}\\${start.at(-1)}`);
}

function tex(text) {
  // BibTeX counts braces, even those after a backslash.
  const names = { "\\": "\\textbackslash{}", "{": "\\textbraceleft{}", "}": "\\textbraceright{}", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" };
  return text.replace(/[\\{}$&#%_~^]/g, (sign) => names[sign] || `\\${sign}`);
}

function bibtexKey(citation) {
  const word = titleOf(citation).normalize("NFKD").match(/[A-Za-z]{3,}/g) || ["source"];
  return `${word.slice(0, 2).join("").toLowerCase()}${(citation.published || "nd").slice(0, 4)}${citation.paragraph ? `p${citation.paragraph}` : `l${citation.line_start}`}`;
}

// Subheads and questions have no paragraph number.
function placeInWords({ paragraph, line_start }) {
  return paragraph ? `Paragraph ${paragraph}` : `Line ${line_start}`;
}
