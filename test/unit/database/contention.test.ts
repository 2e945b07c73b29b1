import { expect, test } from "@jest/globals";
import { Database } from "../../../mixins/database/database.ts";
import { openSqlite } from "../../../mixins/database/sqlite/open.ts";

const origin = { actor: { kind: "system", id: "test" }, requestId: "test" } as const;
const deadlock = () => Object.assign(new Error("deadlock"), { code: "ER_LOCK_DEADLOCK" });

test("a transaction that the database gave up for another's sake runs again", async () => {
  const database = new Database(openSqlite(":memory:"));
  let runs = 0;
  const work = () => {
    runs += 1;
    return runs < 3 ? Promise.reject(deadlock()) : Promise.resolve("done");
  };
  expect(await database.transaction(origin, work)).toBe("done");
  expect(runs).toBe(3);
});

test("a repeatedly deadlocked transaction fails as unavailable, not as a deadlock", async () => {
  const database = new Database(openSqlite(":memory:"));
  await expect(database.transaction(origin, () => Promise.reject(deadlock()))).rejects.toMatchObject({
    type: "unavailable",
  });
});
