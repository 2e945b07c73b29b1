import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Service } from "moleculer";
import { configOf } from "../../mixins/service/config-of.ts";
import type { ServiceWithDatabase } from "../../mixins/database/database.mixin.ts";
import type { EventEnvelope } from "../../mixins/events/envelope.ts";
import { newId } from "../../mixins/contract/ids.ts";
import { verifyShop } from "../../services/operations/verify/verify-shop.ts";
import { anonymiseCustomers } from "../../services/orders/jobs/anonymise-customers.job.ts";
import { runJob } from "../support/run-job.ts";
import type { Shop } from "../support/shop.ts";
import { customer, deliver, startShop } from "../support/shop.ts";
import { dataServices } from "../support/data-services.ts";
import { stockedMug } from "../support/stocked-mug.ts";

const address = {
  name: "Ada",
  line1: "1 Row",
  line2: "Attic",
  city: "London",
  postalCode: "N1 1AA",
  country: "GB",
  phone: "020 7946 0000",
};
const note = "ring twice";
const onInvoice = {
  name: "Ada",
  line1: "1 Row",
  line2: "Attic",
  city: "London",
  postalCode: "N1 1AA",
  country: "GB",
};
const redactedAddress = { name: "–", line1: "–", city: "–", postalCode: "–", country: "GB" };
const hour = 3_600_000;

describe("of a customer who deletes their account", () => {
  let shop: Shop;
  let variantId: string;
  beforeAll(async () => {
    shop = await startShop({ services: dataServices, env: { SWEEP_INTERVAL_SECONDS: "3600" } });
    variantId = await stockedMug(shop, { quantity: 1000, priceMinor: 1000 });
  });
  afterAll(() => shop.stop());

  const ordersDatabase = () =>
    (shop.broker.getLocalService("orders") as Service & ServiceWithDatabase).database;
  const forget = (now = Date.now()) => runJob(shop, "orders", anonymiseCustomers, now);
  const stateOf = async (id: string) => {
    const { status, shippingAddress, note: said } = await shop.call("orders.get", { id });
    return { status, shippingAddress, note: said };
  };
  const waiting = async (customerId: string) => {
    const sql = "SELECT customer_id FROM deleted_customers WHERE customer_id = ?";
    return (await ordersDatabase().select(sql, [customerId])).length > 0;
  };

  async function someone() {
    const email = `${newId()}@example.org`;
    const password = "a quiet long sentence";
    await shop.call("users.register", { email, password, name: "Ada" });
    const { user } = await shop.call("users.login", { email, password });
    return customer(user.id);
  }
  type Buyer = Awaited<ReturnType<typeof someone>>;
  async function order(as: Buyer): Promise<string> {
    const cart = await shop.call("cart.create", {}, { as });
    await shop.call("cart.items.add", { id: cart.id, variantId, quantity: 1 }, { as });
    const { total } = await shop.call("cart.quote", { id: cart.id, country: "GB" }, { as });
    const wish = { cartId: cart.id, total, shippingAddress: address, note, idempotencyKey: newId() };
    const { id } = await shop.call("orders.place", wish, { as });
    await shop.settled();
    return id;
  }
  const pay = (id: string) => shop.call("orders.payments.record", { id, idempotencyKey: newId() });
  async function deliverAll(id: string): Promise<void> {
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

  test("the cart is removed, finished orders keep invoice data only, others are redacted once finished", async () => {
    const as = await someone();
    const [unpaid, cancelled, open, delivered] = [
      await order(as),
      await order(as),
      await order(as),
      await order(as),
    ];
    await shop.call("orders.cancel", { id: cancelled, reason: "changed my mind" }, { as });
    for (const id of [open, delivered]) await pay(id);
    await deliverAll(delivered);
    const pdf = () => shop.call("orders.invoices.get", { id: delivered, mediaType: "application/pdf" });
    const { content: withPhone } = await pdf();
    const cart = await shop.call("cart.create", {}, { as });
    await shop.call("cart.items.add", { id: cart.id, variantId, quantity: 2 }, { as });

    await shop.call("users.me.delete", {}, { as });
    await shop.settled();
    await forget();
    await expect(shop.call("cart.get", { id: cart.id }, { as })).rejects.toMatchObject({ type: "not-found" });
    expect(await stateOf(cancelled)).toEqual({
      status: "cancelled",
      shippingAddress: redactedAddress,
      note: null,
    });
    expect(await stateOf(delivered)).toEqual({ status: "delivered", shippingAddress: onInvoice, note: null });
    expect(await stateOf(open)).toEqual({ status: "paid", shippingAddress: address, note });
    expect(await stateOf(unpaid)).toEqual({ status: "placed", shippingAddress: address, note });
    const invoice = await shop.call("orders.invoices.get", { id: delivered, mediaType: "text/html" });
    const html = Buffer.from(invoice.content, "base64").toString();
    expect(html).toContain("1 Row");
    expect(html).not.toContain(address.phone);
    expect(await ordersDatabase().select("SELECT * FROM invoice_renditions", [])).toEqual([]);
    expect((await pdf()).content).not.toBe(withPhone);

    await deliverAll(open);
    await shop.call("orders.cancel", { id: unpaid, reason: "not paid" });
    await Promise.all([forget(), forget()]);
    expect(await stateOf(open)).toEqual({ status: "delivered", shippingAddress: onInvoice, note: null });
    expect(await stateOf(unpaid)).toEqual({
      status: "cancelled",
      shippingAddress: redactedAddress,
      note: null,
    });

    // It is checked for another hour, for orders in progress; then it is forgotten.
    expect(await waiting(as.userId)).toBe(true);
    await forget(Date.now() + 2 * hour);
    expect(await waiting(as.userId)).toBe(false);
    await shop.settled();
    const report = await verifyShop(configOf(shop.broker), { settled: true, patienceMs: 0 });
    expect(report.findings.filter(({ broken }) => broken > 0)).toEqual([]);
  }, 240_000);

  test("other customers' orders and carts stay unchanged, and a redelivered event has no further effect", async () => {
    const [gone, other] = [await someone(), await someone()];
    const kept = await order(other);
    const cart = await shop.call("cart.create", {}, { as: other });
    await shop.call("cart.items.add", { id: cart.id, variantId, quantity: 1 }, { as: other });
    await shop.call("users.me.delete", {}, { as: gone });
    await shop.settled();
    const again = {
      id: newId(),
      name: "users.account-deleted",
      occurredAt: Date.now(),
      actor: { kind: "system" },
      requestId: "x",
      payload: { userId: gone.userId },
    };
    expect(await deliver(shop.broker, [again, again] as EventEnvelope[])).toEqual([undefined, undefined]);
    await forget();
    expect(await stateOf(kept)).toEqual({ status: "placed", shippingAddress: address, note });
    expect((await shop.call("cart.get", { id: cart.id }, { as: other })).items).toHaveLength(1);
  });
});
