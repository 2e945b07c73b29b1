import { expect, test } from "@jest/globals";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Database } from "../../mixins/database/database.ts";
import { migrator } from "../../mixins/database/migrate.ts";
import { openSqlite } from "../../mixins/database/sqlite/open.ts";
import { ChainRepository } from "../../services/audit/data/chain-repository.ts";
import { migrations } from "../../services/audit/data/migrations/index.ts";
import { verifySegment } from "../../services/audit/data/verify-segment.ts";
import { newId } from "../../mixins/contract/ids.ts";

test("a trail that was there before is chained in the order of its recording, and comes back when the step is taken back", async () => {
  const directory = await mkdtemp(join(tmpdir(), "audit-migration-"));
  const sequelize = openSqlite(join(directory, "audit.sqlite"));
  // Like a service's connection, which writes in transactions only; migrations have their own.
  const reading = openSqlite(join(directory, "audit.sqlite"));
  try {
    const steps = await migrator(sequelize, migrations);
    await steps.up({ to: "0001-audit-trail" });
    const ids = Array.from({ length: 1203 }, () => newId());
    const row = (id: string, index: number) => ({
      id,
      type: "users.logged-in",
      actor_kind: "user",
      actor_id: null,
      entity: "user",
      entity_id: newId(),
      details: JSON.stringify({ index, text: "grüße 😀" }),
      request_id: "request",
      occurred_at: index,
      // Many within one millisecond, like a batch.
      recorded_at: Math.floor(index / 700),
    });
    const rows = ids.map(row);
    await sequelize.getQueryInterface().bulkInsert("audit_events", rows);

    await steps.up();
    const chain = new ChainRepository(new Database(reading));
    expect(await verifySegment(chain, 0)).toMatchObject({
      entries: 1203,
      segments: 1,
      fault: undefined,
      head: { position: 1202, seal: null },
    });
    expect((await chain.rows(0, 2000)).map(({ id }) => id)).toEqual(ids);

    await steps.down({ to: "0002-chain" });
    const kept = await new Database(reading).select("SELECT * FROM audit_events ORDER BY id");
    expect(kept).toEqual(rows.toSorted((one, other) => (one.id < other.id ? -1 : 1)));
  } finally {
    await Promise.all([sequelize.close(), reading.close()]);
    await rm(directory, { recursive: true });
  }
});
