import { expect, test } from "@jest/globals";
import { readFilter, readValues } from "../../../services/catalog/domain/facet-query.ts";

test.each([
  ["10..20", 10, 20],
  ["10..", 10, undefined],
  ["..20", undefined, 20],
  ["-1.5", -1.5, -1.5],
  ["-5..-1", -5, -1],
])("%j is a range of numbers", (text, from, to) => {
  expect(readFilter("attr.weight", "number", text)).toEqual({
    facet: "attr.weight",
    column: "number",
    from,
    to,
  });
});

test.each(["", "..", "a", "1..b", "1..2..3", "1e9", "0x1", "1,2", " 1", "--1", "1.", "9".repeat(16)])(
  "%j is no range of numbers",
  (text) => expect(readFilter("attr.weight", "number", text)).toBe("must be a number or a range"),
);

test("days are compared as text, and must exist", () => {
  const facet = "attr.released";
  expect(readFilter(facet, "date", "2026-01-01..")).toEqual({
    facet,
    column: "value",
    from: "2026-01-01",
    to: undefined,
  });
  expect(readFilter(facet, "date", "2026-02-30")).toBe("must be a day or a range of days");
});

test("values are separated by commas, unless those are escaped", () => {
  expect(readValues("red, blue,red,,")).toEqual(["red", "blue"]);
  expect(readValues("Tolkien\\, J. R. R.,a\\\\b")).toEqual(["Tolkien, J. R. R.", "a\\b"]);
  expect(readValues("\\")).toEqual([]);
  expect(readFilter("attr.colour", "choice", ",")).toBe("must not be empty");
  const many = Array.from({ length: 51 }, (_, nth) => `v${nth}`).join(",");
  expect(readFilter("attr.colour", "choice", many)).toBe("must have at most 50 values");
});
