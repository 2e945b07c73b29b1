import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { Service } from "moleculer";
import { configOf } from "../../mixins/service/config-of.ts";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import type { Tx } from "../../mixins/database/database.ts";
import { openMysql } from "../../mixins/database/mysql/open.ts";
import { openSqlite } from "../../mixins/database/sqlite/open.ts";
import type { EventEnvelope } from "../../mixins/events/envelope.ts";
import type { AuditDependencies } from "../../services/audit/audit.dependencies.ts";
import { auditKey } from "../../services/audit/audit-key.ts";
import { ChainRepository } from "../../services/audit/data/chain-repository.ts";
import { verifySegment } from "../../services/audit/data/verify-segment.ts";
import type { Fault } from "../../services/audit/domain/verify-rows.ts";
import { segmentLength } from "../../services/audit/domain/chain.ts";
import { Sealer } from "../../services/audit/domain/seal.ts";
import { removeOldEntriesByAge } from "../../services/audit/jobs/remove-old-entries.job.ts";
import { removeOldEntries } from "../../services/audit/remove-old-entries.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { runJob } from "../support/run-job.ts";
import type { Shop } from "../support/shop.ts";
import { deliver, startShop } from "../support/shop.ts";
import type { RolledBackDatabase } from "../support/rolled-back.ts";
import { rolledBack } from "../support/rolled-back.ts";

const day = 86_400_000;
const ago = (days: number) => Date.now() - days * day;

const loggedOut = (occurredAt: number): EventEnvelope =>
  ({
    id: newId(),
    name: "users.logged-out",
    occurredAt,
    actor: { kind: "user", id: newId() },
    requestId: "request",
    payload: { userId: newId(), sessionId: newId() },
  }) as EventEnvelope;

const someone = { actor: { kind: "system" }, requestId: "request" } as const;

const auditOf = ({ broker }: Shop) =>
  broker.getLocalService("audit") as Service & ServiceWithDatabase & { collaborators: AuditDependencies };

