import type { UserCaller } from "../../mixins/contract/caller.ts";
import { newId } from "../../mixins/contract/ids.ts";
import type { ShopTraffic } from "./shop-traffic.ts";

/** A line that a customer bought and received, and so may review. */
export interface Bought {
  readonly buyer: UserCaller;
  readonly orderId: string;
  readonly lineId: string;
  readonly productId: string;
}

/** Buys one unit of each variant, in one order that is paid. */
export async function buy(
  shop: ShopTraffic,
  variantIds: readonly string[],
  buyer?: UserCaller,
): Promise<Bought[]> {
  const who = buyer ?? (await shop.newCustomer());
  const params = await shop.fillCart(
    who,
    variantIds.map((variantId) => [variantId, 1] as const),
  );
  const order = await shop.call("orders.place", params, who);
  await shop.call("orders.payments.record", { id: order.id, idempotencyKey: newId() });
  return order.lines.map(({ id: lineId, productId }) => ({
    buyer: who,
    orderId: order.id,
    lineId,
    productId,
  }));
}

/** Delivers everything of an order. */
export async function deliverOrder(shop: ShopTraffic, id: string): Promise<void> {
  const { id: shipmentId, version } = await shop.call("orders.shipments.create", {
    id,
    idempotencyKey: newId(),
  });
  await shop.call("orders.shipments.update", {
    id,
    shipmentId,
    status: "delivered",
    expectedVersion: version,
  });
}

/** As `buy`, one variant that is delivered, too. Its events may still be under way. */
export async function receive(shop: ShopTraffic, variantId: string, buyer?: UserCaller): Promise<Bought> {
  const [bought] = await buy(shop, [variantId], buyer);
  if (!bought) throw new Error("an order has no lines");
  await deliverOrder(shop, bought.orderId);
  return bought;
}

/** Reviews in different states, with votes and a thread. */
export async function reviewsOf(shop: ShopTraffic): Promise<void> {
  const [variantId = ""] = await shop.stock(10);
  const lines = await Promise.all([1, 2, 3].map(() => receive(shop, variantId)));
  await shop.settled();
  const [first, , last] = await Promise.all(
    lines.map(async ({ buyer, productId, lineId }, index) => {
      const asked = { productId, lineId, rating: 5 - index, text: "Holds tea" };
      return { buyer, id: (await shop.call("reviews.create", asked, buyer)).id };
    }),
  );
  if (!first || !last) throw new Error("nothing was reviewed");
  const other = await shop.newCustomer();
  const { id } = first;
  await shop.call("reviews.votes.put", { id, vote: "up" }, other);
  const { id: parentId } = await shop.call("reviews.replies.create", { id, text: "Which tea?" }, other);
  await shop.call("reviews.replies.create", { id, parentId, text: "Green" }, first.buyer);
  await shop.call("reviews.own.remove", { id: last.id }, last.buyer);
  await shop.settled();
}
