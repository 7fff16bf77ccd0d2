// Uses the TypeScript client that openapi-generator generates: `node by_typescript_fetch.js URL KEY`.

import {
  ChangesApi,
  CitationsApi,
  CollectionApi,
  CompatibleApi,
  Configuration,
  HealthApi,
  ListDocumentsSortEnum,
  QuestionsApi,
  ResponseError,
} from "./made_by_generator/index";

declare const process: { argv: string[]; exit(code: number): never };

const QUESTION = "why does Russia object to the X-band radar?";
const DATED = "000_3a64872121ddd60b.txt";
const UNDATED = "002_8dddc422d49da77a.txt";
const DAY = new Date("2016-02-02");
const STORY =
  "The bakery on Mill Street sold its last loaf on Friday, after ninety years.\n\n" +
  "Its oven is for sale, the baker said on Friday to the people of the town.";

function equal(found: unknown, expected: unknown): void {
  if (JSON.stringify(found) !== JSON.stringify(expected)) {
    throw new Error(`${JSON.stringify(found)} is not ${JSON.stringify(expected)}`);
  }
}

async function main(url: string, key: string): Promise<void> {
  const configuration = new Configuration({ basePath: url, accessToken: key });
  const questions = new QuestionsApi(configuration);
  const collection = new CollectionApi(configuration);
  const changes = new ChangesApi(configuration);

  const answer = await questions.ask({ askBody: { question: QUESTION, topK: 3, explain: true } });
  equal([answer.passages.length, typeof answer.passages[0].scores?.fused], [3, "number"]);
  const citation = answer.passages[0].citation;
  equal([citation.documentId, citation.published, citation.agency], [UNDATED, null, null]);
  const filters = { publishedFrom: DAY, publisher: ["The Korea Times"] };
  const dated = await questions.ask({ askBody: { question: QUESTION, filters } });
  equal(dated.passages[0].citation.published, DAY);
  const byUrl = await questions.askByUrl({ q: QUESTION, publisher: ["CHINA TOPIX"], publishedTo: null });
  equal(byUrl.passages[0].citation.title, citation.title);
  const { answers } = await questions.askBatch({ batchBody: { questions: [QUESTION, "Who?"] } });
  equal(answers.map((each) => each.question), [QUESTION, "Who?"]);

  const verdict = await new CitationsApi(configuration).verify({ verifyBody: citation });
  equal("valid" in verdict && verdict.valid, true);

  const document = await collection.showDocument({ documentId: DATED });
  equal([document.published, document.paragraphs.length], [DAY, 14]);
  equal((await collection.showDocument({ documentId: UNDATED })).published, null);
  equal((await collection.showReading({ documentId: DATED })).dropped.length > 0, true);
  equal((await collection.sendRaw({ documentId: DATED })).includes("THAAD"), true);
  const sort = "-published" as ListDocumentsSortEnum;
  const first = await collection.listDocuments({ limit: 2, sort });
  const rest = await collection.listDocuments({ cursor: first.cursor, sort });
  equal([first.total, first.documents.length, rest.documents.length, rest.cursor], [5, 2, 3, null]);

  const article = { text: STORY, title: "Bakery closed", authors: ["Ann Otter"], published: DAY };
  const written = await changes.putDocument({ documentId: "bakery", article });
  equal([written.change, written.document.published, written.document.url], ["added", DAY, null]);
  const documents = [{ text: STORY, id: "bakery" }, { text: "Home", id: "menu" }];
  const { results } = await changes.putBatch({ articleBatch: { documents } });
  equal(results.map((each) => [each.documentId, each.change]), [["bakery", "updated"], ["menu", null]]);
  await changes.deleteDocument({ documentId: "bakery" });
  const error: unknown = await collection.showDocument({ documentId: "bakery" }).catch((refused) => refused);
  equal(error instanceof ResponseError && error.response.status, 404);

  equal((await collection.showIndex()).documents, 5);
  equal((await new HealthApi(configuration).live()).status, "live");
  equal((await new HealthApi(configuration).metrics()).includes("wherefrom"), true);

  const compatible = new CompatibleApi(configuration);
  const { records } = await compatible.retrieve({ retrievalBody: { knowledgeId: "any", query: QUESTION } });
  equal(records[0].metadata.documentId, UNDATED);
  const page = await compatible.searchVectorStore({
    vectorStoreId: "any",
    vectorStoreSearchBody: { query: [QUESTION] },
  });
  equal(page.data[0].content[0].text, records[0].content);
}

main(process.argv[2], process.argv[3]).catch((error) => {
  console.error(error);
  process.exit(1);
});
