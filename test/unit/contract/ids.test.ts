import { expect, test } from "@jest/globals";
import { id, newId } from "../../../mixins/contract/ids.ts";

test("Each id is a UUIDv7 of now, greater than all before it", () => {
  const before = Date.now();
  const ids = Array.from({ length: 2000 }, newId);
  const after = Date.now();
  expect(new Set(ids).size).toBe(2000);
  expect(ids.toSorted()).toEqual(ids);
  for (const made of ids) {
    expect(id.parse(made)).toBe(made);
    expect(made[14]).toBe("7");
    const time = Number.parseInt(made.replaceAll("-", "").slice(0, 12), 16);
    expect(time).toBeGreaterThanOrEqual(before);
    expect(time).toBeLessThanOrEqual(after);
  }
});

test("What two ids have in common is their time", () => {
  const random = Array.from({ length: 500 }, () => newId().slice(24));
  expect(new Set(random).size).toBe(500);
});
