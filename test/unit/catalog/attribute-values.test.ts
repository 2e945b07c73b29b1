import { describe, expect, test } from "@jest/globals";
import { attributeFaults, isDay } from "../../../services/catalog/domain/attribute-values.ts";
import { facetRowsOf } from "../../../services/catalog/domain/facet-rows.ts";
import { demoAttributes } from "../../../services/catalog/demo/demo-attributes.ts";
import { demoTypes } from "../../../services/catalog/demo/demo-types.ts";
import { definitionFault } from "../../../services/catalog/domain/attribute.ts";
import { noDetails } from "../../../services/catalog/domain/product.ts";

describe("attributes of a product", () => {
  const definitions = new Map(demoAttributes.map((attribute) => [attribute.code, attribute]));
  const [phones] = demoTypes;
  const uses = phone();

  function phone() {
    if (!phones) throw new Error("there is no type");
    return phones.attributes;
  }

  test("are right when the type's required ones are there and all have the declared kind", () => {
    const right = {
      screen_size: 6.1,
      storage: 128,
      operating_system: "ios",
      colour: ["red"],
      dual_sim: false,
    };
    expect(attributeFaults(right, uses, definitions)).toEqual([]);
    expect(attributeFaults({ ...right, released: "2026-13-01" }, uses, definitions)).toMatchObject([
      { path: "attributes.released", code: "invalid-format" },
    ]);
    const { storage: _storage, ...without } = right;
    expect(attributeFaults({ ...without, toString: "x" }, uses, definitions)).toMatchObject([
      { path: "attributes.toString", code: "unknown-field" },
      { path: "attributes.storage", code: "required" },
    ]);
  });

  test("are none without a type", () => {
    expect(attributeFaults({}, [], definitions)).toEqual([]);
    expect(attributeFaults({ colour: ["red"] }, [], definitions)).toHaveLength(1);
  });

  test.each(["2026-02-29", "2026-2-1", "26-01-01", "2026-01-32", "2026-01-01T00:00:00Z", ""])(
    "%j is no day",
    (text) => expect(isDay(text)).toBe(false),
  );
});

test("the demonstration's types are of defined attributes, and translated", () => {
  const codes = new Set(demoAttributes.map(({ code }) => code));
  expect(codes.size).toBe(demoAttributes.length);
  expect(demoAttributes.map(definitionFault).filter((fault) => fault !== null)).toEqual([]);
  expect(demoTypes).toHaveLength(14);
  expect(demoTypes.flatMap(({ attributes }) => attributes).filter(({ code }) => !codes.has(code))).toEqual(
    [],
  );
  expect([...demoTypes, ...demoAttributes].every(({ texts }) => texts["zh-CN"]?.["name"])).toBe(true);
});

test("a product is found by its type, brand, tags and each value of its attributes, once", () => {
  const long = `${"长".repeat(99)} tail`;
  const product = {
    ...noDetails,
    typeId: "t",
    brandId: "b",
    tags: ["new", "new"],
    attributes: { weight: 1.5, colour: ["red", "blue"], organic: false, author: long, constructor: "x" },
  };
  expect(facetRowsOf(product)).toEqual([
    { facet: "type", value: "t", number: null },
    { facet: "brand", value: "b", number: null },
    { facet: "tag", value: "new", number: null },
    { facet: "attr.weight", value: "1.5", number: 1.5 },
    { facet: "attr.colour", value: "red", number: null },
    { facet: "attr.colour", value: "blue", number: null },
    { facet: "attr.organic", value: "false", number: null },
    { facet: "attr.author", value: "长".repeat(99), number: null },
    { facet: "attr.constructor", value: "x", number: null },
  ]);
  expect(facetRowsOf(noDetails)).toEqual([]);
});
