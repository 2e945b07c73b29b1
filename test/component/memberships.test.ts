import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { decodeJwt } from "jose";
import { newId } from "../../mixins/contract/ids.ts";
import type { EventPayload } from "../../mixins/contract/calls.ts";
import type { EventEnvelope } from "../../mixins/events/envelope.ts";
import type { Person } from "../support/people.ts";
import { newPerson } from "../support/people.ts";
import type { Shop } from "../support/shop.ts";
import { deliver, startShop } from "../support/shop.ts";

type Change = Omit<EventPayload<"merchants.member-changed">, "userId">;

describe("a user's memberships in merchants", () => {
  let shop: Shop;
  let ada: Person;
  beforeAll(async () => {
    shop = await startShop({ env: { SWEEP_INTERVAL_SECONDS: "3600" } });
    ada = await newPerson(shop);
  });
  afterAll(() => shop?.stop());

  async function tell(...changes: Change[]): Promise<void> {
    const events = changes.map((change): EventEnvelope<"merchants.member-changed"> => ({
      id: newId(),
      name: "merchants.member-changed",
      occurredAt: Date.now(),
      actor: { kind: "system", id: "merchants" },
      requestId: "test",
      payload: { userId: ada.userId, ...change },
    }));
    const faults = await deliver(shop.broker, events);
    expect(faults.every((fault) => fault === undefined)).toBe(true);
  }
  async function memberships() {
    const { sid } = decodeJwt<{ sid: string }>(ada.token);
    return (await shop.call("users.sessions.check", { sessionId: sid }))?.merchants;
  }

  test("come with the session, and end", async () => {
    expect(await memberships()).toBeUndefined();
    const [first, second] = [newId(), newId()];
    await tell({ merchantId: first, role: "owner", version: 1 });
    await tell({ merchantId: second, role: "stock-keeper", version: 1 });
    expect(await memberships()).toEqual(
      expect.arrayContaining([
        { merchantId: first, role: "owner" },
        { merchantId: second, role: "stock-keeper" },
      ]),
    );
    await tell({ merchantId: first, role: "support", version: 2 });
    await tell({ merchantId: second, role: null, version: 2 });
    expect(await memberships()).toEqual([{ merchantId: first, role: "support" }]);
    await tell({ merchantId: first, role: null, version: 3 });
    expect(await memberships()).toBeUndefined();
  });

  test("are those of the latest version, in whatever order the events arrive", async () => {
    const merchantId = newId();
    await tell({ merchantId, role: null, version: 3 });
    await tell({ merchantId, role: "owner", version: 1 }, { merchantId, role: "support", version: 2 });
    expect(await memberships()).toBeUndefined();
  });
});
