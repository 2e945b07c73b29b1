import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { ShopError } from "../../../mixins/contract/errors.ts";
import { parseJsonObject } from "../../../services/api/request/read-body.ts";
import { findDuplicateKey } from "../../../services/api/request/find-duplicate-key.ts";

describe("keys in a JSON body", () => {
  test.each([
    ['{"a":1,"a":2}', "a"],
    ['{"a":1,"\\u0061":2}', "a"],
    ['{"a":{"b":1},"c":[{"d":1,"e":[],"d":2}]}', "d"],
    ['{"":0,"":1}', ""],
    ['{"a\\"":1,"b":"}{,","a\\"":2}', 'a"'],
    ['{"a":1,"b":{"a":1},"c":["a","a"],"d":"a"}', undefined],
    ['{"a":"\\\\","b":"\\""}', undefined],
  ])("%s has twice: %p", (json, key) => {
    expect(findDuplicateKey(json)).toBe(key);
  });

  test("no JSON that was written from a value has a key twice", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(findDuplicateKey(JSON.stringify(value))).toBeUndefined();
      }),
    );
  });

  test("a body with a repeated key is refused, and the key is named", () => {
    const body = Buffer.from('{"price":1000,"price":1}');
    expect(() => parseJsonObject(body)).toThrow(ShopError);
    expect(() => parseJsonObject(body)).toThrow(
      expect.objectContaining({
        data: { errors: [expect.objectContaining({ path: "price", code: "repeated" })] },
      }),
    );
  });
});
