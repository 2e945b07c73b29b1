import { describe, expect, test } from "@jest/globals";
import { maxDepth, maxValues, parseJsonObject } from "../../../services/api/request/read-body.ts";
import { parseQuery } from "../../../services/api/request/read-params.ts";

const parse = (text: string) => parseJsonObject(Buffer.from(text));
const nested = (levels: number) => `{"a":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;

describe("a body", () => {
  test.each(["", "{", "{'a':1}", '{"a":1}x', "NaN", "\u0000"])("%j is malformed", (text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ type: "malformed-request" }));
  });

  test("bytes that are not UTF-8 are malformed", () => {
    expect(() => parseJsonObject(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toThrow(
      expect.objectContaining({ type: "malformed-request" }),
    );
  });

  test.each(["[]", '"a"', "1", "null", "true"])("%s is JSON but no object", (text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ type: "validation-failed" }));
  });

  test("it may be nested as deep as the limit, and no deeper", () => {
    expect(() => parse(nested(maxDepth))).not.toThrow();
    expect(() => parse(nested(maxDepth + 1))).toThrow(expect.objectContaining({ type: "malformed-request" }));
    expect(() => parse(nested(100_000))).toThrow(expect.objectContaining({ type: "malformed-request" }));
  });

  const listOf = (count: number, value: string) =>
    `{"a":[${Array.from({ length: count }, () => value).join(",")}]}`;
  test.each([
    ["1", maxValues - 1],
    ['""', maxValues - 1],
    // Lists and objects count twice.
    ["{}", maxValues / 2 - 1],
    ["[]", maxValues / 2 - 1],
  ])("it may hold as many values such as %s as the limit, and no more", (value, most) => {
    expect(() => parse(listOf(most, value))).not.toThrow();
    expect(() => parse(listOf(most + 2, value))).toThrow(
      expect.objectContaining({ type: "malformed-request" }),
    );
  });

  test("commas, brackets and quotes within a text are not counted", () => {
    const text = JSON.stringify({ a: `\\"${",[{".repeat(3 * maxValues)}` });
    expect(() => parse(text)).not.toThrow();
  });

  test("an oversized body is rejected before it is parsed", () => {
    expect(() => parse("[1,".repeat(maxValues))).toThrow(
      expect.objectContaining({ message: expect.stringContaining(String(maxValues)) }),
    );
  });

  test.each(['{"__proto__":{"admin":true}}', '{"a":[{"\\u005f_proto__":1}]}'])(
    "%s pollutes nothing",
    (text) => {
      expect(() => parse(text)).toThrow(expect.objectContaining({ type: "validation-failed" }));
      expect(Reflect.get({}, "admin")).toBeUndefined();
    },
  );

  test("a key named constructor is a key like others", () => {
    expect(parse('{"constructor":{"prototype":{"admin":true}}}')).toEqual({
      constructor: { prototype: { admin: true } },
    });
    expect(Reflect.get({}, "admin")).toBeUndefined();
  });
});

describe("a query", () => {
  test("is decoded, plus signs are blanks", () => {
    expect([...parseQuery("q=red+shirt%26&empty=&bare&&%C3%BC=1")]).toEqual([
      ["q", "red shirt&"],
      ["empty", ""],
      ["bare", ""],
      ["ü", "1"],
    ]);
  });

  test("names a thing once", () => {
    expect(() => parseQuery("limit=1&limit=2")).toThrow(
      expect.objectContaining({
        type: "validation-failed",
        data: { errors: [expect.objectContaining({ path: "limit" })] },
      }),
    );
    expect(() => parseQuery("a=1&%61=2")).toThrow(expect.objectContaining({ type: "validation-failed" }));
  });

  test("brackets make no structure", () => {
    expect([...parseQuery("filter[a]=1&x[]=2").keys()]).toEqual(["filter[a]", "x[]"]);
  });

  test("bytes that are not UTF-8 are malformed", () => {
    expect(() => parseQuery("q=%FF")).toThrow(expect.objectContaining({ type: "malformed-request" }));
  });
});
