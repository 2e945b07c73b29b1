import { setTimeout as sleep } from "node:timers/promises";
import type { Result } from "../../mixins/contract/calls.ts";
import { countryCode } from "./countries.ts";
import type { Item } from "./plan.ts";
import { mergeLines, skuOf, splitIntoOrders, worthOf } from "./plan.ts";
import type { Invoice } from "./read-invoices.ts";
import type { Replaying } from "./replaying.ts";
import { customerKey, Disagreement, isAboutLine, noteOf } from "./replaying.ts";
import type { ShopClient, SignedIn } from "./shop-client.ts";
import { ShopProblem } from "./shop-client.ts";

/** Far more than any invoice of the file needs. */
const mostParts = 10_000;
const pauseMs = 50;

type Cart = Result<"cart.get">;

/**
 * Places a sale as one order, or as several beyond a cart's limits.
 *
 * @throws ReplayError when the shop stays unavailable; refusals are recorded in the books
 */
export async function placeOrders(invoice: Invoice, replaying: Replaying): Promise<void> {
  const { accounts, books } = replaying;
  const failed = new Map<string, string>();
  const parts = splitIntoOrders(mergeLines(invoice.lines));
  for (let part = 1; parts.length > 0; part += 1) {
    const items = parts.shift() ?? [];
    try {
      const customer = await accounts.customer(invoice.customer);
      await buy(items, { invoice, customer, part }, replaying);
    } catch (error) {
      if (!isAboutLine(error)) throw error;
      const smaller = withinLimit(items, error);
      if (smaller && part <= mostParts) {
        parts.unshift(...smaller);
        // Paid stock counts as held until the catalogue has consumed the event.
        await sleep(pauseMs);
        continue;
      }
      for (const { sku } of items) failed.set(sku, error.message);
    }
  }
  for (const line of invoice.lines) {
    const why = failed.get(skuOf(line));
    if (why === undefined) books.ordered();
    else books.failed(line.row, invoice.number, why);
  }
}

/**
 * Splits items for a shop with limits on held stock; undefined when that is not the reason of the refusal.
 */
function withinLimit(items: readonly Item[], error: Error): Item[][] | undefined {
  const isReason = error instanceof ShopProblem && error.code === "too-many-unpaid-orders";
  return isReason && error.limit !== undefined ? splitIntoOrders(items, error.limit) : undefined;
}

interface Purchase {
  readonly invoice: Invoice;
  readonly customer: SignedIn;
  readonly part: number;
}

/** From the empty cart to the paid order, as a customer and the shop's staff do it. */
async function buy(items: readonly Item[], purchase: Purchase, replaying: Replaying): Promise<void> {
  const { client, staff, catalogue, purchases, books, runId } = replaying;
  const { invoice, customer, part } = purchase;
  const cart = await fillCart(items, replaying);

  const worth = worthOf(items);
  const shippingAddress = addressOf(invoice);
  const quote = await client.call("cart.quote", { ...cart, country: shippingAddress.country });
  const { subtotal, orderable } = quote;
  if (!orderable || subtotal.amount !== worth)
    throw new Disagreement(`the quote says ${subtotal.amount} (orderable: ${orderable}) instead of ${worth}`);

  const idempotencyKey = `replay-${runId}-${invoice.number}-${part}`;
  const { id: cartId, cartToken } = cart;
  const order = await client.call(
    "orders.place",
    {
      idempotencyKey,
      cartId,
      cartToken,
      total: quote.total,
      shippingAddress,
      note: noteOf(runId, `invoice ${invoice.number} of ${invoice.issuedAt}, order ${part}`),
    },
    { as: customer },
  );
  books.placed(order.id, worth, items);
  for (const line of order.lines) {
    const bought = { orderId: order.id, lineId: line.id, quantity: line.quantity };
    purchases.remember(customerKey(invoice), line.sku, bought);
  }
  const known = order.lines.every((line) => catalogue.get(line.sku)?.id === line.variantId);
  if (!known || order.subtotal.amount !== worth)
    throw new Disagreement(`order ${order.number} comes to ${order.subtotal.amount} instead of ${worth}`);
  const payment = { id: order.id, idempotencyKey: `${idempotencyKey}-payment` };
  await client.call("orders.payments.record", payment, { as: staff });
}

/**
 * Fills a new guest cart, like a customer who logs in at checkout: the customer's own cart is emptied
 * asynchronously after each order, which would delay the next invoice.
 */
async function fillCart(
  items: readonly Item[],
  { client, catalogue }: Replaying,
): Promise<{ id: string; cartToken: string }> {
  const { token, ...created } = await client.call("cart.create", {}, { repeatable: true });
  const access = { id: created.id, cartToken: token ?? "" };
  let cart: Cart = created;
  for (const { sku, quantity } of items) {
    const variantId = catalogue.get(sku)?.id ?? "";
    cart = await putIn({ ...access, variantId, quantity, expectedVersion: cart.version }, client);
  }
  return access;
}

interface PutIn {
  readonly id: string;
  readonly cartToken: string;
  readonly variantId: string;
  readonly quantity: number;
  readonly expectedVersion: number;
}

/** The expected version makes a repetition safe. */
async function putIn(wanted: PutIn, client: ShopClient): Promise<Cart> {
  try {
    return await client.call("cart.items.add", wanted, { repeatable: true });
  } catch (error) {
    if (!(error instanceof ShopProblem && error.code === "precondition-failed")) throw error;
    const cart = await client.call("cart.get", { id: wanted.id, cartToken: wanted.cartToken });
    const item = cart.items.find(({ variantId }) => variantId === wanted.variantId);
    if (item?.quantity !== wanted.quantity) throw error;
    return cart;
  }
}

/** The data set has no more of an address than the country. */
function addressOf({ customer, country }: Invoice) {
  return {
    name: customer ? `Customer ${customer}` : "Walk-in customer",
    line1: "1 Replay Road",
    city: "Replay",
    postalCode: "00000",
    country: countryCode(country),
  };
}
