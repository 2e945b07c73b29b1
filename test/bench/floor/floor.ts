import Fastify from "fastify";
import { pool } from "./sql.ts";
import { addToCart, createCart, readCart } from "./carts.ts";
import { payOrder, placeOrder } from "./orders.ts";
import { getProduct, listProducts } from "./products.ts";

/**
 * Hand-written baseline: a small Fastify and mysql2 program, one process, one transaction per order, on the
 * same database with the same rows and responses. It has no messages, cache, accounts or audit trail, and is
 * not for production.
 */

interface WithKey {
  authorization?: string;
  "idempotency-key": string;
}

const text = { type: "string" } as const;
const money = {
  type: "object",
  required: ["amount", "currency"],
  properties: { amount: { type: "integer" }, currency: text },
} as const;
const key = {
  type: "object",
  required: ["idempotency-key"],
  properties: { "idempotency-key": text },
} as const;
const address = { type: "object", required: ["name", "line1", "city", "postalCode", "country"] } as const;

const app = Fastify({ logger: false });
app.setErrorHandler(async (error: Error & { statusCode?: number }, _request, reply) =>
  reply.code(error.statusCode ?? 500).send({ title: error.message }),
);
app.get("/health/live", async () => ({ status: "live" }));
app.get<{ Querystring: { limit: number; sort: string; minPrice: number } }>(
  "/api/v1/products",
  {
    schema: {
      querystring: {
        type: "object",
        properties: {
          limit: { type: "integer", default: 20 },
          sort: { enum: ["-createdAt", "price"], default: "-createdAt" },
          minPrice: { type: "integer", default: 0 },
        },
      },
    },
  },
  async ({ query }) => listProducts(query.sort, query.minPrice, query.limit),
);
app.get<{ Params: { slug: string } }>("/api/v1/products/:slug", async ({ params }) =>
  getProduct(params.slug),
);
app.post("/api/v1/carts", async (_request, reply) => reply.code(201).send(await createCart()));
app.get<{ Params: { id: string } }>("/api/v1/carts/:id", async ({ params, headers }) =>
  readCart(params.id, tokenOf(headers)),
);
app.post<{ Params: { id: string }; Body: { variantId: string; quantity?: number } }>(
  "/api/v1/carts/:id/items",
  {
    schema: {
      body: {
        type: "object",
        required: ["variantId"],
        properties: { variantId: text, quantity: { type: "integer", minimum: 1, maximum: 999 } },
      },
    },
  },
  async ({ params, headers, body }, reply) =>
    reply.code(201).send(await addToCart(params.id, tokenOf(headers), body.variantId, body.quantity ?? 1)),
);
app.post<{ Headers: WithKey; Body: { cartId: string; total: { amount: number }; shippingAddress: object } }>(
  "/api/v1/orders",
  {
    schema: {
      headers: key,
      body: {
        type: "object",
        required: ["cartId", "total", "shippingAddress"],
        properties: { cartId: text, total: money, shippingAddress: address },
      },
    },
  },
  async ({ headers, body }, reply) =>
    reply
      .code(201)
      .send(await placeOrder(headers.authorization, headers["idempotency-key"], tokenOf(headers), body)),
);
app.post<{ Params: { id: string }; Headers: WithKey }>(
  "/api/v1/orders/:id/payments",
  { schema: { headers: key } },
  async ({ params, headers }, reply) =>
    reply.code(201).send(await payOrder(headers.authorization, params.id)),
);

const tokenOf = (headers: Record<string, unknown>) => String(headers["x-cart-token"]);
const listening = await app.listen({ host: "127.0.0.1", port: 0 });
process.on("SIGTERM", () => {
  void app.close().then(() => pool.end());
});
process.stdout.write(`${listening}\n`);
