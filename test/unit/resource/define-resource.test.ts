import { describe, expect, test } from "@jest/globals";
import { z } from "zod";
import { text, timestamp } from "../../../mixins/contract/fields.ts";
import { id } from "../../../mixins/contract/ids.ts";
import { columnOf } from "../../../mixins/resource/columns.ts";
import type { ResourceDeclaration } from "../../../mixins/resource/declaration.ts";
import { defineResource } from "../../../mixins/resource/define-resource.ts";
import { resourceMigrations } from "../../../mixins/resource/migrations.ts";

const sound: ResourceDeclaration = {
  name: "gift-cards",
  item: "gift-card",
  summary: "For a test",
  fields: { code: text(40), note: text(2000).optional() },
  access: "signed-in",
  owner: "caller",
};
const { owner: _owner, ...shared } = sound;

describe("a declaration", () => {
  test("gives the five operations under its path, and events", () => {
    const { contract } = defineResource(sound);
    const routes = Object.values(contract.actions).map(({ route }) => `${route?.method} ${route?.path}`);
    expect(routes).toEqual([
      "GET /gift-cards",
      "GET /gift-cards/{id}",
      "POST /gift-cards",
      "PATCH /gift-cards/{id}",
      "DELETE /gift-cards/{id}",
    ]);
    expect(Object.keys(contract.events)).toEqual(["created", "updated", "removed"]);
    expect(contract.consumes).toEqual(["users.account-deleted"]);
  });

  test("is read from replicas where rows have no owner", () => {
    const reads = (declaration: ResourceDeclaration) =>
      defineResource(declaration).contract.actions.list.reads;
    expect([reads(sound), reads(shared)]).toEqual(["primary", "replica"]);
  });

  const unsound: [string, ResourceDeclaration, RegExp][] = [
    [
      "a field named as a column of every row",
      { ...sound, fields: { version: z.int() } },
      /version is a name of the platform/,
    ],
    ["a filter by long text", { ...sound, filters: ["note"] }, /note is too long for an index/],
    [
      "a sort key that may be null",
      { ...sound, fields: { code: text(40).optional() }, sorts: ["code"] },
      /code cannot be sorted by/,
    ],
    [
      "a required field that was added later",
      { ...sound, added: [["code"]] },
      /code was added later and must be optional/,
    ],
    ["renewing without a unique field", { ...sound, onDuplicate: "renew" }, /onDuplicate needs unique/],
    ["ownerOr without an owner", { ...shared, access: { ownerOr: "orders:read" } }, /ownerOr needs an owner/],
    ["a limit without an owner", { ...shared, limit: { rows: 1, beyond: "refuse" } }, /a limit is per owner/],
  ];
  test.each(unsound)("with %s is refused", (_name, declaration, says) => {
    expect(() => defineResource(declaration)).toThrow(says);
  });
});

test("migrations create the table and add each later group of fields, which the version before can ignore", () => {
  const added = {
    ...sound,
    fields: { ...sound.fields, color: text(20).optional(), size: z.int().optional() },
    added: [["color"], ["size"]],
  };
  expect(resourceMigrations(added).map(({ name }) => name)).toEqual([
    "0001-gift-cards",
    "0002-color.expand",
    "0003-size.expand",
  ]);
});

test.each([
  ["an id", id, "01a2294a-c2c0-7589-8812-a28a03ee71cc", "01a2294a-c2c0-7589-8812-a28a03ee71cc"],
  ["a truth value", z.boolean(), true, 1],
  ["a moment", timestamp, "2026-01-31T08:30:00.000Z", Date.UTC(2026, 0, 31, 8, 30)],
  ["a choice", z.enum(["a", "b"]), "b", "b"],
  ["a number", z.number(), 1.5, 1.5],
  ["a list", z.array(z.int()), [1, 2], "[1,2]"],
  ["an optional text that is absent", text(10).optional(), null, null],
])("%s comes back from its column as it was", (_name, schema: z.ZodType, value, stored) => {
  const { encode, decode } = columnOf("someField", schema);
  expect(encode(value)).toEqual(stored);
  expect(decode(stored)).toEqual(value);
});
