import { newId } from "../../mixins/contract/ids.ts";
import type { HttpAnswer } from "../support/http.ts";
import type { Sender } from "./world.ts";

export interface Ask {
  readonly method: string;
  /** Below `/api/v1`. */
  readonly path: string;
  readonly body?: object;
}

/** Sends a well-formed request; its response is judged and learned from. */
export type AskAs = (sender: Sender, ask: Ask) => Promise<HttpAnswer>;

const address = { name: "Ada", line1: "1 Row", city: "London", postalCode: "N1 1AA", country: "GB" };

/**
 * Regular activity: staff receive goods, a customer orders and fills another cart. It provides states that
 * random requests rarely reach.
 */
export async function visit(ask: AskAs): Promise<void> {
  const slug = `p-${newId()}`;
  const variant = { sku: slug, priceMinor: 1000, options: {} };
  const made = await ask("administrator", {
    method: "POST",
    path: "/products",
    body: { slug, name: "Mug", status: "published", variants: [variant] },
  });
  const { variants: [{ id: variantId = "" } = {}] = [] } = JSON.parse(made.body) as {
    variants?: { id?: string }[];
  };
  await ask("administrator", {
    method: "PATCH",
    path: `/variants/${variantId}/stock`,
    body: { kind: "receive", quantity: 50, reason: "delivery" },
  });
  for (const isOrdered of [true, false]) {
    const { id } = JSON.parse((await ask("customer", { method: "POST", path: "/carts" })).body) as {
      id?: string;
    };
    await ask("customer", { method: "POST", path: `/carts/${id}/items`, body: { variantId, quantity: 2 } });
    const { total } = JSON.parse(
      (await ask("customer", { method: "GET", path: `/carts/${id}/quote` })).body,
    ) as { total?: object };
    if (isOrdered)
      await ask("customer", {
        method: "POST",
        path: "/orders",
        body: { cartId: id, total, shippingAddress: address },
      });
  }
}
