import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, jest, test } from "@jest/globals";
import type { Connection, RowDataPacket } from "mysql2/promise";
import { createConnection } from "mysql2/promise";
import { loadConfig } from "../../config/index.ts";
import { asAdmin } from "../../deploy/local/servers/database.ts";
import type { Stack } from "../../deploy/local/stack.ts";
import { startStack, stopStack } from "../../deploy/local/stack.ts";
import type { StackSettings } from "../../deploy/local/state.ts";
import { readState, settingsOf } from "../../deploy/local/state.ts";
import { codedError } from "../../services/api/response/problems.ts";
import { migrateUp } from "../../services/operations/migrate.ts";
import { health } from "../../mixins/service/health.ts";
import { canMount, SmallDisk } from "../chaos/small-disk.ts";
import type { Shop } from "../support/shop.ts";
import { startShop } from "../support/shop.ts";
import { until } from "./processes.ts";

const account = "shop_catalog@'%'";
const rights = "SELECT, INSERT, UPDATE, DELETE ON shop_catalog.*";

/** Errors for clients and operators while the database refuses a service that was working. */
describe("a database that refuses a service", () => {
  let directory: string;
  let stack: Stack;
  let settings: StackSettings;
  let shop: Shop;
  let variantId: string;
  const [logged, loggedByAudit]: [string[], string[]] = [[], []];

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "database-trouble-"));
    stack = await startStack({ directory, fast: true });
    await migrateUp(loadConfig({ ...stack.environment }), () => undefined);
    const state = await readState(directory);
    const found = state && settingsOf(directory, state);
    if (!found) throw new Error("the stack has no ports");
    settings = found;
    // A failed event waits ten minutes, and becomes a dead letter at the second failure.
    const events = { EVENT_BACKOFF_MS: "600000", EVENT_ATTEMPTS: "2" };
    shop = await startShop({
      env: {
        ...stack.environment,
        DATABASE_REPLICAS: "",
        LOG_LEVEL: "fatal",
        SWEEP_INTERVAL_SECONDS: "3600",
        ...events,
      },
    });
    const product = { slug: "mug", name: "Mug", status: "published" } as const;
    const made = await shop.call("catalog.products.create", {
      ...product,
      variants: [{ sku: "MUG", priceMinor: 2500, options: {} }],
    });
    variantId = made.variants[0]?.id ?? "";
    for (const [service, lines] of [
      ["catalog", logged],
      ["audit", loggedByAudit],
    ] as const) {
      const { logger } = shop.broker.getLocalService(service) as unknown as {
        logger: { error: (...args: unknown[]) => void };
      };
      jest.spyOn(logger, "error").mockImplementation((...args) => void lines.push(args.join(" ")));
    }
  }, 300_000);

  afterAll(async () => {
    await shop?.stop();
    await stopStack({ directory, purge: true });
  }, 600_000);

  /** Result of a delivery for clients: the problem's code, or accepted. */
  const outcome = () =>
    shop.call("catalog.stock.change", { variantId, kind: "receive", quantity: 1, reason: "delivery" }).then(
      () => "taken",
      (error: unknown) => codedError(error).type,
    );

  /** After many failures, nodes back off before they call a service again. */
  async function untilServed(): Promise<void> {
    await until(async () => {
      const told = await outcome();
      expect(["taken", "unavailable"]).toContain(told);
      return told === "taken";
    });
  }

  const asked = async (admin: Connection, sql: string) => (await admin.query<RowDataPacket[]>(sql))[0];

  /** New connections get the account's present privileges. */
  async function endConnections(admin: Connection, user = "shop_catalog"): Promise<void> {
    const open = async () =>
      asked(
        admin,
        `SELECT id FROM information_schema.processlist WHERE user = '${user}' AND id <= ${newest}`,
      );
    const [row] = await asked(admin, "SELECT MAX(id) AS newest FROM information_schema.processlist");
    const newest = Number(row?.newest);
    for (const { id } of await open()) await admin.query(`KILL ${id}`).catch(() => undefined);
    await until(async () => (await open()).length === 0);
  }

  const manyConnections: Connection[] = [];
  const cases: [
    string,
    {
      begin: (admin: Connection) => Promise<unknown>;
      end: (admin: Connection) => Promise<unknown>;
      cause: RegExp;
    },
  ][] = [
    [
      "has lost a right",
      {
        begin: (admin) => admin.query(`REVOKE UPDATE ON shop_catalog.* FROM ${account}`),
        end: (admin) => admin.query(`GRANT ${rights} TO ${account}`),
        cause: /^database unavailable: access denied: .*UPDATE command denied/,
      },
    ],
    [
      "has lost all rights",
      {
        begin: (admin) => admin.query(`REVOKE ${rights} FROM ${account}`),
        end: (admin) => admin.query(`GRANT ${rights} TO ${account}`),
        cause: /^database unavailable: access denied: /,
      },
    ],
    [
      "has an account that is locked",
      {
        begin: (admin) => admin.query(`ALTER USER ${account} ACCOUNT LOCK`),
        end: (admin) => admin.query(`ALTER USER ${account} ACCOUNT UNLOCK`),
        cause: /^database unavailable: access denied: /,
      },
    ],
    [
      "has asked more than its account may in an hour",
      {
        begin: (admin) => admin.query(`ALTER USER ${account} WITH MAX_QUERIES_PER_HOUR 1`),
        end: (admin) => admin.query(`ALTER USER ${account} WITH MAX_QUERIES_PER_HOUR 0`),
        cause: /^database unavailable: too many connections or statements: /,
      },
    ],
    [
      "finds no free connection",
      {
        async begin(admin) {
          await admin.query("SET GLOBAL max_connections = 20");
          const login = {
            host: "127.0.0.1",
            port: settings.ports.primary,
            user: "shop_monitor",
            password: settings.secrets.monitor,
          };
          await endConnections(admin);
          for (;;) {
            const connection = await createConnection(login).catch(() => undefined);
            if (!connection) return;
            manyConnections.push(connection);
          }
        },
        async end(admin) {
          for (const connection of manyConnections) connection.destroy();
          await admin.query("SET GLOBAL max_connections = 500");
        },
        cause: /^database unavailable: too many connections or statements: /,
      },
    ],
  ];

  test.each(cases)(
    "that %s: callers get unavailable, the log says why once a minute, and all is well when it serves again",
    async (_name, { begin, end, cause }) => {
      await untilServed();
      await shop.settled();
      await asAdmin("primary", settings, async (admin) => {
        await begin(admin);
        await endConnections(admin);
        try {
          for (let tries = 0; tries < 3; tries += 1) expect(await outcome()).toBe("unavailable");
        } finally {
          await end(admin);
        }
      });
      await untilServed();
      await shop.settled();
      expect(logged.filter((line) => cause.test(line))).toHaveLength(1);
    },
    60_000,
  );

  test("that has lost a right loses no event: no event is to blame, and it takes effect as soon as the right is back", async () => {
    await untilServed();
    await shop.settled();
    const entries = async () =>
      (await shop.call("audit.list", { type: "catalog.stock-changed" })).items.length;
    const before = await entries();
    await asAdmin("primary", settings, async (admin) => {
      await admin.query("REVOKE INSERT ON shop_audit.* FROM shop_audit@'%'");
      await endConnections(admin, "shop_audit");
      try {
        expect(await outcome()).toBe("taken");
        await until(() =>
          loggedByAudit.some((line) =>
            line.startsWith("database unavailable: access denied: INSERT command denied"),
          ),
        );
      } finally {
        await admin.query("GRANT INSERT ON shop_audit.* TO shop_audit@'%'");
      }
    });
    await shop.settled();
    expect(await entries()).toBe(before + 1);
  }, 240_000);

  test("whose disk is full: its services are not ready and the log says why; with room again they serve", async () => {
    if (!(await canMount())) return;
    let unmount: (() => Promise<void>) | undefined;
    try {
      const disk = await SmallDisk.under(stack, "primary", (how) => (unmount = how));
      const statusIs = (status: string) => async () =>
        (await health(shop.broker)).checks.find(({ name }) => name === "catalog")?.status === status;
      await untilServed();
      await until(statusIs("pass"));
      await disk.fill();
      await until(statusIs("fail"));
      // The server keeps commits waiting for room.
      await until(() => logged.some((line) => /timeout: .*disk full/.test(line)));
      expect(await statusIs("fail")()).toBe(true);
      await disk.free();
      // The server checks for space once a minute.
      await stack.kill("primary");
      await stack.start("primary");
      await until(statusIs("pass"));
      await untilServed();
    } finally {
      await stack.shutDown("primary");
      await unmount?.();
    }
  }, 600_000);
});
