import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Service } from "moleculer";
import { configOf } from "../../mixins/service/config-of.ts";
import type { EventEnvelope } from "../../mixins/events/envelope.ts";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import { auditKey } from "../../services/audit/audit-key.ts";
import { ChainRepository } from "../../services/audit/data/chain-repository.ts";
import { verifySegment } from "../../services/audit/data/verify-segment.ts";
import { emptyChain } from "../../services/audit/domain/chain.ts";
import type { Fault } from "../../services/audit/domain/verify-rows.ts";
import { Sealer } from "../../services/audit/domain/seal.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { Shop } from "../support/shop.ts";
import { deliver, startShop } from "../support/shop.ts";
import type { RolledBackDatabase } from "../support/rolled-back.ts";
import { rolledBack } from "../support/rolled-back.ts";

const loggedOut = (number: number): EventEnvelope =>
  ({
    id: newId(),
    name: "users.logged-out",
    occurredAt: Date.now(),
    actor: { kind: "user", id: newId() },
    requestId: `request-${number}`,
    payload: { userId: newId(), sessionId: newId() },
  }) as EventEnvelope;

const auditDatabase = ({ broker }: Shop) =>
  (broker.getLocalService("audit") as Service & ServiceWithDatabase).database;

describe("the audit trail", () => {
  let shop: Shop;
  const events = Array.from({ length: 60 }, (_, number) => loggedOut(number));
  beforeAll(async () => {
    shop = await startShop({ services: ["audit"] });
    // Like two nodes with overlapping batches.
    await Promise.all([
      deliver(shop.broker, events.slice(0, 40)),
      deliver(shop.broker, events.slice(20)),
      deliver(shop.broker, events),
    ]);
  });
  afterAll(() => shop.stop());

  const verify = (segment = 0) => shop.call("audit.verify", { segment });

  test("has each event once, one behind the other, however they arrived", async () => {
    const rows = await new ChainRepository(auditDatabase(shop)).rows(0, 1000);
    expect(rows.map(({ position }) => position)).toEqual(events.map((_, index) => index));
    expect(rows.map(({ id }) => id).sort()).toEqual(events.map(({ id }) => id).sort());
    const last = rows.at(-1);
    expect(await verify()).toEqual({
      segment: 0,
      segments: 1,
      entries: 60,
      intact: true,
      fault: null,
      head: { position: 59, hash: last?.hash },
      checkpoint: null,
      nextSegment: null,
    });
    await expect(verify(1)).rejects.toMatchObject({ type: "not-found" });
  });

  /** The fault found after tampering with all database privileges but without the key. */
  async function after(
    damage: (data: RolledBackDatabase, chain: ChainRepository) => Promise<unknown>,
  ): Promise<Fault | undefined> {
    const sealer = new Sealer(await auditKey(configOf(shop.broker)));
    return rolledBack(configOf(shop.broker), async ({ audit }) => {
      const chain = new ChainRepository(audit);
      await damage(audit, chain);
      return (await verifySegment(chain, 0, sealer)).fault;
    });
  }

  const anchor = (data: RolledBackDatabase, position: number, hash: string, seal: string) =>
    data.run("INSERT INTO audit_anchors VALUES (?, ?, ?, 1)", position, hash, seal);

  test("edited, removed and truncated entries are found, and the first one is named", async () => {
    const chain = new ChainRepository(auditDatabase(shop));
    const [tenth] = await chain.rows(10, 10);
    expect(
      await after((data) =>
        data.run("UPDATE audit_events SET type = 'users.registered' WHERE position IN (10, 12)"),
      ),
    ).toEqual({
      kind: "edited",
      position: 10,
      entryId: tenth?.id,
    });
    const remove = (data: RolledBackDatabase) =>
      data.run("DELETE FROM audit_events WHERE position IN (7, 30)");
    expect(await after(remove)).toEqual({ kind: "removed", position: 7, entryId: null });
    const cutOff = (data: RolledBackDatabase) => data.run("DELETE FROM audit_events WHERE position > 49");
    expect(await after(cutOff)).toEqual({ kind: "truncated", position: 50, entryId: null });
    const empty = (data: RolledBackDatabase) => data.run("DELETE FROM audit_events");
    expect(await after(empty)).toEqual({ kind: "truncated", position: 0, entryId: null });
  });

  test("an entry that was added past the shop is found, also with hashes that fit", async () => {
    const added = await after(async (data, chain) => {
      const [last] = await chain.rows(59, 59);
      await data.run(
        `INSERT INTO audit_events SELECT ?, type, actor_kind, actor_id, entity, entity_id, details, request_id, occurred_at,
         recorded_at, 60, hash, hash FROM audit_events WHERE id = ?`,
        newId(),
        last?.id ?? "",
      );
    });
    expect(added).toMatchObject({ kind: "inserted", position: 60 });
  });

  test("an end that was moved without the key is found, also one that once was right", async () => {
    const moved = await after(async (data, chain) => {
      const [row] = await chain.rows(49, 49);
      await data.run("DELETE FROM audit_events WHERE position > 49");
      await data.run("UPDATE audit_head SET position = 49, hash = ?", row?.hash ?? "");
    });
    expect(moved).toEqual({ kind: "unsealed", position: 49, entryId: null });
    const unsealed = (data: RolledBackDatabase) => data.run("UPDATE audit_head SET seal = ?", "0".repeat(64));
    expect(await after(unsealed)).toEqual({ kind: "unsealed", position: 59, entryId: null });

    // An older end with its valid seal: an anchor proves that the trail went further.
    const sealer = new Sealer(await auditKey(configOf(shop.broker)));
    const rolledBack = await after(async (data, chain) => {
      const [row, later] = await Promise.all([chain.rows(49, 49), chain.rows(55, 55)]);
      const [was, end] = [
        { position: 49, hash: row[0]?.hash ?? "" },
        { position: 55, hash: later[0]?.hash ?? "" },
      ];
      await anchor(data, end.position, end.hash, sealer.seal("anchor", end));
      await data.run("DELETE FROM audit_events WHERE position > 49");
      await data.run(
        "UPDATE audit_head SET position = 49, hash = ?, seal = ?",
        was.hash,
        sealer.seal("head", was),
      );
    });
    expect(rolledBack).toEqual({ kind: "truncated", position: 50, entryId: null });
  });

  test("a forged anchor, and a trail that does not come to its anchors, are found", async () => {
    const forged = (data: RolledBackDatabase) => anchor(data, 20, "b".repeat(64), "c".repeat(64));
    expect(await after(forged)).toEqual({ kind: "unsealed", position: 20, entryId: null });
    const sealer = new Sealer(await auditKey(configOf(shop.broker)));
    const other = { position: 20, hash: "b".repeat(64) };
    expect(await after((data) => anchor(data, 20, other.hash, sealer.seal("anchor", other)))).toMatchObject({
      kind: "edited",
      position: 20,
    });
  });

  test("a trail whose end was removed takes nothing in rather than beginning anew", async () => {
    const outcome = await rolledBack(configOf(shop.broker), async ({ audit }) => {
      await audit.run("DELETE FROM audit_head");
      const chain = new ChainRepository(audit);
      const tx = { handle: undefined } as never;
      return { append: await chain.lockHead(tx).catch(String), fault: (await verifySegment(chain, 0)).fault };
    });
    expect(outcome.append).toContain("the head of the audit trail is missing");
    expect(outcome.fault).toMatchObject({ kind: "inserted", position: emptyChain.position + 1 });
  });

  test("only those may verify it who may read it", async () => {
    const as = {
      kind: "user",
      userId: newId(),
      sessionId: newId(),
      role: "customer",
      permissions: [],
    } as const;
    await expect(shop.call("audit.verify", {}, { as })).rejects.toMatchObject({ type: "forbidden" });
  });

  test("is exported as a file, in order and filtered", async () => {
    const exported = async (params: { format: "csv" | "ndjson"; actorId?: string }) => {
      const { task } = await shop.call("audit.exports.start", params);
      for (;;) {
        const { state, result } = await shop.call("audit.tasks.get", { id: task.id });
        if (state === "succeeded")
          return { result, ...(await shop.call("audit.tasks.result", { id: task.id })) };
        if (state === "failed" || state === "cancelled") throw new Error(`the export has ${state}`);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    const ndjson = await exported({ format: "ndjson" });
    const lines = ndjson.content
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { position: number; type: string });
    expect(lines.map(({ position }) => position)).toEqual(lines.map((_, index) => index));
    expect(lines.length).toBeGreaterThanOrEqual(60);
    expect(ndjson).toMatchObject({ mediaType: "application/x-ndjson", parts: 1 });

    const actorId = events[3]?.actor.id ?? "";
    const csv = await exported({ format: "csv", actorId });
    expect(csv.result).toEqual({ format: "csv", entries: 1 });
    const [header, line] = csv.content.split("\n");
    expect(header).toBe(
      "\ufeffposition,hash,id,type,actorKind,actorId,entity,entityId,requestId,occurredAt,recordedAt,details",
    );
    expect(line).toContain(actorId);
  });

  test("in the embedded shape the key is made once, for the owner's eyes", async () => {
    const config = { ...configOf(shop.broker), auditKey: undefined };
    const key = await auditKey(config);
    expect(key.length).toBeGreaterThan(40);
    expect(await auditKey(config)).toBe(key);
    expect((await readFile(join(config.dataDir, "audit-key.txt"), "utf8")).trim()).toBe(key);
  });
});
