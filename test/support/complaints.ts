import type { Caller } from "../../mixins/contract/caller.ts";
import { guest } from "../../mixins/contract/caller.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { testPassword as password } from "./people.ts";
import type { Shop } from "./shop.ts";
import { customer } from "./shop.ts";

const shippingAddress = { name: "Ada", line1: "1 Row", city: "London", postalCode: "N1 1AA", country: "GB" };
const parcel = { carrier: "DHL", trackingNumber: "0034" };

/** After-sales of a customer, with every remedy and in several statuses. */
export async function complain(shop: Shop): Promise<void> {
  const email = `${newId()}@example.org`;
  await shop.call("users.register", { email, password, name: "Ada" }, { as: guest });
  const { user } = await shop.call("users.login", { email, password }, { as: guest });
  const as = customer(user.id);
  const order = await delivered(shop, as, 9);

  const ask = (kind: "refund-only" | "return-and-refund" | "exchange") =>
    shop.call(
      "after-sales.requests.create",
      { ...order, idempotencyKey: newId(), kind, reason: "damaged" },
      { as },
    );
  const approved = async (kind: "refund-only" | "return-and-refund" | "exchange") => {
    const { id } = await ask(kind);
    await shop.call("after-sales.answers.approve", { id });
    return id;
  };
  const receivedBack = async (kind: "return-and-refund" | "exchange") => {
    const id = await approved(kind);
    await shop.call("after-sales.requests.send-back", { id, ...parcel }, { as });
    await shop.call("after-sales.answers.receive", { id });
    return id;
  };
  await approved("refund-only");
  await receivedBack("return-and-refund");
  await shop.call("after-sales.answers.replace", { id: await receivedBack("exchange"), ...parcel });
  await approved("exchange");
  await shop.call("after-sales.requests.withdraw", { id: await approved("exchange") }, { as });
  const { id } = await ask("return-and-refund");
  await shop.call("after-sales.messages.add", { id, text: "It is broken" }, { as });
  await shop.settled();
}

/** A delivered order of one line. */
export async function delivered(shop: Shop, as: Caller, quantity: number) {
  const { variants } = await shop.call("catalog.products.create", {
    slug: newId(),
    name: "Mug",
    status: "published",
    variants: [{ sku: newId(), priceMinor: 1000, options: {} }],
  });
  const variantId = variants[0]?.id ?? "";
  await shop.call("catalog.stock.change", { variantId, kind: "receive", quantity: 100, reason: "new" });
  const { id: cartId } = await shop.call("cart.create", {}, { as });
  await shop.call("cart.items.add", { id: cartId, variantId, quantity }, { as });
  const { total } = await shop.call("cart.quote", { id: cartId, country: "GB" }, { as });
  const wish = { cartId, total, shippingAddress, idempotencyKey: newId() };
  const { id, lines } = await shop.call("orders.place", wish, { as });
  await shop.call("orders.payments.record", { id, idempotencyKey: newId() });
  const sent = await shop.call("orders.shipments.create", { id, idempotencyKey: newId() });
  const { id: shipmentId, version: expectedVersion } = sent;
  await shop.call("orders.shipments.update", { id, shipmentId, expectedVersion, status: "delivered" });
  return { orderId: id, lines: [{ lineId: lines[0]?.id ?? "", quantity: 1 }] };
}
