import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { AuditRow, ChainedRow } from "../../../services/audit/domain/chain.ts";
import { chainOnto, emptyChain, hashOf } from "../../../services/audit/domain/chain.ts";
import { verifyRows } from "../../../services/audit/domain/verify-rows.ts";
import { Sealer } from "../../../services/audit/domain/seal.ts";

const start = { ...emptyChain, entryId: null };

const entry = (number: number): AuditRow => ({
  id: `entry-${number}`,
  type: "orders.paid",
  actor_kind: "user",
  actor_id: null,
  entity: "order",
  entity_id: `order-${number}`,
  details: JSON.stringify({ number }),
  request_id: "request",
  occurred_at: 1000 + number,
  recorded_at: 2000 + number,
});
const trail = (length: number) =>
  chainOnto(
    emptyChain,
    Array.from({ length }, (_, number) => entry(number)),
  );

/** Simulates tampering with recomputed hashes. */
const rehashed = (row: ChainedRow): ChainedRow => ({ ...row, hash: hashOf(row) });

describe("the chain of the audit trail", () => {
  test("is intact without tampering, however it was appended", () => {
    const whole = trail(7);
    const first = chainOnto(emptyChain, [entry(0), entry(1), entry(2)]);
    const rest = chainOnto(first[2] ?? emptyChain, [entry(3), entry(4), entry(5), entry(6)]);
    expect([...first, ...rest]).toEqual(whole);
    expect(verifyRows(start, whole)).toEqual({ position: 6, hash: whole[6]?.hash, entryId: "entry-6" });
  });

  test("every field of every entry is covered: whichever is edited, that entry is named", () => {
    const fields = Object.keys(entry(0)) as (keyof AuditRow)[];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9 }), fc.constantFrom(...fields), (position, field) => {
        const rows = trail(10).map((row) => {
          const value = typeof row[field] === "number" ? 1 : `${String(row[field])}!`;
          return row.position === position ? { ...row, [field]: value } : row;
        });
        expect(verifyRows(start, rows)).toMatchObject({ kind: "edited", position });
      }),
    );
  });

  test("an entry that was rewritten together with its own hash is named too", () => {
    const rows = trail(6).map((row) => (row.position === 3 ? rehashed({ ...row, details: "{}" }) : row));
    expect(verifyRows(start, rows)).toEqual({ kind: "edited", position: 3, entryId: "entry-3" });
  });

  test("an entry that lacks is named by its place, also when the others have moved up", () => {
    const without = trail(6).filter(({ position }) => position !== 2);
    expect(verifyRows(start, without)).toEqual({ kind: "removed", position: 2, entryId: null });
    const movedUp = without.map((row) => (row.position > 2 ? { ...row, position: row.position - 1 } : row));
    expect(verifyRows(start, movedUp)).toEqual({ kind: "removed", position: 2, entryId: null });
  });

  test("an entry that was put in between is named, well made as it may be", () => {
    const rows = trail(5);
    const [forged] = chainOnto(rows[1] ?? emptyChain, [entry(99)]);
    const moved = rows.slice(2).map((row) => ({ ...row, position: row.position + 1 }));
    const found = verifyRows(start, [...rows.slice(0, 2), ...(forged ? [forged] : []), ...moved]);
    expect(found).toEqual({ kind: "inserted", position: 2, entryId: "entry-99" });
  });

  test("a seal belongs to one end, one purpose and one key", () => {
    const sealer = new Sealer("the key of the shop");
    const end = { position: 4, hash: "a".repeat(64) };
    const seal = sealer.seal("head", end);
    expect(sealer.isValid("head", end, seal)).toBe(true);
    expect(sealer.isValid("anchor", end, seal)).toBe(false);
    expect(sealer.isValid("head", { ...end, position: 5 }, seal)).toBe(false);
    expect(new Sealer("another key altogether").isValid("head", end, seal)).toBe(false);
    expect(sealer.isValid("head", end, "short")).toBe(false);
  });

  test("a checkpoint's seal covers all that it says, and is nothing else's", () => {
    const sealer = new Sealer("the key of the shop");
    const checkpoint = { from: 0, position: 4, hash: "a".repeat(64), oldest: 10, newest: 20 };
    const seal = sealer.sealCheckpoint(checkpoint);
    expect(sealer.isValidCheckpoint(checkpoint, seal)).toBe(true);
    expect(sealer.isValid("anchor", checkpoint, seal)).toBe(false);
    expect(sealer.isValidCheckpoint(checkpoint, sealer.seal("anchor", checkpoint))).toBe(false);
    for (const [field, value] of Object.entries({
      from: 1,
      position: 5,
      hash: "b".repeat(64),
      oldest: 11,
      newest: 21,
    }))
      expect(sealer.isValidCheckpoint({ ...checkpoint, [field]: value }, seal)).toBe(false);
    expect(new Sealer("another key altogether").isValidCheckpoint(checkpoint, seal)).toBe(false);
  });
});
