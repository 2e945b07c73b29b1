import { describe, expect, test } from "@jest/globals";
import { paramDecoderFor, headerRules } from "../../../services/api/request/decode-param.ts";
import { isShopError } from "../../../mixins/contract/errors.ts";

describe("text of a query", () => {
  test.each([
    ["12", 12],
    ["-3", -3],
    ["0", 0],
    ["1.5", 1.5],
  ])("%s becomes a number where the schema wants one", (text, value) => {
    expect(paramDecoderFor({ type: "integer" })(text)).toBe(value);
  });

  test.each(["", " 12", "12abc", "0x10", "1e3", "+5", "007", "Infinity", "NaN", "1,5"])(
    "%j stays text, so that validation refuses it",
    (text) => {
      expect(paramDecoderFor({ type: "integer" })(text)).toBe(text);
    },
  );

  test("only true and false become booleans", () => {
    const decode = paramDecoderFor({ type: "boolean" });
    expect(["true", "false", "TRUE", "1", ""].map(decode)).toEqual([true, false, "TRUE", "1", ""]);
  });

  test("digits stay text where the schema wants text, also in a union", () => {
    expect(paramDecoderFor({ type: "string" })("12")).toBe("12");
    expect(paramDecoderFor({ anyOf: [{ type: "string" }, { type: "string" }] })("12")).toBe("12");
  });

  test("a number that may be null is a number", () => {
    expect(paramDecoderFor({ anyOf: [{ type: "integer" }, { type: "null" }] })("7")).toBe(7);
  });
});

describe("If-Match", () => {
  const decode = headerRules.get("if-match")?.decode;

  test.each([
    ['"7"', 7],
    ['"7-q1_W-x"', 7],
    [' "12-abc" ', 12],
    ["*", undefined],
  ])("%s names version %s", (text, version) => {
    expect(decode?.(text)).toBe(version);
  });

  test.each(['W/"7"', "7", '"abc"', '"0"', '"-1"', '"7", "8"', '"7', '"07"', '"99999999999999999"'])(
    "%s can match no version",
    (text) => {
      let error: unknown;
      try {
        decode?.(text);
      } catch (caught) {
        error = caught;
      }
      expect(isShopError(error, "precondition-failed")).toBe(true);
    },
  );
});
