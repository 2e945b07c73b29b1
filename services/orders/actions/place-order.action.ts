import type { ActionContext } from "../../../mixins/service/action-runtime.ts";
import { actorText } from "../../../mixins/contract/caller.ts";
import type { Result } from "../../../mixins/contract/calls.ts";
import { isShopError } from "../../../mixins/contract/errors.ts";
import type { Address } from "../../../mixins/contract/fields.ts";
import { countryCode } from "../../../mixins/contract/fields.ts";
import { newId } from "../../../mixins/contract/ids.ts";
import { claimCheckout, withdrawCheckout, reopenCheckout } from "../checkout/claim-checkout.ts";
import type { Shopper } from "../checkout/identify-shopper.ts";
import { identifyShopper } from "../checkout/identify-shopper.ts";
import { limitUnpaidOrders } from "../checkout/limit-unpaid.ts";
import {
  couponExhausted,
  appliedCoupon,
  assertAgreedTotal,
  pricePurchase,
} from "../checkout/price-purchase.ts";
import { releaseStock, reserveStock } from "../checkout/reserve-stock.ts";
import type { Checkout } from "../domain/checkout.ts";
import type { Coupon } from "../domain/coupon.ts";
import { unfulfilled } from "../domain/fulfilment.ts";
import type { OrderContact } from "../domain/order-model.ts";
import { newOrderNumber } from "../domain/order-number.ts";
import { orderTokenOf } from "../domain/order-token.ts";
import { partsOf } from "../domain/part.ts";
import { shippingByMerchant } from "../domain/pricing.ts";
import type { OrdersDependencies } from "../orders.dependencies.ts";
import { action } from "../orders.dependencies.ts";
import { presentNamedLines, presentOrder, presentParts } from "../present.ts";

type Context = ActionContext<"orders.place">;
type Answer = Result<"orders.place">;

/**
 * Checkout saga: claim the idempotency key, reserve stock, then decide in one transaction. A crash before its
 * commit leaves no order; `checkouts.settle` then rules it out for good.
 */
export const placeOrder = action("orders.place", async (context, dependencies) => {
  const shopper = await identifyShopper(context, dependencies);
  const attempt = () => checkOut(shopper, context, dependencies);
  const answer = await attempt().catch((error: unknown) => {
    if (!isShopError(error, "illegal-transition")) throw error;
    // An earlier attempt crashed and its reservation was released. Its order id is ruled out; use a new one.
    return attempt().catch((again: unknown) => {
      throw isShopError(again, "illegal-transition") ? context.fail("unavailable") : again;
    });
  });
  return admitGuest(answer, shopper, context);
});

async function checkOut(
  shopper: Shopper,
  context: Context,
  dependencies: OrdersDependencies,
): Promise<Answer> {
  const { checkout, answer } = await claimCheckout(shopper, context, dependencies);
  if (answer) return replay(context, answer);
  try {
    return await place(checkout, shopper, context, dependencies);
  } catch (error) {
    const found = await withdrawCheckout(checkout, context, dependencies).catch((failure: unknown) => {
      context.log.warn(`checkout ${checkout.orderId} stays open until its claim expires`, failure);
      throw error;
    });
    // These refusals reserved nothing; in a sale they are most of the responses.
    if (found === "withdrawn" && !isShopError(error, "stock-shortage", "too-many-unpaid-orders"))
      await release(checkout, context, dependencies);
    if (found === "in-flight") throw context.fail("idempotency-in-flight");
    if (found === "withdrawn" || found === "abandoned") throw error;
    return replay(context, found);
  }
}

/**
 * Compensation. A buyer's retry must not be refused because of stock that their failed attempt may still
 * hold.
 */
async function release(
  checkout: Checkout,
  context: Context,
  dependencies: OrdersDependencies,
): Promise<void> {
  if (await releaseStock(checkout.orderId, context)) return;
  await reopenCheckout(checkout, context, dependencies).catch((failure: unknown) => {
    context.log.warn(`stock for ${checkout.orderId} may stay reserved until its lease expires`, failure);
  });
}

