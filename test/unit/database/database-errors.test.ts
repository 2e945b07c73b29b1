import { describe, expect, test } from "@jest/globals";
import { ConnectionAcquireTimeoutError, DatabaseError, UniqueConstraintError } from "sequelize";
import { Database } from "../../../mixins/database/database.ts";
import { isContention, isOutage, outageOf } from "../../../mixins/database/database-errors.ts";
import { openSqlite } from "../../../mixins/database/sqlite/open.ts";
import { OutageLog } from "../../../mixins/database/outage-log.ts";

const fromServer = (errno: number, code: string) =>
  new DatabaseError(Object.assign(new Error(code), { errno, code, sql: "INSERT", parameters: {} }));

describe("errors of databases", () => {
  test.each([
    ["a primary that has become read-only", fromServer(1290, "ER_OPTION_PREVENTS_STATEMENT")],
    ["a full disk", fromServer(1021, "ER_DISK_FULL")],
    ["a full table space", fromServer(1114, "ER_RECORD_FILE_FULL")],
    ["a server that shuts down", fromServer(1053, "ER_SERVER_SHUTDOWN")],
    ["a pool without a free connection", new ConnectionAcquireTimeoutError(new Error("Operation timeout"))],
    [
      "a lost connection",
      new DatabaseError(Object.assign(new Error("lost"), { fatal: true, sql: "SELECT", parameters: {} })),
    ],
  ])("%s is trouble of the database", (_name, error) => {
    expect(isOutage(error)).toBe(true);
    expect(isContention(error)).toBe(false);
  });

  test.each([
    [1021, "ER_DISK_FULL", "disk full"],
    [1114, "ER_RECORD_FILE_FULL", "disk full"],
    [1030, 'Got error 28 "No space left on device" from storage engine InnoDB', "disk full"],
    [1026, "Error writing file './binlog' (errno: 28 \"No space left on device\")", "disk full"],
    [1030, "Got error 5 from storage engine", "cannot write"],
    [1044, "ER_DBACCESS_DENIED_ERROR", "access denied"],
    [1045, "ER_ACCESS_DENIED_ERROR", "access denied"],
    [1142, "ER_TABLEACCESS_DENIED_ERROR", "access denied"],
    [1143, "ER_COLUMNACCESS_DENIED_ERROR", "access denied"],
    [1370, "ER_PROCACCESS_DENIED_ERROR", "access denied"],
    [3118, "ER_ACCOUNT_HAS_BEEN_LOCKED", "access denied"],
    [4151, "Access denied, this account is locked", "access denied"],
    [1040, "ER_CON_COUNT_ERROR", "too many connections or statements"],
    [1203, "ER_TOO_MANY_USER_CONNECTIONS", "too many connections or statements"],
    [1226, "ER_USER_LIMIT_REACHED", "too many connections or statements"],
  ])("%i (%s) is told as: %s", (errno, message, kind) => {
    expect(outageOf(fromServer(errno, message))).toEqual({ kind, message });
  });

  test("the cause is logged once a minute, each kind by itself", () => {
    const lines: string[] = [];
    const log = new OutageLog((line) => lines.push(line));
    log.record(fromServer(1021, "Disk full (orders)"), 0);
    log.record(fromServer(1114, "The table 'outbox' is full"), 59_999);
    log.record(fromServer(1142, "INSERT command denied"), 59_999);
    log.record(new TypeError("x is not a function"), 59_999);
    log.record(fromServer(1114, "The table 'outbox' is full"), 60_000);
    expect(lines).toEqual([
      "disk full: Disk full (orders)",
      "access denied: INSERT command denied",
      "disk full: The table 'outbox' is full",
    ]);
  });

  test("a deadlock is no trouble, and a mistake in the shop is neither", () => {
    expect(isContention(fromServer(1213, "ER_LOCK_DEADLOCK"))).toBe(true);
    for (const mistake of [
      new TypeError("x is not a function"),
      new UniqueConstraintError({}),
      fromServer(1064, "ER_PARSE_ERROR"),
    ]) {
      expect(isOutage(mistake)).toBe(false);
      expect(isContention(mistake)).toBe(false);
    }
  });

  test("a write to a full SQLite file is unavailable, not an internal error", async () => {
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
