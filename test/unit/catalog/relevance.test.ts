import { expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  belongingTerm,
  packTerms,
  TermFinder,
} from "../../../services/catalog/domain/search/packed-terms.ts";
import { RelevanceScorer } from "../../../services/catalog/domain/search/relevance.ts";

const nothing = { optional: false, categories: new Map(), brands: new Map(), facets: [], documents: 10 };

test("packed terms are found with their weights, and no others", () => {
  const weights = fc.dictionary(fc.string({ minLength: 1 }), fc.integer({ min: 1, max: 255 }));
  fc.assert(
    fc.property(weights, fc.uniqueArray(fc.string({ minLength: 1 })), (packed, others) => {
      const all = new Map(Object.entries(packed));
      const finder = new TermFinder<string>();
      for (const term of [...all.keys(), ...others]) finder.set(term, term);
      const found = new Map<string, number>();
      finder.visit(packTerms(all), (term, weight) => found.set(term, weight));
      expect(found).toEqual(all);
    }),
  );
});

test("more terms than a product has are packed into a text column", () => {
  const terms = new Map(Array.from({ length: 1200 }, (_, index) => [`term ${index}`, 255]));
  expect(packTerms(terms).length).toBeLessThan(65_536);
  const finder = new TermFinder<number>();
  finder.set("term 1199", 7);
  const found: number[] = [];
  finder.visit(packTerms(terms), (value) => found.push(value));
  expect(found).toEqual([7]);
});

test("a word counts by its best form and by what it names; words that stand together add to it", () => {
  const word = {
    ...nothing,
    terms: new Map([
      ["phones", 1],
      ["phone", 0.5],
    ]),
    categories: new Map([["c1", 1]]),
  };
  const scorer = new RelevanceScorer([word, { ...nothing, terms: new Map([["case", 1]]) }], ["phone case"]);
  const scoreOf = (terms: Record<string, number>) => scorer.of(packTerms(new Map(Object.entries(terms))));
  const one = scoreOf({ phone: 100 });
  expect(one).toMatchObject({ matched: 1, required: 1 });
  expect(scoreOf({ phone: 100, phones: 10 }).score).toBe(one.score);
  expect(scoreOf({ phone: 100, phones: 60 }).score).toBeGreaterThan(one.score);
  expect(scoreOf({ [belongingTerm("category", "c1")]: 1 }).score).toBeGreaterThan(one.score);
  expect(scoreOf({ phone: 100, "phone case": 9 }).score).toBeGreaterThan(one.score);
  expect(scoreOf({ phone: 1, case: 1 })).toMatchObject({ matched: 2, required: 2 });
  expect(scoreOf({ "phone case": 9 })).toMatchObject({ matched: 0, required: 0 });
});

test("an optional word orders, but does not make a match", () => {
  const scorer = new RelevanceScorer([{ ...nothing, optional: true, terms: new Map([["for", 1]]) }], []);
  expect(scorer.of(packTerms(new Map([["for", 1]])))).toMatchObject({ matched: 1, required: 0 });
});
