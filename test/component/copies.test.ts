import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Service } from "moleculer";
import type { EventName, EventPayload } from "../../mixins/contract/calls.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import type { EventEnvelope } from "../../mixins/events/envelope.ts";
import type { Shop } from "../support/shop.ts";
import { deliver, startShop } from "../support/shop.ts";

const many = 20;

describe("what services copy of merchants", () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await startShop({ services: ["users", "catalog", "settlements"] });
  }, 60_000);
  afterAll(() => shop?.stop());

  /** Tells events in transactions of their own, as two nodes do that got one each. */
  async function tellAtOnce<N extends EventName>(name: N, payloads: readonly EventPayload<N>[]) {
    const origin = { actor: { kind: "system", id: "test" }, requestId: "test" } as const;
    const outcomes = await Promise.all(
      payloads.map(async (payload) => {
        const event = { id: newId(), name, occurredAt: Date.now(), ...origin, payload };
        return deliver(shop.broker, [event as unknown as EventEnvelope]);
      }),
    );
    expect(outcomes.flat().filter((fault) => fault !== undefined)).toEqual([]);
  }
  const versions = async (service: string, table: string) => {
    const { database } = shop.broker.getLocalService(service) as Service & ServiceWithDatabase;
    const rows = await database.select<{ version: number }>(`SELECT version FROM ${table}`);
    return rows.map(({ version }) => version);
  };

  test("is the newest state, when the first two are told at once", async () => {
    const state = (status: "pending" | "active") => ({ slug: "potter", name: "Potter", status });
    const ids = Array.from({ length: many }, () => newId());
    const newest = ids.map(() => 2);
    await tellAtOnce(
      "merchants.changed",
      ids.flatMap((merchantId) => [
        { merchantId, version: 1, before: null, after: state("pending") },
        { merchantId, version: 2, before: state("pending"), after: state("active") },
      ]),
    );
    expect(await versions("catalog", "merchants")).toEqual(newest);
    expect(await versions("settlements", "merchants")).toEqual(newest);
    await tellAtOnce(
      "merchants.member-changed",
      ids.flatMap((merchantId) => [
        { merchantId, userId: merchantId, role: "owner" as const, version: 1 },
        { merchantId, userId: merchantId, role: null, version: 2 },
      ]),
    );
    expect(await versions("users", "memberships")).toEqual(newest);
  });
});
