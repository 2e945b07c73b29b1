import { setTimeout as sleep } from "node:timers/promises";
import type { RowDataPacket } from "mysql2/promise";
import { stackStatus } from "../../deploy/local/stack.ts";
import { configOf } from "../../mixins/config-of.ts";
import { queueDepths } from "../../services/node/check/queues.ts";
import { callShop } from "../../services/node/registry.ts";
import { connectToBooks } from "./books.ts";
import type { ShopUnderChaos } from "./shop-under-chaos.ts";

const lookEveryMs = 500;
/** So often in a row nothing must be left to do. */
const quietLooks = 3;

/**
 * Waits until the shop has nothing left to do: every server and node is well, no event waits, no lease is overdue.
 *
 * @returns what it is still waiting for when its patience ends; nothing when it has settled
 */
export async function settle(shop: ShopUnderChaos, patienceMs: number): Promise<string[]> {
  const giveUpAt = Date.now() + patienceMs;
  let quiet = 0;
  for (;;) {
    const left = await leftToDo(shop).catch((error: unknown) => [String(error)]);
    quiet = left.length === 0 ? quiet + 1 : 0;
    if (quiet === quietLooks) return [];
    if (Date.now() > giveUpAt) return left;
    await sleep(lookEveryMs);
  }
}

async function leftToDo(shop: ShopUnderChaos): Promise<string[]> {
  const { servers } = await stackStatus({ directory: shop.directory });
  const down = servers.filter(({ condition, replication }) => condition !== "up" || replication?.applying === false);
  if (down.length > 0) return down.map(({ name, condition }) => `${name} is ${condition}`);
  const silent = await Promise.all(shop.nodeNames.map(async (name) => ((await answers(shop, name)) ? [] : [`${name} does not answer`])));
  const gateways = await Promise.all(shop.cluster.urls.map(async (url) => ((await isReady(url)) ? [] : [`${url} is not ready`])));
  const untold = shop.provider.untold > 0 ? [`${shop.provider.untold} news of the payment provider`] : [];
  return [...silent.flat(), ...gateways.flat(), ...untold, ...(await inDatabases(shop)), ...(await inQueues(shop))];
}

async function answers(shop: ShopUnderChaos, nodeID: string): Promise<boolean> {
  return callShop(shop.cluster.broker, "operations.node", {}, { nodeID, timeout: 3000 }).then(() => true, () => false);
}

async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(3000) }).then(({ ok }) => ok, () => false);
}

async function inDatabases(shop: ShopUnderChaos): Promise<string[]> {
  const connection = await connectToBooks(shop.cluster.broker);
  const count = async (what: string, sql: string, values: number[] = []) => {
    const [[row]] = await connection.query<RowDataPacket[]>(sql, values);
    return Number(row?.["n"]) > 0 ? [`${row?.["n"]} ${what}`] : [];
  };
  try {
    const [tables] = await connection.query<RowDataPacket[]>(
      "SELECT table_schema AS name FROM information_schema.tables WHERE table_name = 'outbox'",
    );
    const outboxes = tables.map(({ name }) => count(`events in ${name}'s outbox`, `SELECT COUNT(*) AS n FROM ${name}.outbox`));
    const overdue = "FROM shop_catalog.reservations WHERE status = 'held' AND lease_until < ?";
    const unpaid = "FROM shop_orders.orders WHERE pay_before < ?";
    const now = Date.now();
    return (
      await Promise.all([
        ...outboxes,
        count("leases overdue", `SELECT COUNT(*) AS n ${overdue}`, [now]),
        count("refunds not given", "SELECT COUNT(*) AS n FROM shop_orders.refunds WHERE status = 'requested'"),
        count("orders past their payment", `SELECT COUNT(*) AS n ${unpaid}`, [now]),
      ])
    ).flat();
  } finally {
    await connection.end();
  }
}

/** Also what waits for another try; a dead letter is something that will not be done. */
async function inQueues(shop: ShopUnderChaos): Promise<string[]> {
  const depths = await queueDepths(configOf(shop.cluster.broker));
  if (!depths) return ["RabbitMQ does not answer"];
  return depths
    .filter(({ waiting, dead }) => waiting + dead > 0)
    .map(({ service, waiting, dead }) => `${service} has ${waiting} events to take in, ${dead} were set aside`);
}
