import { expect, test } from "@jest/globals";
import { fillShop } from "../../search/fill-shop.ts";
import { measureSearch } from "../../search/measure.ts";
import { openCatalogue } from "../../search/open-catalogue.ts";
import { qualityOf } from "../../search/quality.ts";

/** Ten of each kind; `npm run search-report` asks a larger shop. */
const products = 730;

test("labelled searches find what shoppers mean, the best first", async () => {
  const database = await openCatalogue();
  await fillShop(database, products);
  const { answers } = await measureSearch(database, products);
  await database.sequelize.close();
  const { queries, recallAt20, mrr } = qualityOf(answers);
  expect(queries).toBeGreaterThan(400);
  expect(recallAt20).toBeGreaterThanOrEqual(0.95);
  expect(mrr).toBeGreaterThanOrEqual(0.7);
  const classes = [...Map.groupBy(answers, ({ query }) => query.class)];
  expect(classes.filter(([, its]) => qualityOf(its).mrr < 0.7).map(([name]) => name)).toEqual([]);
  const labels = qualityOf(answers.filter(({ query }) => query.class.startsWith("label of a code")));
  expect(labels.queries).toBeGreaterThan(100);
  expect(labels.recallAt20).toBeGreaterThanOrEqual(0.95);
}, 240_000);
