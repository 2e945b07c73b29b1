import { setTimeout as sleep } from "node:timers/promises";
import type { RowDataPacket } from "mysql2/promise";
import { stackStatus } from "../../deploy/local/stack.ts";
import { configOf, contractsOf } from "../../mixins/service/config-of.ts";
import { queueDepths } from "../../services/operations/verify/queues.ts";
import { callShop } from "../../services/operations/console/known-nodes.ts";
import { never } from "../../services/after-sales/domain/deadlines.ts";
import { connectToDatabases } from "./books.ts";
import type { ShopUnderChaos } from "./shop-under-chaos.ts";

const pollIntervalMs = 500;
/** Required number of consecutive idle polls. */
const quietPolls = 3;

/**
 * Waits until the shop has settled: servers and nodes are healthy, no event is pending, no lease is overdue.
 *
 * @returns the open items at the timeout; none when it has settled
 */
export async function settle(shop: ShopUnderChaos, timeoutMs: number): Promise<string[]> {
  const deadline = Date.now() + timeoutMs;
  let quiet = 0;
  for (;;) {
    const left = await pendingWork(shop).catch((error: unknown) => [String(error)]);
    quiet = left.length === 0 ? quiet + 1 : 0;
    if (quiet === quietPolls) return [];
    if (Date.now() > deadline) return left;
    await sleep(pollIntervalMs);
  }
}

async function pendingWork(shop: ShopUnderChaos): Promise<string[]> {
  const { servers } = await stackStatus({ directory: shop.directory });
  const down = servers.filter(
    ({ condition, replication }) => condition !== "up" || replication?.applying === false,
  );
  if (down.length > 0) return down.map(({ name, condition }) => `${name} is ${condition}`);
  const unresponsive = await Promise.all(
    shop.nodeNames.map(async (name) => ((await nodeResponds(shop, name)) ? [] : [`${name} does not answer`])),
  );
  const gateways = await Promise.all(
    shop.cluster.urls.map(async (url) => ((await isReady(url)) ? [] : [`${url} is not ready`])),
  );
  const unsentWebhooks =
    shop.provider.unsentWebhooks > 0 ? [`${shop.provider.unsentWebhooks} news of the payment provider`] : [];
  return [
    ...unresponsive.flat(),
    ...gateways.flat(),
    ...unsentWebhooks,
    ...(await inDatabases(shop)),
    ...(await inQueues(shop)),
  ];
}

async function nodeResponds(shop: ShopUnderChaos, nodeID: string): Promise<boolean> {
  return callShop(shop.cluster.broker, "operations.node", {}, { nodeID, timeout: 3000 }).then(
    () => true,
    () => false,
  );
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(3000) }).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function inDatabases(shop: ShopUnderChaos): Promise<string[]> {
  const connection = await connectToDatabases(shop.cluster.broker);
  const count = async (what: string, sql: string, values: number[] = []) => {
    const [[row]] = await connection.query<RowDataPacket[]>(sql, values);
    return Number(row?.["n"]) > 0 ? [`${row?.["n"]} ${what}`] : [];
  };
  try {
    const [tables] = await connection.query<RowDataPacket[]>(
      "SELECT table_schema AS name FROM information_schema.tables WHERE table_name = 'outbox'",
    );
    const outboxes = tables.map(({ name }) =>
      count(`events in ${name}'s outbox`, `SELECT COUNT(*) AS n FROM ${name}.outbox WHERE status <> 'sent'`),
    );
    const untold = "FROM shop_favourites.favourite_counts WHERE is_told = 0";
    const owed = `FROM shop_after_sales.after_sales WHERE refund_at < ${never} OR hold_at < ${never}`;
    const unreleased = "FROM shop_settlements.sales WHERE release_at < ?";
    const overdue = "FROM shop_catalog.reservations WHERE status = 'held' AND lease_until < ?";
    const unpaid = "FROM shop_orders.orders WHERE pay_before < ?";
    const now = Date.now();
    return (
      await Promise.all([
        ...outboxes,
        count("leases overdue", `SELECT COUNT(*) AS n ${overdue}`, [now]),
        count(
          "refunds not given",
          "SELECT COUNT(*) AS n FROM shop_orders.refunds WHERE status = 'requested'",
        ),
        count("after-sales that wait for orders", `SELECT COUNT(*) AS n ${owed}`),
        count("sales not released", `SELECT COUNT(*) AS n ${unreleased}`, [now]),
        count("counts of favourites not told", `SELECT COUNT(*) AS n ${untold}`),
        count("orders past their payment", `SELECT COUNT(*) AS n ${unpaid}`, [now]),
      ])
    ).flat();
  } finally {
    await connection.end();
  }
}

/** Includes events that await a retry; a dead letter is work that will not be done. */
async function inQueues(shop: ShopUnderChaos): Promise<string[]> {
  const depths = await queueDepths(configOf(shop.cluster.broker), contractsOf(shop.cluster.broker));
  if (!depths) return ["RabbitMQ does not answer"];
  return depths
    .filter(({ waiting, dead }) => waiting + dead > 0)
    .map(({ service, waiting, dead }) => `${service} has ${waiting} pending events and ${dead} dead letters`);
}
