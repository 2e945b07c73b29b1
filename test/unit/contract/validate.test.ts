import { describe, expect, test } from "@jest/globals";
import { z } from "zod";
import type { FieldError } from "../../../mixins/contract/errors.ts";
import { isShopError } from "../../../mixins/contract/errors.ts";
import { checkParams } from "../../../mixins/contract/validate.ts";

function errorsOf(schema: z.core.$ZodType, params: unknown): FieldError[] {
  try {
    checkParams(schema, params);
  } catch (error) {
    if (isShopError(error, "validation-failed")) return error.data.errors ?? [];
    throw error;
  }
  throw new Error("the params were accepted");
}

const keys = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 1]));

describe("params with many faults", () => {
  const item = z.strictObject({ id: z.int() });
  const schema = z.strictObject({ name: z.string(), items: z.array(item).optional() });

  test("of thousands of unknown keys, the first twenty are reported", () => {
    const errors = errorsOf(schema, { name: "x", ...keys(10_000) });
    expect(errors.map(({ path }) => path)).toEqual(Object.keys(keys(20)));
  });

  test("of thousands of invalid items, the first twenty are reported", () => {
    const errors = errorsOf(schema, {
      name: "x",
      items: Array.from({ length: 2000 }, () => ({ ...keys(5) })),
    });
    expect(errors).toHaveLength(20);
  });

  test("a long key is not sent back whole", () => {
    const [error] = errorsOf(schema, { name: "x", ["k".repeat(1000)]: 1 });
    expect(error).toMatchObject({ path: "k".repeat(100), code: "unknown-field" });
  });
});

describe("a fault is reported in the shop's own words", () => {
  const value = z.strictObject({
    name: z.string().min(1).max(5),
    count: z.int().min(1).max(9),
    share: z.number().gt(0).lt(1),
    tags: z.array(z.string()).min(1).max(2),
    isOn: z.boolean(),
    kind: z.enum(["a", "b"]),
    only: z.literal("x"),
    id: z.uuid(),
    at: z.iso.datetime(),
    mail: z.email(),
    code: z.string().regex(/^[A-Z]+$/),
    slug: z.string().regex(/^[a-z]+$/, "must be small letters"),
    options: z.record(z.string().regex(/^[a-z]+$/), z.string()),
    way: z.union([z.strictObject({ one: z.string() }), z.strictObject({ other: z.int() })]),
    terms: z.discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("fixed"), amount: z.int() }),
      z.strictObject({ kind: z.literal("share"), percent: z.int() }),
    ]),
    whole: z.string().refine((text) => text !== "no", "must not be no"),
  });
  const good = {
    name: "a",
    count: 1,
    share: 0.5,
    tags: ["a"],
    isOn: true,
    kind: "a",
    only: "x",
    id: "0190b7a6-7c1a-7c3a-9a53-0d8f4f6c1a2b",
    at: "2026-01-31T08:30:00.000Z",
    mail: "ada@example.org",
    code: "A",
    slug: "a",
    options: { a: "b" },
    way: { one: "a" },
    terms: { kind: "fixed", amount: 1 },
    whole: "a",
  };

  test.each([
    ["name", "", "too-small", "must not be empty"],
    ["name", "abcdef", "too-big", "must have at most 5 characters"],
    ["name", 7, "invalid-type", "must be a text"],
    ["name", null, "invalid-type", "must be a text"],
    ["count", 0, "too-small", "must be at least 1"],
    ["count", 1.5, "invalid-type", "must be a whole number"],
    ["count", "1", "invalid-type", "must be a number"],
    ["share", 0, "too-small", "must be more than 0"],
    ["share", 1, "too-big", "must be less than 1"],
    ["tags", [], "too-small", "must have at least 1 item"],
    ["tags", ["a", "b", "c"], "too-big", "must have at most 2 items"],
    ["tags", {}, "invalid-type", "must be a list"],
    ["isOn", "true", "invalid-type", "must be true or false"],
    ["kind", "c", "invalid-value", "must be one of a, b"],
    ["only", "y", "invalid-value", "must be x"],
    ["id", "mug", "invalid-format", "must be a UUID"],
    ["at", "yesterday", "invalid-format", "must be a UTC timestamp, such as 2026-01-31T08:30:00.000Z"],
    ["mail", "ada", "invalid-format", "must be an e-mail address"],
    ["code", "a", "invalid-format", "has an invalid format"],
    ["slug", "A", "invalid-format", "must be small letters"],
    ["options", [], "invalid-type", "must be an object"],
    ["whole", "no", "invalid-value", "must not be no"],
  ])("%s: %j is %s", (path, wrong, code, message) => {
    expect(errorsOf(value, { ...good, [path]: wrong })).toEqual([{ path, code, message }]);
  });

  test.each([
    ["options", { A: "b" }, "options.A", "invalid-key", "has an invalid name"],
    ["options", { a: 1 }, "options.a", "invalid-type", "must be a text"],
    ["tags", ["a", 1], "tags.1", "invalid-type", "must be a text"],
    ["way", { other: "a" }, "way.other", "invalid-type", "must be a number"],
    ["way", { neither: 1 }, "way.one", "required", "is required"],
    ["terms", { kind: "gift" }, "terms.kind", "invalid-value", "has none of the accepted forms"],
    ["terms", { kind: "share" }, "terms.percent", "required", "is required"],
  ])("%s: within %j, %s is %s", (field, wrong, path, code, message) => {
    expect(errorsOf(value, { ...good, [field]: wrong })).toContainEqual({ path, code, message });
  });

  test.each(Object.keys(good))("a missing field is required: %s", (path) => {
    const { [path as keyof typeof good]: _missing, ...rest } = good;
    expect(errorsOf(value, rest)).toEqual([{ path, code: "required", message: "is required" }]);
  });

  test("no value is ever sent back", () => {
    const secret = "correct horse battery";
    const wrong = Object.fromEntries(Object.keys(good).map((path) => [path, { [secret]: secret }]));
    expect(
      JSON.stringify(
        errorsOf(value, { ...wrong, name: secret, kind: secret, id: secret, code: secret }).map(
          ({ message }) => message,
        ),
      ),
    ).not.toContain(secret);
  });
});
