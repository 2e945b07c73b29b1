import type { ActionContext } from "../../../mixins/shop-action.ts";
import { actorOf } from "../../contract/caller.ts";
import type { Result } from "../../contract/calls.ts";
import { isShopError } from "../../contract/errors.ts";
import type { Address } from "../../contract/fields.ts";
import { newId } from "../../contract/ids.ts";
import { claimCheckout, giveUpCheckout, reopenCheckout } from "../checkout/claim-checkout.ts";
import { couponExhausted, couponInUse, demandAgreement, pricePurchase } from "../checkout/price-purchase.ts";
import { releaseStock, reserveStock } from "../checkout/reserve-stock.ts";
import type { Checkout } from "../domain/checkout.ts";
import type { Coupon } from "../domain/coupon.ts";
import { untouched } from "../domain/goods.ts";
import { newOrderNumber } from "../domain/order-number.ts";
import { allocate } from "../domain/rounding.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { action } from "../orders.dependencies.ts";
import { presentActor, presentOrder } from "../present.ts";

type Context = ActionContext<"orders.place">;
type Answer = Result<"orders.place">;

/**
 * Checkout. The key is claimed, the stock is reserved, then one transaction decides. It can be cut off anywhere: until
 * that transaction there is no order, and who asks for the checkout's outcome (`checkouts.settle`) ends it for good.
 */
export const placeOrder = action("orders.place", async (context, dependencies) => {
  try {
    return await checkOut(context, dependencies);
  } catch (error) {
    if (!isShopError(error, "illegal-transition")) throw error;
  }
  // An earlier try was cut off and its reservation given up. That order is out of the question; this is a new one.
  try {
    return await checkOut(context, dependencies);
  } catch (error) {
    throw isShopError(error, "illegal-transition") ? context.fail("unavailable") : error;
  }
});

async function checkOut(context: Context, dependencies: OrdersDependencies): Promise<Answer> {
  const { checkout, answer } = await claimCheckout(context, dependencies);
  if (answer) return replay(context, answer);
  try {
    return await place(checkout, context, dependencies);
  } catch (error) {
    const found = await giveUpCheckout(checkout, context, dependencies).catch((failure: unknown) => {
      context.log.warn(`checkout ${checkout.orderId} stays open until its claim runs out`, failure);
      throw error;
    });
    // Where stock was short, nothing is held; in a sale that is most of the answers.
    if (found === "withdrawn" && !isShopError(error, "stock-shortage")) await release(checkout, context, dependencies);
    if (found === "in-flight") throw context.fail("idempotency-in-flight");
    if (found === "withdrawn" || found === "abandoned") throw error;
    return replay(context, found);
  }
}

/** A buyer who comes again must not be refused because of what their own first try may still hold. */
async function release(checkout: Checkout, context: Context, dependencies: OrdersDependencies): Promise<void> {
  if (await releaseStock(checkout.orderId, context)) return;
  await reopenCheckout(checkout, context, dependencies).catch((failure: unknown) => {
    context.log.warn(`stock may be held for ${checkout.orderId} until its lease ends`, failure);
  });
}

async function place(checkout: Checkout, context: Context, dependencies: OrdersDependencies): Promise<Answer> {
  const { params, call, now, fail } = context;
  const cart = await call("cart.snapshot", { id: params.cartId, cartToken: params.cartToken });
  if (cart.lines.length === 0) throw fail("cart-empty");
  const shippingAddress = await addressFrom(context);
  const { lines } = await reserveStock(checkout.orderId, cart.lines, context);
  const { customerId } = checkout;
  const purchase = { lines, country: shippingAddress.country, couponCode: cart.couponCode, customerId };
  const priced = await pricePurchase(purchase, now, dependencies);
  demandAgreement(priced, params.total, dependencies);
  const discounts = allocate(priced.totals.discount, lines.map(({ quantity, unitPrice }) => quantity * unitPrice.amount));

  const order = {
    ...priced.totals,
    id: checkout.orderId,
    number: newOrderNumber(),
    customerId,
    status: "placed",
    refunded: 0,
    payBefore: now + dependencies.paymentWindowMs,
    shippingAddress,
    note: params.note ?? null,
    couponCode: couponInUse(priced)?.code ?? null,
    cartId: params.cartId,
    version: 1,
    placedAt: now,
    updatedAt: now,
    lines: lines.map(({ unitPrice, ...line }, index) => ({
      ...line,
      id: newId(),
      ...untouched,
      unitPrice: unitPrice.amount,
      discount: discounts[index] ?? 0,
    })),
  } as const;
  const placed = await commit(order, cart, couponInUse(priced), context, dependencies);
  if (!placed) throw fail("unavailable", "The checkout took longer than the stock is held; try again");
  return placed;
}

/** @returns undefined when the checkout was settled or ended otherwise meanwhile: then nothing is changed */
async function commit(
  draft: Parameters<OrdersDependencies["orders"]["insert"]>[0],
  cart: { readonly id: string; readonly version: number },
  coupon: Coupon | undefined,
  { caller, now, transaction, fail }: Context,
  { checkouts, orders, timeline, redemptions }: OrdersDependencies,
): Promise<Answer | undefined> {
  return transaction(async (tx) => {
    let answer = presentOrder(draft);
    if (!(await checkouts.place(draft.id, JSON.stringify(answer), tx))) return undefined;
    // A double click sends two keys; what is in the cart is ordered once.
    if (!(await orders.takeCart(cart, draft.id, tx)))
      throw fail("cart-empty", "What is in this cart was ordered a moment ago");
    const order = await orders.insert(draft, tx);
    if (order.number !== draft.number) {
      answer = presentOrder(order);
      await checkouts.keepResponse(order.id, JSON.stringify(answer), tx);
    }
    await timeline.add(order, { event: "placed", actor: presentActor(actorOf(caller)), reason: null }, tx);
    tx.publish("orders.placed", {
      orderId: order.id,
      number: order.number,
      customerId: order.customerId,
      cartId: order.cartId,
      lines: order.lines.map(({ variantId, quantity }) => ({ variantId, quantity })),
      total: answer.total,
      coupon: coupon?.code,
    });
    if (!coupon) return answer;
    // At the very end: many orders may want the same coupon, and each holds it until it is written.
    const outcome = await redemptions.redeem({ coupon, orderId: order.id, customerId: order.customerId, now }, tx);
    if (outcome === "changed") throw fail("price-changed", "The coupon has changed a moment ago", { coupon: coupon.code });
    if (outcome !== "redeemed") throw couponExhausted(coupon.code, outcome);
    return answer;
  });
}

async function addressFrom({ params, call }: Context): Promise<Address> {
  if (!("addressId" in params.shippingAddress)) return params.shippingAddress;
  const { address } = await call("users.addresses.get", { id: params.shippingAddress.addressId });
  return address;
}

function replay({ markReplayed }: Context, answer: Answer): Answer {
  markReplayed();
  return answer;
}
