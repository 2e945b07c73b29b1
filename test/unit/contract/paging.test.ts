import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { keyset, maxCount, pageParams } from "../../../mixins/contract/paging.ts";
import { checkParams } from "../../../mixins/contract/validate.ts";
import { z } from "zod";
import { Database } from "../../../mixins/database/database.ts";
import { readKeysetPage } from "../../../mixins/database/query/keyset-page.ts";
import { openSqlite } from "../../../mixins/database/sqlite/open.ts";

const params = z.strictObject(pageParams(["name", "rank"], "-rank"));

/** Conditions of few rows or of many. */
const filters = {
  name: {
    from: "things t",
    id: "t.id",
    condition: "t.name > ?",
    values: ["a"],
    predicate: "things.name || '' > ?",
    predicateValues: ["a"],
  },
  rank: {
    from: "things t",
    id: "t.id",
    condition: "t.rank >= ?",
    values: [2],
    predicate: "things.rank + 0 >= ?",
    predicateValues: [2],
  },
};

describe("paging", () => {
  test("defaults are twenty rows in the declared order", () => {
    expect(checkParams(params, {})).toEqual({ limit: 20, sort: "-rank", count: false });
  });

  test.each([
    { limit: 0 },
    { limit: 101 },
    { limit: 1.5 },
    { limit: "20" },
    { sort: "password" },
    { sort: "name;drop" },
  ])("%j is refused", (given) => {
    expect(() => checkParams(params, given)).toThrow(expect.objectContaining({ type: "validation-failed" }));
  });

  test.each([
    "",
    "x",
    "bm90IGpzb24",
    Buffer.from('["name","a"]').toString("base64url"),
    Buffer.from("[[]]").toString("base64url"),
  ])("the cursor %j is refused", (cursor) => {
    const request = { limit: 2, sort: "-rank", count: false, cursor };
    expect(() => keyset(request, { rank: "rank" })).toThrow(
      expect.objectContaining({ type: "validation-failed" }),
    );
  });

  test("pages of any size, in any order, together are the whole list, each row once", async () => {
    const sequelize = openSqlite(":memory:");
    const database = new Database(sequelize);
    await sequelize.query(
      "CREATE TABLE things (id TEXT PRIMARY KEY, name TEXT NOT NULL, rank INTEGER NOT NULL)",
    );
    const origin = { actor: { kind: "system" }, requestId: "test" } as const;
    const row = fc.record({ name: fc.constantFrom("a", "b", "c"), rank: fc.integer({ min: 0, max: 4 }) });
    const sorts = ["name", "-name", "rank,name", "-rank,name", "name,-rank", "-rank,-name"];

    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 30 }),
        fc.constantFrom(...sorts),
        fc.integer({ min: 1, max: 7 }),
        fc.subarray(["name", "rank"] as const),
        fc.integer({ min: 1, max: 40 }),
        async (rows, sort, limit, narrowed, few) => {
          await database.transaction(origin, async (tx) => {
            await database.execute("DELETE FROM things", [], tx);
            for (const [index, { name, rank }] of rows.entries())
              await database.insertIfAbsent("things", { id: `${index}`.padStart(3, "0"), name, rank }, tx);
          });
          const list = async (cursor: string | undefined, size: number) =>
            readKeysetPage<{ id: string; name: string; rank: number }, string>(
              database,
              {
                columns: "id, name, rank",
                from: "things",
                idColumn: "things.id",
                where: {},
                selectiveFilters: narrowed.map((column) => filters[column]),
                sortColumns: { name: "name", rank: "rank" },
                request: { limit: size, sort, count: true, cursor },
                present: (thing) => thing.id,
              },
              few,
            );
          const expected = rows.filter(({ name, rank }) =>
            narrowed.every((column) => (column === "name" ? name !== "a" : rank >= 2)),
          );
          const whole = await list(undefined, 100);
          const seen: string[] = [];
          let cursor: string | undefined;
          do {
            const page = await list(cursor, limit);
            expect(page.items.length).toBeLessThanOrEqual(limit);
            expect([page.total, page.totalIsExact]).toEqual([expected.length, undefined]);
            seen.push(...page.items);
            cursor = page.nextCursor ?? undefined;
          } while (cursor);
          expect(seen).toEqual(whole.items);
          expect(new Set(seen).size).toBe(expected.length);
        },
      ),
      { numRuns: 100 },
    );
    await sequelize.close();
  });

  test("a count stops where it is not worth going on, and says so", async () => {
    const sequelize = openSqlite(":memory:");
    const database = new Database(sequelize);
    await sequelize.query(
      "CREATE TABLE things (id TEXT PRIMARY KEY, name TEXT NOT NULL, rank INTEGER NOT NULL)",
    );
    const numbers = `WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${maxCount + 5})`;
    await sequelize.query(
      `INSERT INTO things ${numbers} SELECT printf('%06d', i), CASE WHEN i % 2 = 0 THEN 'a' ELSE 'b' END, i FROM n`,
    );
    const count = async (narrowed: readonly (keyof typeof filters)[], where = {}) => {
      const { total, totalIsExact } = await readKeysetPage<{ id: string }, string>(database, {
        columns: "id, name, rank",
        from: "things",
        idColumn: "things.id",
        where,
        selectiveFilters: narrowed.map((name) => filters[name]),
        sortColumns: { name: "name", rank: "rank" },
        request: { limit: 1, sort: "rank", count: true },
        present: ({ id }) => id,
      });
      return [total, totalIsExact];
    };
    expect(await count([])).toEqual([maxCount, false]);
    expect(await count(["rank"])).toEqual([maxCount, false]);
    expect(await count(["name"])).toEqual([(maxCount + 5 + 1) / 2, undefined]);
    expect(await count(["rank", "name"])).toEqual([(maxCount + 5 - 1) / 2, undefined]);
    // The count stopped at its limit.
    expect(await count(["rank"], { "things.rank <= ?": 100 })).toEqual([99, false]);
    expect(await count([], { "things.rank <= ?": 3 })).toEqual([3, undefined]);
    await sequelize.close();
  });
});