describe("a trail with a retention of 90 days", () => {
  let shop: Shop;
  let chain: ChainRepository;
  const old = Array.from({ length: 12 }, (_, index) => loggedOut(ago(200.5 - index)));
  const young = Array.from({ length: 8 }, (_, index) => loggedOut(ago(60 - index)));
  /** Old too, but recorded after younger ones. */
  const late = loggedOut(ago(150));

  beforeEach(async () => {
    shop = await startShop({
      services: ["audit"],
      env: { AUDIT_RETENTION_DAYS: "90", INBOX_RETENTION_DAYS: "3650", SWEEP_INTERVAL_SECONDS: "3600" },
    });
    chain = new ChainRepository(auditOf(shop).database);
    await deliver(shop.broker, old);
    await deliver(shop.broker, young);
    await deliver(shop.broker, [late]);
  });
  afterEach(() => shop.stop());

  const remove = (now = Date.now()) => runJob(shop, "audit", removeOldEntriesByAge, now);
  const verify = (segment = 0) => shop.call("audit.verify", { segment });
  const rowsLeft = () => chain.rows(0, 100_000);

  test("older entries are removed from its start, and it stays verifiable", async () => {
    const before = await rowsLeft();
    await remove();
    await shop.settled();
    const left = await rowsLeft();
    expect(left.slice(0, 9)).toEqual(before.slice(12));
    const checkpoint = {
      position: 11,
      hash: before[11]?.hash,
      newest: new Date(old[11]?.occurredAt ?? 0).toISOString(),
    };
    expect(await verify()).toMatchObject({ intact: true, entries: 10, checkpoint, head: { position: 21 } });

    // The removal is audited like any event, as the last entry.
    expect(left).toHaveLength(10);
    expect(left[9]).toMatchObject({
      type: "audit.entries-removed",
      entity: "audit-trail",
      entity_id: "11",
      actor_id: "audit.remove-old-entries",
    });
    expect(JSON.parse(left[9]?.details ?? "")).toMatchObject({ from: 0, upTo: 11, hash: before[11]?.hash });
    await expect(shop.call("audit.get", { id: old[3]?.id ?? "" })).rejects.toMatchObject({
      type: "not-found",
    });

    await deliver(shop.broker, [loggedOut(Date.now())]);
    expect(await verify()).toMatchObject({ intact: true, entries: 11 });
  });

  test("loses each entry once, however often and by how many nodes it is gone over", async () => {
    await Promise.all([remove(), remove(), remove()]);
    await remove();
    await shop.settled();
    expect((await rowsLeft()).map(({ position }) => position)).toEqual(
      Array.from({ length: 10 }, (_, index) => index + 12),
    );
    expect(await chain.checkpoints.of(0, 100)).toMatchObject([{ from: 0, position: 11 }]);
    // The late entry is removed together with those before it.
    expect(await shop.call("audit.entries.remove-old", { olderThanDays: 40 })).toMatchObject({ entries: 9 });
    expect(await chain.checkpoints.of(0, 100)).toMatchObject([{ position: 11 }, { from: 12, position: 20 }]);
    expect(await verify()).toMatchObject({ intact: true });
  });

  test("of which everything was removed goes on where it was", async () => {
    const { database, collaborators } = auditOf(shop);
    // Without its own event, while that is pending.
    const transaction = <T>(work: (tx: Tx) => Promise<T>) =>
      database.transaction(someone, (tx) => work({ ...tx, publish: () => undefined }));
    const context = { now: Date.now(), log: shop.broker.logger, transaction };
    expect(await removeOldEntries(ago(40), context, collaborators)).toEqual({ entries: 21, more: false });
    expect(await rowsLeft()).toEqual([]);
    expect(await verify()).toMatchObject({
      intact: true,
      entries: 0,
      head: { position: 20 },
      checkpoint: { position: 20 },
    });
    await deliver(shop.broker, [loggedOut(Date.now())]);
    expect(await rowsLeft()).toMatchObject([{ position: 21 }]);
    expect(await verify()).toMatchObject({ intact: true, entries: 1 });
    // Even an empty trail's head cannot be removed.
    const headless = await rolledBack(configOf(shop.broker), async ({ audit }) => {
      await audit.run("DELETE FROM audit_events");
      await audit.run("DELETE FROM audit_head");
      return new ChainRepository(audit).lockHead({ handle: undefined } as never).catch(String);
    });
    expect(headless).toContain("the head of the audit trail is missing");
  });

  /** Fails after this many transactions, like a crashing node. */
  async function killedAfter(transactions: number): Promise<void> {
    const { database, collaborators } = auditOf(shop);
    let left = transactions;
    const transaction = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => {
      left -= 1;
      if (left < 0) throw new Error("killed");
      return database.transaction(someone, work);
    };
    const context = { now: Date.now(), log: shop.broker.logger, transaction };
    await expect(removeOldEntries(ago(90), context, collaborators)).rejects.toThrow("killed");
  }

  test("is in order when the node that removed was killed, and the next one finishes", async () => {
    await killedAfter(2);
    await shop.settled();
    expect((await rowsLeft()).map(({ position }) => position)).toEqual(
      Array.from({ length: 22 }, (_, index) => index),
    );
    expect(await verify()).toMatchObject({ intact: true, entries: 22, checkpoint: { position: 11 } });
    await remove();
    expect((await rowsLeft())[0]).toMatchObject({ position: 12 });
    expect(await verify()).toMatchObject({ intact: true, entries: 10 });
    expect(await chain.checkpoints.of(0, 100)).toHaveLength(1);
  });

  test("does not record a removed event again, even after its inbox entry was removed", async () => {
    await remove();
    await shop.settled();
    const again = old.slice(3, 6);
    expect(await deliver(shop.broker, again)).toEqual([undefined, undefined, undefined]);
    expect(await rowsLeft()).toHaveLength(10);
    await byForce(shop, "DELETE FROM inbox");
    expect(await deliver(shop.broker, again)).toEqual([undefined, undefined, undefined]);
    expect(await rowsLeft()).toHaveLength(10);
    // A late event that is younger than all removed ones is recorded.
    await deliver(shop.broker, [loggedOut((old[11]?.occurredAt ?? 0) + 1)]);
    expect(await rowsLeft()).toHaveLength(11);
  });

  test("refuses to remove tampered entries", async () => {
    const { database } = auditOf(shop);
    const [edited] = await rowsLeft();
    await byForce(shop, "UPDATE audit_events SET occurred_at = 1 WHERE position = 15");
    await expect(remove()).rejects.toThrow("edited at position 15");
    expect((await rowsLeft())[0]).toEqual(edited);
    expect(await database.select("SELECT position FROM audit_checkpoints")).toEqual([]);
  });

  /** The fault found after tampering with all database privileges but without the key. */
  async function after(
    damage: (data: RolledBackDatabase, chain: ChainRepository, sealer: Sealer) => Promise<unknown>,
  ): Promise<Fault | undefined> {
    const sealer = new Sealer(await auditKey(configOf(shop.broker)));
    return rolledBack(configOf(shop.broker), async ({ audit }) => {
      const damaged = new ChainRepository(audit);
      await damage(audit, damaged, sealer);
      return (await verifySegment(damaged, 0, sealer)).fault;
    });
  }
  const run = (sql: string) => (data: RolledBackDatabase) => data.run(sql);

  test("is found out when it is tampered with after a removal", async () => {
    await remove();
    await shop.settled();
    const [, second] = await rowsLeft();
    expect(await after(run("UPDATE audit_events SET type = 'users.registered' WHERE position = 13"))).toEqual(
      { kind: "edited", position: 13, entryId: second?.id },
    );
    expect(await after(run("DELETE FROM audit_events WHERE position = 14"))).toMatchObject({
      kind: "removed",
      position: 14,
    });
    expect(await after(run("DELETE FROM audit_events WHERE position > 18"))).toMatchObject({
      kind: "truncated",
      position: 19,
    });
    expect(await after(run("DELETE FROM audit_events"))).toMatchObject({ kind: "truncated", position: 12 });
    // Rows removed beyond the checkpoint, a removed checkpoint, or an altered one.
    expect(await after(run("DELETE FROM audit_events WHERE position <= 13"))).toMatchObject({
      kind: "removed",
      position: 12,
    });
    expect(await after(run("DELETE FROM audit_checkpoints"))).toMatchObject({ kind: "removed", position: 0 });
    for (const change of [
      "removed_from = 1",
      "oldest = 1",
      "newest = newest + 1",
      `hash = '${"a".repeat(64)}'`,
      `seal = '${"a".repeat(64)}'`,
    ])
      expect(await after(run(`UPDATE audit_checkpoints SET ${change}`))).toMatchObject({
        kind: "unsealed",
        position: 11,
      });
  });

  test("is found out when a checkpoint is forged, with whatever the database knows", async () => {
    await remove();
    await shop.settled();
    const forge = (position: number, hash: string, seal: string) => (data: RolledBackDatabase) =>
      data.run(
        "INSERT INTO audit_checkpoints (removed_from, position, hash, oldest, newest, seal, created_at) VALUES (12, ?, ?, 1, 2, ?, 3)",
        position,
        hash,
        seal,
      );
    const forged = await after(async (data, there, sealer) => {
      const [row] = await there.rows(15, 15);
      const end = { position: 15, hash: row?.hash ?? "" };
      // A seal of another purpose over the same end.
      await forge(15, end.hash, sealer.seal("anchor", end))(data);
      await data.run("DELETE FROM audit_events WHERE position <= 15");
    });
    expect(forged).toMatchObject({ kind: "unsealed", position: 15 });
    const beyond = await after(async (data) => {
      await forge(500, "b".repeat(64), "c".repeat(64))(data);
      await data.run("DELETE FROM audit_events");
    });
    expect(beyond?.kind).toMatch(/unsealed|truncated/);
  });

  test("is found out when entries are put where others were removed", async () => {
    const [first] = await rowsLeft();
    await remove();
    await shop.settled();
    const putBackAt = (position: number) =>
      after((data) =>
        data.run(
          `INSERT INTO audit_events SELECT ?, type, actor_kind, actor_id, entity, entity_id, details, request_id, occurred_at,
           recorded_at, ${position}, previous_hash, hash FROM audit_events WHERE position = 12`,
          first?.id ?? "",
        ),
      );
    expect(await putBackAt(5)).toMatchObject({ position: 5 });
    expect(await putBackAt(11)).toMatchObject({ position: 11 });
  });

  test("is shortened by hand for as many days as the operator says, 30 at least", async () => {
    await expect(shop.call("audit.entries.remove-old", { olderThanDays: 29 })).rejects.toMatchObject({
      type: "validation-failed",
    });
    expect(await shop.call("audit.entries.remove-old", { olderThanDays: 195 })).toEqual({
      entries: 6,
      more: false,
    });
    expect(await shop.call("audit.entries.remove-old", {})).toEqual({ entries: 6, more: false });
    expect(await shop.call("audit.entries.remove-old", {})).toEqual({ entries: 0, more: false });
    await shop.settled();
    expect(await verify()).toMatchObject({ intact: true, checkpoint: { position: 11 } });
    // Both checkpoints are needed.
    expect(await after(run("DELETE FROM audit_checkpoints WHERE position = 5"))).toMatchObject({
      kind: "removed",
      position: 0,
    });
  });

  test("cannot be shortened by the service's own account past its procedure", async () => {
    const { database } = auditOf(shop);
    if (database.engine === "sqlite") return;
    await deliver(shop.broker, [loggedOut(ago(29))]);
    const execute = (sql: string) => database.transaction(someone, (tx) => database.execute(sql, [], tx));
    await expect(execute("DELETE FROM audit_events")).rejects.toMatchObject({ type: "unavailable" });
    await expect(database.sequelize.query("DELETE FROM audit_events")).rejects.toThrow("denied");
    await execute("CALL remove_old_entries(100)");
    expect(await rowsLeft()).toHaveLength(22);
    // A forged checkpoint over everything, which the account can write: entries younger than 30 days stay.
    await execute(
      `INSERT INTO audit_checkpoints (removed_from, position, hash, oldest, newest, seal, created_at) VALUES (0, 100, '${"a".repeat(64)}', 1, 2, '${"a".repeat(64)}', 3)`,
    );
    await execute("CALL remove_old_entries(100)");
    expect((await rowsLeft()).map(({ position }) => position)).toEqual([21]);
  });
});

