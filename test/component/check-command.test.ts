import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { text } from "node:stream/consumers";
import { environmentWith, loadConfig } from "../../config/index.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { Report } from "../../services/operations/verify/report.ts";
import { migrateUp } from "../../services/operations/migrate.ts";
import { dataServices } from "../support/data-services.ts";

describe("npm run verify", () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "verify-test-"));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const emptyShop = () => migrateUp(loadConfig({ DATA_DIR: directory }), () => undefined);

  /**
   * Adds a missing variant to a missing cart.
   *
   * @returns the cart's id
   */
  function damage(): string {
    const cartId = newId();
    const carts = new DatabaseSync(join(directory, "cart.sqlite"));
    carts.prepare("INSERT INTO cart_items VALUES (?, ?, ?, 1, 1, 'GBP')").run(newId(), cartId, newId());
    carts.close();
    return cartId;
  }

  async function check(...args: string[]): Promise<{ code: number; shown: string; complaint: string }> {
    const env = environmentWith({ SHOP_SHAPE: "embedded", DATA_DIR: directory, STACK_DIR: directory });
    const command = spawn(process.execPath, ["--", "services/operations/verify.ts", ...args], {
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [shown, complaint, [code]] = await Promise.all([
      text(command.stdout),
      text(command.stderr),
      once(command, "exit") as Promise<[number]>,
    ]);
    return { code, shown, complaint };
  }

  test("says so when the data agree, and exits with 0", async () => {
    await emptyShop();
    expect(await check("--settled")).toMatchObject({
      code: 0,
      shown: expect.stringContaining("The shop's data agree"),
      complaint: "",
    });
  }, 240_000);

  test("names violated invariants and rows, also while another process has the data open, and exits with 1", async () => {
    await emptyShop();
    const cartId = damage();
    const open = new DatabaseSync(join(directory, "cart.sqlite"));
    open.exec("BEGIN IMMEDIATE; DELETE FROM carts");
    const { code, shown } = await check();
    open.close();
    expect(code).toBe(1);
    expect(shown).toContain("VIOLATED carts.items-have-carts: 1 ×");
    expect(shown).toContain(`cartId ${cartId}`);
  }, 240_000);

  test("with --json it prints the report; of many rows it names as many as were asked for and counts all", async () => {
    await emptyShop();
    for (let n = 0; n < 5; n += 1) damage();
    const { code, shown } = await check("--json", "--rows", "2");
    const report = JSON.parse(shown) as Report;
    expect(code).toBe(1);
    expect(report).toMatchObject({ ok: false, shape: "embedded", settled: false, violations: 10 });
    const found = report.findings.find((finding) => finding.code === "carts.items-have-carts");
    expect(found).toMatchObject({ severity: "violation", checked: 5, broken: 5 });
    expect(found?.rows).toHaveLength(2);
  }, 240_000);

  test.each([
    ["there are no data", [], "after-sales.sqlite"],
    ["it does not understand", ["--setled"], "--setled"],
    ["its settings are not there", ["--env-file", "/nowhere/shop.env"], "/nowhere/shop.env"],
  ])(
    "exits with 2 and says why when %s",
    async (_case, args, why) => {
      const { code, complaint } = await check(...args);
      expect(code).toBe(2);
      expect(complaint).toMatch(/^verify: .*\n$/);
      expect(complaint).toContain(why);
    },
    60_000,
  );

  test("exits with 2 when the data are not migrated", async () => {
    for (const service of dataServices) {
      const database = new DatabaseSync(join(directory, `${service}.sqlite`));
      database.exec("CREATE TABLE migrations (name TEXT)");
      database.close();
    }
    expect(await check()).toMatchObject({ code: 2, complaint: expect.stringContaining("npm run migrate") });
  }, 240_000);
});
