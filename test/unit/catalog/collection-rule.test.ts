import { expect, test } from "@jest/globals";
import type { RuleCondition, RuleSubject } from "../../../services/catalog/domain/collection-rule.ts";
import { categoriesOf, matchesRule } from "../../../services/catalog/domain/collection-rule.ts";

const paths = new Map([
  ["pens", "office/pens/"],
  ["office", "office/"],
]);
const pen: RuleSubject = {
  categoryPath: "office/pens/",
  brandId: "lamy",
  tags: ["new", "新品"],
  priceFrom: 1000,
  attributes: { colour: ["red", "blue"], refill: true, nib: 0.5 },
  createdAt: Date.parse("2026-05-01T00:00:00.000Z"),
};
const bare: RuleSubject = {
  categoryPath: null,
  brandId: null,
  tags: [],
  priceFrom: null,
  attributes: {},
  createdAt: 0,
};

const holding: RuleCondition[] = [
  { on: "category", ids: ["gone", "office"] },
  { on: "brand", ids: ["lamy"] },
  { on: "tag", tags: ["sale", "新品"] },
  { on: "price", min: 1000, max: 1000 },
  { on: "price" },
  { on: "attribute", code: "colour", values: ["blue"] },
  { on: "attribute", code: "refill", values: [true] },
  { on: "attribute", code: "nib", values: [1, 0.5] },
  { on: "created", since: "2026-05-01T00:00:00.000Z" },
];
const failing: RuleCondition[] = [
  { on: "category", ids: ["gone"] },
  { on: "brand", ids: ["pilot"] },
  { on: "tag", tags: ["ne"] },
  { on: "price", min: 1001 },
  { on: "attribute", code: "nib", values: ["0.5"] },
  { on: "attribute", code: "constructor", values: ["x"] },
  { on: "created", since: "2026-05-01T00:00:00.001Z" },
];

test.each(holding)("%j holds for what it names, and not for a product without anything", (condition) => {
  expect(matchesRule({ match: "all", conditions: [condition] }, pen, paths)).toBe(true);
  expect(matchesRule({ match: "any", conditions: [condition] }, bare, paths)).toBe(false);
});

test.each(failing)("%j does not hold for anything else", (condition) => {
  expect(matchesRule({ match: "any", conditions: [condition] }, pen, paths)).toBe(false);
});

test("all conditions must hold, or any", () => {
  const conditions = [holding[0], failing[0]].filter((one) => one !== undefined);
  expect(matchesRule({ match: "all", conditions }, pen, paths)).toBe(false);
  expect(matchesRule({ match: "any", conditions }, pen, paths)).toBe(true);
});

test("a category is not within one whose slug it begins with", () => {
  const rule = { match: "all", conditions: [{ on: "category", ids: ["pens"] }] } as const;
  expect(matchesRule(rule, { ...pen, categoryPath: "office/pens-and-ink/" }, paths)).toBe(false);
  expect(categoriesOf([rule, rule])).toEqual(["pens"]);
});