test("a trail of several segments loses them one after the other", async () => {
  const shop = await startShop({ services: ["audit"], env: { SWEEP_INTERVAL_SECONDS: "3600" } });
  try {
    const { database, collaborators } = auditOf(shop);
    const events = Array.from({ length: segmentLength + 40 }, () => loggedOut(ago(95)));
    const entries = events.map(({ id, name, occurredAt, actor, requestId, payload }) => {
      const what = { entity: "user", entityId: null, details: payload } as const;
      return { id, type: name, actor, ...what, requestId, occurredAt, recordedAt: occurredAt };
    });
    for (let from = 0; from < entries.length; from += 1000)
      await database.transaction(someone, (tx) =>
        collaborators.trail.append(entries.slice(from, from + 1000), tx),
      );
    const verify = (segment: number) => shop.call("audit.verify", { segment });
    expect(await verify(0)).toMatchObject({ intact: true, entries: segmentLength });

    expect(await shop.call("audit.entries.remove-old", { olderThanDays: 90 })).toEqual({
      entries: segmentLength,
      more: true,
    });
    expect(await verify(0)).toMatchObject({ intact: true, entries: 0, nextSegment: 1 });
    expect(await shop.call("audit.entries.remove-old", { olderThanDays: 90 })).toEqual({
      entries: 40,
      more: false,
    });
    await shop.settled();
    for (const segment of [0, 1]) expect(await verify(segment)).toMatchObject({ intact: true });
    const withoutFirst = await rolledBack(configOf(shop.broker), async ({ audit }) => {
      await audit.run("DELETE FROM audit_checkpoints WHERE position < ?", segmentLength);
      return (await verifySegment(new ChainRepository(audit), 0)).fault;
    });
    expect(withoutFirst).toMatchObject({ kind: "removed", position: 0 });
  } finally {
    await shop.stop();
  }
}, 240_000);

/** A change with all database privileges, which the service lacks. */
async function byForce(shop: Shop, sql: string): Promise<void> {
  const { database } = configOf(shop.broker);
  const sequelize =
    database.engine === "sqlite"
      ? openSqlite(database.file("audit"))
      : openMysql(database.primary, { schema: database.schema("audit"), ...database.migration }, 1);
  try {
    await sequelize.query(sql);
  } finally {
    await sequelize.close();
  }
}

test("a trail without a limit is kept for ever, unless an operator says otherwise", async () => {
  const shop = await startShop({ services: ["audit"], env: { INBOX_RETENTION_DAYS: "3650" } });
  try {
    await deliver(shop.broker, [loggedOut(ago(3640)), loggedOut(ago(1))]);
    await runJob(shop, "audit", removeOldEntriesByAge);
    expect(await shop.call("audit.verify", {})).toMatchObject({ entries: 2, checkpoint: null });
    await expect(shop.call("audit.entries.remove-old", {})).rejects.toMatchObject({
      type: "validation-failed",
    });
    expect(await shop.call("audit.entries.remove-old", { olderThanDays: 3600 })).toEqual({
      entries: 1,
      more: false,
    });
  } finally {
    await shop.stop();
  }
});