async function place(
  checkout: Checkout,
  shopper: Shopper,
  context: Context,
  dependencies: OrdersDependencies,
): Promise<Answer> {
  const { params, call, now, fail } = context;
  await limitUnpaidOrders(checkout, shopper, context, dependencies);
  const { cartId, cartToken, items } = params;
  const cart = await call("cart.snapshot", { id: cartId, cartToken, items });
  if (cart.lines.length === 0) throw fail("cart-empty");
  const shippingAddress = await addressFrom(context);
  const { lines, scarce } = await reserveStock(checkout.orderId, cart.lines, shopper, context);
  const { customerId } = checkout;
  const purchase = { lines, country: shippingAddress.country, couponCode: cart.couponCode, customerId };
  const priced = await pricePurchase(purchase, now, dependencies);
  assertAgreedTotal(priced, params.total, dependencies);
  const shippingOf = shippingByMerchant(lines, dependencies.pricing, shippingAddress.country);
  const partIdOf = new Map([...shippingOf.keys()].map((merchantId) => [merchantId, newId()]));
  const orderLines = lines.map(({ unitPrice, brandId: _brand, categoryIds, ...line }, index) => {
    const isFirst = lines.findIndex(({ merchantId }) => merchantId === line.merchantId) === index;
    return {
      ...line,
      ...(line.merchantId === null || categoryIds === undefined ? {} : { categoryIds }),
      id: newId(),
      ...unfulfilled,
      unitPrice: unitPrice.amount,
      discount: priced.discounts[index] ?? 0,
      partId: partIdOf.get(line.merchantId) ?? checkout.orderId,
      shipping: isFirst ? (shippingOf.get(line.merchantId) ?? 0) : 0,
    };
  });

  const applied = appliedCoupon(priced);
  const whole = {
    ...priced.totals,
    id: checkout.orderId,
    number: newOrderNumber(),
    customerId,
    status: "placed",
    refunded: 0,
    payBefore: now + (scarce ? dependencies.scarcePaymentWindowMs : dependencies.paymentWindowMs),
    shippingAddress,
    note: params.note ?? null,
    contact: shopper.guest?.contact ?? null,
    couponCode: applied?.code ?? null,
    couponMerchantId: applied?.merchantId ?? null,
    cartId: params.cartId,
    receivedAt: null,
    afterSales: 0,
    toReview: 0,
    version: 1,
    placedAt: now,
    updatedAt: now,
  } as const;
  const order = { ...whole, lines: orderLines, parts: partsOf(whole, orderLines) };
  const placed = await commit(order, { checkout, cart, shopper }, applied, context, dependencies);
  if (!placed) throw fail("unavailable", "The checkout took longer than its stock reservation; try again");
  return placed;
}

/** @returns undefined, without a change, when the checkout has been settled or ended meanwhile */
async function commit(
  draft: Parameters<OrdersDependencies["orders"]["insert"]>[0],
  {
    checkout,
    cart,
    shopper,
  }: {
    readonly checkout: Checkout;
    readonly cart: { readonly id: string; readonly version: number };
    readonly shopper: Shopper;
  },
  coupon: Coupon | undefined,
  { now, requestId, transaction, fail }: Context,
  { checkouts, guests, orders, timeline, redemptions }: OrdersDependencies,
): Promise<Answer | undefined> {
  const { actor, guest } = shopper;
  return transaction(async (outer) => {
    const tx = guest ? outer.as({ actor, requestId }) : outer;
    let answer = presentOrder(draft);
    if (guest && !(await guests.hold(draft.customerId, tx)))
      throw fail("unavailable", "An account claimed the orders of this address a moment ago; try again");
    if (!(await checkouts.place(checkout, JSON.stringify(answer), tx))) return undefined;
    // A double click sends two keys; the cart is ordered once.
    if (!(await orders.claimCart(cart, draft.id, tx)))
      throw fail("cart-empty", "This cart was ordered a moment ago");
    const order = await orders.insert(draft, tx);
    if (order.number !== draft.number) {
      answer = presentOrder(order);
      await checkouts.keepResponse(checkout, JSON.stringify(answer), tx);
    }
    await timeline.add(order, { event: "placed", actor: actorText(actor), reason: null }, tx);
    tx.publish("orders.placed", {
      orderId: order.id,
      number: order.number,
      customerId: order.customerId,
      cartId: order.cartId,
      lines: presentNamedLines(order),
      parts: presentParts(order),
      total: answer.total,
      coupon: coupon?.code,
      ...(guest && { guest: guest.contact }),
    });
    if (guest)
      tx.publish("orders.guest-placed", {
        guestId: order.customerId,
        orderId: order.id,
        number: order.number,
        ...reachOf(guest.contact),
      });
    if (!coupon) return answer;
    // Last, since it locks the coupon until commit and many orders may use the same one.
    const outcome = await redemptions.redeem(
      { coupon, orderId: order.id, customerId: order.customerId, now },
      tx,
    );
    if (outcome === "changed")
      throw fail("price-changed", "The coupon has just changed", { coupon: coupon.code });
    if (outcome !== "redeemed") throw couponExhausted(coupon.code, outcome);
    return answer;
  });
}

async function addressFrom({ params, call, fail }: Context): Promise<Address> {
  if (!("addressId" in params.shippingAddress)) return params.shippingAddress;
  const { address } = await call("users.addresses.get", { id: params.shippingAddress.addressId });
  // Addresses stored before the list of countries existed may have others.
  if (countryCode.safeParse(address.country).success) return address;
  const fault = {
    path: "shippingAddress.country",
    code: "invalid-value",
    message: "must be an ISO 3166-1 alpha-2 code",
  };
  throw fail("validation-failed", undefined, { errors: [fault] });
}

/** Lets the guest into the placed order: the same token for each retry. The link is mailed by an event besides. */
async function admitGuest(
  answer: Answer,
  { customerId, guest }: Shopper,
  { call }: Context,
): Promise<Answer> {
  if (!guest) return answer;
  const { token: orderToken, hash: tokenHash } = orderTokenOf(answer.id, guest.cartToken);
  const { granted } = await call("users.guests.grant", {
    guestId: customerId,
    orderId: answer.id,
    number: answer.number,
    ...reachOf(guest.contact),
    tokenHash,
  });
  return granted ? { ...answer, orderToken } : answer;
}

function reachOf({ phone, locale }: OrderContact): { phone?: string; locale?: string } {
  return { ...(phone !== null && { phone }), ...(locale !== null && { locale }) };
}

function replay({ markReplayed }: Context, answer: Answer): Answer {
  markReplayed();
  return answer;
}
