import { execFile } from "node:child_process";
import { mkdtemp, open, rm, rmdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import { health } from "../../mixins/service/health.ts";
import { canMount } from "../chaos/small-disk.ts";
import { until } from "../cluster/processes.ts";
import { clusterSettings } from "../support/cluster-shape.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";

const run = promisify(execFile);
/** In the cluster the disk is the database server's: test/cluster/database-trouble.test.ts. */
const embedded = Object.keys(clusterSettings()).length === 0 && (await canMount()) ? describe : describe.skip;

embedded("a shop whose disk is full", () => {
  let disk: string;
  let shop: Shop;
  let variantId: string;
  const logged: string[] = [];

  beforeAll(async () => {
    disk = await mkdtemp(join(tmpdir(), "shop-full-disk-"));
    await run("mount", ["-t", "tmpfs", "-o", "size=16m", "shop-full-disk", disk]);
    shop = await startShop({ env: { DATA_DIR: disk, LOG_LEVEL: "fatal", SWEEP_INTERVAL_SECONDS: "3600" } });
    const product = { slug: "mug", name: "Mug", status: "published" } as const;
    const made = await shop.call("catalog.products.create", {
      ...product,
      variants: [{ sku: "MUG", priceMinor: 2500, options: {} }],
    });
    variantId = made.variants[0]?.id ?? "";
    await shop.settled();
    const { logger } = shop.broker.getLocalService("catalog") as unknown as {
      logger: { error: (...args: unknown[]) => void };
    };
    jest.spyOn(logger, "error").mockImplementation((...args) => void logged.push(args.join(" ")));
  }, 240_000);
  afterAll(async () => {
    await shop?.stop();
    await run("umount", ["--lazy", disk]);
    await rmdir(disk);
  });

  const receive = () =>
    shop.call("catalog.stock.change", { variantId, kind: "receive", quantity: 1, reason: "delivery" });
  const isReady = async () => (await health(shop.broker)).ready;

  async function fill(): Promise<void> {
    const file = await open(join(disk, "filler"), "w");
    try {
      // In ever smaller chunks, to the last byte.
      for (let block = Buffer.alloc(2 ** 20); block.length > 0;) {
        try {
          await file.write(block);
        } catch {
          block = block.subarray(0, block.length >> 1);
        }
      }
    } finally {
      await file.close();
    }
  }

  test("is not ready, logs the reason once, and serves reads; it recovers once there is space", async () => {
    expect(await isReady()).toBe(true);
    const { onHand } = await shop.call("catalog.stock.get", { variantId });
    await fill();
    for (let tries = 0; tries < 3; tries += 1)
      await expect(receive()).rejects.toMatchObject({ type: "unavailable" });
    await until(async () => !(await isReady()));
    expect(await health(shop.broker)).toMatchObject({
      checks: expect.arrayContaining([{ name: "catalog", status: "fail" }]),
    });
    expect(logged).toEqual([expect.stringMatching(/^database unavailable: disk full: /)]);
    expect(await shop.call("catalog.stock.get", { variantId })).toMatchObject({ onHand });

    await rm(join(disk, "filler"));
    await until(isReady);
    await receive();
    expect(await shop.call("catalog.stock.get", { variantId })).toMatchObject({ onHand: onHand + 1 });
  }, 240_000);
});
