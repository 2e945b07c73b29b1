import { describe, expect, test } from "@jest/globals";
import { ConnectionAcquireTimeoutError, DatabaseError, UniqueConstraintError } from "sequelize";
import { Database } from "../../../mixins/database/database.ts";
import { isContention, isDatabaseTrouble } from "../../../mixins/database/database-errors.ts";
import { openSqlite } from "../../../mixins/database/sqlite.ts";

const fromServer = (errno: number, code: string) =>
  new DatabaseError(Object.assign(new Error(code), { errno, code, sql: "INSERT", parameters: {} }));

describe("errors of databases", () => {
  test.each([
    ["a primary that has become read-only", fromServer(1290, "ER_OPTION_PREVENTS_STATEMENT")],
    ["a full disk", fromServer(1021, "ER_DISK_FULL")],
    ["a full table space", fromServer(1114, "ER_RECORD_FILE_FULL")],
    ["a server that shuts down", fromServer(1053, "ER_SERVER_SHUTDOWN")],
    ["a pool without a free connection", new ConnectionAcquireTimeoutError(new Error("Operation timeout"))],
    ["a lost connection", new DatabaseError(Object.assign(new Error("lost"), { fatal: true, sql: "SELECT", parameters: {} }))],
  ])("%s is trouble of the database", (_name, error) => {
    expect(isDatabaseTrouble(error)).toBe(true);
    expect(isContention(error)).toBe(false);
  });

  test("a deadlock is no trouble, and a mistake in the shop is neither", () => {
    expect(isContention(fromServer(1213, "ER_LOCK_DEADLOCK"))).toBe(true);
    for (const mistake of [new TypeError("x is not a function"), new UniqueConstraintError({}), fromServer(1064, "ER_PARSE_ERROR")]) {
      expect(isDatabaseTrouble(mistake)).toBe(false);
      expect(isContention(mistake)).toBe(false);
    }
  });

  test("what a full SQLite file refuses is unavailable, not an internal error", async () => {
    const database = new Database(openSqlite(":memory:"));
    const origin = { actor: { kind: "system", id: "test" }, requestId: "test" } as const;
    await database.sequelize.query("CREATE TABLE heaps (text TEXT)");
    await database.sequelize.query("PRAGMA max_page_count = 4");
    const fill = database.transaction(origin, (tx) =>
      database.execute("INSERT INTO heaps (text) VALUES (?)", ["x".repeat(100_000)], tx),
    );
    await expect(fill).rejects.toMatchObject({ type: "unavailable" });
  });
});
