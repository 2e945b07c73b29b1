import type { Result } from "../../../mixins/contract/calls.ts";
import type { Caller } from "../../../mixins/contract/caller.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import { carriers } from "./data/orders.ts";
import { numberOf } from "../../catalog/demo/demo-mall.ts";
import { callerOf } from "./accounts.ts";
import type { DemoShop } from "./demo-shop.ts";
import type { PlannedOrder } from "./plan-orders.ts";
import type { Customer } from "./seed-customers.ts";
import type { Seller } from "./seed-merchants.ts";

export type Order = Result<"orders.place">;

/** How customers pay: with a card saved at the sandbox, or staff record it. */
export type PayMeans = { readonly paymentMethodId: string } | "manual";

/** Puts the goods into the customer's cart and orders it. */
export async function placeOrder(planned: PlannedOrder, buyer: Customer, shop: DemoShop): Promise<Order> {
  const as = callerOf(buyer.account);
  const { id } = await emptyCart(as, shop);
  for (const { variant, quantity } of planned.lines) {
    const { id: variantId } = await shop.call("catalog.variants.find", { sku: variant.sku });
    // Until the catalogue has heard that the merchant may sell.
    await shop.eventually("not-found", () => shop.call("cart.items.add", { id, variantId, quantity }, as));
  }
  if (planned.coupon !== undefined) await shop.call("cart.coupon.apply", { id, code: planned.coupon }, as);
  const { total } = await shop.call("cart.quote", { id, country: buyer.address.country }, as);
  const shippingAddress = { addressId: buyer.address.id };
  return shop.call("orders.place", { idempotencyKey: newId(), cartId: id, total, shippingAddress }, as);
}

/** The order before is taken out of the cart by an event. */
async function emptyCart(as: Caller, shop: DemoShop): Promise<Result<"cart.create">> {
  return shop.until("an empty cart", async () => {
    const cart = await shop.call("cart.create", {}, as);
    return cart.items.length === 0 ? cart : undefined;
  });
}

/** Saves a card at the sandbox, as customers do on its page. */
export async function saveCard(buyer: Customer, shop: DemoShop): Promise<PayMeans> {
  const as = callerOf(buyer.account);
  const setup = { idempotencyKey: newId(), provider: "sandbox" };
  const { id, next } = await shop.call("orders.payment-methods.setups.start", setup, as);
  if (next?.action !== "redirect") throw new Error("the sandbox has no page for a card");
  await fetch(next.url, { method: "POST", body: new URLSearchParams({ card: "pays" }) });
  const paymentMethodId = await shop.until("a saved card", async () => {
    const { status, paymentMethodId } = await shop.call("orders.payment-methods.setups.get", { id }, as);
    return status === "succeeded" ? (paymentMethodId ?? undefined) : undefined;
  });
  return { paymentMethodId };
}

export async function payOrder(
  { id }: Order,
  buyer: Customer,
  means: PayMeans,
  shop: DemoShop,
): Promise<void> {
  const idempotencyKey = newId();
  if (means === "manual")
    await shop.call("orders.payments.record", { id, idempotencyKey, reference: "bank transfer" });
  else await shop.call("orders.payments.record", { id, idempotencyKey, ...means }, callerOf(buyer.account));
}

type Lines = readonly { readonly id: string; readonly quantity: number }[];

/** Sends goods of one part, as its merchant or as the shop. */
export async function shipGoods(
  order: Order,
  lines: Lines,
  { status, as }: { readonly status: "packed" | "shipped"; readonly as: Caller | undefined },
  shop: DemoShop,
): Promise<Result<"orders.shipments.create">> {
  const carrier = carriers[numberOf(order.number, carriers.length)] ?? carriers[0];
  return shop.call(
    "orders.shipments.create",
    {
      id: order.id,
      idempotencyKey: newId(),
      status,
      lines: lines.map(({ id: lineId, quantity }) => ({ lineId, quantity })),
      carrier,
      trackingNumber: `${carrier.charAt(0)}${order.number.replace("-", "")}`,
    },
    as,
  );
}

/** Whoever sends and answers for a part: the merchant's owner; undefined: the shop itself. */
export function sellerCaller(
  merchantId: string | null,
  sellers: ReadonlyMap<string, Seller>,
): Caller | undefined {
  const seller = merchantId === null ? undefined : sellers.get(merchantId);
  return seller && callerOf(seller.owner);
}
