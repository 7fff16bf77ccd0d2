// "Why this passage": the service's explanation of a passage, with `explain`, in plain words.

import { post } from "./api.js";
import { el } from "./dom.js";
import { withKey } from "./key.js";

// Words for the similarity of a question and a sentence, each with the lowest cosine that it applies to.
const NEARNESS = [[0.7, "very close to"], [0.5, "close to"], [0.35, "somewhat close to"], [0.2, "only loosely related to"], [-1, "far from"]];
const WORDS = new Intl.ListFormat("en", { type: "conjunction" });

// Fills a panel with the reasons; `body` is the request that the passage answered.
export async function explainPassage(panel, passageId, body) {
  try {
    const answer = await withKey(() => post("v1/ask", { ...body, explain: true }));
    const passage = answer.passages.find((each) => each.passage_id === passageId);
    panel.replaceChildren(...(passage ? reasons(passage, answer) : [el("p", {}, "The collection has changed since. Ask again.")]));
  } catch (problem) {
    panel.replaceChildren(el("p", {}, problem.message));
  }
}

function reasons(passage, answer) {
  const { scores, shared_words: words } = passage;
  return [
    el("p", {}, el("strong", {}, "Words: "), words.length ? [`it has ${WORDS.format(words.map((word) => `\u201c${word}\u201d`))} in common with your question`, ...missing(passage, answer)] : "it has no word in common with your question", "."),
    el("p", {}, el("strong", {}, "Meaning: "), `its nearest sentence is ${nearness(scores.sentence)} your question${rankOf(passage, answer, (each) => each.scores.sentence, "closest")}.`),
    ...more(passage, answer),
  ];
}

// Returns the words of the question that other passages contain and this one does not.
function missing({ shared_words: words }, { passages }) {
  const own = new Set(words.map((word) => word.toLowerCase()));
  const others = new Map(passages.flatMap((each) => each.shared_words).map((word) => [word.toLowerCase(), word]));
  const lacking = [...others].filter(([key]) => !own.has(key)).map(([, word]) => word);
  return lacking.length && lacking.length < 6 ? [`; it lacks ${WORDS.format(lacking.map((word) => `\u201c${word}\u201d`))}, which other passages have`] : [];
}

function nearness(cosine) {
  return NEARNESS.find(([minimum]) => cosine >= minimum)[1];
}

function rankOf(passage, { passages }, score, adjective) {
  return passages.length > 1 && passages.every((each) => score(each) <= score(passage)) ? `, the ${adjective} of these passages` : "";
}

function more(passage, answer) {
  const { scores } = passage;
  return [
    answer.effort === "careful" && "A reader read it together with your question, and put it in this place.",
    scores.recency > 0.9 && "It is among the newest, which you prefer.",
    scores.recency === 0 && "It has no date, or an old one; you prefer the newest.",
    passage.also_in.length > 0 && "The same passage stands in other documents too; it is shown once.",
  ].filter(Boolean).map((text) => el("p", {}, text));
}
