import { Agent, request } from "node:http";
import { readFileSync } from "node:fs";

/**
 * Buyers in a separate process: each creates a cart, adds two items, orders and pays, in a loop. `node
 * flow-client.ts FILE` reads a `FlowPlan` and prints `Answers` as JSON; one request there is one whole flow.
 */

export interface FlowPlan {
  readonly url: string;
  readonly seconds: number;
  readonly buyers: number;
  /** Authorization of customers, used in rotation. */
  readonly customers: readonly string[];
  /** Of the staff who record payments. */
  readonly staff: string;
  /** Variants to buy, two at a time. */
  readonly variants: readonly { readonly id: string; readonly price: number }[];
  readonly address: object;
  /** Prefix of idempotency keys, unique per run. */
  readonly run: string;
}

const plan = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as FlowPlan;
const { hostname, port } = new URL(plan.url);
const agent = new Agent({ keepAlive: true, maxSockets: plan.buyers });
const times: number[] = [];
let failures = 0;
let started = 0;

function post<T>(path: string, headers: Record<string, string>, body: object): Promise<T> {
  const content = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        agent,
        hostname,
        port,
        path: `/api/v1${path}`,
        method: "POST",
        headers: {
          ...headers,
          "content-type": "application/json",
          "content-length": Buffer.byteLength(content),
        },
      },
      (response) => {
        let text = "";
        response.setEncoding("latin1");
        response.on("data", (part: string) => (text += part));
        response.on("end", () => {
          if (response.statusCode === 201) resolve(JSON.parse(text) as T);
          else reject(new Error(`${path}: ${response.statusCode} ${text}`));
        });
      },
    );
    sent.on("error", reject);
    sent.end(content);
  });
}

async function flow(number: number): Promise<void> {
  const authorization = plan.customers[number % plan.customers.length] ?? "";
  const variant = (nth: number) =>
    plan.variants[(number * 2 + nth) % plan.variants.length] ?? { id: "", price: 0 };
  const wanted = [variant(0), variant(1)];
  const cart = await post<{ id: string; token: string }>("/carts", {}, {});
  const mine = { "x-cart-token": cart.token };
  for (const { id } of wanted) await post(`/carts/${cart.id}/items`, mine, { variantId: id, quantity: 1 });
  const total = { amount: wanted.reduce((sum, { price }) => sum + price, 0), currency: "GBP" };
  const key = (what: string) => ({ "idempotency-key": `${plan.run}-${number}-${what}` });
  const order = await post<{ id: string }>(
    "/orders",
    { ...mine, authorization, ...key("order") },
    { cartId: cart.id, total, shippingAddress: plan.address },
  );
  await post(`/orders/${order.id}/payments`, { authorization: plan.staff, ...key("payment") }, {});
}

const began = performance.now();
const until = began + plan.seconds * 1000;

async function buyer(): Promise<void> {
  while (performance.now() < until) {
    const at = performance.now();
    const number = (started += 1);
    try {
      await flow(number);
      times.push(performance.now() - at);
    } catch (error) {
      failures += 1;
      if (failures === 1) process.stderr.write(`${String(error)}\n`);
    }
  }
}

await Promise.all(Array.from({ length: plan.buyers }, buyer));
const seconds = (performance.now() - began) / 1000;
agent.destroy();
times.sort((one, other) => one - other);
const percentile = (share: number) =>
  times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
process.stdout.write(
  `${JSON.stringify({ requests: times.length, seconds, failures, p50Ms: percentile(0.5), p99Ms: percentile(0.99) })}\n`,
);
