import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Config } from "../../config/index.ts";
import { loadConfig } from "../../config/index.ts";
import { openMysql } from "../../mixins/database/mysql/open.ts";
import { openSqlite } from "../../mixins/database/sqlite/open.ts";
import { createNode } from "../../services/node/create-node.ts";
import { run } from "../../services/operations/migrate.ts";
import { clusterSettings } from "../support/cluster-shape.ts";
import { createFixtures } from "../support/fixtures.ts";
import { asOnlyNode, startShop } from "../support/shop.ts";
import { dataServices, servicesOwningData } from "../support/data-services.ts";

/** Behaviour of a version on a newer version's data, and the downgrade. */
describe("a filled shop", () => {
  let directory: string;
  let env: Record<string, string | undefined>;
  let config: Config;
  let orderId: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "earlier-version-"));
    env = {
      ...clusterSettings(),
      DATA_DIR: directory,
      PORT: "0",
      LOG_LEVEL: "fatal",
      LOG_FORMAT: "text",
      NODE_ID: "earlier",
    };
    const shop = await startShop({ env: { DATA_DIR: directory, LOCALES: "en,zh-CN" } });
    orderId = (await createFixtures(shop)).paid.id;
    const translated = { slug: "mugs", name: "Mugs", texts: { "zh-CN": { name: "马克杯" } } };
    await shop.call("catalog.categories.create", translated);
    await shop.call("catalog.products.create", translated);
    await shop.settled();
    await shop.stop();
    config = loadConfig(env);
  }, 240_000);
  afterAll(() => rm(directory, { recursive: true }));

  async function onDatabase(service: string, sql: string, values: readonly string[] = []): Promise<void> {
    const { database } = config;
    const server =
      database.engine === "mysql"
        ? openMysql(database.primary, { schema: database.schema(service), ...database.migration }, 1)
        : openSqlite(database.file(service));
    await server.query(sql, { replacements: [...values] });
    await server.close();
  }

  /** Starts a node with these services, runs `ask`, and stops it. */
  async function onNode<T>(
    services: string,
    ask: (call: (name: string, params: object) => Promise<unknown>) => Promise<T>,
  ): Promise<T> {
    const broker = await createNode(loadConfig({ ...env, SERVICES: services }));
    asOnlyNode(broker);
    try {
      await broker.start();
      return await ask((name, params) =>
        broker.call(name, params, { meta: { caller: { kind: "operator", name: "test" } } }),
      );
    } finally {
      await broker.stop();
    }
  }

  const orders = () =>
    onNode("orders,catalog,cart,users,audit", (call) => call("orders.get", { id: orderId }));

  const named = (service: string) =>
    servicesOwningData.find(({ name }) => name === service) ?? { name: service, migrations: [] };

  async function said(service: string, direction: "up" | "down" | "status"): Promise<string> {
    const lines: string[] = [];
    await run(config, named(service), direction, (line) => lines.push(line));
    return lines.join("\n");
  }

  describe.each(dataServices)("whose %s were migrated by a newer version", (service) => {
    const newer = async (name: string, test: () => Promise<void>) => {
      await onDatabase(service, "INSERT INTO migrations (name) VALUES (?)", [name]);
      try {
        await test();
      } finally {
        await onDatabase(service, "DELETE FROM migrations WHERE name = ?", [name]);
      }
    };

    test("is refused at the start, with the migrations that are unknown, and is not migrated in any direction", async () => {
      await newer("0099-from-the-future", async () => {
        const refused = {
          name: "UnusableDatabaseError",
          message: expect.stringMatching(/newer version .*\(0099-from-the-future\): start that version, or/),
        };
        await expect(onNode(service, () => Promise.resolve())).rejects.toMatchObject(refused);
        await expect(said(service, "up")).rejects.toMatchObject(refused);
        await expect(said(service, "down")).rejects.toMatchObject(refused);
        expect(await said(service, "status")).toContain(
          "none open, of a newer version: 0099-from-the-future",
        );
      });
    });

    test("is served where the step says that this version can go on with it, but no earlier step is taken back from under it", async () => {
      await newer("0099-one-more-column.expand", async () => {
        await onNode(service, () => Promise.resolve());
        await expect(said(service, "down")).rejects.toThrow("0099-one-more-column.expand");
      });
    });
  });

  test.each(dataServices)(
    "lets the steps of %s be taken back one by one, or says which data forbids it, and brought up again",
    async (service) => {
      const { migrations } = named(service);
      const refusals: string[] = [];
      try {
        for (const { name } of migrations.slice(1).toReversed()) {
          const outcome = await said(service, "down").catch((error: Error) => error.message);
          if (outcome !== `${service}: down ${name}`) {
            refusals.push(`${name}: ${outcome}`);
            break;
          }
        }
      } finally {
        await said(service, "up");
      }
      const refused = { users: [expect.stringContaining("0007-encrypted-secrets")] } as Partial<
        Record<string, unknown[]>
      >;
      expect(refusals).toEqual(refused[service] ?? []);
      expect(await said(service, "status")).toBe(`${service}: ${migrations.length} run, none open`);
      expect(await orders()).toMatchObject({ id: orderId, status: "paid" });
    },
    60_000,
  );
});
