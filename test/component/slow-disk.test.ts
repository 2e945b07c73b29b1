import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { clusterSettings } from "../support/cluster-shape.ts";
import { health } from "../../mixins/service/health.ts";
import type { PausableDisk } from "../support/pausable-disk.ts";
import { pausableDisk, outcomeOf, eventLoopTicks } from "../support/pausable-disk.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";

/** Behaviour while a commit is not durable yet. */
const embedded = Object.keys(clusterSettings()).length === 0 ? describe : describe.skip;

embedded("a shop whose disk is slow", () => {
  let shop: Shop;
  let disk: PausableDisk;
  let variantId: string;

  beforeAll(async () => {
    shop = await startShop({ env: { SHIPPING_MINOR: "0", SWEEP_INTERVAL_SECONDS: "3600" } });
    const product = { slug: "mug", name: "Mug", status: "published" } as const;
    const made = await shop.call("catalog.products.create", {
      ...product,
      variants: [{ sku: "MUG", priceMinor: 2500, options: {} }],
    });
    variantId = made.variants[0]?.id ?? "";
    await shop.call("catalog.stock.change", { variantId, kind: "receive", quantity: 50, reason: "delivery" });
    await shop.settled();
    disk = pausableDisk();
  });
  afterEach(() => disk.release());
  afterAll(async () => {
    await shop?.stop();
    jest.restoreAllMocks();
  });

  const audited = () => shop.call("audit.list", { type: "catalog.stock-changed" });

  test("says nothing of a change before it lasts, to who made it, who asks and who hears of it, and all of it then", async () => {
    const before = (await audited()).items.length;
    disk.hold();
    const change = shop.call("catalog.stock.change", {
      variantId,
      kind: "receive",
      quantity: 7,
      reason: "delivery",
    });
    await eventLoopTicks();
    const reader = shop.call("catalog.stock.get", { variantId });
    const outcomes = [outcomeOf(change), outcomeOf(reader)];
    await eventLoopTicks();
    expect(outcomes.map((outcome) => outcome())).toEqual([undefined, undefined]);
    expect((await audited()).items).toHaveLength(before);
    disk.release();
    await change;
    expect(await reader).toMatchObject({ onHand: 57 });
    await shop.settled();
    expect((await audited()).items).toHaveLength(before + 1);
  });

  test("is unavailable after a disk failure, for all later requests, and does not act on commits that may be lost", async () => {
    const before = (await audited()).items.length;
    disk.hold();
    const change = shop.call("catalog.stock.change", {
      variantId,
      kind: "receive",
      quantity: 5,
      reason: "delivery",
    });
    const failed = outcomeOf(change);
    await eventLoopTicks();
    await disk.endPending(new Error("EIO"));
    disk.release();
    expect(failed()).toMatchObject({ error: { type: "unavailable" } });
    await expect(shop.call("catalog.stock.get", { variantId })).rejects.toMatchObject({
      type: "unavailable",
    });
    await expect(
      shop.call("catalog.stock.change", { variantId, kind: "receive", quantity: 5, reason: "again" }),
    ).rejects.toMatchObject({ type: "unavailable" });
    expect((await audited()).items).toHaveLength(before);
    expect(await health(shop.broker)).toMatchObject({
      ready: false,
      checks: expect.arrayContaining([{ name: "catalog", status: "fail" }]),
    });
  });
});
